package io.portreeve.igd.iwf;

/** What becomes of an entry whose deletion the provider does not confirm. */
public record DeletionPolicy(WhileSilent whileSilent, WhenRefused whenRefused) {

    /** The PCP server does not answer. */
    public enum WhileSilent {
        /** The entry is gone for control points, and the client goes on deleting until the PCP lifetime ends. */
        TOMBSTONE,

        /** The control point is told that it failed, and the entry stays. RFC 6970 section 5.8. */
        FAIL
    }

    /** The PCP server says no: to it the mapping is static, or a flow's, or somebody else's. */
    public enum WhenRefused {
        /** The control point is told so, and the entry stays if the provider serves it. */
        RELAY,

        /** The entry is gone for control points. */
        DROP
    }

    public static final DeletionPolicy USUAL = new DeletionPolicy(WhileSilent.TOMBSTONE, WhenRefused.RELAY);
}
