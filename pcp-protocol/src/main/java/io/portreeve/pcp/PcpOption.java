package io.portreeve.pcp;

/** One option of a PCP message. Source: RFC 6887 section 7.3. */
public sealed interface PcpOption {

    /** The request is made for another host than its sender. RFC 6887 section 13.1. */
    record ThirdParty(PcpAddress internal) implements PcpOption {}

    /** Rather no mapping than one with another external address or port. RFC 6887 section 13.2. */
    record PreferFailure() implements PcpOption {}

    /** An option this release does not know: a client skips it, a server names it in UNSUPP_OPTION. */
    record Unknown(int code) implements PcpOption {}

    /** {@return true if a server that does not know this option must refuse the request} */
    default boolean isMandatoryToProcess() {
        return code() < 128;
    }

    /** {@return the code on the wire, 0..255} */
    default int code() {
        return switch (this) {
            case ThirdParty _ -> 1;
            case PreferFailure _ -> 2;
            case Unknown(int code) -> code;
        };
    }
}
