package io.portreeve.igd.upnp;

import static io.portreeve.igd.upnp.ServiceBuilder.in;
import static io.portreeve.igd.upnp.ServiceBuilder.out;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import java.util.List;
import org.jupnp.model.ValidationException;
import org.jupnp.model.meta.LocalService;
import org.jupnp.model.meta.StateVariableAllowedValueRange;
import org.jupnp.model.types.Datatype.Builtin;

/** WANIPConnection:1 and :2, every action that is required and none that is not. What opens ports is in {@link PortMappingActions}. */
final class WanIpConnection {
    static final String TYPE = "WANIPConnection";
    static final String ID = "WANIPConn1";

    /** The type of the connection, which is also the only possible one. WANIPConnection:2 section 2.3.2. */
    static final String ROUTED = "IP_Routed";

    private static final String[] CONNECTION_TYPES = {"Unconfigured", ROUTED, "IP_Bridged"};
    private static final int A_WEEK = 604_800;

    private WanIpConnection() {}

    @SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
    static LocalService service(IgdFace face) throws ValidationException {
        var service = new ServiceBuilder();
        var mappings = new PortMappingActions(service);
        connectionVariables(service);
        mappingVariables(service);
        connectionActions(service);
        statusActions(service);
        mappings.ofBothVersions();
        return switch (face) {
            case V1 -> {
                service.variable("PortMappingLeaseDuration", Builtin.UI4);
                yield service.build(TYPE, 1, ID);
            }
            case V2 -> {
                secondVersion(service);
                mappings.ofTheSecondVersion();
                yield service.build(TYPE, 2, ID);
            }
        };
    }

    private static void connectionVariables(ServiceBuilder service) {
        service.variable("ConnectionType", Builtin.STRING)
                .evented("PossibleConnectionTypes", Builtin.STRING, CONNECTION_TYPES)
                .evented("ConnectionStatus", Builtin.STRING, "Unconfigured", "Connected", "Disconnected")
                .variable("Uptime", Builtin.UI4)
                .variable("LastConnectionError", Builtin.STRING, "ERROR_NONE", "ERROR_UNKNOWN")
                .variable("RSIPAvailable", Builtin.BOOLEAN)
                .variable("NATEnabled", Builtin.BOOLEAN)
                .evented("ExternalIPAddress", Builtin.STRING);
    }

    private static void mappingVariables(ServiceBuilder service) {
        service.evented("PortMappingNumberOfEntries", Builtin.UI2)
                .variable("PortMappingEnabled", Builtin.BOOLEAN)
                .variable("RemoteHost", Builtin.STRING)
                .variable("ExternalPort", Builtin.UI2)
                .variable("InternalPort", Builtin.UI2, new StateVariableAllowedValueRange(1, 65_535))
                .variable("PortMappingProtocol", Builtin.STRING, "TCP", "UDP")
                .variable("InternalClient", Builtin.STRING)
                .variable("PortMappingDescription", Builtin.STRING);
    }

    private static void secondVersion(ServiceBuilder service) {
        service.variable("PortMappingLeaseDuration", Builtin.UI4, "3600", new StateVariableAllowedValueRange(0, A_WEEK))
                .evented("SystemUpdateID", Builtin.UI4)
                .variable("A_ARG_TYPE_Manage", Builtin.BOOLEAN)
                .variable("A_ARG_TYPE_PortListing", Builtin.STRING);
    }

    private static void connectionActions(ServiceBuilder service) {
        service.action(
                        "SetConnectionType",
                        Question.asked(WanIpConnection::setConnectionType),
                        in("NewConnectionType", "ConnectionType"))
                .action("RequestConnection", Question.asked(_ -> new IgdAction.RequestConnection()))
                .action("ForceTermination", Question.asked(_ -> new IgdAction.ForceTermination()));
    }

    private static IgdAction setConnectionType(ControlInvocation call) throws UpnpFault {
        var type = call.text("NewConnectionType");
        UpnpFault.unless(List.of(CONNECTION_TYPES).contains(type), IgdError.ARGUMENT_VALUE_OUT_OF_RANGE);
        return new IgdAction.SetConnectionType(type);
    }

    private static void statusActions(ServiceBuilder service) {
        service.action(
                        "GetConnectionTypeInfo",
                        Question.asked(_ -> new IgdAction.GetConnectionTypeInfo()),
                        out("NewConnectionType", "ConnectionType"),
                        out("NewPossibleConnectionTypes", "PossibleConnectionTypes"))
                .action(
                        "GetStatusInfo",
                        Question.asked(_ -> new IgdAction.GetStatusInfo()),
                        out("NewConnectionStatus", "ConnectionStatus"),
                        out("NewLastConnectionError", "LastConnectionError"),
                        out("NewUptime", "Uptime"))
                .action(
                        "GetNATRSIPStatus",
                        Question.asked(_ -> new IgdAction.GetNATRSIPStatus()),
                        out("NewRSIPAvailable", "RSIPAvailable"),
                        out("NewNATEnabled", "NATEnabled"))
                .action(
                        "GetExternalIPAddress",
                        Question.asked(_ -> new IgdAction.GetExternalIPAddress()),
                        out("NewExternalIPAddress", "ExternalIPAddress"));
    }
}
