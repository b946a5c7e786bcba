package io.portreeve.server.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One port of a subscriber: what it asked for last, and what it was told. */
final class Wish {
    /** Of two clocks that count whole seconds, and of the moment between asking and reading. */
    private static final int ROUNDING = 2;

    private final PcpAddress client;
    private final IpProtocol protocol;
    private final int port;
    private MappingNonce nonce;
    private Optional<Grant> granted = Optional.empty();
    private Optional<Asked> asked = Optional.empty();

    private record Asked(Lifetime lifetime, long nanos) {}

    /** The last SUCCESS: given at some moment between the request and its answer. */
    private record Grant(String external, Lifetime lifetime, long sent, long received) {

        boolean allows(long left, long now) {
            long least = lifetime.seconds() - seconds(now - sent) - ROUNDING;
            return least <= left && left <= lifetime.seconds() - seconds(now - received) + ROUNDING;
        }

        private static long seconds(long nanos) {
            return nanos / 1_000_000_000;
        }
    }

    Wish(PcpAddress client, IpProtocol protocol, int port) {
        this.client = client;
        this.protocol = protocol;
        this.port = port;
    }

    TableRow.Internal internal() {
        return new TableRow.Internal(protocol.toString(), new Endpoint(client, port).toString());
    }

    boolean isAnswered() {
        return asked.isEmpty();
    }

    boolean isGranted() {
        return granted.isPresent();
    }

    /** {@return a new request: to create, to renew for another time, or to delete} */
    MapRequest next(RandomGenerator random) {
        if (granted.isEmpty()) {
            nonce = new MappingNonce(random.nextInt(), random.nextInt(), random.nextInt());
        }
        boolean delete = granted.isPresent() && random.nextInt(3) == 0;
        return ask(delete ? Lifetime.DELETE : new Lifetime(random.nextInt(600, 80_000)));
    }

    /** {@return what has not been answered once more; if all was, a renewal} */
    MapRequest again() {
        return ask(asked.map(Asked::lifetime).orElse(new Lifetime(3600)));
    }

    private MapRequest ask(Lifetime lifetime) {
        asked = Optional.of(new Asked(lifetime, System.nanoTime()));
        return new MapRequest(lifetime, client, nonce, protocol, port, 0, PcpAddress.ANY_IPV4, List.of());
    }

    boolean isFor(MapResponse answer) {
        return port == answer.internalPort()
                && protocol.equals(answer.protocol())
                && answer.nonce().equals(nonce);
    }

    void hear(MapResponse answer) {
        assertThat(answer.result()).as("%s", this).isZero();
        var question = asked.orElseThrow();
        asked = Optional.empty();
        if (question.lifetime().isDelete()) {
            granted = Optional.empty();
            return;
        }
        var external = protocol + " " + new Endpoint(answer.assignedAddress(), answer.assignedPort());
        granted.ifPresent(before -> assertThat(external).as("%s", this).isEqualTo(before.external()));
        granted = Optional.of(new Grant(external, answer.lifetime(), question.nanos(), System.nanoTime()));
    }

    /** Checks what is {@code found} in the table: what was asked and not answered may have been done or not. */
    void check(Optional<TableRow> found, long now) {
        if (found.isEmpty()) {
            assertThat(granted.isEmpty()
                            || asked.filter(it -> it.lifetime().isDelete()).isPresent())
                    .as("forgotten: %s", this)
                    .isTrue();
            return;
        }
        assertThat(granted.isPresent() || asked.isPresent())
                .as("was deleted: %s", this)
                .isTrue();
        granted.ifPresent(grant -> check(grant, found.get(), now));
    }

    private void check(Grant grant, TableRow row, long now) {
        assertThat(row.external()).as("%s", this).isEqualTo(grant.external());
        var renewed = asked.filter(it -> !it.lifetime().isDelete())
                .map(it -> new Grant(grant.external(), it.lifetime(), it.nanos(), it.nanos()));
        assertThat(grant.allows(row.left(), now)
                        || renewed.filter(it -> it.allows(row.left(), now)).isPresent())
                .as("%s, and %d s are left", this, row.left())
                .isTrue();
    }

    @Override
    public String toString() {
        return internal() + " granted " + granted + ", asked " + asked;
    }
}
