package io.portreeve.server.cgn;

/**
 * How much fits into a CGN.
 *
 * @param mappings explicit mappings at once
 * @param implicitPerSubscriber implicit mappings of one subscriber at once (RFC 6888 REQ-4)
 */
public record CgnLimits(int mappings, int implicitPerSubscriber) {
    /** As many ports as providers give a home: RFC 6888 leaves the number to them. */
    private static final int USUAL_IMPLICIT = 1000;

    public static CgnLimits of(int mappings) {
        return new CgnLimits(mappings, USUAL_IMPLICIT);
    }
}
