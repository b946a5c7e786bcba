package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.AccessPolicy;
import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.LockstepCalls;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.Optional;

/** A real HTTP server before the real interworking, to which recorded requests are sent. */
abstract class SampleFixture extends LanHttpFixture {
    private static final PcpAddress CONSOLE = PcpAddress.parse("192.168.1.33");
    private static final String END = "</s:Envelope>\r\n";

    final LockstepCalls interworking;

    SampleFixture(AccessPolicy access) {
        interworking = new LockstepCalls(access);
    }

    @Override
    LockstepCalls interworking() {
        return interworking;
    }

    void from(String controlPoint) {
        interworking.askedBy(PcpAddress.parse(controlPoint));
    }

    void twelveSecondsAfterOpening8080() {
        var key = new PortMappingKey(Optional.empty(), 8080, IpProtocol.TCP);
        interworking
                .granting(8080)
                .call(CONSOLE, IgdFace.V2, new IgdAction.AddPortMapping(key, 8080, CONSOLE, true, "cam <1> & door", 0));
        interworking.pass(Duration.ofSeconds(12));
    }

    void replay(String name) throws Exception {
        replay(name, Sample.read(name + "-response"));
    }

    void replay(String name, Sample expected) throws Exception {
        assertAnswer(Sample.read(name + "-request").sentTo("127.0.0.1:" + port, CONTROL), expected);
    }

    void assertAnswer(String request, Sample expected) throws Exception {
        try (var client = new RawClient(port)) {
            var answer = client.send(request).until(END);
            assertThat(status(answer)).isEqualTo(expected.status());
            assertThat(answer)
                    .containsIgnoringCase("\r\nCONTENT-LENGTH: " + Sample.octets(expected.body()) + "\r\n")
                    .containsIgnoringCase("\r\nCONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n")
                    .containsPattern("(?i)\r\nEXT: ?\r\n")
                    .endsWith("\r\n\r\n" + expected.body());
        }
    }
}
