package io.portreeve.server.worlds;

import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.worlds.Action.Aftermath;
import io.portreeve.server.worlds.Action.Ask;
import io.portreeve.server.worlds.Action.Kind;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Draft;
import io.portreeve.worlds.VirtualProcess;
import io.portreeve.worlds.Weather;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Writes the script of a day of requests and faults. Each scene has a few kinds of faults only, and half of them one subscriber only. */
final class Scenes implements Draft.Author {
    private static final List<Long> LIFETIMES = List.of(30L, 120L, 300L, 1800L, 7200L, 100_000L);
    private static final List<PcpAddress> SUGGESTED =
            List.of(PcpAddress.ANY_IPV4, PcpAddress.ANY_IPV4, Pool.FIRST_ADDRESS, Pool.SECOND_ADDRESS);
    private static final int FAULTS = 12;
    private static final int OPERATIONS = 5;
    private static final List<Kind> KINDS = kinds();

    /** Plain mappings most often, because all else builds on them. */
    private static List<Kind> kinds() {
        var kinds = new ArrayList<>(List.of(Kind.values()));
        kinds.addAll(Collections.nCopies(10, Kind.CREATE));
        kinds.addAll(List.of(Kind.DELETE, Kind.SET, Kind.FILTER, Kind.OTHER_FILTER, Kind.PEER, Kind.NAT_PMP_CREATE));
        return List.copyOf(kinds);
    }

    private final Draft<Action> draft;
    private final Chance chance;

    Scenes(Draft<Action> draft) {
        this.draft = draft;
        chance = draft.chance();
    }

    @Override
    public void scene(MonoTime start, Duration window) {
        var wants = chance.nextBoolean() ? Want.ALL : Want.of(chance.nextInt(Want.SUBSCRIBERS));
        var faults = List.of(chance.nextInt(FAULTS), chance.nextInt(FAULTS + OPERATIONS));
        for (int i = chance.nextInt(1, 10); i > 0; i--) {
            var want = chance.oneOf(wants);
            var action = chance.oneIn(3) ? fault(chance.oneOf(faults), want) : ask(want);
            draft.add(start.plus(chance.within(window)), action);
        }
    }

    private Action ask(Want want) {
        int suggested = chance.oneIn(3) ? 0 : Pool.FIRST_PORT + chance.nextInt(SmallWorld.PORTS);
        return new Ask(want.number(), chance.oneOf(KINDS), chance.oneOf(LIFETIMES), suggested, chance.oneOf(SUGGESTED));
    }

    private Action fault(int kind, Want want) {
        return switch (kind) {
            case 0 -> new Action.Storm(Weather.storm(chance), chance.seconds(600));
            case 1 -> new Action.CutOff(want.subscriber(), chance.seconds(60));
            case 2 -> new Action.Pause(chance.seconds(3));
            case 3, 4 -> kill();
            case 5, 6 -> new Action.DiskFull(chance.seconds(60));
            case 7, 8 -> new Action.BadCgn(mood(), chance.seconds(120));
            case 9, 10 -> new Action.DeleteSubscriber(want.subscriber());
            case 11 -> new Action.StepWallClock(Duration.ofSeconds(chance.nextInt(-7200, 7200)));
            case 12 -> new Action.Clear();
            case 13 -> new Action.ClearSubscriber(want.subscriber());
            case 14 -> new Action.Renumber(want.subscriber(), external());
            case 15 -> new Action.Renumber(chance.nextInt(Want.SUBSCRIBERS), external());
            default -> new Action.AddStatic(want.number(), external());
        };
    }

    private PcpAddress external() {
        return chance.oneOf(Pool.ADDRESSES);
    }

    private Action.Kill kill() {
        var aftermath = chance.oneIn(3) ? chance.oneOf(List.of(Aftermath.values())) : Aftermath.NOTHING;
        return new Action.Kill(VirtualProcess.steps(16, chance), aftermath, chance.seconds(20));
    }

    private CgnHost.Mood mood() {
        return new CgnHost.Mood(chance.seconds(4), chance.nextBoolean() ? 0 : chance.nextDouble() / 2);
    }
}
