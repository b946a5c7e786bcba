package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdCalls;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.ssdp.Advertised;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32;
import org.jupnp.binding.xml.DescriptorBindingException;
import org.jupnp.binding.xml.UDA10DeviceDescriptorBinderImpl;
import org.jupnp.binding.xml.UDA10ServiceDescriptorBinderImpl;
import org.jupnp.model.Namespace;
import org.jupnp.model.ValidationException;
import org.jupnp.model.meta.DeviceDetails;
import org.jupnp.model.meta.DeviceIdentity;
import org.jupnp.model.meta.Icon;
import org.jupnp.model.meta.LocalDevice;
import org.jupnp.model.meta.LocalService;
import org.jupnp.model.meta.ManufacturerDetails;
import org.jupnp.model.meta.ModelDetails;
import org.jupnp.model.meta.Service;
import org.jupnp.model.types.UDADeviceType;
import org.jupnp.model.types.UDN;

/**
 * The gateway as InternetGatewayDevice:1: what it consists of, what is to be read about it, and where it is controlled.
 *
 * <pre>
 * InternetGatewayDevice:1         Layer3Forwarding:1
 *   WANDevice:1                   WANCommonInterfaceConfig:1
 *     WANConnectionDevice:1       WANIPConnection:1
 * </pre>
 */
@SuppressWarnings({"rawtypes", "unchecked"}) // jUPnP's model is written with raw types
public final class InternetGateway {
    private static final int MAX_CONFIG_ID = 0xFF_FFFF;

    private final Namespace namespace;
    private final String descriptionPath;
    private final Map<String, String> documents = new HashMap<>();
    private final Map<String, ServiceControl> controls = new HashMap<>();
    private final Map<String, String> eventPaths = new HashMap<>();
    private final List<Advertised> advertised = new ArrayList<>();

    /**
     * @param path where its URLs begin, without a slash at the end; a secret, or web pages could guess them
     * @param uuid of the root device: control points know the gateway by it, so it must not change
     * @param friendlyName what people see, up to 63 characters
     */
    public InternetGateway(String path, UUID uuid, String friendlyName, IgdCalls calls, WanLink link) {
        namespace = new ShortPaths(path);
        descriptionPath = path + "/root.xml";
        try {
            var root = root(uuid, friendlyName, calls, link);
            documents.put(descriptionPath, new UDA10DeviceDescriptorBinderImpl().generate(root, null, namespace));
            advertised.add(new Advertised("upnp:rootdevice", udn(root)));
            add(root);
        } catch (ValidationException | DescriptorBindingException e) {
            throw new IllegalStateException("the gateway's own description is wrong", e);
        }
    }

    private static LocalDevice root(UUID uuid, String name, IgdCalls calls, WanLink link) throws ValidationException {
        var connectionUdn = new UDN(next(next(uuid)));
        var connection =
                device(connectionUdn, "WANConnectionDevice", name, WanIpConnection.service(calls), new LocalDevice[0]);
        var wan = device(
                new UDN(next(uuid)), "WANDevice", name, WanCommonInterfaceConfig.service(link), new LocalDevice[] {
                    connection
                });
        var forwarding = Layer3Forwarding.service(
                connectionUdn + ":WANConnectionDevice:1," + connection.getServices()[0].getServiceId());
        return device(new UDN(uuid), "InternetGatewayDevice", name, forwarding, new LocalDevice[] {wan});
    }

    private static LocalDevice device(UDN udn, String type, String name, LocalService service, LocalDevice[] embedded)
            throws ValidationException {
        var details = new DeviceDetails(
                name,
                new ManufacturerDetails("Portreeve"),
                new ModelDetails("Portreeve", "Opens ports behind a carrier-grade NAT", "0.1"));
        return new LocalDevice(
                new DeviceIdentity(udn),
                new UDADeviceType(type, 1),
                details,
                (Icon[]) null,
                new LocalService[] {service},
                embedded);
    }

    /** {@return a neighbour of {@code uuid}} Embedded devices need UDNs of their own that stay as long as the root's does. */
    private static UUID next(UUID uuid) {
        return new UUID(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits() + 1);
    }

    private void add(LocalDevice device) throws DescriptorBindingException {
        advertised.add(new Advertised(udn(device), udn(device)));
        advertised.add(new Advertised(device.getType().toString(), udn(device)));
        for (var service : device.getServices()) {
            var type = service.getServiceType().toString();
            advertised.add(new Advertised(type, udn(device)));
            documents.put(
                    namespace.getDescriptorPath(service).toString(),
                    new UDA10ServiceDescriptorBinderImpl().generate(service));
            controls.put(
                    namespace.getControlPath(service).toString(),
                    new ServiceControl(service, Map.of(type, IgdFace.V1)));
            eventPaths.put(
                    service.getServiceId().getId(),
                    namespace.getEventSubscriptionPath(service).toString());
        }
        for (var embedded : device.getEmbeddedDevices()) {
            add(embedded);
        }
    }

    private static String udn(LocalDevice device) {
        return device.getIdentity().getUdn().toString();
    }

    public String descriptionPath() {
        return descriptionPath;
    }

    /** {@return the device description and the service descriptions, by path} */
    public Map<String, String> documents() {
        return Map.copyOf(documents);
    }

    public Map<String, ServiceControl> controls() {
        return Map.copyOf(controls);
    }

    public Set<String> eventPaths() {
        return Set.copyOf(eventPaths.values());
    }

    /** {@return what subscribers are told when {@code state} is so, by event path} */
    public Map<String, SequencedMap<String, String>> events(GatewayState state) {
        return Map.of(eventPaths.get(WanIpConnection.ID), WanIpConnection.events(state));
    }

    /** {@return what a search may find, and what is announced} */
    public List<Advertised> advertised() {
        return List.copyOf(advertised);
    }

    /** {@return a number for CONFIGID.UPNP.ORG, other than the last one as soon as a description changes} */
    public int configId() {
        var sum = new CRC32();
        new TreeMap<>(documents).values().forEach(xml -> sum.update(xml.getBytes(StandardCharsets.UTF_8)));
        return (int) sum.getValue() & MAX_CONFIG_ID;
    }

    /** Some control points cut URLs at 128 octets, so a service id stands alone where jUPnP would repeat the device's. */
    private static final class ShortPaths extends Namespace {
        ShortPaths(String basePath) {
            super(basePath);
        }

        @Override
        protected String getServicePath(Service service) {
            return "/" + service.getServiceId().getId();
        }
    }
}
