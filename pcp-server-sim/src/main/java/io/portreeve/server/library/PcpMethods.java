package io.portreeve.server.library;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.Endpoint;
import java.util.List;
import java.util.Set;

/**
 * What the author of a CGN writes, so that it speaks PCP. Source: libpcpd, "methods".
 *
 * <p>For each request the library calls, in this order, {@link #receiveRequest}, {@link #getSubscriber}, {@link #authorize},
 * one of {@link #addMapping} (and {@link #filter}), {@link #deleteMapping} and {@link #addDynamic}, and {@link #sendResponse}.
 * It stops at the first error and sends that. Before it calls any of them but the first two it has found the request to be
 * right by RFC 6887 and by the {@link LibrarySettings}, and before it touches a mapping, that the request has the nonce of
 * the one who made it. So no method sees octets it must parse, nor a nonce.
 *
 * <p>The CGN keeps the mappings: it decides ports and lifetimes, and ends a mapping when its lifetime is over. A client repeats
 * what it has not heard an answer to, so each method must bear to be called twice.
 *
 * <p>One thread at a time calls, except that callbacks may call while {@code receiveRequest} waits. A method may throw: the
 * library logs that and answers NO_RESOURCES, if it has the epoch for it. Addresses are {@link PcpAddress}, IPv4 or IPv6 as {@link CgnType} says.
 */
public interface PcpMethods {

    /** How {@link #addMapping} is to make a mapping. */
    enum MappingFlag {

        /** Rather ERR_CANTPROVIDE than another external address or port than the wanted ones. */
        PREFER_FAILURE,

        /**
         * A mapping that this call makes lets nothing in before {@link FilterFlag#UNLOCK_ON_SUCCESS}, and the answer to it is
         * NEWMAPPING. For one that was there this flag means nothing.
         */
        CREATE_AS_LOCKED
    }

    /** What else {@link #filter} does. */
    enum FilterFlag {

        /** First all filters go that the mapping has. */
        DELETE_FILTERS,

        /** Then the mapping, made as locked, lets in whom the filters admit. */
        UNLOCK_ON_SUCCESS
    }

    /** What is counted; the other part of a counter's name is a number as the messages have it. */
    enum Counter {

        /** Requests, by opcode: 0..127. */
        OPERATION,

        /** Responses, by result code: 0..255. */
        RESULT,

        /** Options of requests that could be read, by code: 0..255. */
        OPTION
    }

    /**
     * Waits for a request, says by {@link PcpContext#client(Endpoint)} where it came from, and returns its octets.
     *
     * <p>If the caller of {@code runOnce} brought the request in the context, that is the one to return. The buffer for
     * datagrams must have more than 1100 octets, or one that is too long looks right.
     *
     * @return empty after an error, or when this thread is interrupted because the library closes
     */
    byte[] receiveRequest(PcpContext context);

    /**
     * Sends {@code octets} to the context's client from the address and port the request was sent to.
     *
     * <p>An announcement may have to go to many: the context is the one its caller gave to {@link PcpCallbacks#announce}.
     * Nobody hears of an error, for the client asks again.
     */
    void sendResponse(PcpContext context, byte[] octets);

    /**
     * Says whether the context's client is a subscriber that may ask, and its epoch. It may make what the CGN needs for a
     * subscriber. It is called for requests that cannot be read, too: errors carry the epoch.
     */
    SubscriberAnswer getSubscriber(PcpContext context);

    /**
     * Says whether this subscriber may ask for this. The request is well formed; its octets are in the context.
     *
     * <p>This is also where a CGN refuses to delete what an operator made, ERR_NOTAUTH (RFC 6887 section 15.1), because
     * {@link #deleteMapping} cannot.
     *
     * @param length octets of the request
     * @param thirdPartyOffset where in it the option THIRD_PARTY begins; 0 if the client asks for itself
     */
    ReturnCode authorize(PcpContext context, int length, int thirdPartyOffset);

    /**
     * Makes an explicit mapping, or gives the one that is there a new lifetime. Source: RFC 6887 section 11.3.
     *
     * <p>A mapping that is there keeps its external address and port. For a new one the wanted ones are a wish, unless
     * PREFER_FAILURE is set; without it, ERR_CANTPROVIDE is no answer: say ERR_NORESOURCES.
     *
     * @param protocol {@link IpProtocol#ALL} for all, with internal port 0
     * @param internal port 0 for all ports
     * @param wanted the address all zeros for any, port 0 for any; a firewall's is the internal one
     * @param lifetime wanted, never 0; less or more may be granted
     * @return STATICMAPPING, NEWMAPPING or OK with what is assigned, or an error, after which nothing has changed
     */
    MappingAnswer addMapping(
            PcpContext context,
            Set<MappingFlag> flags,
            IpProtocol protocol,
            Endpoint internal,
            Endpoint wanted,
            Lifetime lifetime);

    /**
     * Deletes the explicit mapping, locked or not, with its filters. It cannot fail, for nobody could help; if there is no such
     * mapping, or an operator made it, nothing happens.
     */
    void deleteMapping(PcpContext context, IpProtocol protocol, Endpoint internal);

    /**
     * Makes an implicit mapping as a packet to {@code peer} would, or says what the one that is there has. Source: RFC 6887
     * section 12.3.
     *
     * @param peer a CGN whose mappings do not depend on the remote end (EIM/EIF) ignores it
     * @param wanted as with {@link #addMapping}; ERR_CANTPROVIDE if a new mapping cannot have it
     * @param lifetime wanted; 0 only asks. What is there never gets less than it has
     */
    MappingAnswer addDynamic(
            PcpContext context,
            IpProtocol protocol,
            Endpoint internal,
            Endpoint peer,
            Endpoint wanted,
            Lifetime lifetime);

    /**
     * Adds remote filters to an explicit mapping: all of them or, after an error, none. One that it has already stays one.
     *
     * <p>If a mapping that was made as locked cannot have them, the library calls {@link #deleteMapping} for it at once.
     *
     * @param filters in the order of the request; none if all are only to be taken away
     * @return OK, or an error: ERR_TOOMANYPEER if the mapping would have more than the CGN can
     */
    ReturnCode filter(
            PcpContext context, IpProtocol protocol, Endpoint internal, Set<FilterFlag> flags, List<CgnFilter> filters);

    /** Adds one to a counter. */
    void incrementCounter(Counter vector, int index);

    /** {@return {@code code} in words for people} The log has them. */
    default String strerror(ReturnCode code) {
        return code.description();
    }

    /** {@return who {@code subscriber} is, in words for people} The log has them. */
    default String id2str(PcpAddress subscriber) {
        return subscriber.toString();
    }
}
