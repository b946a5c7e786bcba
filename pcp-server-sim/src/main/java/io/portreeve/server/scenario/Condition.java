package io.portreeve.server.scenario;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.engine.MappingView;
import java.util.List;
import java.util.Optional;

/** What may be so or not. */
sealed interface Condition {

    /** So many requests have come since the expectation's time began. */
    record Count(RequestPattern pattern, int least, int most) implements Condition {}

    /**
     * The server has granted a mapping, or has not.
     *
     * @param external empty for any
     */
    record Mapped(IpProtocol protocol, Endpoint internal, Optional<Endpoint> external, boolean isThere)
            implements Condition {

        boolean holds(List<MappingView> table) {
            return isThere
                    == table.stream()
                            .anyMatch(mapping -> mapping.protocol().equals(protocol)
                                    && mapping.internal().equals(internal)
                                    && external.map(mapping.external()::equals).orElse(true));
        }
    }

    /**
     * A program has ended.
     *
     * @param line where it was started
     */
    record Exit(int line, int code) implements Condition {}
}
