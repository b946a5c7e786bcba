package io.portreeve.client.worlds.checker;

import io.portreeve.client.Endpoint;
import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the client's disk says of one mapping.
 *
 * @param wish empty if it is to be deleted
 * @param external the endpoint last granted
 * @param source where the client was when it was granted
 * @param left how long it lives
 * @param known how long a server may know it
 */
public record StoredRow(
        MappingKey key,
        String owner,
        MappingNonce nonce,
        Optional<Wish> wish,
        Optional<Endpoint> external,
        Optional<PcpAddress> source,
        Left left,
        Left known) {

    /**
     * A point in time, as it can be stored.
     *
     * @param millis from when it was written
     * @param atWall in the milliseconds of people's clock
     */
    public record Left(long millis, long atWall) {

        /** {@return how long it still is} */
        public Duration at(Instant wall) {
            return Duration.ofMillis(Math.clamp(atWall - wall.toEpochMilli(), 0, millis));
        }
    }

    /** What is wanted of a mapping. */
    public record Wish(ExternalChoice external, Lifetime lifetime) {}
}
