package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.AccessPolicy.RangeActions;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/** Puts what the interworking function replied into the output arguments of a call. */
final class ReplyOutputs {
    private ReplyOutputs() {}

    static void set(IgdReply reply, ControlInvocation call) throws UpnpFault {
        switch (reply) {
            case IgdReply.Done() -> {}
            case IgdReply.ReservedPort(int port) -> call.out("NewReservedPort", port);
            case IgdReply.Listing(var entries, var form) ->
                call.out(PortListing.ARGUMENT, listing(PortListing.of(entries), form));
            case IgdReply.NumberOfEntries(int entries) ->
                throw new IllegalStateException("no action returns " + entries);
            case IgdReply.Failed(var error) -> throw new UpnpFault(error);
            case IgdReply.Entry entry -> entry(entry, call);
            case IgdReply.ExternalAddress(var address) -> call.out("NewExternalIPAddress", externalAddress(address));
            case IgdReply.Status(boolean connected, long uptime) ->
                call.out("NewConnectionStatus", connectionStatus(connected))
                        .out("NewLastConnectionError", "ERROR_NONE")
                        .out("NewUptime", uptime);
            case IgdReply.ConnectionTypeInfo() ->
                call.out("NewConnectionType", WanIpConnection.ROUTED)
                        .out("NewPossibleConnectionTypes", WanIpConnection.ROUTED);
            case IgdReply.NatRsipStatus(boolean rsip, boolean nat) ->
                call.out("NewRSIPAvailable", rsip).out("NewNATEnabled", nat);
        }
    }

    private static Object listing(String document, RangeActions form) {
        return switch (form) {
            case TOLERANT -> new SoapWriter.Unescaped(document);
            case STRICT -> document;
        };
    }

    static String connectionStatus(boolean connected) {
        return connected ? "Connected" : "Disconnected";
    }

    /** {@return dotted decimals, or nothing while there is no address} */
    static String externalAddress(Optional<PcpAddress> address) {
        return address.map(PcpAddress::toString).orElse("");
    }

    /** GetSpecificPortMappingEntry returns no key: the control point has it. */
    private static void entry(IgdReply.Entry entry, ControlInvocation call) {
        var key = entry.key();
        if (call.getAction().getOutputArgument("NewExternalPort") != null) {
            call.out("NewRemoteHost", key.remoteHost().map(PcpAddress::toString).orElse(""))
                    .out("NewExternalPort", key.externalPort())
                    .out("NewProtocol", key.protocol());
        }
        call.out("NewInternalPort", entry.internalPort())
                .out("NewInternalClient", entry.internalClient())
                .out("NewEnabled", true)
                .out("NewPortMappingDescription", entry.description())
                .out("NewLeaseDuration", entry.leaseSeconds());
    }
}
