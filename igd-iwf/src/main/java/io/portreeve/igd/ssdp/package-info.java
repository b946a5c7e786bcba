/**
 * Discovery: how a control point on the LAN finds the gateway. Source: UPnP Device Architecture 1.1 section 1.
 *
 * <p>{@link io.portreeve.igd.ssdp.SsdpEngine} decides what is said when; {@link io.portreeve.igd.ssdp.SsdpResponder} owns the sockets.
 */
package io.portreeve.igd.ssdp;
