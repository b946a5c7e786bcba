package io.portreeve.client.engine;

import io.portreeve.client.MappingKey;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.MonoTime;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Sees by its Epoch Time when a server has lost its state, and has all asked for again. RFC 6887 sections 8.5, 14.1.3. */
final class StateLoss {
    private final Agenda agenda;
    private final Auditing auditing;
    private final RandomGenerator random;
    private Optional<EpochObservation> last = Optional.empty();

    StateLoss(Agenda agenda, Auditing auditing, RandomGenerator random) {
        this.agenda = agenda;
        this.auditing = auditing;
        this.random = random;
    }

    /** @param answered the mapping that the server speaks of, which it knows */
    void observe(EpochTime epoch, Optional<MappingKey> answered, MonoTime now) {
        var next = new EpochObservation(epoch.seconds(), now.seconds());
        boolean follows = last.map(before -> before.admits(next)).orElse(true);
        last = Optional.of(next);
        if (!follows) {
            recover(answered, now);
        }
    }

    /** Asks for all mappings again, but {@code answered}. */
    void recover(Optional<MappingKey> answered, MonoTime now) {
        auditing.abandon();
        agenda.recreate(
                mapping -> mapping.isWanted()
                        && mapping.state().holding().isPresent()
                        && !answered.equals(Optional.of(mapping.key())),
                Recreation.afterLoss(now, random));
    }

    /** What comes next is not compared with what came from elsewhere. */
    void forget() {
        last = Optional.empty();
    }
}
