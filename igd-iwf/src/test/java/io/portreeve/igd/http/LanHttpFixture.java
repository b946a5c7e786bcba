package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.gena.Eventing;
import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdCalls;
import io.portreeve.igd.upnp.ScriptedIgdCalls;
import io.portreeve.igd.upnp.Soap;
import io.portreeve.runtime.BootClock;
import io.portreeve.testing.Failures;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A real Jetty on a LAN of four addresses, 127.0.0.0/30, for each test. */
abstract class LanHttpFixture {
    static final String BASE = LoopbackHttp.BASE;
    static final String PATH = BASE + "/igd1";
    static final String EVENTS = PATH + "/WANIPConn1/event";
    static final String CONTROL = PATH + "/WANIPConn1/action";
    static final String DESCRIPTION = PATH + "/root.xml";
    static final String SOAPACTION = "\"" + Soap.WAN_IP + "#AddPortMapping\"";
    static final String ADD = Soap.add("", "8080", "TCP", "80", "127.0.0.1", "1", "cam", "0");
    static final String ADDED = Soap.response(Soap.WAN_IP, "AddPortMapping", "");

    final ScriptedIgdCalls calls = new ScriptedIgdCalls();
    Eventing eventing;
    RejectCounters rejects;
    int port;
    private LoopbackHttp server;

    /** {@return what does as control points ask} */
    IgdCalls interworking() {
        return calls;
    }

    @BeforeEach
    void start() throws Exception {
        eventing = new Eventing(new BootClock(), new SecureRandom(), Failures::unexpected);
        eventing.start();
        server = new LoopbackHttp(interworking(), eventing, LanHttp.Patience.of(LanSettings.USUAL_PATIENCE), 30);
        rejects = server.rejects;
        port = server.port;
    }

    @AfterEach
    void stop() {
        server.close();
        eventing.close();
    }

    /** {@return a request with {@code Connection: close}} @param headers lines without their ends */
    String request(String line, String body, String... headers) {
        var request = new StringBuilder(line + "\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n");
        for (var header : headers) {
            request.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            request.append("Content-Length: ").append(Soap.octets(body).length).append("\r\n");
        }
        return request.append("\r\n").append(body).toString();
    }

    String post(String... headers) {
        return request("POST " + CONTROL + " HTTP/1.1", ADD, headers);
    }

    String exchange(String request) throws Exception {
        try (var client = new RawClient(port)) {
            return client.exchange(request);
        }
    }

    void publish(GatewayState state) {
        server.gateway.events(state).forEach(eventing::publish);
    }

    static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    void assertNothingHappened() {
        assertThat(calls.asked()).as("calls that came through").isEmpty();
    }
}
