package io.portreeve.server.faults;

import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.ResultCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is wrong at the moment.
 *
 * <p>People write it as words {@code key=value}, the keys being the names below with hyphens: {@code drop-answers=30% delay=200ms}.
 *
 * <p>What is said of answers holds for all that leaves: for Mapping Updates and ANNOUNCEs too, which nobody asked for.
 *
 * @param dropRequests percent of the requests that are lost
 * @param dropAnswers percent of the answers that are lost
 * @param duplicate percent of the answers that are sent twice
 * @param delay of each answer
 * @param jitter each answer comes later by something between nothing and this, so that answers overtake each other
 * @param reorder percent of the answers that wait until the next one has gone, or for 250 ms
 * @param refuse the answer to every MAP and PEER, and in its words to every mapping request of NAT-PMP
 * @param refuseLifetime of that answer, in the place of the recommended one; NAT-PMP's errors have none
 * @param external the assigned external address in successes; NAT-PMP tells it for itself, and only if it is an IPv4 address
 * @param lifetime of mappings in successes; an answer to a deletion stays one
 * @param epoch seconds added to the epoch, which stays in 0..4294967295; NAT-PMP has none in UNSUPPORTED_OPCODE
 * @param cgnDelay of each answer of the CGN to the server
 * @param quota mapped ports of one subscriber at most, in the place of the setting
 * @param isPoolExhausted no client gets a port that is not its own already
 * @param seed of all chances: with equal seeds equal messages meet equal faults
 */
public record Faults(
        int dropRequests,
        int dropAnswers,
        int duplicate,
        Duration delay,
        Duration jitter,
        int reorder,
        Optional<ResultCode> refuse,
        Optional<Lifetime> refuseLifetime,
        Optional<PcpAddress> external,
        Optional<Lifetime> lifetime,
        long epoch,
        Duration cgnDelay,
        OptionalInt quota,
        boolean isPoolExhausted,
        OptionalLong seed) {

    public static final Faults NONE = new Faults(
            0,
            0,
            0,
            Duration.ZERO,
            Duration.ZERO,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            Duration.ZERO,
            OptionalInt.empty(),
            false,
            OptionalLong.empty());

    /**
     * {@return these with what {@code words} say of some of them}
     *
     * @param words {@code key=value}; the value {@code off} takes one away
     */
    public Faults with(List<String> words) throws WrongFaultException {
        return FaultWords.read(this, words);
    }

    /** {@return what {@link #with} reads; nothing for what is not wrong} */
    public List<String> words() {
        return FaultWords.of(this);
    }

    @Override
    public String toString() {
        return equals(NONE) ? "no faults" : String.join(" ", words());
    }
}
