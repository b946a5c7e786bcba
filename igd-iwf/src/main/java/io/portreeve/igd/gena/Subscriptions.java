package io.portreeve.igd.gena;

import java.util.List;
import java.util.function.Function;

/** What the HTTP server asks when control points send SUBSCRIBE or UNSUBSCRIBE to an event URL. */
public interface Subscriptions {

    /**
     * Subscribes or renews. An answer that is {@link GenaAnswer.Granted} must be followed by {@link #answered} or {@link #notAnswered}.
     *
     * @param caller who asks, as the connection tells it
     * @param headers the values of a header by its name, in any case of letters
     */
    GenaAnswer subscribe(String eventPath, Caller caller, Function<String, List<String>> headers);

    /** Unsubscribes; the parameters are those of {@link #subscribe}. */
    GenaAnswer unsubscribe(String eventPath, Caller caller, Function<String, List<String>> headers);

    /** The subscriber has been told its SID: it would not know what to do with an event that came earlier. */
    void answered(String sid);

    /** The subscriber went away before it was told its SID. */
    void notAnswered(String sid);
}
