package io.portreeve.igd.worlds;

import io.portreeve.client.worlds.Nature;
import io.portreeve.client.worlds.Witness;
import io.portreeve.igd.worlds.checker.Checker;
import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.MapResponse;
import io.portreeve.pcp.PcpRequest;
import io.portreeve.pcp.wire.DecodedResponse;

/** Tells checker and trace what a home and its provider say to each other. */
record HomeWitness(Nature nature, Checker checker) implements Witness {

    @Override
    public void decides(PcpRequest request) {
        nature.trace().add("asks the provider", request);
        if (request instanceof MapRequest map) {
            checker.sends(map);
        }
    }

    @Override
    public void hears(DecodedResponse response) {
        nature.trace().add("hears", response);
        if (response instanceof DecodedResponse.Ok(MapResponse map)) {
            checker.hears(map);
        }
    }
}
