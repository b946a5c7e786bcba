package io.portreeve.igd.upnp;

import java.nio.charset.StandardCharsets;

/** Requests as miniupnpc writes them. */
public final class Soap {
    public static final String WAN_IP = "urn:schemas-upnp-org:service:WANIPConnection:1";
    public static final String WAN_IP_2 = "urn:schemas-upnp-org:service:WANIPConnection:2";
    public static final String WAN_COMMON = "urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1";
    public static final String FORWARDING = "urn:schemas-upnp-org:service:Layer3Forwarding:1";

    private static final String BEGIN = "<?xml version=\"1.0\"?>\r\n"
            + "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""
            + " s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>";
    private static final String END = "</s:Body></s:Envelope>\r\n";

    private Soap() {}

    /** @param arguments name, text, name, text, ... */
    public static String request(String urn, String action, String... arguments) {
        var body = new StringBuilder(BEGIN);
        body.append("<u:%s xmlns:u=\"%s\">".formatted(action, urn));
        for (int i = 0; i < arguments.length; i += 2) {
            body.append("<%1$s>%2$s</%1$s>".formatted(arguments[i], arguments[i + 1]));
        }
        return body.append("</u:%s>".formatted(action)).append(END).toString();
    }

    public static String add(
            String remoteHost,
            String externalPort,
            String protocol,
            String internalPort,
            String internalClient,
            String enabled,
            String description,
            String lease) {
        return request(
                WAN_IP,
                "AddPortMapping",
                "NewRemoteHost",
                remoteHost,
                "NewExternalPort",
                externalPort,
                "NewProtocol",
                protocol,
                "NewInternalPort",
                internalPort,
                "NewInternalClient",
                internalClient,
                "NewEnabled",
                enabled,
                "NewPortMappingDescription",
                description,
                "NewLeaseDuration",
                lease);
    }

    public static String response(String urn, String action, String outputs) {
        return BEGIN + "<u:%1$sResponse xmlns:u=\"%2$s\">%3$s</u:%1$sResponse>".formatted(action, urn, outputs) + END;
    }

    public static String fault(int code, String description) {
        return BEGIN
                + ("<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>"
                                + "<UPnPError xmlns=\"urn:schemas-upnp-org:control-1-0\"><errorCode>%d</errorCode>"
                                + "<errorDescription>%s</errorDescription></UPnPError></detail></s:Fault>")
                        .formatted(code, description)
                + END;
    }

    public static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
