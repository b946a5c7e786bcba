package io.portreeve.pcp;

import java.util.List;
import java.util.Optional;

/**
 * Asks which explicit mappings the server has for this client. An extension with private codes, after
 * draft-boucadair-pcp-failure section 4.
 *
 * @param nonce shows that the client may ask, and tells its answers apart
 */
public record GetRequest(PcpAddress client, MappingNonce nonce, GetTuple filter, List<PcpOption> options)
        implements PcpRequest {

    public GetRequest {
        options = List.copyOf(options);
    }

    /** {@return where to read from; empty only asks whether there is anything} */
    public Optional<PcpOption.NextRequest> next() {
        return Options.first(PcpOption.NextRequest.class, options);
    }

    public Optional<PcpAddress> thirdParty() {
        return Options.thirdParty(options);
    }
}
