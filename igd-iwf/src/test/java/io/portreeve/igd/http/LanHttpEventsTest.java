package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.client.Endpoint;
import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingOutcome;
import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.Interworking;
import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.IwfEvent;
import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.igd.iwf.StoredTable;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscribers on 127.0.0.2, and others who want what they must not have. */
class LanHttpEventsTest extends LanHttpFixture {
    private static final MonoTime NOW = MonoTime.START.plus(Duration.ofSeconds(100));
    private static final Lifetime HOUR = new Lifetime(3600);

    private static final String SUBSCRIBER = "127.0.0.2";
    private static final String NT = "NT: upnp:event";
    private static final String UNKNOWN_SID = "SID: uuid:0b6c9c1e-51c7-4f5b-9a7e-6d1d2f1a0042";
    private static final Pattern SID = Pattern.compile("\r\nSID: (uuid:[0-9a-f-]{36})\r\n");

    private EventReceiver receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = new EventReceiver(SUBSCRIBER);
    }

    @AfterEach
    void hangUp() throws IOException {
        receiver.close();
    }

    private void publish(String external, int portMappings) {
        var address = Optional.of(PcpAddress.parse(external));
        publish(new GatewayState(true, true, address, portMappings, 0));
    }

    private String ask(String from, String method, String... headers) throws IOException {
        try (var client = new RawClient(from, port)) {
            return client.exchange(request(method + " " + EVENTS + " HTTP/1.1", "", headers));
        }
    }

    private String subscribe() throws IOException {
        return ask(SUBSCRIBER, "SUBSCRIBE", NT, callback(), "TIMEOUT: Second-1800");
    }

    private String callback() {
        return "CALLBACK: <" + receiver.url() + ">";
    }

    private static String sid(String answer) {
        var sid = SID.matcher(answer);
        assertThat(sid.find()).as(answer).isTrue();
        return sid.group(1);
    }

    @Test
    @Proves({"igd:X11", "igd:I-GENA-05", "igd:I-GENA-06"})
    void answersASubscriptionAndThenTellsAll() throws Exception {
        publish("203.0.114.7", 1);
        var answer = subscribe();
        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nTIMEOUT: Second-1800\r\n", "\r\nContent-Length: 0\r\n", "\r\nServer: ", "\r\nDate: ")
                .endsWith("\r\n\r\n");

        var event = receiver.next();
        assertThat(event.requestLine()).isEqualTo("NOTIFY /cb HTTP/1.1");
        assertThat(event.sid()).isEqualTo(sid(answer));
        assertThat(event.key()).isEqualTo("0");
        assertThat(event.headers())
                .containsEntry("NT", "upnp:event")
                .containsEntry("NTS", "upnp:propchange")
                .containsEntry("CONTENT-TYPE", "text/xml; charset=\"utf-8\"");
        assertThat(event.body())
                .contains("<e:property><PossibleConnectionTypes>IP_Routed</PossibleConnectionTypes></e:property>"
                        + "<e:property><ConnectionStatus>Connected</ConnectionStatus></e:property>"
                        + "<e:property><ExternalIPAddress>203.0.114.7</ExternalIPAddress></e:property>"
                        + "<e:property><PortMappingNumberOfEntries>1</PortMappingNumberOfEntries></e:property>");
    }

    @Test
    void tellsWhatChangesUntilUnsubscribed() throws Exception {
        publish("203.0.114.7", 1);
        var sid = sid(subscribe());
        receiver.next();

        publish("203.0.114.8", 1);
        var change = receiver.next();
        assertThat(change.key()).isEqualTo("1");
        assertThat(change.body())
                .contains("><e:property><ExternalIPAddress>203.0.114.8</ExternalIPAddress></e:property><")
                .doesNotContain("PortMappingNumberOfEntries");

        var renewed = ask(SUBSCRIBER, "SUBSCRIBE", "SID: " + sid, "TIMEOUT: Second-300");
        assertThat(renewed).startsWith("HTTP/1.1 200 ").contains("\r\nTIMEOUT: Second-1800\r\n");
        assertThat(sid(renewed)).isEqualTo(sid);

        assertThat(ask(SUBSCRIBER, "UNSUBSCRIBE", "SID: " + sid, UNKNOWN_SID))
                .as("which of the two?")
                .startsWith("HTTP/1.1 412 ");
        assertThat(ask(SUBSCRIBER, "UNSUBSCRIBE", "SID: " + sid))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContain("SID:", "TIMEOUT:");
        publish("203.0.114.9", 2);
        assertThat(ask(SUBSCRIBER, "UNSUBSCRIBE", "SID: " + sid)).startsWith("HTTP/1.1 412 ");
        assertThat(receiver.isLonely()).isTrue();
    }

    @Test
    @Proves("igd:I-GENA-09")
    void tellsTheExternalAddressThatPcpReportsAndThatThereIsNone() throws Exception {
        var engine = new Interworking(IwfPolicy.ROUTING);
        engine.start(StoredTable.EMPTY, List.of(), NOW);
        var asked = engine.handle(new IwfEvent.WanChanged(Optional.of(PcpAddress.parse("100.64.0.2"))), NOW).stream()
                .filter(IwfEffect.AskPcp.class::isInstance)
                .map(IwfEffect.AskPcp.class::cast)
                .findFirst()
                .orElseThrow();
        publish(engine.handle(
                new IwfEvent.PcpAnswered(asked.id(), new MappingOutcome.Granted(at("203.0.114.7"), HOUR)), NOW));
        subscribe();
        assertThat(receiver.next().body()).contains("<ExternalIPAddress>203.0.114.7</ExternalIPAddress>");
        var key = asked.request().key();
        publish(engine.handle(new IwfEvent.PcpChanged(new MappingEvent.Granted(key, at("203.0.114.8"))), NOW));
        assertThat(receiver.next().body()).contains("<ExternalIPAddress>203.0.114.8</ExternalIPAddress>");
        publish(engine.handle(new IwfEvent.PcpChanged(new MappingEvent.Lost(key)), NOW));
        assertThat(receiver.next().body()).contains("<ExternalIPAddress></ExternalIPAddress>");
    }

    private static Endpoint at(String address) {
        return new Endpoint(PcpAddress.parse(address), 9);
    }

    private void publish(List<IwfEffect> effects) {
        effects.stream()
                .filter(IwfEffect.Publish.class::isInstance)
                .forEach(effect -> publish(((IwfEffect.Publish) effect).state()));
    }

    record Row(String why, int status, String method, String... headers) {}

    static Stream<Row> matrix() {
        var url = "CALLBACK: <http://127.0.0.2:40001/cb>";
        return Stream.of(
                new Row("no NT", 412, "SUBSCRIBE", url),
                new Row("another NT", 412, "SUBSCRIBE", "NT: upnp:rootdevice", url),
                new Row("no CALLBACK", 412, "SUBSCRIBE", NT),
                new Row("CALLBACK is not http", 412, "SUBSCRIBE", NT, "CALLBACK: <https://127.0.0.2:40001/cb>"),
                new Row("two CALLBACKs", 412, "SUBSCRIBE", NT, url, url),
                new Row("nothing", 412, "SUBSCRIBE"),
                new Row("renewed with NT", 400, "SUBSCRIBE", UNKNOWN_SID, NT),
                new Row("renewed with CALLBACK", 400, "SUBSCRIBE", UNKNOWN_SID, url),
                new Row("an unknown SID", 412, "SUBSCRIBE", UNKNOWN_SID),
                new Row("an empty SID", 412, "SUBSCRIBE", "SID:"),
                new Row("two SIDs", 412, "SUBSCRIBE", UNKNOWN_SID, UNKNOWN_SID),
                new Row("no SID", 412, "UNSUBSCRIBE"),
                new Row("an unknown SID", 412, "UNSUBSCRIBE", UNKNOWN_SID),
                new Row("unsubscribed with NT", 400, "UNSUBSCRIBE", UNKNOWN_SID, NT),
                new Row("unsubscribed with CALLBACK", 400, "UNSUBSCRIBE", UNKNOWN_SID, url),
                new Row("unsubscribed with CALLBACK alone", 400, "UNSUBSCRIBE", url));
    }

    @ParameterizedTest
    @MethodSource("matrix")
    @Proves("igd:I-GENA-04")
    void refuses(Row row) throws Exception {
        publish("203.0.114.7", 1);
        assertThat(status(ask(SUBSCRIBER, row.method(), row.headers())))
                .as(row.why())
                .isEqualTo(row.status());
    }

    @Test
    @Proves("igd:I-GENA-04")
    void takesNobodyBeforeThereIsSomethingToTell() throws Exception {
        assertThat(status(subscribe())).isEqualTo(503);
    }

    /** The receiver is a victim here: it has subscribed to nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.3"})
    @Proves({"rel:T-15", "igd:I-GENA-07"})
    void attacksNobody(String attacker) throws Exception {
        publish("203.0.114.7", 1);
        assertThat(status(ask(attacker, "SUBSCRIBE", NT, callback()))).isEqualTo(412);
        assertThat(status(ask(attacker, "SUBSCRIBE", NT, callback(), "X-Forwarded-For: " + SUBSCRIBER)))
                .isEqualTo(412);
        try (var own = new EventReceiver(attacker)) {
            assertThat(status(ask(attacker, "SUBSCRIBE", NT, callback() + "<" + own.url() + ">")))
                    .isEqualTo(200);
            own.next();
        }
        publish("203.0.114.8", 1);
        assertThat(status(ask(attacker, "SUBSCRIBE", NT)))
                .as("time for an attack")
                .isEqualTo(412);
        assertThat(receiver.isLonely()).isTrue();
    }

    @Test
    @Proves("rel:T-17")
    void keepsSubscriptionsApart() throws Exception {
        publish("203.0.114.7", 1);
        var sid = sid(subscribe());
        receiver.next();
        for (int i = 1; i < 4; i++) {
            var another = subscribe();
            assertThat(sid(another)).isNotEqualTo(sid);
            assertThat(receiver.next().sid()).isEqualTo(sid(another));
        }
        assertThat(status(subscribe())).isEqualTo(503);
        for (var method : List.of("SUBSCRIBE", "UNSUBSCRIBE")) {
            assertThat(status(ask("127.0.0.1", method, "SID: " + sid))).isEqualTo(412);
        }
        publish("203.0.114.8", 1);
        assertThat(Stream.of(receiver.next(), receiver.next(), receiver.next(), receiver.next())
                        .map(EventReceiver.Event::sid))
                .contains(sid)
                .doesNotHaveDuplicates();
    }

    @Test
    @Proves("igd:I-DESC-12")
    void takesNoWebPage() throws Exception {
        publish("203.0.114.7", 1);
        assertThat(status(ask(SUBSCRIBER, "SUBSCRIBE", NT, callback(), "Origin: http://evil.example")))
                .isEqualTo(403);
        assertThat(status(exchange(request("SUBSCRIBE " + EVENTS + " HTTP/1.1", "", NT, callback())
                        .replace("Host: 127.0.0.1", "Host: evil.example"))))
                .isEqualTo(403);
    }

    @Test
    @Proves("igd:I-SOAP-17")
    void takesNoStranger() throws Exception {
        publish("203.0.114.7", 1);
        try (var strange = new EventReceiver("127.0.0.4")) {
            assertThat(ask("127.0.0.4", "SUBSCRIBE", NT, "CALLBACK: <" + strange.url() + ">"))
                    .isEmpty();
        }
    }
}
