package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdError;
import org.jupnp.model.action.ActionException;
import org.jupnp.model.action.ActionExecutor;
import org.jupnp.model.action.ActionInvocation;
import org.jupnp.model.meta.LocalService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an action does: reads its inputs, sets its outputs, or ends with the error that the control point is told. */
@FunctionalInterface
interface ActionBody {
    void run(ControlInvocation call) throws ActionException;

    /** How jUPnP's model runs it. A call that fails in an unforeseen way fails alone. */
    @SuppressWarnings("rawtypes") // jUPnP's model is written with raw types
    record Executor(ActionBody body) implements ActionExecutor {
        private static final Logger LOG = LoggerFactory.getLogger(Executor.class);

        @Override
        public void execute(ActionInvocation<LocalService> invocation) {
            var call = (ControlInvocation) invocation;
            try {
                body.run(call);
            } catch (ActionException e) {
                call.setFailure(e);
            } catch (RuntimeException e) {
                LOG.error("{} failed: {}", call.getAction().getName(), e, e);
                call.setFailure(new UpnpFault(IgdError.ACTION_FAILED));
            }
        }
    }
}
