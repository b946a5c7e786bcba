package io.portreeve.server.worlds.checker;

/** Who made a mapping. */
public enum Maker {
    PCP,
    NAT_PMP,
    OPERATOR
}
