package io.portreeve.igd.worlds;

import io.portreeve.client.worlds.Aftermath;
import io.portreeve.pcp.MonoTime;
import io.portreeve.server.worlds.Pool;
import io.portreeve.worlds.Chance;
import io.portreeve.worlds.Draft;
import io.portreeve.worlds.VirtualProcess;
import io.portreeve.worlds.Weather;
import java.time.Duration;
import java.util.List;

/** Writes the script of a day of wishes and faults. Each scene has a few kinds of faults only. */
final class Scenes implements Draft.Author {
    private static final int FAULTS = 20;

    private final Draft<Action> draft;
    private final Chance chance;

    Scenes(Draft<Action> draft) {
        this.draft = draft;
        chance = draft.chance();
    }

    @Override
    public void scene(MonoTime start, Duration window) {
        var faults = List.of(chance.nextInt(FAULTS), chance.nextInt(FAULTS));
        for (int i = chance.nextInt(2, 10); i > 0; i--) {
            var action = chance.oneIn(3) ? fault(chance.oneOf(faults)) : start();
            draft.add(start.plus(chance.within(window)), action);
        }
    }

    private Action start() {
        return new Action.Start(home(), chance.nextInt(Street.HOSTS.size()), chance.oneOf(List.of(Habit.values())));
    }

    private Action fault(int kind) {
        return switch (kind) {
            case 0, 1 -> new Action.Storm(Weather.storm(chance), chance.seconds(600));
            case 2 -> new Action.Silence(chance.seconds(900));
            case 3 -> new Action.Pause(chance.seconds(6));
            case 4, 5 ->
                new Action.KillServer(
                        VirtualProcess.steps(24, chance), Aftermath.onceIn(2, chance), chance.seconds(60));
            case 6, 7, 8 ->
                new Action.KillGateway(
                        home(), VirtualProcess.steps(24, chance), Aftermath.onceIn(3, chance), chance.seconds(300));
            case 9 -> new Action.ServerDiskFull(chance.seconds(60));
            case 10 -> new Action.ClientDiskFull(home(), chance.seconds(60));
            case 11 -> new Action.TableDiskFull(home(), chance.seconds(60));
            case 12 -> new Action.BadCgn(chance.nextDouble(), chance.seconds(300));
            case 13 -> new Action.BadNat(home(), chance.nextDouble(), chance.seconds(300));
            case 14 -> new Action.SlowNat(home(), chance.seconds(6), chance.seconds(60));
            case 15 -> new Action.WanLoss(home(), chance.seconds(300));
            case 16 -> new Action.DeleteSubscriber(home());
            case 17 -> new Action.Clear();
            case 18 -> new Action.ClearSubscriber(home());
            default -> new Action.Renumber(home(), chance.oneOf(Pool.ADDRESSES));
        };
    }

    private int home() {
        return chance.nextInt(Street.HOMES.size());
    }
}
