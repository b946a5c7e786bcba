package io.portreeve.client;

import io.portreeve.pcp.Lifetime;

/**
 * A mapping an application wants; it is renewed until it is released.
 *
 * @param owner who wants it (an application, a user, the interworking), so that each can find its own after a crash
 * @param lifetime what each request asks for; not 0
 */
public record MappingRequest(MappingKey key, String owner, ExternalChoice external, Lifetime lifetime) {

    public MappingRequest {
        if (lifetime.isDelete()) {
            throw new IllegalArgumentException(
                    "lifetime: 0 s (expected: 1..4294967295; release a mapping to delete it)");
        }
    }
}
