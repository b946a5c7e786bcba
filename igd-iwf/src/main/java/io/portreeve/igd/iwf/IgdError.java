package io.portreeve.igd.iwf;

/** UPnP error codes a control point may meet, and their descriptions. Source: WANIPConnection:2 section 2.5.23, UDA 1.1 table 3-3. */
public enum IgdError {
    INVALID_ACTION(401, "Invalid Action"),
    INVALID_ARGS(402, "Invalid Args"),
    ACTION_FAILED(501, "Action Failed"),
    ARGUMENT_VALUE_INVALID(600, "Argument Value Invalid"),
    ARGUMENT_VALUE_OUT_OF_RANGE(601, "Argument Value Out of Range"),
    NOT_AUTHORIZED(606, "Action not authorized"),
    INVALID_INDEX(713, "SpecifiedArrayIndexInvalid"),
    NO_SUCH_ENTRY(714, "NoSuchEntryInArray"),
    WILDCARD_EXTERNAL_PORT(716, "WildCardNotPermittedInExtPort"),
    CONFLICT(718, "ConflictInMappingEntry"),
    REMOTE_HOST_ONLY_WILDCARD(726, "RemoteHostOnlySupportsWildcard"),
    NO_PORT_MAPS_AVAILABLE(728, "NoPortMapsAvailable");

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
