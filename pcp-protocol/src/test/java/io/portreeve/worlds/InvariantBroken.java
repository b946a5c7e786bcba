package io.portreeve.worlds;

/** Something that must always hold does not. */
public final class InvariantBroken extends AssertionError {
    private static final long serialVersionUID = 1;

    private final String invariant;

    /** @param invariant its short name; a failing script is shortened as long as the same one breaks */
    public InvariantBroken(String invariant, String message) {
        super(invariant + ": " + message);
        this.invariant = invariant;
    }

    public String invariant() {
        return invariant;
    }
}
