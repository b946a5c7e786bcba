package io.portreeve.server.cgn;

/** What the CGN calls a subscriber, from the moment it told us until the subscriber is deleted. */
public record SubscriberHandle(long number) {}
