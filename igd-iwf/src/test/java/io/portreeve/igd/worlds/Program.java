package io.portreeve.igd.worlds;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.igd.iwf.PortRange;
import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.worlds.Pool;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A program on a host that has ports opened, as its {@link Habit} is. */
final class Program {
    private static final Duration USE = Duration.ofHours(1);
    private static final Duration IMPATIENCE = Duration.ofSeconds(4);
    private static final Duration MOMENT = Duration.ofSeconds(2);
    private static final List<Long> LEASES = List.of(60L, 600L, 3600L);
    private static final int MOST_ENTRIES = 40;

    private final Home home;
    private final PcpAddress host;
    private final Chance chance;
    private final VirtualTime time;
    private final BooleanSupplier isOver;
    private final IpProtocol protocol;
    private final MonoTime end;
    private int port;

    /** @param isOver true when nobody wants anything any more */
    Program(Home home, PcpAddress host, Chance chance, VirtualTime time, BooleanSupplier isOver) {
        this.home = home;
        this.host = host;
        this.chance = chance;
        this.time = time;
        this.isOver = isOver;
        protocol = chance.nextBoolean() ? IpProtocol.TCP : IpProtocol.UDP;
        end = time.now().plus(chance.within(USE));
        port = anyPort();
    }

    void start(Habit habit) {
        switch (habit) {
            case LISTING -> add(0, _ -> list(0));
            case RENEWING -> renew(10);
            case REPLACING -> call(IgdFace.V1, deletion(), _ -> replace(5));
            case FORGETTING -> add(chance.oneOf(LEASES), _ -> {});
            case FLEXIBLE -> takeAny(chance.nextBoolean() ? 0 : port, chance.oneOf(LEASES));
            case IMPATIENT -> insist(10);
            case WAVERING -> waver(3);
            case HOSTILE -> molest();
        }
    }

    private int anyPort() {
        return Pool.FIRST_PORT + chance.nextInt(Street.FIRST_SPARE - Pool.FIRST_PORT);
    }

    private IgdFace anyFace() {
        return chance.nextBoolean() ? IgdFace.V1 : IgdFace.V2;
    }

    private void call(IgdFace face, IgdAction action, Consumer<Optional<IgdReply>> then) {
        if (!isOver.getAsBoolean()) {
            home.gateway().call(host, face, action, then);
        }
    }

    private void later(Duration within, Runnable run) {
        time.after(chance.within(within), run);
    }

    private void atTheEnd(Runnable run) {
        time.at(end, run);
    }

    private PortMappingKey key() {
        return new PortMappingKey(Optional.empty(), port, protocol);
    }

    private IgdAction addition(PortMappingKey key, int internalPort, long lease) {
        return new IgdAction.AddPortMapping(key, internalPort, host, true, "a program", lease);
    }

    private IgdAction deletion() {
        return new IgdAction.DeletePortMapping(key());
    }

    private void add(long lease, Consumer<Optional<IgdReply>> then) {
        call(anyFace(), addition(key(), port, lease), then);
    }

    private void delete() {
        call(anyFace(), deletion(), _ -> {});
    }

    private static boolean isDone(Optional<IgdReply> reply) {
        return reply.filter(IgdReply.Done.class::isInstance).isPresent();
    }

    private void list(int index) {
        call(anyFace(), new IgdAction.GetGenericPortMappingEntry(index), reply -> {
            boolean isMore = reply.filter(it -> !it.equals(new IgdReply.Failed(IgdError.INVALID_INDEX)))
                    .isPresent();
            if (isMore && index < MOST_ENTRIES) {
                list(index + 1);
            } else {
                call(anyFace(), new IgdAction.GetExternalIPAddress(), _ -> {});
                call(anyFace(), new IgdAction.GetSpecificPortMappingEntry(key()), _ -> {});
                atTheEnd(this::delete);
            }
        });
    }

