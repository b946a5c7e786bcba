package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.ServerEffect.Refuse;
import io.portreeve.server.engine.ServerEffect.Reply;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import java.util.List;

/** A server to read mappings from. */
abstract class GetBench {
    static final Endpoint OTHER = new Endpoint(PcpAddress.parse("100.64.0.3"), 49152);
    static final String HOST = "192.168.1.33";
    static final String MINE = "100.64.0.2";

    final Bench bench = bench(Disclosure.NONCE);

    static Bench bench(Disclosure disclosure) {
        var policy = new ServerPolicy(new Lifetime(120), new Lifetime(86_400), 64, true);
        return new Bench(policy.with(Extras.DEFAULT.with(disclosure)), Bench.pool(2000, 2099), 1000);
    }

    static void grant(Bench bench, WantedMap wanted) {
        assertThat(bench.ask(new Endpoint(wanted.client(), 49152), wanted.build()))
                .isInstanceOf(Reply.class);
    }

    static GetResponse read(Bench bench, GetRequest asked) {
        return (GetResponse) ((Reply) bench.ask(new Endpoint(asked.client(), 49152), asked)).response();
    }

    GetResponse read(WantedGet asked) {
        return read(bench, asked.build());
    }

    static List<Integer> internalPorts(GetResponse page) {
        return page.mappings().stream()
                .map(mapping -> mapping.tuple().internalPort())
                .toList();
    }

    void refuses(GetRequest asked, ResultCode result, long lifetime) {
        assertThat(bench.ask(Bench.CLIENT, asked))
                .isEqualTo(new Refuse(bench.nextRequestId() - 1, result, new Lifetime(lifetime), new EpochTime(0)));
    }
}
