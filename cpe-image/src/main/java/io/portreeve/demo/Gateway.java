package io.portreeve.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jupnp.binding.xml.UDA10DeviceDescriptorBinderImpl;
import org.jupnp.binding.xml.UDA10ServiceDescriptorBinderImpl;
import org.jupnp.model.action.ActionException;
import org.jupnp.model.action.ActionInvocation;
import org.jupnp.model.message.StreamResponseMessage;
import org.jupnp.model.message.UpnpResponse;
import org.jupnp.model.message.control.IncomingActionResponseMessage;
import org.jupnp.model.message.control.OutgoingActionRequestMessage;
import org.jupnp.model.message.header.UpnpHeader;
import org.jupnp.model.meta.RemoteDevice;
import org.jupnp.model.meta.RemoteDeviceIdentity;
import org.jupnp.model.meta.RemoteService;
import org.jupnp.model.types.UDAServiceType;
import org.jupnp.model.types.UDN;
import org.jupnp.transport.impl.SOAPActionProcessorImpl;

/** The gateway's WANIPConnection service, by its description: jUPnP's model of it, called over java.net.http. */
final class Gateway {
    private static final UDAServiceType SERVICE = new UDAServiceType("WANIPConnection", 1);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final RemoteService service;
    private final URL control;
    private final SOAPActionProcessorImpl soap = new SOAPActionProcessorImpl();

    private Gateway(RemoteService service, URL control) {
        this.service = service;
        this.control = control;
    }

    static Gateway describedAt(URI description) throws Exception {
        var identity = new RemoteDeviceIdentity(
                new UDN("gateway"), 1_800, description.toURL(), new byte[0], InetAddress.getLoopbackAddress());
        var device = new UDA10DeviceDescriptorBinderImpl().describe(new RemoteDevice(identity), fetch(description));
        var service = Optional.ofNullable(device.findService(SERVICE))
                .orElseThrow(() -> new IOException("the gateway has no service " + SERVICE));
        var actions = fetch(device.normalizeURI(service.getDescriptorURI()).toURI());
        return new Gateway(
                new UDA10ServiceDescriptorBinderImpl().describe(service, actions),
                device.normalizeURI(service.getControlURI()));
    }

    /**
     * {@return the output arguments by name}
     *
     * @throws ActionException if the gateway answers with a UPnP error
     */
    Map<String, String> call(String action, Map<String, String> arguments) throws Exception {
        var invocation = new ActionInvocation<>(service.getAction(action));
        arguments.forEach(invocation::setInput);
        var request = new OutgoingActionRequestMessage(invocation, control);
        soap.writeBody(request, invocation);
        soap.readBody(new IncomingActionResponseMessage(post(request)), invocation);
        if (invocation.getFailure() != null) {
            throw invocation.getFailure();
        }
        var outputs = new LinkedHashMap<String, String>();
        invocation.getOutputMap().forEach((name, value) -> outputs.put(name, value.toString()));
        return outputs;
    }

    private StreamResponseMessage post(OutgoingActionRequestMessage request) throws Exception {
        var action = request.getHeaders().getFirstHeader(UpnpHeader.Type.SOAPACTION);
        var response = send(HttpRequest.newBuilder(control.toURI())
                .header("Content-Type", "text/xml; charset=\"utf-8\"")
                .header("SOAPACTION", action.getString())
                .POST(HttpRequest.BodyPublishers.ofString(request.getBodyString())));
        return new StreamResponseMessage(new UpnpResponse(response.statusCode(), ""), response.body());
    }

    private static String fetch(URI uri) throws IOException, InterruptedException {
        var response = send(HttpRequest.newBuilder(uri));
        if (response.statusCode() != 200) {
            throw new IOException(uri + " answers " + response.statusCode());
        }
        return response.body();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(
                request.timeout(Duration.ofSeconds(10))
                        .version(HttpClient.Version.HTTP_1_1)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
