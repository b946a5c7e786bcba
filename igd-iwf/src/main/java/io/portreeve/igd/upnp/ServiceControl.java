package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.pcp.PcpAddress;
import java.util.Map;
import java.util.Optional;
import org.jupnp.model.action.ActionException;
import org.jupnp.model.meta.Action;
import org.jupnp.model.meta.LocalService;

/** The control URL of one service: SOAP in, SOAP out. UPnP Device Architecture 1.1 section 3. */
@SuppressWarnings({"rawtypes", "unchecked"}) // jUPnP's model is written with raw types
public final class ServiceControl {
    private final SoapReader reader = new SoapReader();
    private final LocalService service;
    private final Map<String, IgdFace> faces;

    /** @param faces the service types answered here, each with the dialect that its callers expect */
    ServiceControl(LocalService service, Map<String, IgdFace> faces) {
        this.service = service;
        this.faces = faces;
    }

    /**
     * Does what {@code body} asks; returns when it is done or refused.
     *
     * @param requester the other end of the connection
     * @param soapAction the header's value: {@code "serviceType#action"}, with or without quotes
     */
    public ControlAnswer answer(PcpAddress requester, String soapAction, byte[] body) {
        try {
            var call = reader.read(body).orElseThrow(() -> new UpnpFault(IgdError.INVALID_ARGS));
            var invocation = new ControlInvocation(action(soapAction, call), requester, faces.get(call.urn()));
            InputArguments.set(call.arguments(), invocation);
            service.getExecutor(invocation.getAction()).execute(invocation);
            if (invocation.getFailure() != null) {
                throw invocation.getFailure();
            }
            return new ControlAnswer(ControlAnswer.OK, SoapWriter.response(call.urn(), invocation));
        } catch (ActionException e) {
            return new ControlAnswer(ControlAnswer.FAULT, SoapWriter.fault(e));
        }
    }

    /** {@return the action that header and body agree on} */
    private Action<LocalService> action(String soapAction, SoapCall call) throws UpnpFault {
        boolean agreed = unquoted(soapAction).equals(call.urn() + "#" + call.action());
        return Optional.ofNullable(agreed && faces.containsKey(call.urn()) ? service.getAction(call.action()) : null)
                .orElseThrow(() -> new UpnpFault(IgdError.INVALID_ACTION));
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
