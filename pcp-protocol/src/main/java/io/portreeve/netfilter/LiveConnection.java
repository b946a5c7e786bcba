package io.portreeve.netfilter;

import java.time.Duration;

/**
 * A connection of an inner endpoint, whoever began it.
 *
 * @param outer how the other side knows the inner endpoint
 * @param left how long the kernel keeps it without a further packet, in whole seconds
 */
public record LiveConnection(OuterEndpoint outer, Duration left) {}
