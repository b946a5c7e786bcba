package io.portreeve.igd.iwf;

/**
 * Why something is not done.
 *
 * @param error what the control point is told
 * @param why what the person who runs the gateway is told
 */
record Denial(IgdError error, String why) {

    static Denial forbidden(IgdFace face, String why) {
        return new Denial(forbidden(face), why);
    }

    /** {@return what a face says of what nobody may who is not authenticated} The first face has no word for it. */
    static IgdError forbidden(IgdFace face) {
        return face == IgdFace.V1 ? IgdError.CONFLICT : IgdError.NOT_AUTHORIZED;
    }
}
