package io.portreeve.igd.worlds.checker;

import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.worlds.InvariantBroken;
import java.util.List;
import java.util.Optional;

/** The numbers of the table that subscribers are told. */
final class Numbers {
    private Optional<GatewayState> last = Optional.empty();
    private List<Row> rows = List.of();

    /** @param stored what was on the disk when {@code state} was told */
    void published(GatewayState state, List<Row> stored) {
        last.ifPresent(before -> {
            if (state.updateId() < before.updateId()) {
                throw new InvariantBroken("update id", state + " after " + before);
            }
            boolean isSame = state.updateId() == before.updateId();
            if (isSame && state.entries() != before.entries()) {
                throw new InvariantBroken("update id", state + " after " + before + ": another table");
            }
        });
        last = Optional.of(state);
        rows = stored;
    }

    /** The gateway starts with {@code stored}. */
    void starts(GatewayState first, List<Row> stored) {
        boolean isOther = !stored.equals(rows);
        boolean isSame =
                last.filter(before -> before.updateId() == first.updateId()).isPresent();
        if (isOther && isSame) {
            throw new InvariantBroken("update id", first + " at the start, with " + stored + " in place of " + rows);
        }
    }

    Optional<GatewayState> last() {
        return last;
    }

    void clear() {
        last = Optional.empty();
        rows = List.of();
    }
}
