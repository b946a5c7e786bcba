package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.IgdAction;

/** Makes an action of the input arguments of a call. */
@FunctionalInterface
interface Question {
    IgdAction of(ControlInvocation call) throws UpnpFault;

    /** {@return what asks the interworking, and tells the reply} */
    static ActionBody asked(Question question) {
        return call -> {
            var reply = call.ask(question.of(call));
            if (reply.isPresent()) {
                ReplyOutputs.set(reply.get(), call);
            }
        };
    }
}
