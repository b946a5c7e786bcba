package io.portreeve.netfilter;

import io.portreeve.netlink.Attribute;
import io.portreeve.netlink.Message;
import io.portreeve.netlink.NetlinkException;
import io.portreeve.netlink.NetlinkSocket;
import io.portreeve.runtime.Joining;
import java.util.function.Consumer;

/** Hears from the kernel when another program touches a table: flushes it, deletes it, changes a rule or an entry. */
final class TableWatch implements AutoCloseable {
    private static final int GROUP_NFTABLES = 7;
    private static final int NEW_GENERATION = 15;

    /** In every message about a table or what is in it. */
    private static final int TABLE_NAME = 1;

    private final NetlinkSocket socket;
    private final String table;
    private final Runnable touched;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;

    private TableWatch(NetlinkSocket socket, String table, Runnable touched, Consumer<Throwable> onFailure) {
        this.socket = socket;
        this.table = table;
        this.touched = touched;
        this.onFailure = onFailure;
        thread = Thread.ofPlatform().name("watch-" + table).daemon().unstarted(this::run);
    }

    /**
     * {@return a watch that calls {@code touched} from a thread of its own}
     *
     * @param own the port of the socket whose changes are our own
     * @param onFailure called once if the kernel tells nothing any more
     */
    static TableWatch start(String table, int own, Runnable touched, Consumer<Throwable> onFailure)
            throws NetlinkException {
        var socket = NetlinkSocket.open(NetlinkSocket.NETFILTER);
        var watch = new TableWatch(socket, table, touched, onFailure);
        try {
            socket.ignore(own);
            socket.join(GROUP_NFTABLES);
        } catch (NetlinkException e) {
            socket.close();
            throw e;
        }
        watch.thread.start();
        return watch;
    }

    private void run() {
        try (socket) {
            while (socket.await()) {
                if (isAboutTable()) {
                    touched.run();
                }
            }
        } catch (NetlinkException | RuntimeException e) {
            onFailure.accept(e);
        }
    }

    private boolean isAboutTable() throws NetlinkException {
        try {
            return Message.in(socket.receive()).stream().anyMatch(this::isAboutTable);
        } catch (NetlinkException e) {
            if (e.errno() == NetlinkException.ENOBUFS) {
                return true; // more happened than could be told
            }
            throw e;
        }
    }

    private boolean isAboutTable(Message message) {
        return (message.type() & 0xff) != NEW_GENERATION
                && Attribute.first(TABLE_NAME, message.attributes())
                        .filter(name -> name.text().equals(table))
                        .isPresent();
    }

    @Override
    public void close() {
        socket.wake();
        Joining.whateverComes(thread);
    }
}
