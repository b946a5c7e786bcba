package io.portreeve.igd.ssdp;

import java.util.ArrayList;
import java.util.List;

/**
 * One gateway, and all descriptions of it: older control points cannot read the newer ones.
 *
 * @param oldestFirst each type is looked for in this order
 * @param announced the one for whoever does not ask for a certain version
 */
public record AdvertisedFaces(List<AdvertisedFace> oldestFirst, AdvertisedFace announced) {
    public AdvertisedFaces {
        oldestFirst = List.copyOf(oldestFirst);
        if (!oldestFirst.contains(announced)) {
            throw new IllegalArgumentException("announced: " + announced + " (expected: one of the faces)");
        }
    }

    /** {@return faces of which the oldest is announced} Consoles, Windows and Macs take no other. */
    public static AdvertisedFaces of(AdvertisedFace oldest, AdvertisedFace... newer) {
        var all = new ArrayList<AdvertisedFace>();
        all.add(oldest);
        all.addAll(List.of(newer));
        return new AdvertisedFaces(all, oldest);
    }

    /** {@return everything that {@code request} finds, all of it from one description} */
    List<SsdpMessage.Found> found(SearchRequest request) {
        if (request.isFromMicrosoft()) {
            return found(request.target(), oldestFirst.getFirst());
        }
        if (!request.isForAType()) {
            return found(request.target(), announced);
        }
        return oldestFirst.stream()
                .map(face -> found(request.target(), face))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private static List<SsdpMessage.Found> found(String target, AdvertisedFace face) {
        return face.advertised().stream()
                .flatMap(thing -> thing.answering(target).stream())
                .map(thing -> new SsdpMessage.Found(thing, face))
                .toList();
    }
}
