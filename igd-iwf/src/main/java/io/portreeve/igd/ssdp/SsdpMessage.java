package io.portreeve.igd.ssdp;

/** What the gateway says of itself. */
sealed interface SsdpMessage {
    Advertised about();

    /** The description it belongs to. */
    AdvertisedFace face();

    /** The answer to a search. UPnP Device Architecture 1.1 section 1.3.3. */
    record Found(Advertised about, AdvertisedFace face) implements SsdpMessage {}

    /** NOTIFY with {@code ssdp:alive}. Section 1.2.2. */
    record Alive(Advertised about, AdvertisedFace face) implements SsdpMessage {}

    /** NOTIFY with {@code ssdp:byebye}. Section 1.2.3. */
    record ByeBye(Advertised about, AdvertisedFace face) implements SsdpMessage {}

    /**
     * NOTIFY with {@code ssdp:update}: it is the same gateway that will soon have another number. Section 1.2.4.
     *
     * @param nextBootId NEXTBOOTID.UPNP.ORG
     */
    record Update(Advertised about, AdvertisedFace face, int nextBootId) implements SsdpMessage {}
}
