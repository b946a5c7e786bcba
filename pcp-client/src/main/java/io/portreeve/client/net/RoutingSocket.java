package io.portreeve.client.net;

import io.portreeve.netlink.Message;
import io.portreeve.netlink.NetlinkException;
import io.portreeve.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The network as the kernel tells of it by rtnetlink.
 *
 * <p>What changes is told through a socket of its own, and is only the reason to ask for everything again: nothing then depends
 * on the order of changes, on one that was missed, or on what the kernel does without a word, as it drops the routes of a link
 * that goes down.
 */
final class RoutingSocket implements NetworkSource {
    private static final int GET_LINK = 18;
    private static final int GET_ADDRESS = 22;
    private static final int GET_ROUTE = 26;
    private static final int ANY_FAMILY = 0;

    /** Links, addresses of IPv4, its routes, addresses of IPv6, its routes: RTNLGRP_* of linux/rtnetlink.h. */
    private static final int[] GROUPS = {1, 5, 7, 9, 11};

    private final NetlinkSocket changes;
    private final NetlinkSocket questions;
    private int sequence;

    private RoutingSocket(NetlinkSocket changes, NetlinkSocket questions) {
        this.changes = changes;
        this.questions = questions;
    }

    static RoutingSocket open() throws NetlinkException {
        var changes = NetlinkSocket.open(NetlinkSocket.ROUTE);
        try {
            for (int group : GROUPS) {
                changes.join(group);
            }
            return new RoutingSocket(changes, NetlinkSocket.open(NetlinkSocket.ROUTE));
        } catch (NetlinkException e) {
            changes.close();
            throw e;
        }
    }

    @Override
    public NetworkState read() throws IOException {
        try {
            changes.forget(); // before the questions: what changes from here on is a reason to ask again
            // Links first: the kernel tells that one goes down before it drops the routes, and answers this after that.
            var links = all(GET_LINK, RoutingMessage::link);
            return new NetworkState(
                    links, all(GET_ADDRESS, RoutingMessage::address), all(GET_ROUTE, RoutingMessage::defaultRoutes));
        } catch (NetlinkException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private <T> List<T> all(int type, Function<Message, Stream<T>> reading) throws NetlinkException {
        var found = new ArrayList<T>();
        while (!ask(type, message -> reading.apply(message).forEach(found::add))) {
            found.clear();
        }
        return found;
    }

    private interface Answers {
        void add(Message message);
    }

    /** {@return false if what was asked for changed during the answer, which may then lack something} */
    private boolean ask(int type, Answers answers) throws NetlinkException {
        questions.send(questions.write().routing(type, ++sequence, ANY_FAMILY));
        boolean consistent = true;
        while (true) {
            for (var message : Message.in(questions.receive())) {
                consistent &= !message.isInterrupted();
                if (message.isAnswer()) {
                    return ended(message, consistent);
                }
                answers.add(message);
            }
        }
    }

    private static boolean ended(Message answer, boolean consistent) throws NetlinkException {
        if (answer.errno() != 0) {
            throw new NetlinkException("listing of the network", answer.errno());
        }
        return consistent;
    }

    @Override
    public boolean await() throws IOException {
        try {
            while (changes.await()) {
                if (isToldOfChange()) {
                    return true;
                }
            }
            return false;
        } catch (NetlinkException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private boolean isToldOfChange() throws NetlinkException {
        try {
            return Message.in(changes.receive()).stream().anyMatch(RoutingMessage::matters);
        } catch (NetlinkException e) {
            if (e.errno() == NetlinkException.ENOBUFS) {
                return true; // more happened than could be told
            }
            throw e;
        }
    }

    @Override
    public void wake() {
        changes.wake();
    }

    @Override
    public void close() {
        changes.close();
        questions.close();
    }
}
