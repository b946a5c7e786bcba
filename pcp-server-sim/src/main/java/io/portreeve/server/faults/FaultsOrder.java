package io.portreeve.server.faults;

import io.portreeve.json.Json;
import io.portreeve.server.control.Order;
import io.portreeve.server.control.OrderRefused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Lists and changes the faults of a running server: {@code faults}, {@code faults set key=value ...}, {@code faults clear}. */
public final class FaultsOrder implements Order {

    /** The last of the words, if a program asks. */
    private static final String JSON = "json";

    private final Supplier<FaultLine> line;

    /** @param line another one after each restart of the server */
    public FaultsOrder(Supplier<FaultLine> line) {
        this.line = line;
    }

    /** {@return the faults there are now, in one line of the words that set them, or in JSON} */
    @Override
    public String done(List<String> words) throws OrderRefused {
        boolean forPrograms = !words.isEmpty() && words.getLast().equals(JSON);
        var wish = words.subList(0, words.size() - (forPrograms ? 1 : 0));
        if (!wish.isEmpty()) {
            line.get().change(wanted(wish.getFirst(), wish.subList(1, wish.size())));
        }
        var faults = line.get().faults();
        return (forPrograms ? Json.of(map(faults)) : faults) + "\n";
    }

    private static Map<String, String> map(Faults faults) {
        var map = new LinkedHashMap<String, String>();
        faults.words()
                .forEach(word -> map.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1)));
        return map;
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
