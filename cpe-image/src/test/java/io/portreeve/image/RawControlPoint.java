package io.portreeve.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A control point that sends what no library would. */
record RawControlPoint(Host host, URI control) {
    private static final Pattern ERROR = Pattern.compile("<errorCode>([0-9]+)</errorCode>");

    /** Of the action AddPortMapping, in its order. */
    private static final String[] OF_AN_ADDITION = {
        "NewRemoteHost",
        "NewExternalPort",
        "NewProtocol",
        "NewInternalPort",
        "NewInternalClient",
        "NewEnabled",
        "NewPortMappingDescription",
        "NewLeaseDuration"
    };

    /**
     * {@return the answer, with its header}
     *
     * @param version of WANIPConnection, which tells the gateway's two faces apart
     * @param arguments name, content, name, content, ...; the content is XML already
     */
    String call(int version, String action, String... arguments) throws Exception {
        var type = "urn:schemas-upnp-org:service:WANIPConnection:" + version;
        var xml = new StringBuilder();
        for (int i = 0; i < arguments.length; i += 2) {
            xml.append("<%1$s>%2$s</%1$s>".formatted(arguments[i], arguments[i + 1]));
        }
        var body = """
                <?xml version="1.0"?>\r
                <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" \
                s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>\
                <u:%1$s xmlns:u="%2$s">%3$s</u:%1$s></s:Body></s:Envelope>\r
                """.formatted(action, type, xml);
        return send("""
                POST %s HTTP/1.1\r
                Host: %s\r
                Content-Type: text/xml; charset="utf-8"\r
                SOAPAction: "%s#%s"\r
                Content-Length: %d\r
                Connection: close\r
                \r
                %s""".formatted(control.getPath(), control.getAuthority(), type, action, octets(body).length, body));
    }

    private String send(String request) throws Exception {
        var answer = new ByteArrayOutputStream();
        try (var connection = host.connect(control.getHost(), control.getPort())) {
            write(octets(request), connection);
            connection.getInputStream().transferTo(answer);
        } catch (SocketException _) {
            // it has answered, and not read all of ours
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private static void write(byte[] request, Socket connection) throws IOException {
        try {
            connection.getOutputStream().write(request);
        } catch (SocketException _) {
            // it has heard enough
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * {@return the answer to a wish for a TCP port}
     *
     * @param action AddPortMapping or AddAnyPortMapping
     * @param description XML
     */
    String add(int version, String action, String remoteHost, int port, String client, String description)
            throws Exception {
        var values = new String[] {remoteHost, "" + port, "TCP", "" + port, client, "1", description, "0"};
        var arguments = Stream.iterate(0, i -> i < values.length, i -> i + 1)
                .flatMap(i -> Stream.of(OF_AN_ADDITION[i], values[i]));
        return call(version, action, arguments.toArray(String[]::new));
    }

    /** {@return the UPnP error in {@code answer}, 0 for success, or the status of HTTP if that is neither} */
    static int error(String answer) {
        var error = ERROR.matcher(answer);
        int status = Integer.parseInt(answer.substring(9, 12));
        return error.find() ? Integer.parseInt(error.group(1)) : status == 200 ? 0 : status;
    }
}
