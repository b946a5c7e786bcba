/**
 * Eventing: control points subscribe, and are told what changes. Source: UPnP Device Architecture 1.1 section 4.
 *
 * <p>{@link io.portreeve.igd.gena.GenaEngine} decides who is told what when; {@link io.portreeve.igd.gena.Eventing} is its thread,
 * {@link io.portreeve.igd.gena.Delivery} has the sockets.
 *
 * <p>A subscriber says where its events go, so whoever may subscribe could make the gateway attack others ("CallStranger"). Hence each
 * event goes to the address that the subscription came from, and is short, seldom and soon given up.
 */
package io.portreeve.igd.gena;
