package io.portreeve.server.net;

import io.portreeve.pcp.PcpRequest;
import io.portreeve.server.engine.Client;
import java.util.Optional;

/**
 * A request that waits for its answer.
 *
 * @param back to where it came from, from the address it was sent to
 * @param octets as received: an error answer is a copy of them
 * @param request what they say, if they could be read
 */
record Exchange(Client client, ReturnPath back, byte[] octets, Optional<PcpRequest> request) {}
