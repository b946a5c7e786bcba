package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdCalls;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.ssdp.Advertised;
import io.portreeve.igd.ssdp.AdvertisedFace;
import io.portreeve.igd.upnp.ServiceControl.Dialect;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import org.jupnp.binding.xml.DescriptorBindingException;
import org.jupnp.model.Namespace;
import org.jupnp.model.ValidationException;
import org.jupnp.model.meta.LocalDevice;

/**
 * One gateway with two faces, InternetGatewayDevice:1 and :2: what is to be read about it, and where it is controlled.
 *
 * <p>Many control points do not know the second version and turn away from it, and some want nothing else; the UDNs are the same, so
 * who meets both knows that they are one.
 */
@SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
public final class InternetGateway {
    private final String path;
    private final Map<IgdFace, GatewayFace> faces = new EnumMap<>(IgdFace.class);
    private final Map<String, String> documents = new HashMap<>();
    private final Map<String, ServiceControl> controls = new HashMap<>();
    private final String page;

    /**
     * @param path where its URLs begin, without a slash at the end; a secret, or web pages could guess them
     * @param uuid of the root device: control points know the gateway by it, so it must not change
     * @param friendlyName what people see, up to 63 characters
     */
    public InternetGateway(String path, UUID uuid, String friendlyName, IgdCalls calls, WanLink link) {
        this.path = path;
        page = PresentationPage.of(friendlyName);
        var dialects = new HashMap<String, Map<String, Dialect>>();
        try {
            for (var face : IgdFace.values()) {
                add(face, new FaceTree(face, uuid, friendlyName, link), dialects);
            }
            dialects.get(connectionControl()).put(VariableQuery.URN, VariableQuery.dialect());
        } catch (ValidationException | DescriptorBindingException e) {
            throw new IllegalStateException("the gateway's own description is wrong", e);
        }
        dialects.forEach((control, spoken) -> controls.put(control, new ServiceControl(spoken, calls)));
    }

    private String base(IgdFace face) {
        return switch (face) {
            case V1 -> path + "/igd1";
            case V2 -> path + "/igd2";
        };
    }

    private String connectionControl() {
        return base(IgdFace.V1) + "/" + WanIpConnection.ID + "/action";
    }

    private String presentationPath() {
        return path + "/gateway.html";
    }

    /** @param dialects those spoken at each control URL, by service type, to which are added those of {@code face} */
    private void add(IgdFace face, FaceTree tree, Map<String, Map<String, Dialect>> dialects)
            throws DescriptorBindingException {
        var paths = new FacePaths(base(face), connectionControl());
        var descriptionPath = base(face) + "/root.xml";
        var written = new FaceDocuments(tree, paths, descriptionPath, presentationPath());
        if (face == IgdFace.V2) {
            written.nameConfiguration(); // the attribute is younger than the first version
        }
        documents.putAll(written.texts());
        for (var service : tree.services()) {
            dialects.computeIfAbsent(paths.getControlPath(service).toString(), _ -> new HashMap<>())
                    .put(service.getServiceType().toString(), new Dialect(service, face));
        }
        faces.put(
                face,
                new GatewayFace(
                        new AdvertisedFace(descriptionPath, written.configId(), advertised(tree)),
                        events(tree, paths),
                        tree.defaultConnection()));
    }

    private static List<Advertised> advertised(FaceTree tree) {
        var advertised = new ArrayList<Advertised>();
        advertised.add(new Advertised("upnp:rootdevice", udn(tree.root())));
        for (var device : tree.devices()) {
            advertised.add(new Advertised(udn(device), udn(device)));
            advertised.add(new Advertised(device.getType().toString(), udn(device)));
            for (var service : device.getServices()) {
                advertised.add(new Advertised(service.getServiceType().toString(), udn(device)));
            }
        }
        return advertised;
    }

    private static String udn(LocalDevice device) {
        return device.getIdentity().getUdn().toString();
    }

    private static Map<String, List<EventedVariable>> events(FaceTree tree, Namespace paths) {
        var events = new HashMap<String, List<EventedVariable>>();
        for (var service : tree.services()) {
            events.put(paths.getEventSubscriptionPath(service).toString(), EventedVariable.of(service));
        }
        return events;
    }

    GatewayFace face(IgdFace face) {
        return faces.get(face);
    }

    /** {@return what is announced of {@code face}} */
    public AdvertisedFace advertised(IgdFace face) {
        return face(face).advertised();
    }

    /** {@return the device descriptions and the service descriptions, by path} */
    public Map<String, String> documents() {
        return Map.copyOf(documents);
    }

    /** {@return what people may look at, in HTML, by path} */
    public Map<String, String> pages() {
        return Map.of(presentationPath(), page);
    }

    public Map<String, ServiceControl> controls() {
        return Map.copyOf(controls);
    }

    public Set<String> eventPaths() {
        var paths = new HashSet<String>();
        faces.values().forEach(face -> paths.addAll(face.events().keySet()));
        return paths;
    }

    /** {@return what subscribers are told when {@code state} is so, by the path of the event URL} */
    public Map<String, SequencedMap<String, String>> events(GatewayState state) {
        var events = new HashMap<String, SequencedMap<String, String>>();
        faces.values().forEach(face -> events.putAll(face.eventVariables(state)));
        return events;
    }
}
