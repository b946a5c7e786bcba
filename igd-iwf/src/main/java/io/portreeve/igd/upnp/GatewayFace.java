package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.ssdp.Advertised;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * One of the two descriptions of the gateway, as those need it who announce it and who send its events.
 *
 * @param dialect what control points expect that read this one
 * @param descriptionPath for LOCATION
 * @param configId for CONFIGID.UPNP.ORG: another one as soon as the device or a service is described otherwise
 * @param advertised the root device first; each type with the version of this face
 * @param events the path of each event URL, with the names of its variables in the order in which they are told
 * @param defaultConnection what Layer3Forwarding tells
 */
public record GatewayFace(
        IgdFace dialect,
        String descriptionPath,
        int configId,
        List<Advertised> advertised,
        Map<String, List<String>> events,
        String defaultConnection) {
    public GatewayFace {
        advertised = List.copyOf(advertised);
        events = Map.copyOf(events);
    }

    /** {@return for the path of each event URL the texts of its variables} */
    public Map<String, SequencedMap<String, String>> eventVariables(GatewayState state, WanLink link) {
        var byPath = new HashMap<String, SequencedMap<String, String>>();
        events.forEach((path, names) -> byPath.put(path, texts(names, state, link)));
        return byPath;
    }

    private SequencedMap<String, String> texts(List<String> names, GatewayState state, WanLink link) {
        var texts = new LinkedHashMap<String, String>();
        names.forEach(name -> texts.put(name, EventedVariable.named(name).text(state, link, defaultConnection)));
        return texts;
    }
}
