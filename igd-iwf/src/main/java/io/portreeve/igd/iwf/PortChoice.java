package io.portreeve.igd.iwf;

/** Whether a control point wants one external port and no other. */
public enum PortChoice {
    /** AddPortMapping: an entry whose port the provider changes is none any more. */
    EXACTLY,

    /** AddAnyPortMapping: the entry has the port that the provider gives. */
    ANY
}
