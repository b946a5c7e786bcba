package io.portreeve.igd.iwf;

/** UPnP error codes a control point may meet, and their descriptions. Source: WANIPConnection:2 section 2.5.23, UDA 1.1 table 3-3. */
public enum IgdError {
    INVALID_ACTION(401, "Invalid Action"),
    INVALID_ARGS(402, "Invalid Args"),
    INVALID_VAR(404, "Invalid Var"),
    ACTION_FAILED(501, "Action Failed"),
    ARGUMENT_VALUE_INVALID(600, "Argument Value Invalid"),
    ARGUMENT_VALUE_OUT_OF_RANGE(601, "Argument Value Out of Range"),
    OUT_OF_MEMORY(603, "Out of Memory"),
    STRING_TOO_LONG(605, "String Argument Too Long"),
    NOT_AUTHORIZED(606, "Action not authorized"),
    INACTIVE_CONNECTION_REQUIRED(703, "InactiveConnectionStateRequired"),
    CONNECTION_SETUP_FAILED(704, "ConnectionSetupFailed"),
    INVALID_INDEX(713, "SpecifiedArrayIndexInvalid"),
    NO_SUCH_ENTRY(714, "NoSuchEntryInArray"),
    WILDCARD_INTERNAL_CLIENT(715, "WildCardNotPermittedInSrcIP"),
    WILDCARD_EXTERNAL_PORT(716, "WildCardNotPermittedInExtPort"),
    CONFLICT(718, "ConflictInMappingEntry"),
    INVALID_DEVICE_UUID(720, "InvalidDeviceUUID"),
    INVALID_SERVICE_ID(721, "InvalidServiceID"),
    INVALID_CONNECTION_SERVICE(723, "InvalidConnServiceSelection"),
    REMOTE_HOST_ONLY_WILDCARD(726, "RemoteHostOnlySupportsWildcard"),
    NO_PORT_MAPS_AVAILABLE(728, "NoPortMapsAvailable"),
    CONFLICT_WITH_OTHER_MECHANISMS(729, "ConflictWithOtherMechanisms"),
    PORT_MAPPING_NOT_FOUND(730, "PortMappingNotFound"),
    READ_ONLY(731, "ReadOnly"),
    WILDCARD_INTERNAL_PORT(732, "WildCardNotPermittedInIntPort"),
    INCONSISTENT_PARAMETERS(733, "InconsistentParameters");

    private final int code;
    private final String description;

    IgdError(int code, String description) {
        this.code = code;
        this.description = description;
    }

    public int code() {
        return code;
    }

    public String description() {
        return description;
    }
}
