package io.portreeve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.requirements.Proves;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.Packet;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.engine.Access;
import io.portreeve.server.engine.Client;
import io.portreeve.server.engine.ServerEvent.Received;
import io.portreeve.server.engine.ServerEvent.Refused;
import io.portreeve.server.engine.ServerPolicy;
import io.portreeve.server.engine.ServerPolicy.Disclosure;
import io.portreeve.server.engine.ServerPolicy.Extras;
import io.portreeve.server.engine.ServerPolicy.Profile;
import io.portreeve.server.engine.ServerPolicy.Reuse;
import io.portreeve.testing.Seeds;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Anything may come, in any order, on a disk that may be full and over a CGN that may be slow. */
final class SeedsTest {
    private static final ServerPolicy POLICY = new ServerPolicy(new Lifetime(2), new Lifetime(60), 5, true)
            .with(new Reuse(Duration.ofSeconds(20), Duration.ofSeconds(5)));
    private static final List<PcpOption> FILTERS = List.of(
            new PcpOption.Filter(0, 0, PcpAddress.ANY_IPV6),
            new PcpOption.Filter(128, 0, PcpAddress.parse("198.51.100.10")),
            new PcpOption.Filter(128, 0, PcpAddress.parse("198.51.100.11")));

    private static final Endpoint SOMEBODY = new Endpoint(PcpAddress.parse("198.51.100.99"), 80);

    private static final ServerPolicy SIMPLE = new ServerPolicy(
            POLICY.minimum(),
            POLICY.maximum(),
            POLICY.quota(),
            Access.NO_THIRD_PARTIES,
            new Extras(true, 128, 1, Disclosure.NONE, new Lifetime(10), List.of()),
            POLICY.reuse(),
            POLICY.rates(),
            POLICY.versions(),
            Profile.SIMPLE);

    private static Bench bench(RandomGenerator random) {
        var policy = random.nextInt(4) == 0 ? SIMPLE : POLICY;
        return new Bench(policy, Bench.pool(2000, 2011), 20, random.nextLong());
    }

    private static Endpoint client(RandomGenerator random) {
        return new Endpoint(PcpAddress.ofIpv4(0x6440_0000 + random.nextInt(1, 6)), 49152 + random.nextInt(2));
    }

    private static MapRequest request(Endpoint source, RandomGenerator random) {
        var options = new ArrayList<PcpOption>();
        if (random.nextInt(4) == 0) {
            options.add(new PcpOption.ThirdParty(PcpAddress.ofIpv4(0xC0A8_0100 + random.nextInt(3))));
        }
        if (random.nextInt(6) == 0) {
            options.add(new PcpOption.PreferFailure());
        }
        int internalPort = random.nextInt(4);
        if (random.nextInt(4) == 0) {
            options.add(new PcpOption.PortSet(random.nextInt(1, 5), internalPort, random.nextBoolean()));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            options.add(FILTERS.get(random.nextInt(FILTERS.size())));
        }
        return new MapRequest(
                new Lifetime(random.nextInt(3) == 0 ? 0 : random.nextLong(100)),
                source.address(),
                new MappingNonce(0, 0, random.nextInt(8) == 0 ? 1 : 0),
                random.nextBoolean() ? IpProtocol.TCP : IpProtocol.UDP,
                internalPort,
                random.nextBoolean() ? 0 : random.nextInt(1998, 2014),
                PcpAddress.ANY_IPV4,
                options);
    }

    @Test
    @Proves({"rel:I1", "rel:I3"})
    void engineCgnAndDiskAgreeWhateverHappens() {
        Seeds.each(1000, random -> {
            var bench = bench(random);
            bench.cgn.unlockDynamic();
            int asked = 0;
            for (int i = 0; i < 60; i++) {
                bench.store.full = random.nextInt(5) == 0;
                bench.cgnIsSlow = random.nextBoolean();
                bench.hearFromCgn(random.nextInt(4));
                if (random.nextInt(8) == 0) {
                    bench.faults.refuse("createPcpMapping", random.nextInt(4));
                }
                int requests = random.nextInt(4);
                for (int j = 0; j < requests; j++, asked++) {
                    var source = client(random);
                    bench.queue(new Received(bench.nextRequestId(), Client.of(source), request(source, random)));
                }
                send(bench, random);
                if (random.nextInt(15) == 0) {
                    bench.cgn.deleteSubscriber(new SubscriberId(client(random).address()));
                }
                bench.run();
                bench.pass(Duration.ofMillis(random.nextInt(3000)));
            }
            bench.store.full = false;
            bench.letTheCgnAnswer();
            bench.pass(Duration.ofSeconds(2));
            bench.assertNoOrphan();
            assertThat(bench.answers).as("one answer for each request").hasSize(asked);
            bench.pass(Duration.ofMinutes(2));
            assertThat(bench.mappings()).as("after the longest lifetime").isEmpty();
            bench.assertNoOrphan();
        });
    }

    /** A host sends something, whether it has a mapping or not. */
    private static void send(Bench bench, RandomGenerator random) {
        var host = client(random).address();
        var protocol = random.nextBoolean() ? IpProtocol.TCP : IpProtocol.UDP;
        var packet = Packet.inside(new SubscriberId(host), protocol, new Endpoint(host, random.nextInt(4)), SOMEBODY);
        bench.cgn.outbound(random.nextBoolean() ? packet : packet.last());
    }

    /** Octets that begin like a request, and then like anything; and whole requests with a few octets changed. */
    @Test
    void hostileOctetsGetAnAnswerOrSilence() {
        Seeds.each(20_000, random -> {
            var bench = bench(random);
            var source = client(random);
            var octets = random.nextBoolean() ? damaged(source, random) : invented(source, random);
            long id = bench.nextRequestId();
            switch (PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), source.address(), EnumSet.allOf(Opcode.class))) {
                case DecodedRequest.Ok(var request) -> bench.happen(new Received(id, Client.of(source), request));
                case DecodedRequest.Refuse(var result) -> bench.happen(new Refused(id, Client.of(source), result));
                case DecodedRequest.Drop _ -> {
                    return;
                }
            }
            assertThat(bench.answers).containsOnlyKeys(List.of(id));
        });
    }

    private static byte[] damaged(Endpoint source, RandomGenerator random) {
        var octets = PcpEncoder.encode(request(source, random));
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(octets.length);
            octets[at < 8 || at >= 24 ? at : 0] ^= (byte) (1 << random.nextInt(8));
        }
        return octets;
    }

    private static byte[] invented(Endpoint source, RandomGenerator random) {
        var octets = new byte[random.nextInt(24, 1200)];
        random.nextBytes(octets);
        ByteBuffer.wrap(octets)
                .putShort((short) 0x0200)
                .position(8)
                .putLong(source.address().high())
                .putLong(source.address().low());
        octets[1] = (byte) random.nextInt(3);
        return octets;
    }
}
