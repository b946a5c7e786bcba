package io.portreeve.client.worlds;

import io.portreeve.client.ExternalChoice;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.worlds.Pool;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Draft;
import io.portreeve.worlds.VirtualProcess;
import io.portreeve.worlds.Weather;
import java.time.Duration;
import java.util.List;

/** Writes the script of a day of wishes and faults. Each scene has a few kinds of faults only. */
final class Scenes implements Draft.Author {
    private static final List<Long> LIFETIMES = List.of(7200L, 7200L, 28_800L, 86_400L, 172_800L);
    private static final Lifetime SHORT = new Lifetime(120);
    private static final Duration SHORT_USE = Duration.ofMinutes(10);
    private static final int FAULTS = 23;

    private final Draft<Action> draft;
    private final Chance chance;

    Scenes(Draft<Action> draft) {
        this.draft = draft;
        chance = draft.chance();
    }

    @Override
    public void scene(MonoTime start, Duration window) {
        var faults = List.of(chance.nextInt(FAULTS), chance.nextInt(FAULTS));
        for (int i = chance.nextInt(1, 10); i > 0; i--) {
            var action = chance.oneIn(3) ? fault(chance.oneOf(faults)) : wish();
            draft.add(start.plus(chance.within(window)), action);
        }
        if (chance.oneIn(12)) {
            shortUse(start);
        }
    }

    /** What is renewed every minute is wanted for some minutes only. */
    private void shortUse(MonoTime start) {
        int mapping = mapping();
        draft.add(start, new Action.Want(mapping, usual(mapping), external(), SHORT));
        draft.add(start.plus(chance.within(SHORT_USE)), new Action.Release(mapping, usual(mapping)));
    }

    private Action wish() {
        int mapping = mapping();
        return switch (chance.nextInt(10)) {
            case 0, 1 -> new Action.Release(mapping, owner(mapping));
            case 2 -> stranger(mapping);
            default -> new Action.Want(mapping, owner(mapping), external(), lifetime());
        };
    }

    /** Mostly the same one, or nobody would ever get on. */
    private String owner(int mapping) {
        return chance.oneIn(10) ? chance.oneOf(SmallWorld.OWNERS) : usual(mapping);
    }

    private static String usual(int mapping) {
        return SmallWorld.OWNERS.get(mapping % SmallWorld.OWNERS.size());
    }

    private ExternalChoice external() {
        return switch (chance.nextInt(4)) {
            case 0 -> new ExternalChoice.Preferred(port(), address());
            case 1 -> new ExternalChoice.Exactly(port(), address());
            default -> new ExternalChoice.Any();
        };
    }

    private int port() {
        return Pool.FIRST_PORT + chance.nextInt(SmallWorld.PORTS);
    }

    private PcpAddress address() {
        return chance.oneOf(List.of(PcpAddress.ANY_IPV4, Pool.FIRST_ADDRESS, Pool.SECOND_ADDRESS));
    }

    private Lifetime lifetime() {
        return new Lifetime(chance.oneOf(LIFETIMES));
    }

    private Action.Stranger stranger(int mapping) {
        var kind = chance.oneOf(List.of(Action.Kind.values()));
        return new Action.Stranger(mapping, kind, new Lifetime(chance.nextInt(120, 7200)), port());
    }

    private Action fault(int kind) {
        return switch (kind) {
            case 0, 1 -> new Action.Storm(Weather.storm(chance), chance.seconds(600));
            case 2 -> new Action.Silence(chance.seconds(900));
            case 3 -> new Action.Forgery(mapping(), chance.oneOf(List.of(Action.Forged.values())));
            case 4 -> new Action.Pause(chance.seconds(3));
            case 5, 6 ->
                new Action.KillServer(
                        VirtualProcess.steps(16, chance), Aftermath.onceIn(2, chance), chance.seconds(60));
            case 7, 8, 9 ->
                new Action.KillClient(
                        VirtualProcess.steps(16, chance), Aftermath.onceIn(3, chance), chance.seconds(600));
            case 10 -> new Action.ServerDiskFull(chance.seconds(60));
            case 11, 12 -> new Action.ClientDiskFull(chance.seconds(60));
            case 13 -> new Action.BadCgn(chance.nextDouble(), chance.seconds(300));
            case 14 -> new Action.DeleteSubscriber();
            case 15 -> new Action.Clear();
            case 16 -> new Action.ClearSubscriber();
            case 17 -> new Action.Renumber(chance.oneOf(Pool.ADDRESSES));
            case 18, 19 -> new Action.Audit();
            default ->
                new Action.Move(
                        chance.oneOf(SmallWorld.CLIENTS), chance.oneIn(2) ? Duration.ZERO : chance.seconds(300));
        };
    }

    private int mapping() {
        return chance.nextInt(SmallWorld.MAPPINGS.size());
    }
}
