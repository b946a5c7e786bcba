package io.portreeve.pcp;

import java.util.List;

/** Are you there, and since when? Source: RFC 6887 section 14.1. */
public record AnnounceRequest(PcpAddress client, List<PcpOption> options) implements PcpRequest {

    public AnnounceRequest {
        options = List.copyOf(options);
    }

    public AnnounceRequest(PcpAddress client) {
        this(client, List.of());
    }
}
