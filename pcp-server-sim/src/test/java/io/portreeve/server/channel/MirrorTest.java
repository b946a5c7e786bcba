package io.portreeve.server.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.CgnMapping;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.PcpMapHandle;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberId;
import io.portreeve.server.channel.Mirror.Filtered;
import io.portreeve.server.channel.Restored.NamedFilter;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MirrorTest {
    private static final PcpAddress INTERNAL = PcpAddress.parse("100.64.0.10");
    private static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.113.1");
    private static final CgnFilter FILTER = new CgnFilter(128, PcpAddress.parse("198.51.100.1"), 0);

    private final Mirror mirror = new Mirror();
    private final Subscriber alice = mirror.keep("s1", new SubscriberId(INTERNAL), EXTERNAL);

    private PcpMapHandle mapped(String name, int port) {
        return mirror.keep(
                name,
                new CgnMapping(
                        alice.handle(), IpProtocol.UDP, new Endpoint(INTERNAL, port), new Endpoint(EXTERNAL, port)));
    }

    @Test
    void whatTheCgnCallsTheSameIsTheSame() {
        assertThat(mapped("m1", 2000)).isEqualTo(mapped("m1", 2000)).isNotEqualTo(mapped("m2", 2001));
        assertThat(mirror.table()).hasSize(2);
    }

    @Test
    void aMappingTakesItsFilterWithIt() {
        var mapping = mapped("m1", 2000);
        var filter = mirror.keep("f1", new Filtered(mapping, FILTER));
        mirror.remove(mapping);
        assertThat(mirror.has(mapping)).isFalse();
        assertThat(mirror.has(filter)).isFalse();
        assertThat(mirror.keep("f1", new Filtered(mapped("m2", 2001), FILTER)))
                .as("the CGN may give its name to another")
                .isNotEqualTo(filter);
    }

    @Test
    void aSubscriberTakesAllWithIt() {
        var filtered = mapped("m1", 2000);
        var filter = mirror.keep("f1", new Filtered(filtered, FILTER));
        mapped("m2", 2001);
        assertThat(mirror.remove(alice.handle())).containsExactly("m1", "m2");
        assertThat(mirror.table()).isEmpty();
        assertThat(mirror.has(filter)).isFalse();
        assertThat(mirror.subscriber("s1")).isEmpty();
    }

    @Test
    void inTheNextSessionItHasOtherNames() {
        var mapping = mapped("m1", 2000);
        mirror.restoring(true);
        assertThat(mirror.name(mapping)).isEqualTo("-");
        var restored = new Restored(Map.of(alice.handle(), "s7"), Map.of(mapping, "m7"), Map.of(), Set.of());
        assertThat(mirror.takeNames(restored)).isEmpty();
        assertThat(mirror.name(mapping)).isEqualTo("m7");
        assertThat(mirror.subscriber("s7")).contains(alice.handle());
    }

    @Test
    void whatWasDeletedMeanwhileIsDeletedThereToo() {
        var gone = mapped("m1", 2000);
        var kept = mapped("m2", 2001);
        var filterOfGone = mirror.keep("f1", new Filtered(gone, FILTER));
        var filterOfKept = mirror.keep("f2", new Filtered(kept, FILTER));
        mirror.restoring(true);
        mirror.remove(gone);
        mirror.remove(filterOfKept);
        var restored = new Restored(
                Map.of(alice.handle(), "s7"),
                Map.of(gone, "m7", kept, "m8"),
                Map.of(filterOfGone, new NamedFilter(gone, "f7"), filterOfKept, new NamedFilter(kept, "f8")),
                Set.of());
        assertThat(mirror.takeNames(restored)).containsExactlyInAnyOrder("delete-pcp-mapping m7", "delete-filter f8");
    }
}
