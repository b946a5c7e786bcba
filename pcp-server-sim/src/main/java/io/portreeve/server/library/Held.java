package io.portreeve.server.library;

import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.CgnFilter;
import java.util.List;

/**
 * What the library knows of a mapping.
 *
 * @param client who asked for it
 * @param until when its lifetime is over
 */
record Held(PcpAddress client, MappingNonce nonce, List<CgnFilter> filters, MonoTime until) {

    Held until(MonoTime later) {
        return new Held(client, nonce, filters, later);
    }
}
