package io.portreeve.igd.worlds.checker;

import io.portreeve.igd.iwf.NatRule;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** What can be seen of a home from outside. */
public interface Dumps {

    MonoTime time();

    Instant wall();

    /** {@return what is certain to be on the disk after a crash} */
    List<Row> rows();

    /** {@return what the kernel leads to hosts} */
    Collection<NatRule> natRules();

    /** {@return true if {@code rule} stays only because the kernel would not remove it} */
    boolean isStuck(NatRule rule);

    /** {@return true if the gateway is running} */
    boolean isRunning();

    /** {@return the WAN address} */
    PcpAddress source();

    /** {@return true if the gateway translates} */
    boolean translates();

    /** {@return since when nothing of the gateway itself has failed; {@link MonoTime#NEVER} if something does} */
    MonoTime wellSince();

    /** Has {@code run} happen after that, if this life of the gateway lasts. */
    void after(Duration time, Runnable run);
}
