package io.portreeve.igd.upnp;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.requirements.Proves;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What subscribers of each face are told. */
class GatewayFaceTest {
    private static final GatewayState STATE =
            new GatewayState(true, true, Optional.of(PcpAddress.parse("203.0.114.7")), 1, 4_294_967_295L);

    private final InternetGateway gateway = new TestGateway().gateway;

    private String connection(IgdFace face, GatewayState state) {
        var path = "/t/igd" + (face == IgdFace.V1 ? 1 : 2) + "/WANIPConn1/event";
        return gateway.events(state).get(path).toString();
    }

    @Test
    @Proves("igd:I-GENA-01")
    void tellsTheUpdateIdOnTheSecondFaceOnly() {
        var both = "{PossibleConnectionTypes=IP_Routed, ConnectionStatus=Connected, ExternalIPAddress=203.0.114.7,"
                + " PortMappingNumberOfEntries=1";
        assertThat(connection(IgdFace.V1, STATE)).isEqualTo(both + "}");
        assertThat(connection(IgdFace.V2, STATE)).isEqualTo(both + ", SystemUpdateID=4294967295}");
    }

    @Test
    void tellsThatThereIsNoConnection() {
        assertThat(connection(IgdFace.V1, new GatewayState(true, false, Optional.empty(), 0, 7)))
                .isEqualTo("{PossibleConnectionTypes=IP_Routed, ConnectionStatus=Disconnected, ExternalIPAddress=,"
                        + " PortMappingNumberOfEntries=0}");
    }

    @ParameterizedTest
    @EnumSource
    @Proves({"igd:I-WCIC-01", "igd:I-L3F-01"})
    void tellsTheLinkAndTheDefaultConnection(IgdFace face) {
        var n = face == IgdFace.V1 ? 1 : 2;
        var connection = "uuid:5f3d0c1e-9a27-4b1e-8c55-0242ac110003:WANConnectionDevice:" + n
                + ",urn:upnp-org:serviceId:WANIPConn1";
        for (boolean up : new boolean[] {true, false}) {
            var state = new GatewayState(up, true, STATE.external(), 1, 1);
            var events = gateway.face(face).eventVariables(state);
            assertThat(events)
                    .containsEntry(
                            "/t/igd" + n + "/WANCommonIFC1/event",
                            new LinkedHashMap<>(Map.of("PhysicalLinkStatus", up ? "Up" : "Down")))
                    .containsEntry(
                            "/t/igd" + n + "/L3Forwarding1/event",
                            new LinkedHashMap<>(Map.of("DefaultConnectionService", connection)))
                    .containsOnlyKeys(gateway.face(face).events().keySet());
        }
    }

    @Test
    void tellsSomethingOnEveryEventUrl() {
        assertThat(gateway.events(STATE)).containsOnlyKeys(gateway.eventPaths());
    }
}
