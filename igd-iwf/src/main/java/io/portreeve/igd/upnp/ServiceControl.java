package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdCalls;
import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.pcp.PcpAddress;
import java.util.Map;
import java.util.Optional;
import org.jupnp.model.action.ActionException;
import org.jupnp.model.meta.Action;
import org.jupnp.model.meta.LocalService;

/** A control URL: SOAP in, SOAP out. UPnP Device Architecture 1.1 section 3. */
@SuppressWarnings({"rawtypes", "unchecked"}) // jUPnP's model is written with raw types
public final class ServiceControl {
    private final SoapReader reader = new SoapReader();
    private final Map<String, Dialect> dialects;
    private final IgdCalls calls;

    /** Who calls {@code service}, and what callers of it expect. */
    record Dialect(LocalService service, IgdFace face) {}

    /** @param dialects by the service types that are answered here: the one a call names decides */
    ServiceControl(Map<String, Dialect> dialects, IgdCalls calls) {
        this.dialects = Map.copyOf(dialects);
        this.calls = calls;
    }

    /**
     * Does what {@code body} asks; returns when it is done or refused.
     *
     * @param requester the other end of the connection
     * @param soapAction the header's value: {@code "serviceType#action"}, with or without quotes
     */
    public ControlAnswer answer(PcpAddress requester, String soapAction, byte[] body) {
        var call = reader.read(body);
        if (call.isEmpty()) {
            return fault(new UpnpFault(IgdError.INVALID_ARGS));
        }
        return answer(
                        requester,
                        soapAction,
                        call.get(),
                        (who, face, action) -> Optional.of(calls.call(who, face, action)))
                .orElseThrow();
    }

    /** {@return the same, if nobody has to be waited for, and no XML parser is needed; otherwise nothing is done} */
    public Optional<ControlAnswer> answerAtOnce(PcpAddress requester, String soapAction, byte[] body) {
        return SoapReader.text(body)
                .flatMap(PlainSoap::read)
                .flatMap(call -> answer(requester, soapAction, call, calls::known));
    }

    private Optional<ControlAnswer> answer(
            PcpAddress requester, String soapAction, SoapCall call, ControlInvocation.Asking asking) {
        try {
            var dialect = dialect(soapAction, call);
            var invocation = new ControlInvocation(action(dialect, call), requester, dialect.face(), asking);
            InputArguments.set(call.arguments(), invocation);
            dialect.service().getExecutor(invocation.getAction()).execute(invocation);
            if (invocation.getFailure() != null) {
                throw invocation.getFailure();
            }
            return invocation.isAnswered()
                    ? Optional.of(new ControlAnswer(ControlAnswer.OK, SoapWriter.response(call.urn(), invocation)))
                    : Optional.empty();
        } catch (ActionException e) {
            return Optional.of(fault(e));
        }
    }

    private static ControlAnswer fault(ActionException e) {
        return new ControlAnswer(ControlAnswer.FAULT, SoapWriter.fault(e));
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
