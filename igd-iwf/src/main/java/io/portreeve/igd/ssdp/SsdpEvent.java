package io.portreeve.igd.ssdp;

import java.util.List;

/** What can happen to the {@link SsdpEngine}. */
sealed interface SsdpEvent {

    /**
     * The gateway can be found at these addresses from now on, and nowhere else: the start, and every change of an address.
     *
     * @param bootId BOOTID.UPNP.ORG from now on; larger than all before
     */
    record Present(List<Presence> at, int bootId) implements SsdpEvent {
        public Present {
            at = List.copyOf(at);
        }
    }

    /**
     * @param lan where it was heard
     * @param multicast whether it was sent to the group; a unicast search is answered without delay
     */
    record Search(Lan lan, Endpoint source, boolean multicast, SearchRequest request) implements SsdpEvent {}

    record Due() implements SsdpEvent {}

    record Stop() implements SsdpEvent {}
}
