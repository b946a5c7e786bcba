package io.portreeve.igd.upnp;

import static io.portreeve.igd.upnp.ServiceBuilder.out;

import java.util.function.ToLongFunction;
import org.jupnp.model.ValidationException;
import org.jupnp.model.meta.LocalService;
import org.jupnp.model.types.Datatype.Builtin;

/** WANCommonInterfaceConfig:1: the state of the link. Without this service miniupnpc does not see a gateway at all. */
final class WanCommonInterfaceConfig {
    static final String ID = "WANCommonIFC1";

    private static final long MAX_UI4 = 0xFFFF_FFFFL;

    private final WanLink link;

    private WanCommonInterfaceConfig(WanLink link) {
        this.link = link;
    }

    @SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
    static LocalService service(WanLink link) throws ValidationException {
        var service = new ServiceBuilder();
        var config = new WanCommonInterfaceConfig(link);
        config.properties(service);
        config.counter(service, "TotalBytesSent", WanLink.Traffic::bytesSent);
        config.counter(service, "TotalBytesReceived", WanLink.Traffic::bytesReceived);
        config.counter(service, "TotalPacketsSent", WanLink.Traffic::packetsSent);
        config.counter(service, "TotalPacketsReceived", WanLink.Traffic::packetsReceived);
        return service.build("WANCommonInterfaceConfig", 1, ID);
    }

    private void properties(ServiceBuilder service) {
        service.variable("WANAccessType", Builtin.STRING, "DSL", "POTS", "Cable", "Ethernet")
                .variable("Layer1UpstreamMaxBitRate", Builtin.UI4)
                .variable("Layer1DownstreamMaxBitRate", Builtin.UI4)
                .evented("PhysicalLinkStatus", Builtin.STRING, "Up", "Down", "Initializing", "Unavailable")
                .action(
                        "GetCommonLinkProperties",
                        this::linkProperties,
                        out("NewWANAccessType", "WANAccessType"),
                        out("NewLayer1UpstreamMaxBitRate", "Layer1UpstreamMaxBitRate"),
                        out("NewLayer1DownstreamMaxBitRate", "Layer1DownstreamMaxBitRate"),
                        out("NewPhysicalLinkStatus", "PhysicalLinkStatus"));
    }

    private void linkProperties(ControlInvocation call) {
        long rate = Math.min(MAX_UI4, link.bitsPerSecond());
        call.out("NewWANAccessType", "Ethernet")
                .out("NewLayer1UpstreamMaxBitRate", rate)
                .out("NewLayer1DownstreamMaxBitRate", rate)
                .out("NewPhysicalLinkStatus", physicalLinkStatus(link.isUp()));
    }

    static String physicalLinkStatus(boolean up) {
        return up ? "Up" : "Down";
    }

    /** The specification's counters have 32 bits and wrap. */
    private void counter(ServiceBuilder service, String variable, ToLongFunction<WanLink.Traffic> count) {
        service.variable(variable, Builtin.UI4)
                .action(
                        "Get" + variable,
                        call -> call.out("New" + variable, count.applyAsLong(link.traffic()) & MAX_UI4),
                        out("New" + variable, variable));
    }
}
