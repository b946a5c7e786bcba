package io.portreeve.igd.http;

import io.portreeve.igd.gena.Caller;
import io.portreeve.igd.gena.GenaAnswer;
import io.portreeve.igd.gena.ScopedAddress;
import io.portreeve.igd.gena.Subscriptions;
import io.portreeve.igd.upnp.ControlAnswer;
import io.portreeve.igd.upnp.InternetGateway;
import io.portreeve.igd.upnp.ServiceControl;
import io.portreeve.pcp.PcpAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/**
 * Serves descriptions, control URLs and event URLs, and nothing else; no thread waits for a client. UPnP Device Architecture 1.1
 * sections 2 to 4.
 */
final class GatewayHandler extends Handler.Abstract.NonBlocking {
    private static final int NO_LINK = 0;
    private static final int MAX_BODY = 64 * 1024;
    private static final String XML = "text/xml; charset=\"utf-8\"";
    private static final String HTML = "text/html; charset=\"utf-8\"";
    private static final String SOAPACTION = "SOAPACTION";

    private final BrowserGuard guard;
    private final Map<String, String> documents;
    private final Map<String, String> pages;
    private final Map<String, ServiceControl> controls;
    private final Set<String> eventPaths;
    private final Subscriptions subscriptions;
    private final Executor waiting;

    /** @param waiting has a thread for each call that waits for somebody */
    GatewayHandler(InternetGateway gateway, Subscriptions subscriptions, RejectCounters rejects, Executor waiting) {
        guard = new BrowserGuard(rejects);
        documents = gateway.documents();
        pages = gateway.pages();
        controls = gateway.controls();
        eventPaths = gateway.eventPaths();
        this.subscriptions = subscriptions;
        this.waiting = waiting;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.SERVER, ServerToken.TEXT);
        var path = request.getHttpURI().getPath();
        if (!guard.admits(request)) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            status(HttpStatus.FORBIDDEN_403, response, callback);
        } else if (documents.containsKey(path)) {
            document(XML, documents.get(path), request, response, callback);
        } else if (pages.containsKey(path)) {
            document(HTML, pages.get(path), request, response, callback);
        } else if (controls.containsKey(path)) {
            control(controls.get(path), request, response, callback);
        } else if (eventPaths.contains(path)) {
            subscription(path, request, response, callback);
        } else {
            status(HttpStatus.NOT_FOUND_404, response, callback);
        }
        return true;
    }

    private static void document(String type, String text, Request request, Response response, Callback callback) {
        if (isMethod("GET", request, response, callback)) {
            text(HttpStatus.OK_200, type, text, response, callback);
        }
    }

    /** Checks stand in the order of their cost. */
    private void control(ServiceControl control, Request request, Response response, Callback callback) {
        if (!isMethod("POST", request, response, callback)) {
            return;
        }
        var soapAction = request.getHeaders().getValuesList(SOAPACTION);
        if (soapAction.size() != 1 || soapAction.get(0).isBlank()) {
            status(HttpStatus.BAD_REQUEST_400, response, callback);
        } else if (!ContentType.isXml(request.getHeaders().get(HttpHeader.CONTENT_TYPE))) {
            status(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, response, callback);
        } else {
            call(control, soapAction.get(0).strip(), request, response, callback);
        }
    }

    private void call(
            ServiceControl control, String soapAction, Request request, Response response, Callback callback) {
        if (request.getLength() > MAX_BODY) {
            tooLarge(response, callback);
            return;
        }
        var requester = requester(request);
        Promise<RetainableByteBuffer> read = Promise.from(
                buffer -> {
                    byte[] body = BufferUtil.toArray(buffer.getByteBuffer());
                    orFail(() -> call(control, requester, soapAction, body, response, callback), callback);
                },
                failure -> notRead(failure, response, callback));
        var pool = request.getComponents().getByteBufferPool();
        Content.Source.asRetainableByteBuffer(request, pool, false, MAX_BODY, read);
    }

    private static void notRead(Throwable failure, Response response, Callback callback) {
        if (failure instanceof IllegalStateException) { // as Jetty says that it is too large
            tooLarge(response, callback);
        } else {
            callback.failed(failure);
        }
    }

    /** Nobody else would tell Jetty of it. */
    private static void orFail(Runnable work, Callback callback) {
        try {
            work.run();
        } catch (RuntimeException e) {
            callback.failed(e);
        }
    }

    private void call(
            ServiceControl control,
            PcpAddress requester,
            String soapAction,
            byte[] body,
            Response response,
            Callback callback) {
        Runnable call = () -> answer(control.answer(requester, soapAction, body), response, callback);
        control.answerAtOnce(requester, soapAction, body)
                .ifPresentOrElse(
                        answer -> answer(answer, response, callback),
                        () -> waiting.execute(() -> orFail(call, callback)));
    }

    private static void answer(ControlAnswer answer, Response response, Callback callback) {
        response.getHeaders().put("EXT", "");
        text(answer.status(), XML, answer.xml(), response, callback);
    }

    private static PcpAddress requester(Request request) {
        return PcpAddress.of(address(request.getConnectionMetaData().getRemoteSocketAddress()));
    }

    private static Caller caller(Request request) {
        return new Caller(
                requester(request),
                scoped(address(request.getConnectionMetaData().getLocalSocketAddress())));
    }

    private static ScopedAddress scoped(InetAddress address) {
        return new ScopedAddress(
                PcpAddress.of(address), address instanceof Inet6Address ipv6 ? ipv6.getScopeId() : NO_LINK);
    }

    private static InetAddress address(SocketAddress end) {
        return ((InetSocketAddress) end).getAddress();
    }

    private void subscription(String path, Request request, Response response, Callback callback) {
        Function<String, List<String>> headers = request.getHeaders()::getValuesList;
        switch (request.getMethod()) {
            case "SUBSCRIBE" -> answer(subscriptions.subscribe(path, caller(request), headers), response, callback);
            case "UNSUBSCRIBE" -> answer(subscriptions.unsubscribe(path, caller(request), headers), response, callback);
            default -> notAllowed("SUBSCRIBE, UNSUBSCRIBE", response, callback);
        }
    }

    private void answer(GenaAnswer answer, Response response, Callback callback) {
        if (answer instanceof GenaAnswer.Granted(var sid, var timeout)) {
            response.getHeaders().put("SID", sid);
            response.getHeaders().put("TIMEOUT", "Second-" + timeout.toSeconds());
            var told = Callback.from(() -> subscriptions.answered(sid), _ -> subscriptions.notAnswered(sid));
            status(answer.status(), response, Callback.from(told, callback));
        } else {
            status(answer.status(), response, callback);
        }
    }

    private static boolean isMethod(String only, Request request, Response response, Callback callback) {
        if (request.getMethod().equals(only)) {
            return true;
        }
        notAllowed(only, response, callback);
        return false;
    }

    private static void notAllowed(String allowed, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.ALLOW, allowed);
        status(HttpStatus.METHOD_NOT_ALLOWED_405, response, callback);
    }

    private static void tooLarge(Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        status(HttpStatus.PAYLOAD_TOO_LARGE_413, response, callback);
    }

    private static void text(int status, String type, String text, Response response, Callback callback) {
        var octets = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, octets.length);
        response.write(true, ByteBuffer.wrap(octets), callback);
    }

    private static void status(int status, Response response, Callback callback) {
        response.setStatus(status);
        response.write(true, BufferUtil.EMPTY_BUFFER, callback);
    }
}
