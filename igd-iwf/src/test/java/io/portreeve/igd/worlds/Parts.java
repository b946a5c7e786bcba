package io.portreeve.igd.worlds;

import io.portreeve.client.worlds.Nature;
import io.portreeve.client.worlds.ServerHost;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.Trace;
import io.portreeve.worlds.VirtualNetwork;
import io.portreeve.worlds.VirtualTime;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What one street is made of. */
final class Parts implements ServerHost.Onlookers {
    final Nature nature;
    final ServerHost server;
    final List<Home> homes;

    Parts(long seed) {
        var time = new VirtualTime();
        nature = new Nature(time, new Trace(time), new VirtualNetwork(time), new TreeSet<>(), new Chance(seed));
        server = new ServerHost(nature, Street.POLICY, Street.POOL, this);
        homes = IntStream.range(0, Street.HOMES.size())
                .mapToObj(number -> new Home(this, number))
                .toList();
    }

    @Override
    public void serverLoses() {
        nature.reached().add("the provider loses something");
    }

    @Override
    public List<Station> forAll() {
        return homes.stream().map(Home::forAll).toList();
    }
}
