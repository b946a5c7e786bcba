package io.portreeve.igd.ssdp;

/** What can happen to the {@link SsdpEngine}. */
sealed interface SsdpEvent {

    record Start() implements SsdpEvent {}

    /** @param multicast whether it was sent to the group; a unicast search is answered without delay */
    record Search(Endpoint source, boolean multicast, SearchRequest request) implements SsdpEvent {}

    record Due() implements SsdpEvent {}

    record Stop() implements SsdpEvent {}
}
