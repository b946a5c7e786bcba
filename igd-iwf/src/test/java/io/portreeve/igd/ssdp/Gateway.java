package io.portreeve.igd.ssdp;

import io.portreeve.pcp.PcpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The gateway of the tests in this package, and the control points around it. */
final class Gateway {
    static final String ROOT = "uuid:5f3d0c1e-9a27-4b1e-8c55-0242ac110001";
    static final String WAN = "uuid:5f3d0c1e-9a27-4b1e-8c55-0242ac110002";
    static final String CONNECTION = "uuid:5f3d0c1e-9a27-4b1e-8c55-0242ac110003";
    static final String DEVICE = "urn:schemas-upnp-org:device:";
    static final String SERVICE = "urn:schemas-upnp-org:service:";

    static final Lan LAN = lan("lan0", "192.168.1.1", 24);
    static final Presence AT_LAN = new Presence(LAN, 49_200);

    private Gateway() {}

    static Lan lan(String interfaceName, String address, int prefixLength) {
        return new Lan(interfaceName, new LanPrefix(PcpAddress.parse(address), prefixLength));
    }

    /** {@return a gateway's description of that version} */
    static AdvertisedFace face(int version) {
        return new AdvertisedFace("/igd" + version + "/root.xml", version, advertised(version));
    }

    /** {@return what a gateway of that version advertises} */
    static List<Advertised> advertised(int version) {
        return List.of(
                new Advertised("upnp:rootdevice", ROOT),
                new Advertised(ROOT, ROOT),
                new Advertised(DEVICE + "InternetGatewayDevice:" + version, ROOT),
                new Advertised(SERVICE + "Layer3Forwarding:1", ROOT),
                new Advertised(WAN, WAN),
                new Advertised(DEVICE + "WANDevice:" + version, WAN),
                new Advertised(SERVICE + "WANCommonInterfaceConfig:1", WAN),
                new Advertised(CONNECTION, CONNECTION),
                new Advertised(DEVICE + "WANConnectionDevice:" + version, CONNECTION),
                new Advertised(SERVICE + "WANIPConnection:" + version, CONNECTION));
    }

    static Endpoint host(int lastOctet) {
        return new Endpoint(PcpAddress.parse("192.168.1." + lastOctet), 50_000);
    }

    static SsdpEvent.Search multicast(Endpoint source, String target, String mx) {
        return new SsdpEvent.Search(LAN, source, true, request(target, "MX: " + mx + "\r\n"));
    }

    static SsdpEvent.Search unicast(Endpoint source, String target) {
        return new SsdpEvent.Search(LAN, source, false, request(target, ""));
    }

    /** @param headers more lines, with their ends */
    static SearchRequest request(String target, String headers) {
        return SearchRequest.parse(datagram("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
                        + "MAN: \"ssdp:discover\"\r\n" + headers + "ST: " + target + "\r\n\r\n"))
                .orElseThrow();
    }

    static ByteBuffer datagram(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
