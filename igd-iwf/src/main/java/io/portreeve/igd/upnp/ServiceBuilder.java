package io.portreeve.igd.upnp;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jupnp.model.ValidationException;
import org.jupnp.model.action.ActionExecutor;
import org.jupnp.model.meta.Action;
import org.jupnp.model.meta.ActionArgument;
import org.jupnp.model.meta.LocalService;
import org.jupnp.model.meta.StateVariable;
import org.jupnp.model.meta.StateVariableAllowedValueRange;
import org.jupnp.model.meta.StateVariableEventDetails;
import org.jupnp.model.meta.StateVariableTypeDetails;
import org.jupnp.model.state.StateVariableAccessor;
import org.jupnp.model.types.Datatype;
import org.jupnp.model.types.UDAServiceId;
import org.jupnp.model.types.UDAServiceType;

/** Writes a service down for jUPnP's model, without its annotations: those bring a lock per service that a slow call would hold. */
@SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
final class ServiceBuilder {
    private final Map<Action, ActionExecutor> actions = new LinkedHashMap<>();
    private final Map<StateVariable, StateVariableAccessor> variables = new LinkedHashMap<>();

    static ActionArgument in(String name, String variable) {
        return new ActionArgument(name, variable, ActionArgument.Direction.IN);
    }

    static ActionArgument out(String name, String variable) {
        return new ActionArgument(name, variable, ActionArgument.Direction.OUT);
    }

    /** A variable whose changes control points may subscribe to. */
    ServiceBuilder evented(String name, Datatype.Builtin type, String... allowed) {
        return variable(name, details(type, allowed), true);
    }

    ServiceBuilder variable(String name, Datatype.Builtin type, String... allowed) {
        return variable(name, details(type, allowed), false);
    }

    ServiceBuilder variable(String name, Datatype.Builtin type, StateVariableAllowedValueRange range) {
        return variable(name, new StateVariableTypeDetails(type.getDatatype(), null, null, range), false);
    }

    ServiceBuilder variable(String name, Datatype.Builtin type, String usual, StateVariableAllowedValueRange range) {
        return variable(name, new StateVariableTypeDetails(type.getDatatype(), usual, null, range), false);
    }

    private static StateVariableTypeDetails details(Datatype.Builtin type, String... allowed) {
        return new StateVariableTypeDetails(type.getDatatype(), null, allowed.length == 0 ? null : allowed, null);
    }

    private ServiceBuilder variable(String name, StateVariableTypeDetails details, boolean evented) {
        variables.put(new StateVariable(name, details, new StateVariableEventDetails(evented)), null);
        return this;
    }

    /** @param arguments inputs first, in the specification's order */
    ServiceBuilder action(String name, ActionBody body, ActionArgument... arguments) {
        actions.put(new Action(name, arguments), new ActionBody.Executor(body));
        return this;
    }

    @SuppressWarnings("unchecked")
    LocalService build(String type, int version, String id) throws ValidationException {
        return new LocalService(
                new UDAServiceType(type, version), new UDAServiceId(id), actions, variables, new HashSet<>(), false);
    }
}
