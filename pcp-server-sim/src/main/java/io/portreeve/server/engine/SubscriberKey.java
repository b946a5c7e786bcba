package io.portreeve.server.engine;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.Subscriber;
import io.portreeve.server.cgn.SubscriberId;

/** A subscriber in one external family: at the CGN it has a handle and an address of its own there. */
public record SubscriberKey(SubscriberId subscriber, Family external) implements Key {

    public static SubscriberKey of(Subscriber subscriber) {
        return of(subscriber.id(), subscriber.external());
    }

    /** {@return the key in the family of {@code external}} */
    public static SubscriberKey of(SubscriberId subscriber, PcpAddress external) {
        return new SubscriberKey(subscriber, Family.of(external));
    }
}
