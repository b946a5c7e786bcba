package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.pcp.PcpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jupnp.model.action.ActionInvocation;
import org.jupnp.model.meta.Action;
import org.jupnp.model.meta.LocalService;
import org.jupnp.model.types.UnsignedVariableInteger;

/** One call of an action: who asks, in which dialect, and jUPnP's typed arguments. */
@SuppressWarnings({"rawtypes", "unchecked"}) // jUPnP's model is written with raw types
final class ControlInvocation extends ActionInvocation<LocalService> {
    private final PcpAddress requester;
    private final IgdFace face;
    private final Asking asking;
    private final Map<String, Object> outputs = new LinkedHashMap<>();
    private boolean isAnswered = true;

    /** Asks the interworking on behalf of a control point. */
    @FunctionalInterface
    interface Asking {
        /** {@return its reply; empty if there is none yet} */
        Optional<IgdReply> ask(PcpAddress requester, IgdFace face, IgdAction action);
    }

    ControlInvocation(Action<LocalService> action, PcpAddress requester, IgdFace face, Asking asking) {
        super(action);
        this.requester = requester;
        this.face = face;
        this.asking = asking;
    }

    /** {@return what the interworking replies; if that is nothing, this call has no answer} */
    Optional<IgdReply> ask(IgdAction question) {
        var reply = asking.ask(requester, face, question);
        isAnswered = reply.isPresent();
        return reply;
    }

    boolean isAnswered() {
        return isAnswered;
    }

    IgdFace face() {
        return face;
    }

    long number(String argument) {
        return ((UnsignedVariableInteger) getInput(argument).getValue()).getValue();
    }

    boolean flag(String argument) {
        return (Boolean) getInput(argument).getValue();
    }

    /** {@return the text of {@code argument}} jUPnP keeps an empty one as null. */
    String text(String argument) {
        var text = (String) getInput(argument).getValue();
        return text == null ? "" : text;
    }

    /** @param argument the next one that the service description names */
    ControlInvocation out(String argument, Object value) {
        var expected = getAction().getOutputArguments()[outputs.size()].getName();
        if (!expected.equals(argument)) {
            throw new IllegalStateException(argument + " (expected: " + expected + ")");
        }
        outputs.put(argument, value);
        return this;
    }

    /** {@return the output arguments, in the order of the service description} */
    Map<String, Object> outputs() {
        return outputs;
    }
}
