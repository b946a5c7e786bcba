package io.portreeve.igd.upnp;

import static io.portreeve.igd.upnp.ServiceBuilder.in;
import static io.portreeve.igd.upnp.ServiceBuilder.out;

import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdCalls;
import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.jupnp.model.ValidationException;
import org.jupnp.model.meta.LocalService;
import org.jupnp.model.meta.StateVariableAllowedValueRange;
import org.jupnp.model.types.Datatype.Builtin;

/** WANIPConnection:1, as far as a PCP server can serve it: the service that opens ports. */
final class WanIpConnection {
    static final String ID = "WANIPConn1";

    private static final int MAX_DESCRIPTION_OCTETS = 256;

    private final IgdCalls calls;

    private WanIpConnection(IgdCalls calls) {
        this.calls = calls;
    }

    @SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
    static LocalService service(IgdCalls calls) throws ValidationException {
        var service = new ServiceBuilder();
        var connection = new WanIpConnection(calls);
        connection.variables(service);
        connection.statusActions(service);
        connection.mappingActions(service);
        return service.build("WANIPConnection", 1, ID);
    }

    /** {@return the evented variables, in the order in which they are described} */
    static SequencedMap<String, String> events(GatewayState state) {
        var events = new LinkedHashMap<String, String>();
        events.put("PossibleConnectionTypes", "IP_Routed");
        events.put("ConnectionStatus", state.connected() ? "Connected" : "Disconnected");
        events.put(
                "ExternalIPAddress", state.external().map(PcpAddress::toString).orElse(""));
        events.put("PortMappingNumberOfEntries", Integer.toString(state.entries()));
        return events;
    }

    private void variables(ServiceBuilder service) {
        service.variable("ConnectionType", Builtin.STRING)
                .evented("PossibleConnectionTypes", Builtin.STRING, "Unconfigured", "IP_Routed", "IP_Bridged")
                .evented("ConnectionStatus", Builtin.STRING, "Unconfigured", "Connected", "Disconnected")
                .variable("Uptime", Builtin.UI4)
                .variable("LastConnectionError", Builtin.STRING, "ERROR_NONE", "ERROR_UNKNOWN")
                .variable("RSIPAvailable", Builtin.BOOLEAN)
                .variable("NATEnabled", Builtin.BOOLEAN)
                .evented("ExternalIPAddress", Builtin.STRING)
                .evented("PortMappingNumberOfEntries", Builtin.UI2)
                .variable("PortMappingEnabled", Builtin.BOOLEAN)
                .variable("PortMappingLeaseDuration", Builtin.UI4)
                .variable("RemoteHost", Builtin.STRING)
                .variable("ExternalPort", Builtin.UI2)
                .variable("InternalPort", Builtin.UI2, new StateVariableAllowedValueRange(1, 65_535))
                .variable("PortMappingProtocol", Builtin.STRING, "TCP", "UDP")
                .variable("InternalClient", Builtin.STRING)
                .variable("PortMappingDescription", Builtin.STRING);
    }

    private void statusActions(ServiceBuilder service) {
        service.action(
                        "GetConnectionTypeInfo",
                        ask(_ -> new IgdAction.GetConnectionTypeInfo()),
                        out("NewConnectionType", "ConnectionType"),
                        out("NewPossibleConnectionTypes", "PossibleConnectionTypes"))
                .action(
                        "GetStatusInfo",
                        ask(_ -> new IgdAction.GetStatusInfo()),
                        out("NewConnectionStatus", "ConnectionStatus"),
                        out("NewLastConnectionError", "LastConnectionError"),
                        out("NewUptime", "Uptime"))
                .action(
                        "GetNATRSIPStatus",
                        ask(_ -> new IgdAction.GetNATRSIPStatus()),
                        out("NewRSIPAvailable", "RSIPAvailable"),
                        out("NewNATEnabled", "NATEnabled"))
                .action(
                        "GetExternalIPAddress",
                        ask(_ -> new IgdAction.GetExternalIPAddress()),
                        out("NewExternalIPAddress", "ExternalIPAddress"));
    }

