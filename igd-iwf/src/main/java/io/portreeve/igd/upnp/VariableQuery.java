package io.portreeve.igd.upnp;

import static io.portreeve.igd.upnp.ServiceBuilder.in;
import static io.portreeve.igd.upnp.ServiceBuilder.out;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.upnp.ServiceControl.Dialect;
import org.jupnp.model.ValidationException;
import org.jupnp.model.action.ActionException;
import org.jupnp.model.types.Datatype.Builtin;

/**
 * QueryStateVariable, which Windows XP still asks instead of calling actions. UPnP Device Architecture 1.0 section 3.3.
 *
 * <p>It is no action of any service: it has a namespace of its own, and no description names it.
 */
final class VariableQuery {
    static final String URN = "urn:schemas-upnp-org:control-1-0";

    private static final String RETURN = "return";

    private VariableQuery() {}

    /** {@return how it is answered} The variables are the same in both versions. */
    static Dialect dialect() throws ValidationException {
        var service = new ServiceBuilder()
                .variable("varName", Builtin.STRING)
                .variable(RETURN, Builtin.STRING)
                .action("QueryStateVariable", VariableQuery::query, in("varName", "varName"), out(RETURN, RETURN))
                .build("control", 1, "control");
        return new Dialect(service, IgdFace.V1);
    }

    private static void query(ControlInvocation call) throws ActionException {
        IgdAction question = switch (call.text("varName")) {
            case "ConnectionStatus" -> new IgdAction.GetStatusInfo();
            case "ExternalIPAddress" -> new IgdAction.GetExternalIPAddress();
            case "PortMappingNumberOfEntries" -> new IgdAction.GetPortMappingNumberOfEntries();
            default -> throw new UpnpFault(IgdError.INVALID_VAR);
        };
        var reply = call.ask(question);
        if (reply.isPresent()) {
            call.out(RETURN, text(reply.get()));
        }
    }

    private static Object text(IgdReply reply) throws UpnpFault {
        return switch (reply) {
            case IgdReply.Status(boolean connected, long _) -> ReplyOutputs.connectionStatus(connected);
            case IgdReply.ExternalAddress(var address) -> ReplyOutputs.externalAddress(address);
            case IgdReply.NumberOfEntries(int entries) -> entries;
            case IgdReply.Failed(var error) -> throw new UpnpFault(error);
            default -> throw new IllegalStateException("no variable is told by " + reply);
        };
    }
}
