package io.portreeve.client.worlds;

import io.portreeve.worlds.VirtualProcess;
import java.time.Duration;

/** The lives of one program: it is killed, at once or in the middle of something, and starts again. */
public final class Lives {
    private static final Death FAILED_START = new Death(0, Aftermath.NOTHING, Duration.ofSeconds(1));

    /** @param steps how many things it still does to the world */
    public record Death(int steps, Aftermath aftermath, Duration down) {}

    /** Whose lives they are. */
    public interface Program {
        void start();

        boolean isRunning();

        /** It is dead: nobody is heard any more, and nothing of it stays but what outlives {@code aftermath}. */
        void dies(Aftermath aftermath);
    }

    private final Nature nature;
    private final String name;
    private final Program program;
    private VirtualProcess process = new VirtualProcess();
    private Death death = FAILED_START;

    public Lives(Nature nature, String name, Program program) {
        this.nature = nature;
        this.name = name;
        this.program = program;
    }

    public VirtualProcess process() {
        return process;
    }

    public void begin() {
        process = new VirtualProcess();
    }

    public void kill(Death kill) {
        if (!program.isRunning()) {
            return;
        }
        death = kill;
        if (kill.steps() == 0) {
            die();
        } else {
            process.killAfter(kill.steps());
        }
    }

    public void spare() {
        process.spare();
    }

    /** {@return true unless it is killed in the middle of {@code work}} */
    public boolean survives(Runnable work) {
        try {
            work.run();
            return true;
        } catch (VirtualProcess.Killed e) {
            nature.reached().add(name + " killed in the middle");
            die();
            return false;
        }
    }

    /** Dies as it was to be killed. */
    public void die() {
        die(death);
    }

    public void failToStart() {
        die(FAILED_START);
    }

    private void die(Death how) {
        nature.note(name + " died " + how.aftermath(), how);
        process.kill();
        program.dies(how.aftermath());
        nature.time().after(how.down(), program::start);
    }
}
