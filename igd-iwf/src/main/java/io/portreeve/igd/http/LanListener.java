package io.portreeve.igd.http;

import io.portreeve.igd.ssdp.Lan;
import io.portreeve.igd.ssdp.LanLink;
import io.portreeve.igd.ssdp.LanPrefix;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP port at one LAN address. Who connects waits until it is started. */
final class LanListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LanListener.class);

    private volatile Lan lan;
    private final ServerConnector connector;

    /** Ours, because a connector that was opened and never started does not give its port back. */
    private final ServerSocketChannel listening;

    /** @param connector closed by this from now on, if the port cannot be had too */
    static LanListener open(Lan lan, int port, ServerConnector connector) throws LanServerException {
        var link = link(lan);
        LanListener listener;
        try {
            listener = new LanListener(lan, connector, ServerSocketChannel.open());
        } catch (IOException e) {
            throw new LanServerException("no socket can be had: " + e.getMessage());
        }
        try {
            listener.bind(link, port);
            return listener;
        } catch (IOException e) {
            listener.close();
            throw new LanServerException("TCP " + lan.host() + ":" + port + " " + reason(e));
        } catch (RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    private LanListener(Lan lan, ServerConnector connector, ServerSocketChannel listening) {
        this.lan = lan;
        this.connector = connector;
        this.listening = listening;
    }

    private static LanLink link(Lan lan) throws LanServerException {
        try {
            return LanLink.of(lan.interfaceName());
        } catch (IOException e) {
            throw new LanServerException(e.getMessage());
        }
    }

    private void bind(LanLink link, int port) throws IOException {
        listening.bind(new InetSocketAddress(link.scoped(lan.prefix().address()), port));
        connector.open(listening);
    }

    private static String reason(IOException e) {
        boolean noBind = e instanceof BindException;
        if (noBind && e.getMessage().contains("in use")) {
            return "is taken by another program; stop it or choose another port";
        }
        if (noBind && e.getMessage().contains("assign")) {
            return "cannot be had: the address is not one of this machine's; 'ip address' shows those";
        }
        return "cannot be had: " + e.getMessage();
    }

    void start() throws LanServerException {
        try {
            connector.start();
        } catch (Exception e) {
            throw new LanServerException("TCP " + lan.host() + ":" + port() + " cannot be had: " + e.getMessage());
        }
    }

    int port() {
        return connector.getLocalPort();
    }

    /** {@return the hosts that may connect} */
    LanPrefix prefix() {
        return lan.prefix();
    }

    /** {@return true if who connects to {@code other} comes here} */
    boolean isAt(Lan other) {
        return lan.sharesSocket(other);
    }

    /** Lets in the hosts of {@code next} from now on. @param next one that this {@link #isAt} */
    void serve(Lan next) {
        lan = next;
    }

    /** Ends the connections too. */
    @Override
    public void close() {
        try (listening) {
            connector.getServer().removeConnector(connector);
            connector.stop();
        } catch (Exception e) {
            LOG.warn("HTTP: {} does not close cleanly: {}", lan.host(), e.toString());
        }
    }
}
