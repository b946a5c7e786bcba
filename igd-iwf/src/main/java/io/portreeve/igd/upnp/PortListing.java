package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.pcp.PcpAddress;
import java.util.List;

/** What GetListOfPortMappings returns: a document of its own, as text. WANIPConnection:2 section 2.3.25. */
final class PortListing {
    static final String ARGUMENT = "NewPortListing";

    private static final String BEGIN = "<p:PortMappingList xmlns:p=\"urn:schemas-upnp-org:gw:WANIPConnection\""
            + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
            + " xsi:schemaLocation=\"urn:schemas-upnp-org:gw:WANIPConnection"
            + " http://www.upnp.org/schemas/gw/WANIPConnection-v2.xsd\">";
    private static final String END = "</p:PortMappingList>";

    private PortListing() {}

    static String of(List<IgdReply.Entry> entries) {
        var out = new StringBuilder(BEGIN);
        entries.forEach(entry -> entry(entry, out));
        return out.append(END).toString();
    }

    private static void entry(IgdReply.Entry entry, StringBuilder out) {
        var key = entry.key();
        out.append("<p:PortMappingEntry>");
        XmlText.element(
                "p:NewRemoteHost", key.remoteHost().map(PcpAddress::toString).orElse(""), out);
        XmlText.element("p:NewExternalPort", Integer.toString(key.externalPort()), out);
        XmlText.element("p:NewProtocol", key.protocol().toString(), out);
        XmlText.element("p:NewInternalPort", Integer.toString(entry.internalPort()), out);
        XmlText.element("p:NewInternalClient", entry.internalClient().toString(), out);
        XmlText.element("p:NewEnabled", "1", out);
        XmlText.element("p:NewDescription", entry.description(), out);
        XmlText.element("p:NewLeaseTime", Long.toString(entry.leaseSeconds()), out);
        out.append("</p:PortMappingEntry>");
    }
}
