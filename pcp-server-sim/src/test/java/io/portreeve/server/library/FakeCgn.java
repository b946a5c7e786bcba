package io.portreeve.server.library;

import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.MonoClock;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * A CGN with one external address, as an example of {@link PcpMethods}: EIM/EIF, so that a port of a host has one mapping for all
 * its peers. It writes down each call. What its fields say can be changed by a test.
 */
class FakeCgn implements PcpMethods {

    record Datagram(Endpoint client, byte[] octets) {}

    record Tuple(IpProtocol protocol, Endpoint internal) {}

    /** @param active lets in whom the filters admit; a locked one lets in nobody */
    record Mapping(ReturnCode origin, Endpoint external, boolean active, Set<CgnFilter> filters) {}

    final BlockingQueue<Datagram> arriving = new LinkedBlockingQueue<>();
    final BlockingQueue<Datagram> sent = new LinkedBlockingQueue<>();

    /** A permit for each time that a request was waited for. */
    final Semaphore waits = new Semaphore(0);

    final List<String> calls = new ArrayList<>();
    final Map<String, Integer> counters = new HashMap<>();
    final Map<Tuple, Mapping> mappings = new LinkedHashMap<>();

    /** When a subscriber's epoch was 0, in seconds of the clock; 0 for all others. */
    final Map<PcpAddress, Long> epochs = new HashMap<>();

    ReturnCode subscribers = ReturnCode.OK;
    ReturnCode policy = ReturnCode.OK;
    int mostFilters = 3;
    private final PcpAddress external;
    private final int firstPort;
    private final Lifetime longest;
    private final MonoClock clock;

    FakeCgn(PcpAddress external, int firstPort, Lifetime longest, MonoClock clock) {
        this.external = external;
        this.firstPort = firstPort;
        this.longest = longest;
        this.clock = clock;
    }

    @Override
    public byte[] receiveRequest(PcpContext context) {
        if (context.request().length > 0) {
            return context.request(); // an intercepted packet
        }
        try {
            waits.release();
            var datagram = arriving.take();
            context.client(datagram.client);
            return datagram.octets;
        } catch (InterruptedException e) {
            return new byte[0];
        }
    }

    @Override
    public void sendResponse(PcpContext context, byte[] octets) {
        calls.add("sendResponse");
        sent.add(new Datagram(context.client(), octets));
    }

    @Override
    public SubscriberAnswer getSubscriber(PcpContext context) {
        calls.add("getSubscriber " + context.client().address());
        long zero = epochs.getOrDefault(context.client().address(), 0L);
        return new SubscriberAnswer(subscribers, new EpochTime(clock.now().seconds() - zero));
    }

    @Override
    public ReturnCode authorize(PcpContext context, int length, int thirdPartyOffset) {
        calls.add("authorize " + length + " " + thirdPartyOffset);
        return policy;
    }

    @Override
    public MappingAnswer addMapping(
            PcpContext context,
            Set<MappingFlag> flags,
            IpProtocol protocol,
            Endpoint internal,
            Endpoint wanted,
            Lifetime lifetime) {
        calls.add("addMapping " + protocol + " " + internal + " " + wanted + " " + lifetime + " " + flags);
        var tuple = new Tuple(protocol, internal);
        boolean isNew = !mappings.containsKey(tuple);
        var has = isNew ? free(wanted, internal) : mappings.get(tuple).external;
        if (flags.contains(MappingFlag.PREFER_FAILURE) && !isAsWanted(has, wanted)) {
            return MappingAnswer.refused(ReturnCode.ERR_CANTPROVIDE);
        }
        if (isNew) {
            boolean active = !flags.contains(MappingFlag.CREATE_AS_LOCKED);
            mappings.put(tuple, new Mapping(ReturnCode.OK, has, active, Set.of()));
        }
        if (mappings.get(tuple).origin == ReturnCode.STATICMAPPING) {
            return MappingAnswer.ofStatic(has);
        }
        return new MappingAnswer.Granted(isNew ? ReturnCode.NEWMAPPING : ReturnCode.OK, has, shorter(lifetime));
    }

    @Override
    public void deleteMapping(PcpContext context, IpProtocol protocol, Endpoint internal) {
        calls.add("deleteMapping " + protocol + " " + internal);
        mappings.computeIfPresent(
                new Tuple(protocol, internal), (_, its) -> its.origin == ReturnCode.STATICMAPPING ? its : null);
    }

    @Override
    public MappingAnswer addDynamic(
            PcpContext context,
            IpProtocol protocol,
            Endpoint internal,
            Endpoint peer,
            Endpoint wanted,
            Lifetime lifetime) {
        calls.add("addDynamic " + protocol + " " + internal + " " + peer + " " + wanted + " " + lifetime);
        var tuple = new Tuple(protocol, internal); // EIM/EIF: whatever the peer
        boolean isNew = !mappings.containsKey(tuple);
        var has = isNew ? free(wanted, internal) : mappings.get(tuple).external;
        if (isNew && !isAsWanted(has, wanted)) {
            return MappingAnswer.refused(ReturnCode.ERR_CANTPROVIDE);
        }
        mappings.putIfAbsent(tuple, new Mapping(ReturnCode.OK, has, true, Set.of()));
        return new MappingAnswer.Granted(ReturnCode.OK, has, shorter(lifetime));
    }

    @Override
    public ReturnCode filter(
            PcpContext context,
            IpProtocol protocol,
            Endpoint internal,
            Set<FilterFlag> flags,
            List<CgnFilter> filters) {
        calls.add("filter " + protocol + " " + internal + " " + flags + " " + filters.size());
        var tuple = new Tuple(protocol, internal);
        var its = mappings.get(tuple);
        var all = new LinkedHashSet<>(flags.contains(FilterFlag.DELETE_FILTERS) ? Set.of() : its.filters);
        all.addAll(filters);
        if (all.size() > mostFilters) {
            return ReturnCode.ERR_TOOMANYPEER;
        }
        boolean active = its.active || flags.contains(FilterFlag.UNLOCK_ON_SUCCESS);
        mappings.put(tuple, new Mapping(its.origin, its.external, active, all));
        return ReturnCode.OK;
    }

    @Override
    public void incrementCounter(Counter vector, int index) {
        counters.merge(vector + " " + index, 1, Integer::sum);
    }

    /** An operator opens a port. */
    void addStatic(IpProtocol protocol, Endpoint internal, Endpoint external) {
        mappings.put(new Tuple(protocol, internal), new Mapping(ReturnCode.STATICMAPPING, external, true, Set.of()));
    }

    /** The wanted port if there is such a port, and nobody has it. */
    private Endpoint free(Endpoint wanted, Endpoint internal) {
        if (wanted.equals(internal)) {
            return internal; // a firewall translates nothing
        }
        int port = wanted.port() < firstPort || isTaken(wanted.port()) ? firstPort : wanted.port();
        while (isTaken(port)) {
            port++;
        }
        return new Endpoint(external, port);
    }

    private boolean isTaken(int port) {
        return mappings.values().stream().anyMatch(its -> its.external.port() == port);
    }

    private static boolean isAsWanted(Endpoint has, Endpoint wanted) {
        return (wanted.port() == 0 || wanted.port() == has.port())
                && (wanted.address().isUnspecified() || wanted.address().equals(has.address()));
    }

    private Lifetime shorter(Lifetime lifetime) {
        return lifetime.seconds() < longest.seconds() ? lifetime : longest;
    }
}
