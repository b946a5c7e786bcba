package io.portreeve.igd.iwf;

/** Which dialect of WANIPConnection the control point speaks; it follows the URN of the call. One engine serves both. */
public enum IgdFace {
    V1,
    V2
}
