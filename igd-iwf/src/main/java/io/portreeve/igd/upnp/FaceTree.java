package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.upnp.Layer3Forwarding.ServiceName;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jupnp.model.ValidationException;
import org.jupnp.model.meta.DeviceDetails;
import org.jupnp.model.meta.DeviceIdentity;
import org.jupnp.model.meta.Icon;
import org.jupnp.model.meta.LocalDevice;
import org.jupnp.model.meta.LocalService;
import org.jupnp.model.meta.ManufacturerDetails;
import org.jupnp.model.meta.ModelDetails;
import org.jupnp.model.meta.UDAVersion;
import org.jupnp.model.types.UDADeviceType;
import org.jupnp.model.types.UDN;

/**
 * The devices and services of one face.
 *
 * <pre>
 * InternetGatewayDevice:n         Layer3Forwarding:1
 *   WANDevice:n                   WANCommonInterfaceConfig:1
 *     WANConnectionDevice:n       WANIPConnection:n
 * </pre>
 */
@SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
final class FaceTree {
    private static final LocalDevice[] NONE = {};

    private final UDAVersion architecture;
    private final int version;
    private final String friendlyName;
    private final LocalDevice root;
    private final ServiceName connection;

    /** @param uuid of the root device; the other devices' are made of it, the same in both faces */
    FaceTree(IgdFace face, UUID uuid, String friendlyName, WanLink link) throws ValidationException {
        this.friendlyName = friendlyName;
        version = switch (face) {
            case V1 -> 1;
            case V2 -> 2;
        };
        architecture = new UDAVersion(1, version - 1);
        var rootUdn = new UDN(uuid);
        var wanUdn = new UDN(next(uuid));
        var connectionUdn = new UDN(next(next(uuid)));
        connection = name(connectionUdn, "WANConnectionDevice", WanIpConnection.ID);
        var others = List.of(
                name(rootUdn, "InternetGatewayDevice", Layer3Forwarding.ID),
                name(wanUdn, "WANDevice", WanCommonInterfaceConfig.ID));
        root = device(
                rootUdn,
                "InternetGatewayDevice",
                Layer3Forwarding.service(connection, others),
                device(
                        wanUdn,
                        "WANDevice",
                        WanCommonInterfaceConfig.service(link),
                        device(connectionUdn, "WANConnectionDevice", WanIpConnection.service(face), NONE)));
    }

    private ServiceName name(UDN udn, String type, String serviceId) {
        return new ServiceName(udn + ":" + type + ":" + version, "urn:upnp-org:serviceId:" + serviceId);
    }

    private LocalDevice device(UDN udn, String type, LocalService service, LocalDevice... embedded)
            throws ValidationException {
        var details = new DeviceDetails(
                friendlyName,
                new ManufacturerDetails("Portreeve"),
                new ModelDetails("Portreeve", "Opens ports behind a carrier-grade NAT", "0.1"));
        return new LocalDevice(
                new DeviceIdentity(udn),
                architecture,
                new UDADeviceType(type, version),
                details,
                (Icon[]) null,
                new LocalService[] {service},
                embedded);
    }

    /** {@return a neighbour of {@code uuid}} Embedded devices need UDNs of their own that stay as long as the root's does. */
    private static UUID next(UUID uuid) {
        return new UUID(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits() + 1);
    }

    LocalDevice root() {
        return root;
    }

    /** {@return what Layer3Forwarding tells} */
    String defaultConnection() {
        return connection.toString();
    }

    /** {@return all devices, each before those it holds} */
    List<LocalDevice> devices() {
        var devices = new ArrayList<LocalDevice>();
        for (var device = root; device != null; device = firstOf(device.getEmbeddedDevices())) {
            devices.add(device);
        }
        return devices;
    }

    private static LocalDevice firstOf(LocalDevice[] embedded) {
        return embedded.length == 0 ? null : embedded[0];
    }

    /** {@return all services, in the order of their devices} */
    List<LocalService> services() {
        return devices().stream().map(device -> device.getServices()[0]).toList();
    }
}
