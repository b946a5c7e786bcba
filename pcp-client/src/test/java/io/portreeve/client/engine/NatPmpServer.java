package io.portreeve.client.engine;

import static io.portreeve.client.engine.Lockstep.ADDRESS;
import static io.portreeve.client.engine.Lockstep.EXTERNAL;
import static io.portreeve.client.engine.Lockstep.HOUR;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingKey;
import io.portreeve.pcp.EpochTime;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.natpmp.ExternalAddressRequest;
import io.portreeve.pcp.natpmp.ExternalAddressResponse;
import io.portreeve.pcp.natpmp.NatPmpMapRequest;
import io.portreeve.pcp.natpmp.NatPmpMapResponse;
import io.portreeve.pcp.natpmp.NatPmpRequest;
import io.portreeve.pcp.natpmp.NatPmpResponse;
import io.portreeve.pcp.natpmp.NatPmpResult;
import java.time.Duration;
import java.util.Optional;

/** What a server that knows nothing but NAT-PMP says in lockstep with a client, which may be asked step by step or let go. */
final class NatPmpServer {
    static final MappingKey OWN = own(IpProtocol.TCP, 8080);

    final Lockstep client;
    PcpAddress external = EXTERNAL;
    private int served;
    private int servedByNatPmp;

    NatPmpServer(Lockstep client) {
        this.client = client;
    }

    static MappingKey own(IpProtocol protocol, int port) {
        return new MappingKey(Optional.empty(), protocol, port, PcpAddress.ANY_IPV4);
    }

    /** {@return the ticket of a mapping that PCP was asked for in vain} */
    long wanted(MappingKey key, ExternalChoice choice) {
        long ticket = client.want(Lockstep.wants(key, choice));
        client.otherVersion(0);
        return ticket;
    }

    /** {@return the ticket of {@link #OWN}, granted at port 8080 for an hour} */
    long granted() {
        long ticket = wanted(OWN, new ExternalChoice.Preferred(8080));
        tellAddress();
        grant(8080, HOUR);
        return ticket;
    }

    NatPmpRequest asked() {
        return client.natPmp.getLast();
    }

    void tellAddress() {
        receive(new ExternalAddressResponse(NatPmpResult.SUCCESS, epoch(), external));
    }

    /** Answers the last map request. */
    void grant(int port, Lifetime lifetime) {
        grant((NatPmpMapRequest) asked(), port, lifetime);
    }

    void grant(NatPmpMapRequest map, int port, Lifetime lifetime) {
        receive(new NatPmpMapResponse(
                map.protocol(), NatPmpResult.SUCCESS, epoch(), map.internalPort(), port, lifetime));
    }

    void refuse(NatPmpResult result) {
        receive(
                switch (asked()) {
                    case ExternalAddressRequest() -> ExternalAddressResponse.refused(result, epoch());
                    case NatPmpMapRequest map -> NatPmpMapResponse.refused(map, result, epoch());
                });
    }

    void receive(NatPmpResponse response) {
        client.handle(new ClientEvent.NatPmpReceived(ADDRESS, response));
    }

    EpochTime epoch() {
        return new EpochTime(client.serverEpoch);
    }

    /** Lets time pass, and answers everything at once: each mapping gets its internal port, or the one that it suggests. */
    void serve(Duration duration) {
        var end = client.now.plus(duration);
        answerAll();
        while (!client.engine.nextDue().isAfter(end)) {
            client.pass(client.now.until(client.engine.nextDue()));
            answerAll();
        }
        client.pass(client.now.until(end));
    }

    private void answerAll() {
        while (served < client.sent.size() || servedByNatPmp < client.natPmp.size()) {
            if (served < client.sent.size()) {
                served = client.sent.size();
                client.otherVersion(0);
            } else {
                answer(client.natPmp.get(servedByNatPmp++));
            }
        }
    }

    private void answer(NatPmpRequest request) {
        switch (request) {
            case ExternalAddressRequest() -> tellAddress();
            case NatPmpMapRequest map -> {
                int port = map.suggestedPort() == 0 ? map.internalPort() : map.suggestedPort();
                grant(map, map.lifetime().isDelete() ? 0 : port, map.lifetime());
            }
        }
    }
}
