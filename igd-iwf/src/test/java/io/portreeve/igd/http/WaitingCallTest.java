package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdCalls;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.upnp.ScriptedIgdCalls;
import io.portreeve.igd.upnp.Soap;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls that wait for the provider, and calls that wait for nobody. */
class WaitingCallTest extends LanHttpFixture {
    private static final String ADDRESS = Soap.request(Soap.WAN_IP, "GetExternalIPAddress");
    private static final String TOLD = Soap.response(
            Soap.WAN_IP,
            "GetExternalIPAddress",
            "<NewExternalIPAddress>" + ScriptedIgdCalls.EXTERNAL + "</NewExternalIPAddress>");

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);

    /** The provider answers when a test says so. */
    @Override
    IgdCalls interworking() {
        return new IgdCalls() {
            @Override
            public IgdReply call(PcpAddress requester, IgdFace face, IgdAction action) {
                asked.countDown();
                try {
                    assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return calls.call(requester, face, action);
            }

            @Override
            public Optional<IgdReply> known(PcpAddress requester, IgdFace face, IgdAction action) {
                return calls.known(requester, face, action);
            }
        };
    }

    private String address() throws Exception {
        return exchange(request(
                "POST " + CONTROL + " HTTP/1.1", ADDRESS, "SOAPACTION: " + Soap.WAN_IP + "#GetExternalIPAddress"));
    }

    @Test
    void oneThatWaitsHoldsUpNoOther() throws Exception {
        try (var waiting = new RawClient(port)) {
            waiting.send(post("SOAPACTION: " + SOAPACTION));
            assertThat(asked.await(60, TimeUnit.SECONDS))
                    .as("the provider is asked")
                    .isTrue();
            assertThat(address()).startsWith("HTTP/1.1 200 OK\r\n").endsWith(TOLD);
            answered.countDown();
            assertThat(waiting.rest()).startsWith("HTTP/1.1 200 OK\r\n").endsWith(ADDED);
        }
    }

    @Test
    void whatIsKnownIsAskedForOnce() throws Exception {
        assertThat(address()).endsWith(TOLD);
        assertThat(calls.asked()).hasSize(1);
        assertThat(asked.getCount()).as("nobody is waited for").isOne();
    }

    @Test
    void aVariableIsKnownToo() throws Exception {
        var query =
                Soap.request("urn:schemas-upnp-org:control-1-0", "QueryStateVariable", "varName", "ExternalIPAddress");
        assertThat(exchange(request(
                        "POST " + CONTROL + " HTTP/1.1",
                        query,
                        "SOAPACTION: urn:schemas-upnp-org:control-1-0#QueryStateVariable")))
                .contains("<return>" + ScriptedIgdCalls.EXTERNAL + "</return>");
        assertThat(calls.asked()).hasSize(1);
    }

    /** It comes octet by octet, so that the handler has to wait for it in between. */
    @Test
    void aBodyMayComeInPieces() throws Exception {
        var whole = request(
                "POST " + CONTROL + " HTTP/1.1", ADDRESS, "SOAPACTION: " + Soap.WAN_IP + "#GetExternalIPAddress");
        int body = whole.indexOf("\r\n\r\n") + 4;
        try (var client = new RawClient(port)) {
            client.send(whole.substring(0, body + 10));
            for (int i = body + 10; i < whole.length(); i++) {
                client.send(whole.substring(i, i + 1));
            }
            assertThat(client.rest()).startsWith("HTTP/1.1 200 OK\r\n").endsWith(TOLD);
        }
    }
}
