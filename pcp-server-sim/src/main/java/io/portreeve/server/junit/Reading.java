package io.portreeve.server.junit;

import io.portreeve.pcp.Opcode;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.wire.DecodedNatPmpRequest;
import io.portreeve.pcp.wire.DecodedNatPmpResponse;
import io.portreeve.pcp.wire.DecodedRequest;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.NatPmpDecoder;
import io.portreeve.pcp.wire.PcpDecoder;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * What a datagram says.
 *
 * @param message a message of PCP or NAT-PMP; empty if it is none
 * @param text for people, in one line
 */
record Reading(Optional<Object> message, String text) {
    private static final Set<Opcode> ALL = Set.of(Opcode.values());

    /** @param source an address that must stand in a request of PCP, too */
    static Reading ofRequest(byte[] octets, PcpAddress source) {
        if (isNatPmp(octets)) {
            return switch (NatPmpDecoder.decodeRequest(ByteBuffer.wrap(octets))) {
                case DecodedNatPmpRequest.Ok(var request) -> of(request);
                case DecodedNatPmpRequest.Refuse(var result) -> none(octets, result);
                case DecodedNatPmpRequest.Drop(var reason) -> none(octets, reason);
            };
        }
        return switch (PcpDecoder.decodeRequest(ByteBuffer.wrap(octets), source, ALL)) {
            case DecodedRequest.Ok(var request) -> of(request);
            case DecodedRequest.Refuse(var result) -> none(octets, result);
            case DecodedRequest.Drop(var reason) -> none(octets, reason);
        };
    }

    static Reading ofAnswer(byte[] octets) {
        if (isNatPmp(octets)) {
            return switch (NatPmpDecoder.decodeResponse(ByteBuffer.wrap(octets))) {
                case DecodedNatPmpResponse.Ok(var response) -> of(response);
                case DecodedNatPmpResponse.Failed(var _, int result) -> none(octets, "NAT-PMP result " + result);
                case DecodedNatPmpResponse.Drop(var reason) -> none(octets, reason);
            };
        }
        return switch (PcpDecoder.decodeResponse(ByteBuffer.wrap(octets))) {
            case DecodedResponse.Ok(var response) -> of(response);
            case DecodedResponse.OtherVersion(int version, var _) ->
                none(octets, "UNSUPP_VERSION, in version " + version);
            case DecodedResponse.Drop(var reason) -> none(octets, reason);
        };
    }

    private static boolean isNatPmp(byte[] octets) {
        return octets.length > 0 && octets[0] == 0;
    }

    private static Reading of(Object message) {
        return new Reading(Optional.of(message), message.toString());
    }

    private static Reading none(byte[] octets, Object why) {
        return new Reading(Optional.empty(), why + ": " + HexFormat.of().formatHex(octets));
    }

    <T> Optional<T> as(Class<T> kind) {
        return message.filter(kind::isInstance).map(kind::cast);
    }
}
