package io.portreeve.client;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of one server.
 *
 * @param address the one of its addresses that is used; empty if the server is not there
 * @param source where requests leave from; empty if there is no way
 * @param withoutOptions the codes of the options that it does not know, as far as it has said so
 * @param shortest what it granted when a shorter lifetime was asked for; empty if it has not done so
 * @param longest what it granted when a longer lifetime was asked for; empty if it has not done so
 * @param isFull it has refused the last new mapping for want of resources, or because the quota was reached
 * @param sinceAnswer how long ago it last answered; empty if it has not yet
 * @param silentFor how long it has answered nothing, though it is asked again and again; empty if it answers, or is not asked
 */
public record ServerView(
        String name,
        Optional<ServerAddress> address,
        Optional<PcpAddress> source,
        Set<Integer> withoutOptions,
        Optional<Lifetime> shortest,
        Optional<Lifetime> longest,
        boolean isFull,
        Optional<Duration> sinceAnswer,
        Optional<Duration> silentFor) {}
