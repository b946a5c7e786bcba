package io.portreeve.pcp;

/** Codes of options on the wire. Source: the IANA registry of PCP options; those of GET/NEXT are out of the private ranges. */
public final class OptionCode {
    public static final int THIRD_PARTY = 1;
    public static final int PREFER_FAILURE = 2;
    public static final int FILTER = 3;
    public static final int THIRD_PARTY_ID = 13;
    public static final int NEXT = 113;
    public static final int DESCRIPTION = 128;
    public static final int PREFIX64 = 129;
    public static final int PORT_SET = 130;
    public static final int PORT_RESERVATION = 225;
    public static final int MAPPING_NONCE = 226;

    private OptionCode() {}
}
