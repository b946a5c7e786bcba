package io.portreeve.server.worlds;

import io.portreeve.pcp.AnnounceRequest;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.pcp.wire.PcpEncoder;
import io.portreeve.server.worlds.Action.Ask;
import io.portreeve.server.worlds.Action.Kind;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualNetwork;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks for one mapping as the script says: by octets, over the network, with repetitions. */
final class Client implements VirtualNetwork.Listener {
    private static final List<Duration> REPETITIONS = List.of(Duration.ofSeconds(3), Duration.ofSeconds(9));
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofMinutes(1);
    private static final Duration PAUSE_WITHOUT_ANSWER = Duration.ofSeconds(3);
    private static final Lifetime IN_THE_END = new Lifetime(7200);

    /** A request that is repeated until it is answered. */
    private static final class Question {
        boolean isAnswered;
    }

    private final Want want;
    private final Parts parts;
    private Question last = new Question();
    private boolean insists;

    Client(Want want, Parts parts) {
        this.want = want;
        this.parts = parts;
        parts.network.listen(want.client(), this);
    }

    void ask(Ask ask, Chance chance) {
        var octets = octets(ask, chance);
        var question = new Question();
        last = question;
        send(octets, chance);
        for (var repetition : REPETITIONS) {
            parts.time.after(repetition, () -> {
                if (!question.isAnswered) {
                    send(octets, chance);
                }
            });
        }
    }

    private void send(byte[] octets, Chance chance) {
        parts.network.send(want.client(), ServerHost.ADDRESS, octets, chance);
    }

    private byte[] octets(Ask ask, Chance chance) {
        return switch (ask.kind()) {
            case ANNOUNCE -> PcpEncoder.encode(new AnnounceRequest(want.client().address()));
            case DAMAGED -> damaged(PcpEncoder.encode(map(ask)), chance);
            default -> PcpEncoder.encode(map(ask));
        };
    }

    private static byte[] damaged(byte[] octets, Chance chance) {
        octets[chance.nextInt(octets.length)] ^= (byte) (1 << chance.nextInt(8));
        return octets;
    }

    private MapRequest map(Ask ask) {
        var kind = ask.kind();
        boolean isStranger = kind == Kind.STRANGER_CREATE || kind == Kind.STRANGER_DELETE;
        boolean isExtra = kind == Kind.EXTRA_CREATE || kind == Kind.EXTRA_DELETE;
        boolean deletes = kind == Kind.DELETE || kind == Kind.STRANGER_DELETE || kind == Kind.EXTRA_DELETE;
        var options = new ArrayList<PcpOption>();
        if (!want.internal().equals(want.client().address())) {
            options.add(new PcpOption.ThirdParty(want.internal()));
        }
        if (kind == Kind.PREFER_FAILURE) {
            options.add(new PcpOption.PreferFailure());
        }
        return new MapRequest(
                deletes ? Lifetime.DELETE : new Lifetime(ask.lifetime()),
                want.client().address(),
                new MappingNonce(want.number(), isStranger ? 1 : 0, 0),
                want.protocol(),
                isExtra ? want.port() + 1 : want.port(),
                ask.suggestedPort(),
                ask.suggestedAddress(),
                options);
    }

    @Override
    public void received(Station from, byte[] octets) {
        last.isAnswered = true;
        if (PcpDecoder.decodeResponse(ByteBuffer.wrap(octets)) instanceof DecodedResponse.Ok(MapResponse answer)) {
            parts.reached.add("answer " + ResultCode.nameOf(answer.result()));
            boolean isMine = answer.nonce().equals(new MappingNonce(want.number(), 0, 0))
                    && answer.internalPort() == want.port();
            if (isMine && answer.isSuccess() && !answer.lifetime().isDelete()) {
                insists = false;
            }
        }
    }

    /** Asks again and again until the mapping is granted. */
    void insist(Chance chance) {
        insists = true;
        insistOnce(chance);
    }

    private void insistOnce(Chance chance) {
        if (!insists) {
            return;
        }
        ask(new Ask(want.number(), Kind.CREATE, IN_THE_END.seconds(), 0, PcpAddress.ANY_IPV4), chance);
        parts.time.after(PAUSE_WITHOUT_ANSWER, () -> {
            var pause = last.isAnswered ? PAUSE_AFTER_REFUSAL : Duration.ZERO;
            parts.time.after(pause, () -> insistOnce(chance));
        });
    }

    boolean isSatisfied() {
        return !insists;
    }

    Want want() {
        return want;
    }
}
