package io.portreeve.client.engine;

import io.portreeve.client.ServerAddress;
import io.portreeve.pcp.PcpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The addresses of one server, the one that is used now, and where what is sent there leaves from. RFC 7488 section 3. */
final class ServerAddresses {
    private final Map<ServerAddress, PcpAddress> sources = new HashMap<>();
    private List<ServerAddress> addresses = List.of();
    private int current;

    /** With which a round began: the last one that was heard of, or found. */
    private int first;

    boolean isNone() {
        return addresses.isEmpty();
    }

    boolean areSeveral() {
        return addresses.size() > 1;
    }

    ServerAddress current() {
        return addresses.get(current);
    }

    boolean isCurrent(ServerAddress server) {
        return !isNone() && current().equals(server);
    }

    Optional<PcpAddress> source() {
        return Optional.ofNullable(sources.get(current()));
    }

    /** {@return where requests left from before; empty if there was no way} */
    Optional<PcpAddress> connected(ServerAddress server, PcpAddress source) {
        return Optional.ofNullable(sources.put(server, source));
    }

    /** The address in use answers: when it falls silent, all others are tried before it is tried again. */
    void answered() {
        first = current;
    }

    /** Goes on to the next address. {@return true if all have been tried, and it is the first one again} */
    boolean next() {
        current = (current + 1) % addresses.size();
        return current == first;
    }

    /**
     * Has {@code those} from now on; the one in use stays if it is among them.
     *
     * @return true if it is not
     */
    boolean replace(List<ServerAddress> those) {
        var used = isNone() ? Optional.<ServerAddress>empty() : Optional.of(current());
        addresses = those;
        if (!isNone()) { // who is back may know this host by another address than its present one
            sources.keySet().retainAll(those);
        }
        current = used.map(those::indexOf).filter(index -> index >= 0).orElse(0);
        first = current;
        return !used.equals(isNone() ? Optional.empty() : Optional.of(current()));
    }
}
