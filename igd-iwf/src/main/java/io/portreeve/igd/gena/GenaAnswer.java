package io.portreeve.igd.gena;

import java.time.Duration;

/** What a control point is told that asked to subscribe, to renew or to unsubscribe. */
public sealed interface GenaAnswer {
    int OK = 200;

    int status();

    /** @param timeout the subscription ends then, unless it is renewed before */
    record Granted(String sid, Duration timeout) implements GenaAnswer {
        @Override
        public int status() {
            return OK;
        }
    }

    record Unsubscribed() implements GenaAnswer {
        @Override
        public int status() {
            return OK;
        }
    }

    record Refused(int status) implements GenaAnswer {
        /** The headers contradict each other. */
        static final Refused BAD_REQUEST = new Refused(400);

        /** No such subscription, no event wanted, or no place to send events to. */
        static final Refused PRECONDITION_FAILED = new Refused(412);

        /** Too many subscriptions, or nothing to tell yet. */
        static final Refused UNAVAILABLE = new Refused(503);
    }
}
