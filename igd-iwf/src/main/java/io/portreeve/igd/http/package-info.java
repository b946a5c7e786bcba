/**
 * The gateway's HTTP on the LAN: descriptions are read and actions called here. {@link io.portreeve.igd.http.LanServer} is the whole LAN side.
 *
 * <p>Everybody on the LAN can talk to it, web pages in their browsers and strangers who route past the firewall included; so each
 * request is checked for who sends it before anything else is read.
 */
package io.portreeve.igd.http;
