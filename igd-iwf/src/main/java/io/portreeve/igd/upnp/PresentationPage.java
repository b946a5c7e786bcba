package io.portreeve.igd.upnp;

/** What a browser shows that follows the presentation URL. It tells nothing that the description does not tell. */
final class PresentationPage {
    private PresentationPage() {}

    static String of(String friendlyName) {
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head>");
        XmlText.element("title", friendlyName, page);
        page.append("</head><body>");
        XmlText.element("h1", friendlyName, page);
        return page.append("<p>Portreeve: opens ports behind a carrier-grade NAT.</p></body></html>\n")
                .toString();
    }
}
