package io.portreeve.pcp;

import java.util.List;

/** The server is there; sent unasked after it lost its state. Source: RFC 6887 section 14.1. */
public record AnnounceResponse(int result, EpochTime epoch, List<PcpOption> options) implements PcpResponse {

    public AnnounceResponse {
        options = List.copyOf(options);
    }

    public AnnounceResponse(int result, EpochTime epoch) {
        this(result, epoch, List.of());
    }
}