    private void renew(int tries) {
        var other = protocol.equals(IpProtocol.TCP) ? IpProtocol.UDP : IpProtocol.TCP;
        var twin = new PortMappingKey(Optional.empty(), port, other);
        call(IgdFace.V1, addition(twin, port, 3600), _ -> {});
        call(IgdFace.V1, addition(key(), port, 3600), reply -> {
            boolean isDone = isDone(reply);
            if (!isDone && tries > 0) {
                port = anyPort();
                renew(tries - 1);
            } else if (time.now().isBefore(end)) {
                time.after(Duration.ofMinutes(20), () -> renew(tries));
            } else {
                delete();
                call(IgdFace.V1, new IgdAction.DeletePortMapping(twin), _ -> {});
            }
        });
    }

    private void replace(int tries) {
        call(IgdFace.V1, addition(key(), port, 0), reply -> {
            if (reply.equals(Optional.of(new IgdReply.Failed(IgdError.CONFLICT))) && tries > 0) {
                port = anyPort();
                replace(tries - 1);
            } else {
                atTheEnd(this::delete);
            }
        });
    }

    private void takeAny(int wanted, long lease) {
        var key = new PortMappingKey(Optional.empty(), wanted, protocol);
        var action = new IgdAction.AddAnyPortMapping(key, port, host, true, "a program", lease);
        call(IgdFace.V2, action, reply -> {
            if (time.now().isBefore(end)) {
                time.after(Duration.ofSeconds(lease / 2), () -> takeAny(wanted, lease));
            } else {
                call(IgdFace.V2, action, _ -> {});
                deleteRange();
            }
        });
    }

    private void deleteRange() {
        var range = new PortRange(Pool.FIRST_PORT, Pool.FIRST_PORT + Street.PORTS, protocol);
        boolean[] isDone = {false};
        call(IgdFace.V2, new IgdAction.DeletePortMappingRange(range, false), _ -> isDone[0] = true);
        lookOn(range, () -> isDone[0]);
    }

    private void lookOn(PortRange range, BooleanSupplier isDone) {
        call(IgdFace.V2, new IgdAction.GetListOfPortMappings(range, false, 0), _ -> {
            if (!isDone.getAsBoolean()) {
                later(Duration.ofMillis(20), () -> lookOn(range, isDone));
            }
        });
    }

    /** It does not wait for the reply before it asks again. */
    private void insist(int tries) {
        boolean[] isDone = {false};
        add(0, reply -> {
            isDone[0] = isDone(reply);
            if (isDone[0]) {
                atTheEnd(this::delete);
            }
        });
        time.after(IMPATIENCE, () -> {
            if (!isDone[0] && tries > 0) {
                insist(tries - 1);
            }
        });
    }

    private void waver(int times) {
        call(anyFace(), addition(key(), 8000 + chance.nextInt(4), chance.oneOf(LEASES)), _ -> {});
        if (times == 0) {
            atTheEnd(this::delete);
        } else {
            later(MOMENT, () -> waver(times - 1));
        }
    }

    private void molest() {
        for (int i = 0; i < 30; i++) {
            later(MOMENT, () -> {
                port = anyPort();
                call(anyFace(), impudence(), _ -> {});
            });
        }
    }

    private IgdAction impudence() {
        var other = chance.oneOf(Street.HOSTS);
        var everything = new PortRange(1024, 65_535, protocol);
        return switch (chance.nextInt(10)) {
            case 0 -> new IgdAction.AddPortMapping(key(), 8000, other, true, "not mine", 0);
            case 1 -> new IgdAction.AddPortMapping(key(), 22, host, true, "low", 60);
            case 2 ->
                new IgdAction.AddPortMapping(
                        new PortMappingKey(Optional.empty(), 0, protocol), 80, host, true, "all", 0);
            case 3 -> new IgdAction.DeletePortMappingRange(everything, true);
            case 4 -> new IgdAction.GetListOfPortMappings(everything, true, 0);
            case 5 -> new IgdAction.GetGenericPortMappingEntry(chance.nextInt(5));
            case 6 -> new IgdAction.GetSpecificPortMappingEntry(key());
            case 7 -> addition(key(), 8000 + chance.nextInt(4), 60);
            case 8 -> new IgdAction.GetExternalIPAddress();
            default -> deletion();
        };
    }
}
