package io.portreeve.client.worlds;

import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Trace;
import io.portreeve.worlds.VirtualNetwork;
import io.portreeve.worlds.VirtualTime;
import java.util.Set;

/**
 * What every world has.
 *
 * @param reached what happened at least once, of the things that seldom do
 */
public record Nature(VirtualTime time, Trace trace, VirtualNetwork network, Set<String> reached, Chance chance) {

    public void note(String what, Object detail) {
        trace.add(what, detail);
        reached.add(what);
    }
}
