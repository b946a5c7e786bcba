package io.portreeve.client;

import java.time.Duration;
import java.util.Optional;

/**
 * One mapping as it is now.
 *
 * @param state NOT_SENT, WAIT_RESP, MAPPED, REFRESHING or ERROR_WAIT_RESEND
 * @param external the endpoint last granted
 * @param left of the granted lifetime; zero if nothing is granted now
 */
public record MappingView(MappingKey key, String owner, String state, Optional<Endpoint> external, Duration left) {}
