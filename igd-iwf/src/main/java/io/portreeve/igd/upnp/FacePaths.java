package io.portreeve.igd.upnp;

import java.net.URI;
import org.jupnp.model.Namespace;
import org.jupnp.model.meta.Service;

/**
 * Where the services of one face are.
 *
 * <p>Some control points cut URLs at 128 octets, so a service id stands alone where jUPnP would repeat the device's.
 */
@SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
final class FacePaths extends Namespace {
    private final String connectionControl;

    /** @param connectionControl where WANIPConnection is controlled: a call names the version it means, so one URL serves both */
    FacePaths(String basePath, String connectionControl) {
        super(basePath);
        this.connectionControl = connectionControl;
    }

    @Override
    protected String getServicePath(Service service) {
        return "/" + service.getServiceId().getId();
    }

    @Override
    public URI getControlPath(Service service) {
        return service.getServiceId().getId().equals(WanIpConnection.ID)
                ? URI.create(connectionControl)
                : super.getControlPath(service);
    }
}
