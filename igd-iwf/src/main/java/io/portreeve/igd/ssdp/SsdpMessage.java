package io.portreeve.igd.ssdp;

/** What the gateway says of itself. */
sealed interface SsdpMessage {
    Advertised about();

    /** The answer to a search. UPnP Device Architecture 1.1 section 1.3.3. */
    record Found(Advertised about) implements SsdpMessage {}

    /** NOTIFY with {@code ssdp:alive}. Section 1.2.2. */
    record Alive(Advertised about) implements SsdpMessage {}

    /** NOTIFY with {@code ssdp:byebye}. Section 1.2.3. */
    record ByeBye(Advertised about) implements SsdpMessage {}
}
