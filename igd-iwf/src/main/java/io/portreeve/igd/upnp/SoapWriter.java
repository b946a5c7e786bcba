package io.portreeve.igd.upnp;

import org.jupnp.model.action.ActionException;

/** Writes SOAP answers. UPnP Device Architecture 1.1 sections 3.2.2 and 3.2.5. */
final class SoapWriter {
    private static final String BEGIN = "<?xml version=\"1.0\"?>\r\n"
            + "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""
            + " s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>";
    private static final String END = "</s:Body></s:Envelope>\r\n";

    /** A document that is the value of an output argument, and has texts that {@link XmlText} wrote. */
    record Unescaped(String document) {}

    private SoapWriter() {}

    /** @param urn the service type as the control point wrote it, so that it knows it again */
    static String response(String urn, ControlInvocation done) {
        var name = "u:" + done.getAction().getName() + "Response";
        var out = new StringBuilder(BEGIN);
        out.append('<' + name + " xmlns:u=\"" + urn + "\">");
        done.outputs().forEach((argument, value) -> argument(argument, value, out));
        return out.append("</" + name + '>').append(END).toString();
    }

    private static void argument(String name, Object value, StringBuilder out) {
        switch (value) {
            case Unescaped(var document) -> XmlText.document(name, document, out);
            case Boolean flag -> XmlText.element(name, flag ? "1" : "0", out);
            default -> XmlText.element(name, value.toString(), out);
        }
    }

    static String fault(ActionException fault) {
        var out = new StringBuilder(BEGIN);
        out.append("<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>"
                + "<UPnPError xmlns=\"urn:schemas-upnp-org:control-1-0\">");
        XmlText.element("errorCode", Integer.toString(fault.getErrorCode()), out);
        XmlText.element("errorDescription", fault.getMessage(), out);
        return out.append("</UPnPError></detail></s:Fault>").append(END).toString();
    }
}
