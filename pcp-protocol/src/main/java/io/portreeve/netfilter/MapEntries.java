package io.portreeve.netfilter;

import io.portreeve.netlink.Attribute;
import io.portreeve.netlink.Message;
import io.portreeve.netlink.MessageWriter;
import io.portreeve.netlink.NetlinkException;
import io.portreeve.netlink.NetlinkSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes and reads the entries of a table's maps by netlink: ten times as fast as libnftables, which parses text. */
final class MapEntries {

    /** A whole transaction must fit into one message. */
    static final int MOST_AT_ONCE = 1500;

    private static final int SUBSYSTEM = 10;
    private static final int BATCH_BEGIN = 16;
    private static final int BATCH_END = 17;
    private static final int NEW = SUBSYSTEM << 8 | 12;
    private static final int GET = SUBSYSTEM << 8 | 13;
    private static final int DELETE = SUBSYSTEM << 8 | 14;
    private static final int GET_GENERATION = SUBSYSTEM << 8 | 16;
    private static final int GENERATION_ID = 1;
    private static final int LIST_TABLE = 1;
    private static final int LIST_SET = 2;
    private static final int LIST_ELEMENTS = 3;
    private static final int LIST_ELEMENT = 1;
    private static final int KEY = 1;
    private static final int DATA = 2;
    private static final int VALUE = 1;
    private static final int EXPRESSION = 7;
    private static final int EXPRESSION_DATA = 2;
    private static final int COUNTER_PACKETS = 2;

    /** One step of a transaction. */
    sealed interface Step {
        Element element();

        record Add(Element element) implements Step {}

        record Delete(Element element) implements Step {}
    }

    private final NetlinkSocket socket;
    private final int family;
    private final String table;
    private final Map<String, NatMap> maps;
    private int sequence;

    MapEntries(NetlinkSocket socket, Ruleset rules) {
        this.socket = socket;
        family = rules.family().number;
        table = rules.name();
        maps = rules.maps().stream().collect(Collectors.toMap(NatMap::name, map -> map));
    }

    /**
     * Does all {@code steps}, of which there is one at least, in one transaction or none.
     *
     * @return the deleted entries that were never looked up, as their counters said when they went
     */
    Set<Element> commit(List<Step> steps) throws NetlinkException {
        var message = socket.write();
        int begin = ++sequence;
        message.netfilter(BATCH_BEGIN, MessageWriter.REQUEST, begin, 0, SUBSYSTEM, _ -> {});
        for (int i = 0; i < steps.size(); i++) {
            write(steps.get(i), i == steps.size() - 1 ? MessageWriter.ACK : 0, message);
        }
        int last = sequence;
        message.netfilter(BATCH_END, MessageWriter.REQUEST, ++sequence, 0, SUBSYSTEM, _ -> {});
        socket.send(message);
        return awaitAnswers(begin, last);
    }

    private void write(Step step, int flags, MessageWriter message) {
        boolean add = step instanceof Step.Add;
        int type = add ? NEW : DELETE;
        int allFlags = MessageWriter.REQUEST | flags | (add ? MessageWriter.CREATE : MessageWriter.ECHO);
        message.netfilter(
                type,
                allFlags,
                ++sequence,
                family,
                0,
                into -> into.attribute(LIST_TABLE, table)
                        .attribute(LIST_SET, step.element().map())
                        .nest(
                                LIST_ELEMENTS,
                                list -> list.nest(LIST_ELEMENT, element -> {
                                    tuple(element, KEY, step.element().key());
                                    if (add && step.element().hasValue()) {
                                        tuple(element, DATA, step.element().value());
                                    }
                                })));
    }

    private static void tuple(MessageWriter into, int type, Tuple tuple) {
        into.nest(type, data -> data.attribute(VALUE, TupleCodec.octets(tuple)));
    }

