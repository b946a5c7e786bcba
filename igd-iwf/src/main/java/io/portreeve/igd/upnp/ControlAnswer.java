package io.portreeve.igd.upnp;

/** What goes back to the control point: a response, or a fault, which control points read only from a 500. */
public record ControlAnswer(int status, String xml) {
    static final int OK = 200;
    static final int FAULT = 500;
}
