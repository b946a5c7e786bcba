package io.portreeve.client;

import io.portreeve.pcp.Lifetime;

/**
 * A mapping an application wants.
 *
 * @param owner who wants it (an application, a user, the interworking), so that each can find its own after a crash
 * @param lease for how long
 */
public record MappingRequest(
        MappingKey key, String owner, ExternalChoice external, MappingLease lease, MappingTerms terms) {

    public MappingRequest {
        boolean isExact = external instanceof ExternalChoice.Exactly;
        if (isExact && !key.protocol().hasPorts()) {
            throw new IllegalArgumentException("exactly one external port of " + key.protocol()
                    + ", which has none (expected: any; RFC 6887 section 13.2)");
        }
        var address = external.suggested(key.externalFamily()).address();
        if (!address.anyOfFamily().equals(key.externalFamily())) {
            throw new IllegalArgumentException(
                    "external address: " + address + " (expected: one of the family of " + key.externalFamily() + ")");
        }
        int ports = terms.ports().size();
        if (isExact && ports > 1) {
            throw new IllegalArgumentException("several ports, and exactly one external port (RFC 7753 section 4.1)");
        }
        if (key.internalPort() + ports > 65_536) {
            throw new IllegalArgumentException(
                    ports + " ports from " + key.internalPort() + " on (expected: none beyond 65535)");
        }
        if (key.remotePeer().isPresent()
                && (isExact || ports > 1 || !terms.filters().isEmpty())) {
            throw new IllegalArgumentException("a mapping to one peer has one port, any external one, and no filter");
        }
    }

    public MappingRequest(MappingKey key, String owner, ExternalChoice external, MappingLease lease) {
        this(key, owner, external, lease, MappingTerms.PLAIN);
    }

    /** One that is wanted until it is released. */
    public MappingRequest(
            MappingKey key, String owner, ExternalChoice external, Lifetime lifetime, MappingTerms terms) {
        this(key, owner, external, new MappingLease.UntilReleased(lifetime), terms);
    }

    /** One that is wanted until it is released. */
    public MappingRequest(MappingKey key, String owner, ExternalChoice external, Lifetime lifetime) {
        this(key, owner, external, lifetime, MappingTerms.PLAIN);
    }

    /** {@return what the first request asks for} */
    public Lifetime lifetime() {
        return lease.lifetime();
    }
}
