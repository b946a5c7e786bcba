package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.json.Json;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.LocalCgn;
import io.portreeve.server.cgn.SubscriberHandle;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.MappingView;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MappingsTableTest {

    private static Endpoint endpoint(String address, int port) {
        return new Endpoint(PcpAddress.parse(address), port);
    }

    private static LocalCgn.Entry entry(Endpoint internal, Endpoint external) {
        var subscriber = new SubscriberId(PcpAddress.parse("100.64.0.2"));
        return new LocalCgn.Entry(
                subscriber, new CgnMapping(new SubscriberHandle(1), IpProtocol.TCP, internal, external));
    }

    /** As what an operator added is. */
    @Test
    void whatDoesNotEndIsForEver() {
        var internal = endpoint("10.0.0.1", 1);
        var external = endpoint("203.0.114.1", 41_969);
        var view = new MappingView(IpProtocol.TCP, internal, external, Lifetime.INFINITE, endpoint("100.64.0.2", 0));
        assertThat(MappingsTable.of(List.of(entry(internal, external)), List.of(view))
                        .text())
                .isEqualTo("""
                        SUBSCRIBER  PROTOCOL  INTERNAL    EXTERNAL           LEFT      ASKED BY
                        100.64.0.2  TCP       10.0.0.1:1  203.0.114.1:41969  for ever  100.64.0.2:0
                        """);
    }

    @Test
    void isAlignedAndShowsWhatTheServerDoesNotKnow() {
        var view = new MappingView(
                IpProtocol.TCP,
                endpoint("192.168.1.10", 8080),
                endpoint("203.0.114.1", 8080),
                new Lifetime(3540),
                endpoint("100.64.0.2", 49152));
        var table = List.of(
                entry(view.internal(), view.external()),
                entry(endpoint("10.0.0.1", 1), endpoint("203.0.114.1", 41_969)));
        var shown = MappingsTable.of(table, List.of(view));
        assertThat(shown.text()).isEqualTo("""
                        SUBSCRIBER  PROTOCOL  INTERNAL           EXTERNAL           LEFT    ASKED BY
                        100.64.0.2  TCP       192.168.1.10:8080  203.0.114.1:8080   3540 s  100.64.0.2:49152
                        100.64.0.2  TCP       10.0.0.1:1         203.0.114.1:41969  -       -
                        """);
        assertThat(Json.of(shown.maps())).isEqualTo("""
                        [{"subscriber":"100.64.0.2","protocol":"TCP","internal":"192.168.1.10:8080",\
                        "external":"203.0.114.1:8080","left-seconds":3540,"asked-by":"100.64.0.2:49152"},\
                        {"subscriber":"100.64.0.2","protocol":"TCP","internal":"10.0.0.1:1",\
                        "external":"203.0.114.1:41969","left-seconds":null,"asked-by":null}]""");
        assertThat(MappingsTable.of(List.of(), List.of()).text()).isEqualTo("no mappings\n");
    }
}
