package io.portreeve.igd.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One half of a recorded exchange; the files have no carriage returns, which are put back here.
 *
 * @param head with the empty line behind it
 */
record Sample(String head, String body) {
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: ([0-9]+)$");
    private static final Set<String> BODY_OF_BARE_LINE_FEEDS = Set.of("X03-request", "X04-request");

    static Sample read(String name) {
        var text = text("samples/" + name + ".http");
        int end = text.indexOf("\n\n");
        var head = text.substring(0, end);
        var body = text.substring(end + 2).stripTrailing();
        if (name.endsWith("response") || head.contains("MiniUPnPc")) {
            body += "\n"; // other control points send none
        }
        var sample = new Sample(
                head.replace("\n", "\r\n") + "\r\n\r\n",
                BODY_OF_BARE_LINE_FEEDS.contains(name) ? body : body.replace("\n", "\r\n"));
        sample.requireWhole(name);
        return sample;
    }

    private static String text(String resource) {
        try (var in = Sample.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(resource, e);
        }
    }

    private void requireWhole(String name) {
        var length = LENGTH.matcher(head.replace("\r", ""));
        if (!length.find() || Integer.parseInt(length.group(1)) != octets(body)) {
            throw new AssertionError(name + " has " + octets(body) + " octets of body, and says otherwise");
        }
    }

    static int octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** {@return this request, sent to {@code host} and {@code path}} */
    String sentTo(String host, String path) {
        return head.replace("192.168.1.1:49200", host).replace("/ctl/wanip", path) + body;
    }

    int status() {
        return Integer.parseInt(head.substring(9, 12));
    }
}
