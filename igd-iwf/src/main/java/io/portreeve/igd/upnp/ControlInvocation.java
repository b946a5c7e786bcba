package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.pcp.PcpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jupnp.model.action.ActionInvocation;
import org.jupnp.model.meta.Action;
import org.jupnp.model.meta.LocalService;
import org.jupnp.model.types.InvalidValueException;
import org.jupnp.model.types.UnsignedVariableInteger;

/** One call of an action: who asks, in which dialect, and jUPnP's typed arguments. */
@SuppressWarnings({"rawtypes", "unchecked"}) // jUPnP's model is written with raw types
final class ControlInvocation extends ActionInvocation<LocalService> {
    private final PcpAddress requester;
    private final IgdFace face;

    ControlInvocation(Action<LocalService> action, PcpAddress requester, IgdFace face) {
        super(action);
        this.requester = requester;
        this.face = face;
    }

    PcpAddress requester() {
        return requester;
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

    ControlInvocation out(String argument, Object value) {
        try {
            setOutput(argument, value.toString());
            return this;
        } catch (InvalidValueException e) {
            throw new IllegalStateException(argument + " = " + value, e);
        }
    }

    /** {@return the output arguments as texts, in the order of the service description} */
    Map<String, String> outputs() {
        var outputs = new LinkedHashMap<String, String>();
        for (var argument : getAction().getOutputArguments()) {
            outputs.put(argument.getName(), getOutput(argument).toString());
        }
        return outputs;
    }
}
