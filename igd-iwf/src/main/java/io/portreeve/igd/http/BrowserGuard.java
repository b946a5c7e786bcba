package io.portreeve.igd.http;

import io.portreeve.pcp.PcpAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
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

    private final RejectCounters rejects;

    /** What was found to name the address it was sent to: nearly everybody writes the same. */
    private volatile Optional<Named> last = Optional.empty();

    private record Named(InetSocketAddress local, String host) {
        boolean is(InetSocketAddress otherLocal, String otherHost) {
            return host.equals(otherHost) && local.equals(otherLocal);
        }
    }

    BrowserGuard(RejectCounters rejects) {
        this.rejects = rejects;
    }

    /** {@return false if a web page may have sent {@code request}, which is counted then} */
    boolean admits(Request request) {
        var objection = objection(request);
        objection.ifPresent(rejects::count);
        return objection.isEmpty();
    }

    private Optional<RejectReason> objection(Request request) {
        var headers = request.getHeaders();
        if (!isOurs(request)) {
            return Optional.of(RejectReason.HOST);
        }
        if (headers.contains(HttpHeader.ORIGIN)) {
            return Optional.of(RejectReason.ORIGIN);
        }
        if (!isFromHere(headers.get(HttpHeader.REFERER), headers.get(HttpHeader.HOST))) {
            return Optional.of(RejectReason.REFERER);
        }
        var site = headers.get(SEC_FETCH_SITE);
        return site == null || NOT_FROM_ELSEWHERE.contains(site)
                ? Optional.empty()
                : Optional.of(RejectReason.FETCH_SITE);
    }

    /** HTTP/1.0 need not name a host. */
    private boolean isOurs(Request request) {
        var host = request.getHeaders().get(HttpHeader.HOST);
        if (host == null) {
            return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_0;
        }
        var local = (InetSocketAddress) request.getConnectionMetaData().getLocalSocketAddress();
        if (last.isPresent() && last.get().is(local, host)) {
            return true;
        }
        boolean names = names(host, local);
        if (names) {
            last = Optional.of(new Named(local, host));
        }
        return names;
    }

    private static boolean names(String host, InetSocketAddress local) {
        var port = ":" + local.getPort();
        return host.endsWith(port) && isAddress(host.substring(0, host.length() - port.length()), local)
                || local.getPort() == DEFAULT_PORT && isAddress(host, local);
    }

    /** Compared as an address, because IPv6 has many ways to write one. */
    private static boolean isAddress(String host, InetSocketAddress local) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        var literal = withoutZone(bracketed ? host.substring(1, host.length() - 1) : host, local);
        try {
            var address = PcpAddress.parse(literal);
            return bracketed != address.isIpv4() && address.equals(PcpAddress.of(local.getAddress()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** miniupnpc says by which of its host's interfaces it reaches a link-local address. */
    private static String withoutZone(String literal, InetSocketAddress local) {
        int zone = literal.indexOf('%');
        return zone >= 0 && local.getAddress().isLinkLocalAddress() ? literal.substring(0, zone) : literal;
    }

    private static boolean isFromHere(String referer, String host) {
        return referer == null || referer.startsWith("http://" + host + "/");
    }
}
