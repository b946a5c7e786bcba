package io.portreeve.worlds;

import io.portreeve.pcp.PcpAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Carries datagrams as the weather allows. */
public final class VirtualNetwork {

    /** Who listens at a station. */
    public interface Listener {
        void received(Station from, byte[] octets);
    }

    private final VirtualTime time;
    private final Map<Station, Listener> listeners = new HashMap<>();
    private final Set<PcpAddress> cutOff = new HashSet<>();
    private Weather weather = Weather.CALM;

    public VirtualNetwork(VirtualTime time) {
        this.time = time;
    }

    public void setWeather(Weather weather) {
        this.weather = weather;
    }

    /** What is on its way arrives; what is sent from now on, from or to {@code address}, does not. */
    public void cutOff(PcpAddress address) {
        cutOff.add(address);
    }

    public void reconnect(PcpAddress address) {
        cutOff.remove(address);
    }

    public void listen(Station station, Listener listener) {
        listeners.put(station, listener);
    }

    /** From now on what arrives at {@code station} is lost. */
    public void close(Station station) {
        listeners.remove(station);
    }

    /** Sends a datagram: it arrives once, twice or never, and not in the order it was sent. */
    public void send(Station from, Station to, byte[] octets, Chance chance) {
        boolean lost = chance.happens(weather.loss());
        if (lost || cutOff.contains(from.address()) || cutOff.contains(to.address())) {
            return;
        }
        carry(from, to, octets, chance);
        if (chance.happens(weather.duplication())) {
            carry(from, to, octets, chance);
        }
    }

    private void carry(Station from, Station to, byte[] octets, Chance chance) {
        time.after(chance.within(weather.longestDelay()), () -> {
            var listener = listeners.get(to);
            if (listener != null) {
                listener.received(from, octets);
            }
        });
    }
}
