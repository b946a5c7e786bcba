package io.portreeve.igd.iwf;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/**
 * The WAN connection as control points read it.
 *
 * @param external empty while the provider has given no address
 * @param isOfEveryHost false if the provider has given some hosts another address
 * @param since when the WAN side has had an address; empty if it has none
 */
record WanReading(Optional<PcpAddress> external, boolean isOfEveryHost, Optional<MonoTime> since) {

    /** {@return the address that every host is reached at, or that there is none; empty if that depends on the host} */
    Optional<Optional<PcpAddress>> ofEveryHost() {
        return isOfEveryHost || external.isEmpty() ? Optional.of(external) : Optional.empty();
    }

    IgdReply status(MonoTime now) {
        long uptime = since.map(it -> it.until(now).toSeconds()).orElse(0L);
        return new IgdReply.Status(since.isPresent(), uptime);
    }
}
