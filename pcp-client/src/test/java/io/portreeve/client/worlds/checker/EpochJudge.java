package io.portreeve.client.worlds.checker;

import io.portreeve.pcp.MonoTime;
import java.util.OptionalLong;

/** Whether a server's clock can have come from one answer to the next. Source: RFC 6887 section 8.5, sentence by sentence. */
final class EpochJudge {
    private OptionalLong previousServer = OptionalLong.empty();
    private long previousClient;

    /** {@return true if the server may have lost its state} */
    boolean isLoss(long server, MonoTime now) {
        long client = now.seconds();
        boolean loss = previousServer.isPresent() && isLoss(previousServer.getAsLong(), server, client);
        previousServer = OptionalLong.of(server);
        previousClient = client;
        return loss;
    }

    private boolean isLoss(long before, long server, long client) {
        boolean goneBack = server < before - 1;
        long clientDelta = client - previousClient;
        long serverDelta = server - before;
        boolean serverFast = clientDelta + 2 < serverDelta - serverDelta / 16;
        boolean serverSlow = serverDelta + 2 < clientDelta - clientDelta / 16;
        return goneBack || serverFast || serverSlow;
    }
}
