package io.portreeve.igd.worlds;

import io.portreeve.client.MappingEvent;
import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingOutcome;
import io.portreeve.client.MappingRequest;
import io.portreeve.client.worlds.Lives;
import io.portreeve.client.worlds.Nature;
import io.portreeve.client.worlds.NetworkedClient;
import io.portreeve.igd.iwf.IwfEvent;
import io.portreeve.igd.iwf.PortMapping;
import io.portreeve.igd.worlds.checker.Checker;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.storage.StorageException;
import io.portreeve.worlds.InvariantBroken;
import io.portreeve.worlds.Station;
import io.portreeve.worlds.VirtualMachine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The PCP client of a home's gateway, and what the interworking asks it and hears of it. */
final class HomeClient implements NetworkedClient.User {
    private final Nature nature;
    private final int number;
    private final Checker checker;
    private final Consumer<IwfEvent> interworking;
    private final NetworkedClient pcp;
    private final Map<Long, Long> tickets = new HashMap<>();
    private long lastTicket;

    /**
     * @param lives of the gateway that it is part of
     * @param interworking hears what becomes of what it asked
     */
    HomeClient(
            Parts parts,
            int number,
            VirtualMachine machine,
            Lives lives,
            Checker checker,
            Consumer<IwfEvent> interworking) {
        nature = parts.nature;
        this.number = number;
        this.checker = checker;
        this.interworking = interworking;
        pcp = new NetworkedClient(nature, parts.server, machine, lives, Street.HOMES.get(number), this);
    }

    /** {@return what runs on the gateway} */
    NetworkedClient pcp() {
        return pcp;
    }

    PcpAddress address() {
        return pcp.uplink().address();
    }

    void start() throws StorageException {
        pcp.start(Optional.empty(), new HomeWitness(nature, checker));
    }

    void die() {
        tickets.clear();
        pcp.die();
    }

    void ask(long id, MappingRequest request) {
        nature.trace().add("asks", request, id);
        checker.asks(id, request.key());
        pcp.want(ticket(id), request);
    }

    void release(long id, MappingKey key) {
        nature.trace().add("releases", key, id);
        checker.releases(id, key);
        pcp.release(ticket(id), PortMapping.OWNER, key);
    }

    private long ticket(long id) {
        tickets.put(++lastTicket, id);
        return lastTicket;
    }

    @Override
    public void sends(Station from, byte[] octets) {
        nature.trace().add("sends", number, octets);
    }

    @Override
    public void answered(long ticket, MappingOutcome outcome) {
        long id = Optional.ofNullable(tickets.remove(ticket))
                .orElseThrow(() -> new InvariantBroken("ticket", "answered twice: " + outcome));
        nature.trace().add("answered", List.of(number, id, outcome), id);
        checker.answered(id, outcome);
        interworking.accept(new IwfEvent.PcpAnswered(id, outcome));
    }

    @Override
    public void told(MappingEvent event) {
        nature.note("told " + event.getClass().getSimpleName(), event);
        checker.told(event);
        interworking.accept(new IwfEvent.PcpChanged(event));
    }
}
