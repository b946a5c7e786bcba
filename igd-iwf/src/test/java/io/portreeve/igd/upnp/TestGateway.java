package io.portreeve.igd.upnp;

import io.portreeve.pcp.PcpAddress;
import java.util.Map;
import java.util.UUID;

/** A whole gateway whose interworking is scripted. */
final class TestGateway {
    static final UUID ID = UUID.fromString("5f3d0c1e-9a27-4b1e-8c55-0242ac110001");
    static final PcpAddress CONSOLE = PcpAddress.parse("192.168.1.33");

    private static final String CONNECTION = "/t/igd1/WANIPConn1/action";

    private static final Map<String, String> CONTROLS = Map.of(
            Soap.WAN_IP, CONNECTION,
            Soap.WAN_IP_2, CONNECTION,
            VariableQuery.URN, CONNECTION,
            Soap.WAN_COMMON, "/t/igd1/WANCommonIFC1/action",
            Soap.FORWARDING, "/t/igd1/L3Forwarding1/action");

    final ScriptedIgdCalls calls = new ScriptedIgdCalls();
    final InternetGateway gateway;

    TestGateway(WanLink link) {
        gateway = new InternetGateway("/t", ID, "Home & gateway", calls, link);
    }

    TestGateway() {
        this(link(true, 1_000_000_000, new WanLink.Traffic(1, 2, 3, 4)));
    }

    static WanLink link(boolean up, long bitsPerSecond, WanLink.Traffic traffic) {
        return new WanLink() {
            @Override
            public boolean isUp() {
                return up;
            }

            @Override
            public long bitsPerSecond() {
                return bitsPerSecond;
            }

            @Override
            public Traffic traffic() {
                return traffic;
            }
        };
    }

    /** Sends {@code body} to the service of {@code urn} with a header that fits. */
    ControlAnswer call(String urn, String action, String body) {
        return post(urn, "\"" + urn + "#" + action + "\"", body);
    }

    ControlAnswer post(String service, String soapAction, String body) {
        return gateway.controls().get(CONTROLS.get(service)).answer(CONSOLE, soapAction, Soap.octets(body));
    }
}
