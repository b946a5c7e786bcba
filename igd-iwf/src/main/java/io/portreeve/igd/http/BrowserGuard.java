package io.portreeve.igd.http;

import io.portreeve.pcp.PcpAddress;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/**
 * Tells a control point from a web page in a LAN host's browser, which can send requests here too.
 *
 * <p>A page that had its name rebound to our address gives itself away by Host, any other by what browsers add to its requests.
 */
final class BrowserGuard {
    private static final String SEC_FETCH_SITE = "Sec-Fetch-Site";
    private static final Set<String> NOT_FROM_ELSEWHERE = Set.of("none", "same-origin");
    private static final int DEFAULT_PORT = 80;

    private final String address;

    BrowserGuard(PcpAddress own) {
        address = own.toString();
    }

    boolean admits(Request request) {
        var headers = request.getHeaders();
        var site = headers.get(SEC_FETCH_SITE);
        return isOurs(request)
                && !headers.contains(HttpHeader.ORIGIN)
                && (site == null || NOT_FROM_ELSEWHERE.contains(site));
    }

    /** HTTP/1.0 need not name a host. */
    private boolean isOurs(Request request) {
        var host = request.getHeaders().get(HttpHeader.HOST);
        int port = Request.getLocalPort(request);
        if (host == null) {
            return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0;
        }
        return host.equals(address + ":" + port) || port == DEFAULT_PORT && host.equals(address);
    }
}
