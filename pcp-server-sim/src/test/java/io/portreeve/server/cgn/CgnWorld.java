package io.portreeve.server.cgn;

import java.time.Duration;
import java.util.Optional;

/** A CGN with subscribers on one side and the internet on the other. Its packets are UDP if nothing else is said. */
interface CgnWorld {

    /** {@return the CGN, the same one throughout a test: the pool and the limits of {@link CgnContract}} */
    Cgn cgn();

    /** {@return one of the CGN's subscribers} */
    default SubscriberId alice() {
        return CgnContract.ALICE;
    }

    /** {@return another one} */
    default SubscriberId bob() {
        return CgnContract.BOB;
    }

    /** {@return an endpoint of Bob's, which may be a host's behind him} */
    default Endpoint bobsHost() {
        return new Endpoint(bob().address(), 7000);
    }

    /** The administration does not authorise {@code id} from now on. */
    void block(SubscriberId id);

    void deleteSubscriber(SubscriberId id);

    /** {@return from where a packet of a subscriber's arrives at {@code remote}; empty if it is dropped} */
    Optional<Endpoint> outbound(SubscriberId line, Endpoint internal, Endpoint remote);

    /** {@return true if a packet of {@code remote}'s to {@code external} arrives at {@code internal}; false if it is dropped} */
    boolean inbound(Endpoint remote, Endpoint external, Endpoint internal);

    /** {@return from where a packet of a subscriber's to {@code external} arrives at {@code to}; empty if it is dropped} */
    Optional<Endpoint> hairpin(SubscriberId line, Endpoint internal, Endpoint external, Endpoint to);

    /** Has a TCP connection from {@code remote} begin, and end by FIN, and another by RST. */
    void converse(Endpoint remote, Endpoint external, Endpoint internal);

    /** Time goes by without traffic. */
    void pass(Duration time);
}