    /** Steps that failed are answered first; that the last one is answered well says nothing of the others. */
    private Set<Element> awaitAnswers(int begin, int last) throws NetlinkException {
        var deleted = new HashSet<Element>();
        var used = new HashSet<Element>();
        int errno = 0;
        boolean waiting = true;
        while (waiting) {
            for (var message : Message.in(socket.receive())) {
                if (message.isAnswer()) {
                    errno = errno == 0 ? message.errno() : errno;
                    // the kernel refuses it all at begin
                    waiting &= message.sequence() != last && message.sequence() != begin;
                } else if (message.type() == DELETE) {
                    deletion(message, deleted, used);
                }
            }
        }
        if (errno != 0) {
            throw new NetlinkException("nftables transaction", errno);
        }
        deleted.removeAll(used); // one that came and went again may have been used the first time
        return deleted;
    }

    private void deletion(Message message, Set<Element> deleted, Set<Element> used) {
        var map = maps.get(Attribute.first(LIST_SET, message.attributes())
                .map(Attribute::text)
                .orElse(""));
        if (map != null) {
            listed(message).forEach(element -> {
                boolean idle = lookups(element).equals(Optional.of(0L));
                (idle ? deleted : used).add(element(map, element));
            });
        }
    }

    private static Optional<Long> lookups(Attribute element) {
        return element.nested(EXPRESSION)
                .flatMap(counter -> counter.nested(EXPRESSION_DATA))
                .flatMap(data -> data.nested(COUNTER_PACKETS))
                .map(packets -> ByteBuffer.wrap(packets.octets()).getLong());
    }

    private static Stream<Attribute> listed(Message message) {
        return Attribute.first(LIST_ELEMENTS, message.attributes()).stream().flatMap(list -> list.nested().stream());
    }

    /** {@return a number that each transaction of anybody in this namespace makes one higher} */
    int generation() throws NetlinkException {
        socket.send(socket.write().netfilter(GET_GENERATION, MessageWriter.REQUEST, ++sequence, 0, 0, _ -> {}));
        var message = Message.in(socket.receive()).getFirst();
        if (message.isAnswer()) {
            throw new NetlinkException("nftables generation", message.errno());
        }
        return Attribute.first(GENERATION_ID, message.attributes())
                .map(id -> ByteBuffer.wrap(id.octets()).getInt())
                .orElse(0);
    }

    /** {@return the entries of a map; empty if there is no such map} */
    Optional<List<Element>> dump(NatMap map) throws NetlinkException {
        while (true) {
            var dumped = tryDump(map);
            if (dumped.isPresent()) {
                return dumped.get();
            }
        }
    }

    /** {@return empty if the map changed meanwhile} */
    private Optional<Optional<List<Element>>> tryDump(NatMap map) throws NetlinkException {
        socket.send(socket.write()
                .netfilter(
                        GET,
                        MessageWriter.REQUEST | MessageWriter.DUMP,
                        ++sequence,
                        family,
                        0,
                        into -> into.attribute(LIST_TABLE, table).attribute(LIST_SET, map.name())));
        var elements = new ArrayList<Element>();
        boolean interrupted = false;
        while (true) {
            for (var message : Message.in(socket.receive())) {
                interrupted |= message.isInterrupted();
                if (message.isAnswer()) {
                    return interrupted ? Optional.empty() : Optional.of(end(message, elements));
                }
                listed(message).forEach(element -> elements.add(element(map, element)));
            }
        }
    }

    private static Optional<List<Element>> end(Message answer, List<Element> elements) throws NetlinkException {
        return switch (answer.errno()) {
            case 0 -> Optional.of(elements);
            case NetlinkException.ENOENT -> Optional.empty();
            default -> throw new NetlinkException("nftables listing", answer.errno());
        };
    }

    private static Element element(NatMap map, Attribute element) {
        return new Element(map.name(), tuple(element, KEY, map.key()), tuple(element, DATA, map.value()));
    }

    private static Tuple tuple(Attribute element, int type, List<Field.Kind> kinds) {
        var octets = element.nested(type)
                .flatMap(data -> data.nested(VALUE))
                .map(Attribute::octets)
                .orElseGet(() -> new byte[0]);
        return TupleCodec.tuple(octets, kinds);
    }
}
