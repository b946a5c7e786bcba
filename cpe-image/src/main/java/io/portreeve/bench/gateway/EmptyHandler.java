package io.portreeve.bench.gateway;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/** Jetty as it comes, with a handler that does nothing: a request for {@code /381} is answered with 381 octets. */
final class EmptyHandler extends Handler.Abstract {

    /** @param args the address and the port to listen at */
    public static void main(String... args) throws Exception {
        var server = new Server(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
        server.setHandler(new EmptyHandler());
        server.start();
        System.out.println("ready");
        System.in.readAllBytes();
        server.stop();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int size = Integer.parseInt(Request.getPathInContext(request).substring(1));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/xml; charset=\"utf-8\"");
        response.write(true, ByteBuffer.allocate(size), callback);
        return true;
    }
}