    private void mappingActions(ServiceBuilder service) {
        service.action(
                        "GetGenericPortMappingEntry",
                        ask(call -> new IgdAction.GetGenericPortMappingEntry((int) call.number("NewPortMappingIndex"))),
                        in("NewPortMappingIndex", "PortMappingNumberOfEntries"),
                        out("NewRemoteHost", "RemoteHost"),
                        out("NewExternalPort", "ExternalPort"),
                        out("NewProtocol", "PortMappingProtocol"),
                        out("NewInternalPort", "InternalPort"),
                        out("NewInternalClient", "InternalClient"),
                        out("NewEnabled", "PortMappingEnabled"),
                        out("NewPortMappingDescription", "PortMappingDescription"),
                        out("NewLeaseDuration", "PortMappingLeaseDuration"))
                .action(
                        "GetSpecificPortMappingEntry",
                        ask(call -> new IgdAction.GetSpecificPortMappingEntry(key(call))),
                        in("NewRemoteHost", "RemoteHost"),
                        in("NewExternalPort", "ExternalPort"),
                        in("NewProtocol", "PortMappingProtocol"),
                        out("NewInternalPort", "InternalPort"),
                        out("NewInternalClient", "InternalClient"),
                        out("NewEnabled", "PortMappingEnabled"),
                        out("NewPortMappingDescription", "PortMappingDescription"),
                        out("NewLeaseDuration", "PortMappingLeaseDuration"))
                .action(
                        "AddPortMapping",
                        ask(WanIpConnection::add),
                        in("NewRemoteHost", "RemoteHost"),
                        in("NewExternalPort", "ExternalPort"),
                        in("NewProtocol", "PortMappingProtocol"),
                        in("NewInternalPort", "InternalPort"),
                        in("NewInternalClient", "InternalClient"),
                        in("NewEnabled", "PortMappingEnabled"),
                        in("NewPortMappingDescription", "PortMappingDescription"),
                        in("NewLeaseDuration", "PortMappingLeaseDuration"))
                .action(
                        "DeletePortMapping",
                        ask(call -> new IgdAction.DeletePortMapping(key(call))),
                        in("NewRemoteHost", "RemoteHost"),
                        in("NewExternalPort", "ExternalPort"),
                        in("NewProtocol", "PortMappingProtocol"));
    }

    /** Makes an action of the input arguments. */
    @FunctionalInterface
    private interface Question {
        IgdAction of(ControlInvocation call) throws UpnpFault;
    }

    private ActionBody ask(Question question) {
        return call -> ReplyOutputs.set(calls.call(call.requester(), call.face(), question.of(call)), call);
    }

    /** A missing internal side is a wildcard and not a bad value; WANIPConnection:1 has no code of its own for it. */
    private static IgdAction add(ControlInvocation call) throws UpnpFault {
        int internalPort = (int) call.number("NewInternalPort");
        var internalClient = call.text("NewInternalClient");
        var key = key(call);
        UpnpFault.unless(internalPort != 0 && !internalClient.isEmpty(), IgdError.INVALID_ARGS);
        return new IgdAction.AddPortMapping(
                key,
                internalPort,
                ipv4(internalClient),
                call.flag("NewEnabled"),
                shortened(call.text("NewPortMappingDescription")),
                call.number("NewLeaseDuration"));
    }

    private static PortMappingKey key(ControlInvocation call) throws UpnpFault {
        boolean tcp = call.text("NewProtocol").equalsIgnoreCase("TCP");
        return new PortMappingKey(
                remoteHost(call.text("NewRemoteHost")),
                (int) call.number("NewExternalPort"),
                tcp ? IpProtocol.TCP : IpProtocol.UDP);
    }

    /** The specification's "any" is the empty text; the other two are what control points write for it. */
    private static Optional<PcpAddress> remoteHost(String text) throws UpnpFault {
        return switch (text) {
            case "", "*", "0.0.0.0" -> Optional.empty();
            default -> Optional.of(ipv4(text));
        };
    }

    private static PcpAddress ipv4(String text) throws UpnpFault {
        try {
            var address = PcpAddress.parse(text);
            UpnpFault.unless(address.isIpv4() && text.indexOf(':') < 0, IgdError.ARGUMENT_VALUE_INVALID);
            return address;
        } catch (IllegalArgumentException e) {
            throw new UpnpFault(IgdError.ARGUMENT_VALUE_INVALID);
        }
    }

    /** {@return as much of {@code text} as fits into 256 octets of UTF-8, whole characters only} */
    private static String shortened(String text) {
        var octets = ByteBuffer.allocate(MAX_DESCRIPTION_OCTETS);
        var chars = CharBuffer.wrap(text);
        StandardCharsets.UTF_8.newEncoder().encode(chars, octets, true);
        return text.substring(0, chars.position());
    }
}
