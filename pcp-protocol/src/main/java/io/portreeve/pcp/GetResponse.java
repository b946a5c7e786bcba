package io.portreeve.pcp;

import java.util.List;

/**
 * One page of the mappings that a GET asked for.
 *
 * @param result 0..255; 0 is success
 * @param lifetime 0, or of the error
 * @param nonce the request's
 * @param filter the request's
 */
public record GetResponse(
        int result, Lifetime lifetime, EpochTime epoch, MappingNonce nonce, GetTuple filter, List<PcpOption> options)
        implements PcpResponse {

    public GetResponse {
        options = List.copyOf(options);
    }

    /** {@return the mappings of this page, in the order of their tuples} */
    public List<PcpOption.NextMapping> mappings() {
        return Options.all(PcpOption.NextMapping.class, options);
    }
}
