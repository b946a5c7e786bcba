package io.portreeve.igd.upnp;

import static io.portreeve.igd.upnp.ServiceBuilder.in;
import static io.portreeve.igd.upnp.ServiceBuilder.out;

import org.jupnp.model.ValidationException;
import org.jupnp.model.action.ActionException;
import org.jupnp.model.meta.LocalService;
import org.jupnp.model.types.Datatype.Builtin;

/** Layer3Forwarding:1: which connection is the default one. There is only one, so it cannot be changed. */
final class Layer3Forwarding {
    private static final String ARGUMENT = "NewDefaultConnectionService";
    private static final String VARIABLE = "DefaultConnectionService";

    private Layer3Forwarding() {}

    /** @param connection {@code uuid:...:WANConnectionDevice:1,serviceId} */
    @SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
    static LocalService service(String connection) throws ValidationException {
        return new ServiceBuilder()
                .evented(VARIABLE, Builtin.STRING)
                .action("SetDefaultConnectionService", call -> set(call, connection), in(ARGUMENT, VARIABLE))
                .action("GetDefaultConnectionService", call -> call.out(ARGUMENT, connection), out(ARGUMENT, VARIABLE))
                .build("Layer3Forwarding", 1, "L3Forwarding1");
    }

    private static void set(ControlInvocation call, String connection) throws ActionException {
        var wanted = call.text(ARGUMENT);
        if (!wanted.startsWith(connection.substring(0, connection.indexOf(',') + 1))) {
            throw new ActionException(720, "InvalidDeviceUUID");
        }
        if (!wanted.equals(connection)) {
            throw new ActionException(721, "InvalidServiceID");
        }
    }
}
