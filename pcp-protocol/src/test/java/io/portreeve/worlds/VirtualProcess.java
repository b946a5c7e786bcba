package io.portreeve.worlds;

/**
 * One life of a process. It ends between two events, or in the middle of one: ports call {@link #step} around everything they do
 * to the world, and that is where death can come.
 */
public final class VirtualProcess {

    /** Ends what the process was doing; the program must not catch it. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        private Killed() {
            super("killed", null, false, false);
        }
    }

    private static final int NEVER = -1;

    private boolean alive = true;
    private int stepsLeft = NEVER;

    /** {@return how many steps are left to one that is killed: often none, else less than {@code bound}} */
    public static int steps(int bound, Chance chance) {
        return chance.oneIn(3) ? 0 : chance.nextInt(1, bound);
    }

    public boolean isAlive() {
        return alive;
    }

    public void kill() {
        alive = false;
    }

    /** Has the process die at the step after {@code steps} more of them. */
    public void killAfter(int steps) {
        stepsLeft = steps;
    }

    public void spare() {
        stepsLeft = NEVER;
    }

    /** The process is about to do something to the world, or has just done it. */
    public void step() {
        if (stepsLeft == 0) {
            kill();
        }
        if (!alive) {
            throw new Killed();
        }
        if (stepsLeft > 0) {
            stepsLeft--;
        }
    }

    /** {@return {@code run}, if it comes to that in this life} */
    public Runnable inThisLife(Runnable run) {
        return () -> {
            if (alive) {
                run.run();
            }
        };
    }
}
