package io.portreeve.client.worlds;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Station;
import java.util.List;

/** Somebody who saw what the client sent, and answers in the server's place: all is right but one thing. */
final class Forger {
    private static final PcpAddress ELSEWHERE = PcpAddress.parse("198.51.100.66");

    private final Parts parts;

    Forger(Parts parts) {
        this.parts = parts;
    }

    void answer(Action.Forgery forgery, Chance chance) {
        var key = SmallWorld.MAPPINGS.get(forgery.mapping());
        var row = parts.clientDisk().get(key);
        var client = parts.client.pcp().uplink().socket();
        if (row == null || client.isEmpty()) {
            return;
        }
        var nonce = row.nonce();
        boolean isOther = forgery.what() == Action.Forged.NONCE;
        var response = new MapResponse(
                0,
                SmallWorld.LONGEST,
                new EpochTime(0), // as after a loss of all state
                isOther ? new MappingNonce(nonce.high(), nonce.middle(), nonce.low() + 1) : nonce,
                key.protocol(),
                forgery.what() == Action.Forged.INTERNAL_PORT ? key.internalPort() + 7 : key.internalPort(),
                666,
                ELSEWHERE,
                key.thirdParty()
                        .<PcpOption>map(PcpOption.ThirdParty::new)
                        .map(List::of)
                        .orElse(List.of()));
        parts.reached.add("forged " + forgery.what());
        parts.network.send(from(forgery.what()), client.get(), PcpEncoder.encode(response), chance);
    }

    private static Station from(Action.Forged what) {
        var server = ServerHost.ADDRESS;
        return switch (what) {
            case ADDRESS -> new Station(ELSEWHERE, server.port());
            case PORT -> new Station(server.address(), server.port() + 1);
            case NONCE, INTERNAL_PORT -> server;
        };
    }
}
