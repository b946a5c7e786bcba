package io.portreeve.igd.ssdp;

import java.util.List;

/**
 * The gateway as one of its descriptions tells it.
 *
 * @param descriptionPath where that description is found
 * @param configId another one as soon as the description changes, 24 bits; control points keep descriptions by it
 * @param advertised what the description consists of
 */
public record AdvertisedFace(String descriptionPath, int configId, List<Advertised> advertised) {
    private static final int MAX_CONFIG_ID = 0xFF_FFFF;

    public AdvertisedFace {
        if (configId < 0 || configId > MAX_CONFIG_ID) {
            throw new IllegalArgumentException("configId: " + configId + " (expected: 0.." + MAX_CONFIG_ID + ")");
        }
        advertised = List.copyOf(advertised);
    }
}
