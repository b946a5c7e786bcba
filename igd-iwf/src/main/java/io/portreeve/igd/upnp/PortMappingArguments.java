package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.igd.iwf.PortRange;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Makes actions of the arguments of a call, which are well typed; addresses are still texts. WANIPConnection:2 section 2.5. */
final class PortMappingArguments {
    private static final int MAX_DESCRIPTION_OCTETS = 256;

    private PortMappingArguments() {}

    /** What AddPortMapping and AddAnyPortMapping have in common: their arguments. */
    @FunctionalInterface
    private interface Addition {
        IgdAction of(
                PortMappingKey key,
                int internalPort,
                PcpAddress client,
                boolean enabled,
                String description,
                long lease);
    }

    static IgdAction add(ControlInvocation call) throws UpnpFault {
        return addition(IgdAction.AddPortMapping::new, call);
    }

    static IgdAction addAny(ControlInvocation call) throws UpnpFault {
        return addition(IgdAction.AddAnyPortMapping::new, call);
    }

    private static IgdAction addition(Addition action, ControlInvocation call) throws UpnpFault {
        var key = key(call);
        var client = internalClient(call);
        return action.of(key, internalPort(call), client, call.flag("NewEnabled"), description(call), lease(call));
    }

    static IgdAction deleteRange(ControlInvocation call) {
        return new IgdAction.DeletePortMappingRange(range(call), call.flag("NewManage"));
    }

    static IgdAction list(ControlInvocation call) {
        return new IgdAction.GetListOfPortMappings(
                range(call), call.flag("NewManage"), (int) call.number("NewNumberOfPorts"));
    }

    static PortMappingKey key(ControlInvocation call) throws UpnpFault {
        return new PortMappingKey(
                remoteHost(call.text("NewRemoteHost")), (int) call.number("NewExternalPort"), protocol(call));
    }

    private static PortRange range(ControlInvocation call) {
        return new PortRange((int) call.number("NewStartPort"), (int) call.number("NewEndPort"), protocol(call));
    }

    private static IpProtocol protocol(ControlInvocation call) {
        return call.text("NewProtocol").equalsIgnoreCase("TCP") ? IpProtocol.TCP : IpProtocol.UDP;
    }

    /** The specification's "any" is the empty text; the other two are what control points write for it. */
    private static Optional<PcpAddress> remoteHost(String text) throws UpnpFault {
        return switch (text) {
            case "", "*", "0.0.0.0" -> Optional.empty();
            default -> Optional.of(ipv4(text));
        };
    }

    /** Nobody is a wildcard, and not a bad address. */
    private static PcpAddress internalClient(ControlInvocation call) throws UpnpFault {
        var text = call.text("NewInternalClient");
        UpnpFault.unless(!text.isEmpty(), IgdError.WILDCARD_INTERNAL_CLIENT);
        return ipv4(text);
    }

    private static int internalPort(ControlInvocation call) throws UpnpFault {
        int port = (int) call.number("NewInternalPort");
        UpnpFault.unless(port != 0, IgdError.WILDCARD_INTERNAL_PORT);
        return port;
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

    private static long lease(ControlInvocation call) {
        return call.number("NewLeaseDuration");
    }

    /** {@return as much of the description as fits into 256 octets of UTF-8, whole characters only} */
    private static String description(ControlInvocation call) {
        var text = call.text("NewPortMappingDescription");
        var octets = ByteBuffer.allocate(MAX_DESCRIPTION_OCTETS);
        var chars = CharBuffer.wrap(text);
        StandardCharsets.UTF_8.newEncoder().encode(chars, octets, true);
        return text.substring(0, chars.position());
    }
}
