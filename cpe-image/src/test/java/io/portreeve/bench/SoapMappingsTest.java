package io.portreeve.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SoapMappingsTest {
    private static final String TYPE = "urn:schemas-upnp-org:service:WANIPConnection:2";
    private static final List<InetAddress> CLIENTS =
            List.of(InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.3"));

    private record Call(String client, String soapAction, String connection, String body) {}

    private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;
    private int status = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/control", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        calls.add(new Call(
                exchange.getRemoteAddress().getAddress().getHostAddress(),
                headers.getFirst("SOAPAction"),
                headers.getFirst("Connection"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        var body = "<errorCode>718</errorCode>".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private SoapMappings mappings() {
        var control = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/control");
        return new SoapMappings(new IgdService(control, TYPE), CLIENTS);
    }

    @Test
    void asksForAPortOfTheCallerItself() throws Exception {
        mappings().create(20_001);

        var call = calls.getFirst();
        assertThat(call.client()).isEqualTo("127.0.0.3");
        assertThat(call.soapAction()).isEqualTo("\"" + TYPE + "#AddPortMapping\"");
        assertThat(call.connection()).isEqualTo("close");
        assertThat(call.body())
                .contains("<u:AddPortMapping xmlns:u=\"" + TYPE + "\"><NewRemoteHost></NewRemoteHost>"
                        + "<NewExternalPort>20001</NewExternalPort><NewProtocol>TCP</NewProtocol>"
                        + "<NewInternalPort>20001</NewInternalPort><NewInternalClient>127.0.0.3</NewInternalClient>"
                        + "<NewEnabled>1</NewEnabled>");
    }

    @Test
    void theHostThatOpenedAPortClosesIt() throws Exception {
        var mappings = mappings();
        for (int port : new int[] {20_000, 20_001}) {
            mappings.create(port);
            mappings.delete(port);
        }

        assertThat(calls).extracting(Call::client).containsExactly("127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.3");
        assertThat(calls.get(1).body()).contains("<u:DeletePortMapping ", "<NewExternalPort>20000</NewExternalPort>");
    }

    @Test
    void aRefusalIsAFailureThatSaysWhy() {
        status = 500;

        assertThatThrownBy(() -> mappings().create(20_000))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("AddPortMapping")
                .hasMessageContaining("<errorCode>718</errorCode>");
    }

    @Test
    void theAnswererSaysYes() throws Exception {
        try (var answerer = new Answerer()) {
            var mappings = new SoapMappings(new IgdService(answerer.control(), TYPE), CLIENTS);
            mappings.create(20_000);
            mappings.delete(20_000);
        }
    }

    @Test
    void findsTheServiceAmongOthers() throws IOException {
        var description = """
                <service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType>
                <controlURL>/ctl/L3F</controlURL></service>
                <service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:2</serviceType>
                <SCPDURL>/WANIPCn.xml</SCPDURL><controlURL>/ctl/IPConn</controlURL></service>
                <service><serviceType>urn:schemas-upnp-org:service:Other:1</serviceType>
                <controlURL>/ctl/Other</controlURL></service>""";

        assertThat(IgdService.in(description, URI.create("http://192.168.2.1:5000/rootDesc.xml")))
                .isEqualTo(new IgdService(URI.create("http://192.168.2.1:5000/ctl/IPConn"), TYPE));
    }

    @Test
    void aDescriptionWithoutTheServiceIsRefused() {
        assertThatThrownBy(() -> IgdService.in("<root/>", URI.create("http://192.168.2.1/")))
                .hasMessage("http://192.168.2.1/ describes no WANIPConnection");
    }
}
