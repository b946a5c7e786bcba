package io.portreeve.server.cgn;

import io.portreeve.pcp.IpProtocol;
import java.util.HashMap;
import java.util.Map;

/**
 * A value for each port of an address in each protocol. There may be a million of them, so a key is no object of its own but the
 * endpoint that whoever puts the value has anyway. No order; one thread at a time.
 */
public final class EndpointMap<V> {
    private final Map<IpProtocol, Map<Endpoint, V>> values = new HashMap<>();

    /** {@return the value; null if there is none} */
    public V get(IpProtocol protocol, Endpoint endpoint) {
        var its = values.get(protocol);
        return its == null ? null : its.get(endpoint);
    }

    /** {@return the value that was there already, and stays; null if there was none} */
    public V putIfAbsent(IpProtocol protocol, Endpoint endpoint, V value) {
        return values.computeIfAbsent(protocol, _ -> new HashMap<>()).putIfAbsent(endpoint, value);
    }

    public void remove(IpProtocol protocol, Endpoint endpoint) {
        var its = values.get(protocol);
        if (its != null) {
            its.remove(endpoint);
        }
    }
}
