package io.portreeve.server.worlds;

import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.PcpResponse;
import io.portreeve.pcp.ResultCode;
import io.portreeve.pcp.wire.DecodedResponse;
import io.portreeve.pcp.wire.PcpDecoder;
import io.portreeve.server.worlds.Action.Ask;
import io.portreeve.server.worlds.Action.Kind;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualNetwork;
import java.nio.ByteBuffer;
import java.time.Duration;
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
    private final Questions questions;
    private Question last = new Question();
    private boolean insists;
    private boolean walks;

    Client(Want want, Parts parts) {
        this.want = want;
        this.parts = parts;
        questions = new Questions(want);
        parts.network.listen(want.client(), this);
    }

    void ask(Ask ask, Chance chance) {
        walks = ask.kind() == Kind.WALK;
        ask(questions.octets(ask, chance), chance);
    }

    private void ask(byte[] octets, Chance chance) {
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

    @Override
    public void received(Station from, byte[] octets) {
        last.isAnswered = true;
        if (octets[0] == 0) {
            parts.reached.add("answer of NAT-PMP " + octets[3]);
        } else if (PcpDecoder.decodeResponse(ByteBuffer.wrap(octets)) instanceof DecodedResponse.Ok(var answer)) {
            parts.reached.add("answer " + ResultCode.nameOf(answer.result()));
            received(answer);
        }
    }

    private void received(PcpResponse answer) {
        if (answer instanceof MapResponse map
                && isMine(map)
                && map.isSuccess()
                && !map.lifetime().isDelete()) {
            insists = false;
        }
        if (answer instanceof GetResponse page
                && walks
                && page.isSuccess()
                && !page.mappings().isEmpty()) {
            walkOn(page.mappings().getLast());
        }
    }

    private boolean isMine(MapResponse answer) {
        return answer.nonce().equals(want.nonce(false)) && answer.internalPort() == want.port();
    }

    private void walkOn(NextMapping reached) {
        walks = !reached.end();
        if (walks) {
            parts.reached.add("walked on");
            ask(questions.get(reached.tuple(), false), parts.chance);
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
