package io.portreeve.server.library;

import io.portreeve.pcp.ResultCode;

/**
 * What a method of {@link PcpMethods} says. Source: libpcpd, "return codes".
 *
 * <p>libpcpd counts the errors of the protocol from ERR_PROTOBASE; here {@link #of} makes them of the protocol's own codes.
 */
public enum ReturnCode {

    /** An operator made the mapping, and it was there before. */
    STATICMAPPING(ResultCode.SUCCESS, "already existing static mapping"),

    /** There was no such mapping, and now there is. */
    NEWMAPPING(ResultCode.SUCCESS, "a new mapping was created"),

    OK(ResultCode.SUCCESS, "OK"),

    /** The library asked for nonsense; its client hears NO_RESOURCES. */
    ERR_INVAL(ResultCode.NO_RESOURCES, "invalid arguments"),

    ERR_UNSUPVERSION(ResultCode.UNSUPP_VERSION, "unsupported version"),
    ERR_NOTAUTH(ResultCode.NOT_AUTHORIZED, "not authorized"),
    ERR_BADREQUEST(ResultCode.MALFORMED_REQUEST, "malformed request"),
    ERR_UNSUPOPCODE(ResultCode.UNSUPP_OPCODE, "unsupported opcode"),
    ERR_UNSUPOPTION(ResultCode.UNSUPP_OPTION, "unsupported option"),
    ERR_BADOPTION(ResultCode.MALFORMED_OPTION, "malformed option"),
    ERR_NETFAILURE(ResultCode.NETWORK_FAILURE, "network failure"),
    ERR_NORESOURCES(ResultCode.NO_RESOURCES, "out of resources"),
    ERR_UNSUPPROTO(ResultCode.UNSUPP_PROTOCOL, "unsupported protocol"),
    ERR_EXQUOTA(ResultCode.USER_EX_QUOTA, "user exceeded quota"),
    ERR_CANTPROVIDE(ResultCode.CANNOT_PROVIDE_EXTERNAL, "cannot provide external address or port"),
    ERR_ADDRMISMATCH(ResultCode.ADDRESS_MISMATCH, "address mismatch"),
    ERR_TOOMANYPEER(ResultCode.EXCESSIVE_REMOTE_PEERS, "excessive number of remote peers"),

    /** Anything else that went wrong inside the CGN; its client hears NO_RESOURCES. */
    ERR_PROCESSING(ResultCode.NO_RESOURCES, "generic CGN processing error");

    private final ResultCode result;
    private final String description;

    ReturnCode(ResultCode result, String description) {
        this.result = result;
        this.description = description;
    }

    /** {@return what the client hears} */
    public ResultCode result() {
        return result;
    }

    /** {@return what it means, in words for people} */
    public String description() {
        return description;
    }

    public boolean isSuccess() {
        return result == ResultCode.SUCCESS;
    }

    /**
     * {@return the error of this name} libpcpd: ERR_PROTOBASE plus the number on the wire.
     *
     * @throws IllegalArgumentException if {@code error} is not one of RFC 6887 section 7.4
     */
    public static ReturnCode of(ResultCode error) {
        for (var code : values()) {
            if (code.result == error && !code.isSuccess() && code != ERR_INVAL && code != ERR_PROCESSING) {
                return code;
            }
        }
        throw new IllegalArgumentException(error + " is not an error of RFC 6887 section 7.4");
    }
}
