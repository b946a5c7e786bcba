package io.portreeve.igd.upnp;

import java.util.List;

/**
 * What a SOAP request says, not yet checked against anything.
 *
 * @param urn the service type, with its version
 */
record SoapCall(String urn, String action, List<Argument> arguments) {
    record Argument(String name, String text) {}
}
