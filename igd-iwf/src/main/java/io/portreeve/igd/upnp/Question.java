package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdCalls;

/** Makes an action of the input arguments of a call. */
@FunctionalInterface
interface Question {
    IgdAction of(ControlInvocation call) throws UpnpFault;

    /** {@return what asks {@code calls}, and tells the reply} */
    static ActionBody to(IgdCalls calls, Question question) {
        return call -> ReplyOutputs.set(calls.call(call.requester(), call.face(), question.of(call)), call);
    }
}
