package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdError;
import org.jupnp.model.action.ActionException;

/** Ends a call with an error that the control point is told. */
final class UpnpFault extends ActionException {
    private static final long serialVersionUID = 1;

    UpnpFault(IgdError error) {
        super(error.code(), error.description());
    }

    /** Refuses the call with {@code error} unless what it needs is {@code met}. */
    static void unless(boolean met, IgdError error) throws UpnpFault {
        if (!met) {
            throw new UpnpFault(error);
        }
    }
}
