package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.ssdp.AdvertisedFace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One of the two descriptions of the gateway, as those need it who announce it and who send its events.
 *
 * @param advertised the root device first; each type with the version of this face
 * @param events the variables of each event URL, by its path, in the order in which they are told
 * @param defaultConnection what Layer3Forwarding tells
 */
record GatewayFace(AdvertisedFace advertised, Map<String, List<EventedVariable>> events, String defaultConnection) {
    GatewayFace {
        events = Map.copyOf(events);
    }

    /** {@return for the path of each event URL the texts of its variables} */
    Map<String, SequencedMap<String, String>> eventVariables(GatewayState state) {
        var byPath = new HashMap<String, SequencedMap<String, String>>();
        events.forEach((path, variables) -> byPath.put(path, texts(variables, state)));
        return byPath;
    }

    private SequencedMap<String, String> texts(List<EventedVariable> variables, GatewayState state) {
        var texts = new LinkedHashMap<String, String>();
        variables.forEach(it -> texts.put(it.upnpName(), it.text(state, defaultConnection)));
        return texts;
    }
}
