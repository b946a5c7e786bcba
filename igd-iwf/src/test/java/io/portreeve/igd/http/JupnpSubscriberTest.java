package io.portreeve.igd.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.igd.iwf.GatewayState;
import io.portreeve.pcp.PcpAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.jupnp.binding.xml.UDA10DeviceDescriptorBinderImpl;
import org.jupnp.binding.xml.UDA10ServiceDescriptorBinderImpl;
import org.jupnp.model.message.StreamRequestMessage;
import org.jupnp.model.message.UpnpHeaders;
import org.jupnp.model.message.UpnpRequest;
import org.jupnp.model.message.gena.IncomingEventRequestMessage;
import org.jupnp.model.meta.RemoteDevice;
import org.jupnp.model.meta.RemoteDeviceIdentity;
import org.jupnp.model.meta.RemoteService;
import org.jupnp.model.types.UDAServiceType;
import org.jupnp.model.types.UDN;
import org.jupnp.transport.impl.GENAEventProcessorImpl;

/** What a control point of jUPnP makes of the descriptions and the events: its model, reader and types, without its sockets. */
class JupnpSubscriberTest extends LanHttpFixture {
    @Test
    void subscribesWhereTheDescriptionSaysAndUnderstandsTheEvent() throws Exception {
        var state = new GatewayState(true, true, Optional.of(PcpAddress.parse("203.0.114.7")), 65_535, 1);
        publish(state);
        var device = describedDevice();
        var service = describedService(device);
        try (var receiver = new EventReceiver("127.0.0.1")) {
            var eventUrl = device.normalizeURI(service.getEventSubscriptionURI());
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(eventUrl.toURI())
                                    .method("SUBSCRIBE", HttpRequest.BodyPublishers.noBody())
                                    .header("NT", "upnp:event")
                                    .header("CALLBACK", "<" + receiver.url() + ">")
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
            assertThat(answer.statusCode()).isEqualTo(200);

            var event = understood(receiver.next(), service);
            assertThat(event.hasNotificationHeaders()).isTrue();
            assertThat(event.hasValidNotificationHeaders()).isTrue();
            assertThat(event.isContentTypeTextUDA()).isTrue();
            assertThat(answer.headers().firstValue("SID")).contains(event.getSubscrptionId());
            assertThat(event.getSequence().getValue()).isZero();
            assertThat(event.getStateVariableValues())
                    .extracting(value -> value.getStateVariable().getName() + "=" + value)
                    .containsExactly(
                            "PossibleConnectionTypes=IP_Routed",
                            "ConnectionStatus=Connected",
                            "ExternalIPAddress=203.0.114.7",
                            "PortMappingNumberOfEntries=65535");
        }
    }

    private RemoteDevice describedDevice() throws Exception {
        var location = URI.create("http://127.0.0.1:" + port + DESCRIPTION).toURL();
        var identity =
                new RemoteDeviceIdentity(new UDN("unknown"), 1800, location, null, InetAddress.ofLiteral("127.0.0.1"));
        return new UDA10DeviceDescriptorBinderImpl().describe(new RemoteDevice(identity), read(DESCRIPTION));
    }

    private RemoteService describedService(RemoteDevice device) throws Exception {
        var service = device.findService(new UDAServiceType("WANIPConnection", 1));
        return new UDA10ServiceDescriptorBinderImpl()
                .describe(service, read(service.getDescriptorURI().toString()));
    }

    private String read(String path) throws Exception {
        var answer = exchange(request("GET " + path + " HTTP/1.1", ""));
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private static IncomingEventRequestMessage understood(EventReceiver.Event event, RemoteService service)
            throws Exception {
        var request = new StreamRequestMessage(UpnpRequest.Method.NOTIFY, URI.create("/cb"), event.body());
        var headers = new UpnpHeaders();
        for (Map.Entry<String, String> header : event.headers().entrySet()) {
            headers.put(header.getKey(), List.of(header.getValue()));
        }
        request.setHeaders(headers);
        var message = new IncomingEventRequestMessage(request, service);
        new GENAEventProcessorImpl().readBody(message);
        return message;
    }
}
