package io.portreeve.server.engine;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.server.cgn.Endpoint;
import io.portreeve.server.cgn.SubscriberId;

/**
 * What makes two MAP requests speak of the same mapping. Source: RFC 6887 section 11.3, erratum 3621.
 *
 * @param subscriber two subscribers may have hosts of the same private address
 * @param internal of a set of ports the first
 * @param external one internal tuple may have a mapping in each external family
 */
public record MappingKey(SubscriberId subscriber, IpProtocol protocol, Endpoint internal, Family external)
        implements Key {

    /** {@return whose external address it has} */
    public SubscriberKey owner() {
        return new SubscriberKey(subscriber, external);
    }

    /** {@return the key of the same host's port {@code further} ports above} */
    MappingKey plus(int further) {
        return further == 0
                ? this
                : new MappingKey(
                        subscriber, protocol, new Endpoint(internal.address(), internal.port() + further), external);
    }

    /** {@return {@code endpoint}, with an address in common with this key being the same object} */
    Endpoint sharing(Endpoint endpoint) {
        var address = endpoint.address();
        if (address.equals(internal.address())) {
            return new Endpoint(internal.address(), endpoint.port());
        }
        return address.equals(subscriber.address()) ? new Endpoint(subscriber.address(), endpoint.port()) : endpoint;
    }

    /** {@return this key, with what it has in common with {@code known} being the same objects} A million of them share it. */
    MappingKey sharing(SubscriberId known) {
        var inside =
                internal.address().equals(known.address()) ? new Endpoint(known.address(), internal.port()) : internal;
        return new MappingKey(known, protocol, inside, external);
    }
}
