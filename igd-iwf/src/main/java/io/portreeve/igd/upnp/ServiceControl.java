package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.pcp.PcpAddress;
import java.util.Map;
import org.jupnp.model.action.ActionException;
import org.jupnp.model.meta.Action;
import org.jupnp.model.meta.LocalService;

/** A control URL: SOAP in, SOAP out. UPnP Device Architecture 1.1 section 3. */
@SuppressWarnings({"rawtypes", "unchecked"}) // jUPnP's model is written with raw types
public final class ServiceControl {
    private final SoapReader reader = new SoapReader();
    private final Map<String, Dialect> dialects;

    /** Who calls {@code service}, and what callers of it expect. */
    record Dialect(LocalService service, IgdFace face) {}

    /** @param dialects by the service types that are answered here: the one a call names decides */
    ServiceControl(Map<String, Dialect> dialects) {
        this.dialects = Map.copyOf(dialects);
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
            var dialect = dialect(soapAction, call);
            var invocation = new ControlInvocation(action(dialect, call), requester, dialect.face());
            InputArguments.set(call.arguments(), invocation);
            dialect.service().getExecutor(invocation.getAction()).execute(invocation);
            if (invocation.getFailure() != null) {
                throw invocation.getFailure();
            }
            return new ControlAnswer(ControlAnswer.OK, SoapWriter.response(call.urn(), invocation));
        } catch (ActionException e) {
            return new ControlAnswer(ControlAnswer.FAULT, SoapWriter.fault(e));
        }
    }

    /** {@return what is spoken, as header and body agree on it} */
    private Dialect dialect(String soapAction, SoapCall call) throws UpnpFault {
        boolean agreed = unquoted(soapAction).equals(call.urn() + "#" + call.action());
        UpnpFault.unless(agreed && dialects.containsKey(call.urn()), IgdError.INVALID_ACTION);
        return dialects.get(call.urn());
    }

    private static Action<LocalService> action(Dialect dialect, SoapCall call) throws UpnpFault {
        Action<LocalService> action = dialect.service().getAction(call.action());
        UpnpFault.unless(action != null, IgdError.INVALID_ACTION);
        return action;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
