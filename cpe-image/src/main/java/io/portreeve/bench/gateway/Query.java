package io.portreeve.bench.gateway;

/**
 * An action that changes nothing. WANIPConnection:1 sections 2.4.14 and 2.4.18.
 *
 * @param arguments as XML
 */
record Query(String action, String arguments) {
    static final Query EXTERNAL_ADDRESS = new Query("GetExternalIPAddress", "");
    static final Query FIRST_MAPPING =
            new Query("GetGenericPortMappingEntry", "<NewPortMappingIndex>0</NewPortMappingIndex>");
}
