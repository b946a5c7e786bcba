package io.portreeve.server.faults;

import io.portreeve.server.control.Order;
import io.portreeve.server.control.OrderRefused;
import java.util.List;
import java.util.function.Supplier;

/** Lists and changes the faults of a running server: {@code faults}, {@code faults set key=value ...}, {@code faults clear}. */
public final class FaultsOrder implements Order {
    private final Supplier<FaultLine> line;

    /** @param line another one after each restart of the server */
    public FaultsOrder(Supplier<FaultLine> line) {
        this.line = line;
    }

    /** {@return the faults there are now, in one line of the words that set them} */
    @Override
    public String done(List<String> words) throws OrderRefused {
        if (!words.isEmpty()) {
            line.get().change(wanted(words.getFirst(), words.subList(1, words.size())));
        }
        return line.get().faults() + "\n";
    }

    private Faults wanted(String what, List<String> words) throws OrderRefused {
        if (what.equals("set") && !words.isEmpty()) {
            return changed(words);
        }
        if (what.equals("clear") && words.isEmpty()) {
            return Faults.NONE;
        }
        throw new OrderRefused("say: faults, faults set key=value ..., or faults clear");
    }

    private Faults changed(List<String> words) throws OrderRefused {
        try {
            return line.get().faults().with(words);
        } catch (WrongFaultException e) {
            throw new OrderRefused(e.getMessage());
        }
    }
}
