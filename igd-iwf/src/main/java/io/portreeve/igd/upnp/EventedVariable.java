package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.GatewayState;
import java.util.List;
import java.util.stream.Stream;
import org.jupnp.model.meta.LocalService;

/** A variable whose changes control points may subscribe to; they are told in this order. WANIPConnection:2 section 2.4. */
enum EventedVariable {
    DEFAULT_CONNECTION_SERVICE("DefaultConnectionService"),
    PHYSICAL_LINK_STATUS("PhysicalLinkStatus"),
    POSSIBLE_CONNECTION_TYPES("PossibleConnectionTypes"),
    CONNECTION_STATUS("ConnectionStatus"),
    EXTERNAL_IP_ADDRESS("ExternalIPAddress"),
    PORT_MAPPING_NUMBER_OF_ENTRIES("PortMappingNumberOfEntries"),
    SYSTEM_UPDATE_ID("SystemUpdateID");

    private final String upnpName;

    EventedVariable(String upnpName) {
        this.upnpName = upnpName;
    }

    String upnpName() {
        return upnpName;
    }

    /** {@return those that {@code service} describes as evented} jUPnP's model keeps no order of its own. */
    @SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
    static List<EventedVariable> of(LocalService service) {
        return Stream.of(values())
                .filter(evented -> evented.isDescribedBy(service))
                .toList();
    }

    @SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
    private boolean isDescribedBy(LocalService service) {
        var described = service.getStateVariable(upnpName);
        return described != null && described.getEventDetails().isSendEvents();
    }

    /** @param defaultConnection as the face names it */
    String text(GatewayState state, String defaultConnection) {
        return switch (this) {
            case DEFAULT_CONNECTION_SERVICE -> defaultConnection;
            case PHYSICAL_LINK_STATUS -> WanCommonInterfaceConfig.physicalLinkStatus(state.linkUp());
            case POSSIBLE_CONNECTION_TYPES -> WanIpConnection.ROUTED;
            case CONNECTION_STATUS -> ReplyOutputs.connectionStatus(state.connected());
            case EXTERNAL_IP_ADDRESS -> ReplyOutputs.externalAddress(state.external());
            case PORT_MAPPING_NUMBER_OF_ENTRIES -> Integer.toString(state.entries());
            case SYSTEM_UPDATE_ID -> Long.toString(state.updateId());
        };
    }
}
