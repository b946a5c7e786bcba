package io.portreeve.demo;

import java.io.IOException;
import java.util.Map;
import org.jupnp.model.action.ActionException;

/** A small control point: asks the gateway for port mappings as a program at home does, where upnpc is not installed. */
public final class ControlPoint {
    /** SpecifiedArrayIndexInvalid: the list has ended. */
    private static final int END_OF_LIST = 713;

    private static final String USAGE = """
            usage: ControlPoint add INTERNAL_ADDRESS INTERNAL_PORT EXTERNAL_PORT PROTOCOL DESCRIPTION
                   ControlPoint list
                   ControlPoint delete EXTERNAL_PORT PROTOCOL""";

    private final Gateway gateway;

    private ControlPoint(Gateway gateway) {
        this.gateway = gateway;
    }

    public static void main(String... args) {
        try {
            run(args);
        } catch (ActionException e) {
            fail("the gateway refuses: " + e.getErrorCode() + " " + e.getMessage());
        } catch (Exception e) {
            fail(e.getMessage());
        }
    }

    private static void run(String... args) throws Exception {
        switch (args.length == 0 ? "" : args[0] + args.length) {
            case "add6" -> discovered().add(args[1], args[2], args[3], args[4], args[5]);
            case "list1" -> discovered().list();
            case "delete3" -> discovered().delete(args[1], args[2]);
            default -> fail(USAGE);
        }
    }

    private static ControlPoint discovered() throws Exception {
        var description = Discovery.gatewayDescription()
                .orElseThrow(() -> new IOException("no gateway answers on this network (no UPnP IGD found)"));
        System.out.println("Found the gateway: " + description);
        return new ControlPoint(Gateway.describedAt(description));
    }

    private void add(String client, String internalPort, String externalPort, String protocol, String description)
            throws Exception {
        gateway.call(
                "AddPortMapping",
                Map.of(
                        "NewRemoteHost", "",
                        "NewExternalPort", externalPort,
                        "NewProtocol", protocol,
                        "NewInternalPort", internalPort,
                        "NewInternalClient", client,
                        "NewEnabled", "1",
                        "NewPortMappingDescription", description,
                        "NewLeaseDuration", "0"));
        System.out.printf(
                "external %s:%s %s is redirected to internal %s:%s%n",
                externalAddress(), externalPort, protocol, client, internalPort);
    }

    private void list() throws Exception {
        System.out.println("ExternalIPAddress = " + externalAddress());
        try {
            for (int i = 0; i < 0xFFFF; i++) {
                var entry =
                        gateway.call("GetGenericPortMappingEntry", Map.of("NewPortMappingIndex", String.valueOf(i)));
                System.out.printf(
                        "%2d %s %5s->%s:%s '%s' %s s%n",
                        i,
                        entry.get("NewProtocol"),
                        entry.get("NewExternalPort"),
                        entry.get("NewInternalClient"),
                        entry.get("NewInternalPort"),
                        entry.get("NewPortMappingDescription"),
                        entry.get("NewLeaseDuration"));
            }
        } catch (ActionException e) {
            if (e.getErrorCode() != END_OF_LIST) {
                throw e;
            }
        }
    }

    private void delete(String externalPort, String protocol) throws Exception {
        gateway.call(
                "DeletePortMapping",
                Map.of("NewRemoteHost", "", "NewExternalPort", externalPort, "NewProtocol", protocol));
        System.out.println("closed " + externalPort + " " + protocol);
    }

    private String externalAddress() throws Exception {
        return gateway.call("GetExternalIPAddress", Map.of()).get("NewExternalIPAddress");
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
