/**
 * The gateway as a UPnP device: its services, their descriptions, and the way from a SOAP request to an
 * {@link io.portreeve.igd.iwf.IgdAction} and back.
 *
 * <p>Devices, services, actions and state variables are jUPnP's model, and jUPnP writes the descriptions. What control points send is
 * read by our own strict parsers against that model: jUPnP's would take {@code -1} for a lease of 0, which is for ever.
 * Source: UPnP Device Architecture 1.1 sections 2 and 3.
 */
package io.portreeve.igd.upnp;
