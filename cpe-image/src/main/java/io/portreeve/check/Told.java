package io.portreeve.check;

import io.portreeve.server.control.ControlClient;
import io.portreeve.server.control.ControlException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the running programs say when they are asked. */
final class Told {
    private static final String END_OF_LIST = "<errorCode>713</errorCode>";
    private static final String SERVICE = "urn:schemas-upnp-org:service:WANIPConnection:1";
    private static final String REQUEST = """
            <?xml version="1.0"?>
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" \
            s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>\
            <u:GetGenericPortMappingEntry xmlns:u="%s"><NewPortMappingIndex>%d</NewPortMappingIndex>\
            </u:GetGenericPortMappingEntry></s:Body></s:Envelope>
            """;

    private Told() {}

    /** {@return what the gateway lists: {@code TCP 8080 -> 192.168.1.10:80}} */
    static Set<String> byGateway(URI control) throws IOException, InterruptedException {
        var lines = new HashSet<String>();
        try (var client = HttpClient.newHttpClient()) {
            for (int index = 0; ; index++) {
                var answer = client.send(request(control, index), HttpResponse.BodyHandlers.ofString());
                if (answer.body().contains(END_OF_LIST)) {
                    return lines;
                }
                if (answer.statusCode() != 200) {
                    throw new IOException(control + " answers " + answer.statusCode() + ": " + answer.body());
                }
                lines.add(entry(answer.body()));
            }
        }
    }

    private static HttpRequest request(URI control, int index) {
        return HttpRequest.newBuilder(control)
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "text/xml; charset=\"utf-8\"")
                .header("SOAPACTION", "\"" + SERVICE + "#GetGenericPortMappingEntry\"")
                .POST(HttpRequest.BodyPublishers.ofString(REQUEST.formatted(SERVICE, index)))
                .build();
    }

    private static String entry(String answer) {
        return argument("NewProtocol", answer) + " " + argument("NewExternalPort", answer) + " -> "
                + argument("NewInternalClient", answer) + ":" + argument("NewInternalPort", answer);
    }

    private static String argument(String name, String answer) {
        var match = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(answer);
        return match.find() ? match.group(1) : "?";
    }

    /** {@return the lines of the server's table: {@code TCP 203.0.114.1:8080 -> 100.64.0.2:8080}} */
    static Set<String> byServer(Path controlSocket) throws IOException {
        try {
            return ControlClient.mappings(controlSocket)
                    .lines()
                    .map(line -> line.split(" +"))
                    .filter(cells -> cells.length > 3 && (cells[1].equals("TCP") || cells[1].equals("UDP")))
                    .map(cells -> cells[1] + " " + cells[3] + " -> " + cells[2])
                    .collect(Collectors.toSet());
        } catch (ControlException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
