package io.portreeve.server.faults;

import io.portreeve.server.control.Order;
import io.portreeve.server.control.OrderRefused;
import java.util.List;

/** Lists and changes the faults of a running server: {@code faults}, {@code faults set key=value ...}, {@code faults clear}. */
public final class FaultsOrder implements Order {
    private final FaultLine line;

    public FaultsOrder(FaultLine line) {
        this.line = line;
    }

    /** {@return the faults there are now, in one line of the words that set them} */
    @Override
    public String done(List<String> words) throws OrderRefused {
        if (!words.isEmpty()) {
            line.change(wanted(words.getFirst(), words.subList(1, words.size())));
        }
        return line.faults() + "\n";
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
            return line.faults().with(words);
        } catch (WrongFaultException e) {
            throw new OrderRefused(e.getMessage());
        }
    }
}
