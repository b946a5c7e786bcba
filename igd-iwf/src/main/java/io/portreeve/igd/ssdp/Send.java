package io.portreeve.igd.ssdp;

/**
 * The engine's only effect.
 *
 * @param from the message is sent from this address, and names it
 * @param bootId BOOTID.UPNP.ORG
 */
record Send(Presence from, Endpoint target, SsdpMessage message, int bootId) {}
