package io.portreeve.igd.upnp;

import static io.portreeve.igd.upnp.ServiceBuilder.in;
import static io.portreeve.igd.upnp.ServiceBuilder.out;

import io.portreeve.igd.iwf.IgdError;
import java.util.List;
import org.jupnp.model.ValidationException;
import org.jupnp.model.meta.LocalService;
import org.jupnp.model.types.Datatype.Builtin;

/** Layer3Forwarding:1: which connection is the default one. There is only one, so it cannot be changed. */
final class Layer3Forwarding {
    static final String ID = "L3Forwarding1";

    private static final String ARGUMENT = "NewDefaultConnectionService";
    private static final String VARIABLE = "DefaultConnectionService";

    private final ServiceName connection;
    private final List<ServiceName> others;

    /**
     * A service as this one names it.
     *
     * @param device {@code uuid:...:WANConnectionDevice:1}
     * @param id {@code urn:upnp-org:serviceId:WANIPConn1}
     */
    record ServiceName(String device, String id) {
        @Override
        public String toString() {
            return device + "," + id;
        }
    }

    private Layer3Forwarding(ServiceName connection, List<ServiceName> others) {
        this.connection = connection;
        this.others = others;
    }

    /** @param others services of this gateway that are no connections */
    @SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
    static LocalService service(ServiceName connection, List<ServiceName> others) throws ValidationException {
        var forwarding = new Layer3Forwarding(connection, others);
        return new ServiceBuilder()
                .evented(VARIABLE, Builtin.STRING)
                .action("SetDefaultConnectionService", forwarding::set, in(ARGUMENT, VARIABLE))
                .action("GetDefaultConnectionService", call -> call.out(ARGUMENT, connection), out(ARGUMENT, VARIABLE))
                .build("Layer3Forwarding", 1, ID);
    }

    private void set(ControlInvocation call) throws UpnpFault {
        var wanted = call.text(ARGUMENT);
        if (wanted.equals(connection.toString())) {
            return;
        }
        boolean isOwn = others.stream().anyMatch(other -> wanted.equals(other.toString()));
        UpnpFault.unless(!isOwn, IgdError.INVALID_CONNECTION_SERVICE);
        var device = wanted.split(",", -1)[0];
        boolean isOwnDevice =
                device.equals(connection.device()) || others.stream().anyMatch(other -> device.equals(other.device()));
        throw new UpnpFault(isOwnDevice ? IgdError.INVALID_SERVICE_ID : IgdError.INVALID_DEVICE_UUID);
    }
}
