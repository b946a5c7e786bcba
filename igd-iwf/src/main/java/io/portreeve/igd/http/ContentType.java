package io.portreeve.igd.http;

import java.util.regex.Pattern;

/** The Content-Type of a control request. UPnP Device Architecture 1.1 section 3.2.1. */
final class ContentType {
    private static final Pattern XML =
            Pattern.compile("text/xml\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?;?", Pattern.CASE_INSENSITIVE);

    private static final String USUAL = "text/xml; charset=\"utf-8\"";

    private ContentType() {}

    /** {@return true for {@code text/xml} in UTF-8, said or not} Absent, too: SOAPACTION is what a web page cannot send. */
    static boolean isXml(String header) {
        return header == null
                || header.equals(USUAL)
                || XML.matcher(header.strip()).matches();
    }
}
