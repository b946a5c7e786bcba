package io.portreeve.server.engine;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.ResultCode;
import io.portreeve.server.cgn.SubscriberId;
import java.util.Optional;

/** One request that waits for its answer. */
interface Asker {
    long requestId();

    Client client();

    default SubscriberId subscriber() {
        return client().subscriber();
    }

    /** {@return true if this is {@code earlier}, sent again} */
    boolean repeats(Asker earlier);

    /** {@return the error, if anybody is to hear of it} A copy of the request, which only the edge has. */
    default Optional<ServerEffect> refusal(ResultCode result, Lifetime lifetime, EpochTime epoch) {
        return Optional.of(new ServerEffect.Refuse(requestId(), result, lifetime, epoch));
    }
}
