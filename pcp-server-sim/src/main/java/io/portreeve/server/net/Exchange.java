package io.portreeve.server.net;

import io.netty.channel.Channel;
import io.portreeve.pcp.PcpRequest;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A request that waits for its answer.
 *
 * @param channel the address it was sent to, which the answer must come from
 * @param octets as received: an error answer is a copy of them
 * @param request what they say, if they could be read
 */
record Exchange(Channel channel, InetSocketAddress client, byte[] octets, Optional<PcpRequest> request) {}
