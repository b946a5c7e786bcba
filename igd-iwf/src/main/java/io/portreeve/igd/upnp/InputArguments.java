package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import java.util.List;
import java.util.Locale;
import org.jupnp.model.action.ActionArgumentValue;
import org.jupnp.model.meta.ActionArgument;
import org.jupnp.model.meta.LocalService;
import org.jupnp.model.meta.StateVariableAllowedValueRange;
import org.jupnp.model.types.Datatype;
import org.jupnp.model.types.InvalidValueException;
import org.jupnp.model.types.UnsignedIntegerFourBytes;
import org.jupnp.model.types.UnsignedIntegerTwoBytes;

/**
 * Turns the texts of a call into the typed arguments of its action: each there, each once, none else, each of its type.
 *
 * <p>Our own, because jUPnP's data types take signs, blanks and other alphabets' digits, and forgive missing arguments.
 */
@SuppressWarnings({"rawtypes", "unchecked"}) // jUPnP's model is written with raw types
final class InputArguments {
    private static final int MAX_DIGITS = 10;
    private static final long MAX_UI2 = 0xFFFF;
    private static final long MAX_UI4 = 0xFFFF_FFFFL;

    private InputArguments() {}

    /** Sets the inputs of {@code invocation}, or refuses the whole call: with 402 for its shape, then with 601 for a value not allowed. */
    static void set(List<SoapCall.Argument> given, ControlInvocation invocation) throws UpnpFault {
        ActionArgument<LocalService>[] wanted = invocation.getAction().getInputArguments();
        // first: a flood of them is not looked at, and none is there twice if all are there
        UpnpFault.unless(wanted.length == given.size(), IgdError.INVALID_ARGS);
        for (var argument : wanted) {
            invocation.setInput(value(argument, text(argument, given)));
            UpnpFault.unless(isWellFormed(argument, invocation), IgdError.INVALID_ARGS);
        }
        for (var argument : wanted) {
            UpnpFault.unless(isAllowed(argument, text(argument, given)), IgdError.ARGUMENT_VALUE_OUT_OF_RANGE);
        }
    }

    /** Looked for one by one: there are eight at most, and a host chooses what they are called. */
    private static String text(ActionArgument<LocalService> wanted, List<SoapCall.Argument> given) throws UpnpFault {
        for (var argument : given) {
            if (argument.name().equals(wanted.getName())) {
                return argument.text();
            }
        }
        throw new UpnpFault(IgdError.INVALID_ARGS);
    }

    private static ActionArgumentValue<LocalService> value(ActionArgument<LocalService> argument, String text)
            throws UpnpFault {
        try {
            return new ActionArgumentValue<>(
                    argument, typed(argument.getDatatype().getBuiltin(), text));
        } catch (InvalidValueException e) {
            throw new UpnpFault(IgdError.INVALID_ARGS);
        }
    }

    private static Object typed(Datatype.Builtin type, String text) throws UpnpFault {
        return switch (type) {
            case UI2 -> new UnsignedIntegerTwoBytes(number(text, MAX_UI2));
            case UI4 -> new UnsignedIntegerFourBytes(number(text, MAX_UI4));
            case BOOLEAN -> flag(text);
            case STRING -> text;
            default -> throw new IllegalStateException("no action takes " + type);
        };
    }

    private static long number(String text, long most) throws UpnpFault {
        UpnpFault.unless(!text.isEmpty() && text.length() <= MAX_DIGITS, IgdError.INVALID_ARGS);
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            UpnpFault.unless(digit >= '0' && digit <= '9', IgdError.INVALID_ARGS); // other alphabets have some too
            number = 10 * number + digit - '0';
        }
        UpnpFault.unless(number <= most, IgdError.INVALID_ARGS);
        return number;
    }

    private static boolean flag(String text) throws UpnpFault {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes" -> true;
            case "0", "false", "no" -> false;
            default -> throw new UpnpFault(IgdError.INVALID_ARGS);
        };
    }

    /** A missing internal side is a wildcard, and WANIPConnection:1 has no code of its own for it. */
    private static boolean isWellFormed(ActionArgument<LocalService> argument, ControlInvocation invocation) {
        if (invocation.face() == IgdFace.V2) {
            return true;
        }
        return switch (argument.getRelatedStateVariableName()) {
            case "InternalPort" -> invocation.number(argument.getName()) != 0;
            case "InternalClient" -> !invocation.text(argument.getName()).isEmpty();
            default -> true;
        };
    }

    private static boolean isAllowed(ActionArgument<LocalService> argument, String text) {
        LocalService service = argument.getAction().getService();
        var type = service.getRelatedStateVariable(argument).getTypeDetails();
        return isAllowed(type.getAllowedValues(), text) && isAllowed(type.getAllowedValueRange(), text);
    }

    /** In any case of letters: some control points write {@code tcp}. */
    private static boolean isAllowed(String[] values, String text) {
        return values == null || List.of(values).stream().anyMatch(text::equalsIgnoreCase);
    }

    /** Zero is never out of range: it is a wildcard, and those have codes of their own. */
    private static boolean isAllowed(StateVariableAllowedValueRange range, String text) {
        return range == null || Long.parseLong(text) == 0 || range.isInRange(Long.parseLong(text));
    }
}
