package io.portreeve.igd.upnp;

/** The gateway's link to its provider, as WANCommonInterfaceConfig shows it. */
public interface WanLink {

    boolean isUp();

    /** {@return bits per second, or 0 if nobody knows} */
    long bitsPerSecond();

    Traffic traffic();

    /** What went over the link since some start, as far as the system counts. */
    record Traffic(long bytesSent, long bytesReceived, long packetsSent, long packetsReceived) {}
}
