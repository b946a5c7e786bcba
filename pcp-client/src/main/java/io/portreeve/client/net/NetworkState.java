package io.portreeve.client.net;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a client must know of the network its host is in, at one moment. Two are equal if nothing has changed between them: the
 * lists are in an order of their own, not in the kernel's.
 */
public record NetworkState(List<Link> links, List<InterfaceAddress> addresses, List<DefaultRoute> defaultRoutes) {

    public NetworkState {
        links = inOrder(links, Comparator.comparingInt(Link::index));
        addresses = inOrder(addresses, Comparator.naturalOrder());
        defaultRoutes = inOrder(defaultRoutes, Comparator.naturalOrder());
    }

    private static <T> List<T> inOrder(List<T> any, Comparator<T> order) {
        return any.stream().distinct().sorted(order).toList();
    }

    public Optional<Link> link(int index) {
        return links.stream().filter(link -> link.index() == index).findFirst();
    }
}
