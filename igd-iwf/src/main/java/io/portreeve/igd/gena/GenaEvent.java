package io.portreeve.igd.gena;

import io.portreeve.pcp.PcpAddress;
import java.util.SequencedMap;

/** What can happen to the {@link GenaEngine}. */
sealed interface GenaEvent {

    /**
     * @param from where its events are to come from
     * @param callback its address is the subscriber's
     */
    record Subscribe(long call, String path, ScopedAddress from, CallbackUrl callback) implements GenaEvent {}

    record Renew(long call, String path, PcpAddress requester, String sid) implements GenaEvent {}

    record Unsubscribe(long call, String path, PcpAddress requester, String sid) implements GenaEvent {}

    /** The answer that names the SID has left. */
    record Answered(String sid) implements GenaEvent {}

    record NotAnswered(String sid) implements GenaEvent {}

    /** @param variables all of that event URL, in the order in which they are told */
    record Published(String path, SequencedMap<String, String> variables) implements GenaEvent {}

    /** The subscription's NOTIFY that was under way has come to its end. */
    record Delivered(String sid, Outcome outcome) implements GenaEvent {}

    record Due() implements GenaEvent {}

    enum Outcome {
        ACCEPTED,
        FAILED,
        /** The subscriber answered 412: it does not know the subscription. UPnP Device Architecture 1.1 section 4.3.2. */
        UNKNOWN_THERE
    }
}
