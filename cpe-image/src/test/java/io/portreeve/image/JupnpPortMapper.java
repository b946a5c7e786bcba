package io.portreeve.image;

import io.portreeve.testing.Await;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import org.jupnp.DefaultUpnpServiceConfiguration;
import org.jupnp.UpnpService;
import org.jupnp.UpnpServiceConfiguration;
import org.jupnp.controlpoint.ControlPoint;
import org.jupnp.controlpoint.ControlPointImpl;
import org.jupnp.model.message.StreamRequestMessage;
import org.jupnp.model.message.StreamResponseMessage;
import org.jupnp.model.message.UpnpHeaders;
import org.jupnp.model.message.UpnpResponse;
import org.jupnp.model.message.header.UDADeviceTypeHeader;
import org.jupnp.protocol.ProtocolFactory;
import org.jupnp.protocol.ProtocolFactoryImpl;
import org.jupnp.registry.Registry;
import org.jupnp.registry.RegistryImpl;
import org.jupnp.support.igd.PortMappingListener;
import org.jupnp.support.model.PortMapping;
import org.jupnp.transport.Router;
import org.jupnp.transport.RouterException;
import org.jupnp.transport.RouterImpl;
import org.jupnp.transport.spi.AbstractStreamClientConfiguration;
import org.jupnp.transport.spi.NetworkAddressFactory;
import org.jupnp.transport.spi.StreamClient;
import org.jupnp.transport.spi.StreamServer;

/** jUPnP as a Java program at home uses it: a port is mapped on every gateway that it finds, until it ends. */
final class JupnpPortMapper {
    private final Host host;
    private final Listener listener;
    private final Service service;

    /** All threads of jUPnP begin on {@code host}, and so do their sockets. */
    JupnpPortMapper(Host host, PortMapping mapping) throws Exception {
        this.host = host;
        listener = new Listener(mapping);
        service = host.inside(Service::new);
        service.registry.addListener(listener);
        host.inside(this::search);
    }

    private Void search() {
        service.controlPoint.search(new UDADeviceTypeHeader(PortMappingListener.IGD_DEVICE_TYPE), 1);
        return null;
    }

    void awaitMapped() throws Exception {
        Await.until("jUPnP has mapped its port", listener::hasMapped);
    }

    void end() throws Exception {
        host.inside(() -> {
            service.shutdown();
            return service;
        });
    }

    /** jUPnP's own names classes of OSGi's that are not here. */
    private static final class Service implements UpnpService {
        private final UpnpServiceConfiguration configuration = new Configuration();
        private final ProtocolFactory protocols = new ProtocolFactoryImpl(this);
        private final Registry registry = new RegistryImpl(this);
        private final Router router = new RouterImpl(configuration, protocols);
        private final ControlPoint controlPoint = new ControlPointImpl(configuration, protocols, registry);

        Service() throws RouterException {
            router.enable();
        }

        @Override
        public UpnpServiceConfiguration getConfiguration() {
            return configuration;
        }

        @Override
        public ControlPoint getControlPoint() {
            return controlPoint;
        }

        @Override
        public ProtocolFactory getProtocolFactory() {
            return protocols;
        }

        @Override
        public Registry getRegistry() {
            return registry;
        }

        @Override
        public Router getRouter() {
            return router;
        }

        @Override
        public void startup() {}

        @Override
        public void shutdown() {
            registry.shutdown();
            try {
                router.shutdown();
            } catch (RouterException e) {
                throw new IllegalStateException(e);
            }
            configuration.shutdown();
        }
    }

    private static final class Listener extends PortMappingListener {
        Listener(PortMapping mapping) {
            super(mapping);
        }

        synchronized boolean hasMapped() {
            return !activePortMappings.isEmpty();
        }
    }

    /** It serves nobody, and asks by the JDK's HTTP client. */
    private static final class Configuration extends DefaultUpnpServiceConfiguration {
        @Override
        public StreamClient<?> createStreamClient() {
            return new JdkHttp();
        }

        @Override
        public StreamServer<?> createStreamServer(NetworkAddressFactory addresses) {
            return null; // which jUPnP takes for none
        }
    }

    private static final class JdkHttp implements StreamClient<AbstractStreamClientConfiguration> {
        private static final Duration DEADLINE = Duration.ofSeconds(60);

        /** What the JDK's client writes by itself. */
        private static final Set<String> ITS_OWN = Set.of("host", "connection", "content-length");

        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

        @Override
        public StreamResponseMessage sendRequest(StreamRequestMessage message) throws InterruptedException {
            var operation = message.getOperation();
            var body = message.hasBody()
                    ? HttpRequest.BodyPublishers.ofByteArray(message.getBodyBytes())
                    : HttpRequest.BodyPublishers.noBody();
            var request = HttpRequest.newBuilder(message.getUri())
                    .timeout(DEADLINE)
                    .method(operation.getHttpMethodName(), body);
            message.getHeaders().forEach((name, values) -> {
                if (!ITS_OWN.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            try {
                var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                var response = new StreamResponseMessage(new UpnpResponse(answer.statusCode(), ""));
                response.setHeaders(new UpnpHeaders(answer.headers().map()));
                response.setBodyCharacters(answer.body());
                return response;
            } catch (IOException _) {
                return null; // which jUPnP takes for no answer
            }
        }

        @Override
        public void stop() {
            http.close();
        }

        @Override
        public AbstractStreamClientConfiguration getConfiguration() {
            return new AbstractStreamClientConfiguration(Executors.newVirtualThreadPerTaskExecutor()) {};
        }
    }
}
