package io.portreeve.client.engine;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingRequest;
import io.portreeve.pcp.PcpResponse;

/** What can happen to the client. */
public sealed interface ClientEvent {

    /** @param ticket under which the answer goes back */
    record Want(long ticket, MappingRequest request) implements ClientEvent {}

    record Release(long ticket, String owner, MappingKey key) implements ClientEvent {}

    record ListMappings(long ticket) implements ClientEvent {}

    /** A well-formed response from the server's own address and port. */
    record Received(PcpResponse response) implements ClientEvent {}

    /** The server does not speak PCP version 2. RFC 6887 section 9. */
    record OtherVersion(int version) implements ClientEvent {}

    /** What was sent did not arrive: ICMP said so, or there is no route. */
    record Unreachable() implements ClientEvent {}

    /** Time has passed. */
    record Due() implements ClientEvent {}
}
