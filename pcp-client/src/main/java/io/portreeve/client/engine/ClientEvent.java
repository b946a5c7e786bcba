package io.portreeve.client.engine;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.PcpServer;
import io.portreeve.client.ServerAddress;
import io.portreeve.pcp.AnnounceResponse;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import java.util.List;
import java.util.Optional;

/** What can happen to the client. */
public sealed interface ClientEvent {

    /** @param ticket under which the answer goes back */
    record Want(long ticket, MappingRequest request) implements ClientEvent {}

    record Release(long ticket, String owner, MappingKey key) implements ClientEvent {}

    record ListMappings(long ticket) implements ClientEvent {}

    record ListServers(long ticket) implements ClientEvent {}

    /** What the servers have is to be compared with what they should have. */
    record Audit(long ticket) implements ClientEvent {}

    /** From now on these are the servers, and no others. Each mapping is wanted at each of them: RFC 7488 section 4. */
    record Servers(List<PcpServer> servers) implements ClientEvent {}

    /** Routes or addresses are others than before: the ways to servers may be, too. */
    record NetworkChanged() implements ClientEvent {}

    /** There is a way to a server; what is sent there leaves from {@code source}. */
    record Connected(ServerAddress server, PcpAddress source) implements ClientEvent {}

    /** A well-formed response from the server's own address and port. */
    record Received(ServerAddress server, PcpResponse response) implements ClientEvent {}

    /** What somebody at this address says to all clients. */
    record Announced(ServerAddress server, AnnounceResponse response) implements ClientEvent {}

    /** The server does not speak PCP version 2. RFC 6887 section 9. */
    record OtherVersion(ServerAddress server, int version, Lifetime errorLifetime) implements ClientEvent {}

    /** From the server's own address; an external address may have been told to all. RFC 6886 sections 3.2, 3.3. */
    record NatPmpReceived(ServerAddress server, NatPmpResponse response) implements ClientEvent {}

    /**
     * The server did not understand a NAT-PMP request, or gave a reason that nobody understands. RFC 6886 section 3.5.
     *
     * @param mapped what was to be mapped; empty if that was the address
     * @param result 0..65535
     */
    record NatPmpFailed(ServerAddress server, Optional<IpProtocol> mapped, int result) implements ClientEvent {}

    /** What was sent did not arrive: ICMP said so, or there is no route. */
    record Unreachable(ServerAddress server) implements ClientEvent {}

    /** Time has passed. */
    record Due() implements ClientEvent {}
}
