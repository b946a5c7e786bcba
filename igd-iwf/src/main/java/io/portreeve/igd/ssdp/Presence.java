package io.portreeve.igd.ssdp;

/**
 * One address at which the gateway can be found.
 *
 * @param httpPort where it serves its descriptions there
 */
public record Presence(Lan lan, int httpPort) {

    /** {@return the URL of the description} */
    public String location(AdvertisedFace face) {
        return "http://" + lan.host() + ":" + httpPort + face.descriptionPath();
    }
}
