package io.portreeve.check;

import io.portreeve.server.control.ServerControl;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the running programs say when they are asked. */
final class Told {
    private static final int LONGEST_WAIT_MILLIS = 10_000;
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
    static Set<String> byGateway(URI control) throws IOException {
        var lines = new HashSet<String>();
        for (int index = 0; ; index++) {
            var answer = answer(control, REQUEST.formatted(SERVICE, index));
            if (answer.contains(END_OF_LIST)) {
                return lines;
            }
            lines.add(entry(answer));
        }
    }

    private static String answer(URI control, String request) throws IOException {
        try {
            var call = (HttpURLConnection) control.toURL().openConnection();
            call.setConnectTimeout(LONGEST_WAIT_MILLIS);
            call.setReadTimeout(LONGEST_WAIT_MILLIS);
            call.setDoOutput(true);
            call.setRequestProperty("Content-Type", "text/xml; charset=\"utf-8\"");
            call.setRequestProperty("SOAPACTION", "\"" + SERVICE + "#GetGenericPortMappingEntry\"");
            call.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            boolean refused = call.getResponseCode() != HttpURLConnection.HTTP_OK;
            return text(refused ? call.getErrorStream() : call.getInputStream());
        } catch (IOException e) {
            throw new IOException(control + ": no gateway answers there (" + e.getMessage() + ")", e);
        }
    }

    private static String text(InputStream body) throws IOException {
        return body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String entry(String answer) throws IOException {
        return argument("NewProtocol", answer) + " " + argument("NewExternalPort", answer) + " -> "
                + argument("NewInternalClient", answer) + ":" + argument("NewInternalPort", answer);
    }

    private static String argument(String name, String answer) throws IOException {
        var match = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(answer);
        if (!match.find()) {
            throw new IOException("the gateway answers without " + name + ": " + answer.replaceAll("\\s+", " "));
        }
        return match.group(1);
    }

    /** {@return the lines of the server's table: {@code TCP 203.0.114.1:8080 -> 100.64.0.2:8080}} */
    static Set<String> byServer(Path controlSocket) throws IOException {
        return table(controlSocket)
                .lines()
                .skip(1)
                .map(line -> line.split(" +"))
                .map(cells -> cells[1] + " " + cells[3] + " -> " + cells[2])
                .collect(Collectors.toSet());
    }

    /** On a thread of its own: the socket would wait for ever for a server that is stopped. */
    private static String table(Path controlSocket) throws IOException {
        var asking = new FutureTask<>(() -> ServerControl.mappings(controlSocket));
        Thread.ofPlatform().daemon().start(asking);
        try {
            return asking.get(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException(controlSocket + ": the server does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
