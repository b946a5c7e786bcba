package io.portreeve.bench.gateway;

import io.portreeve.bench.Filling;
import io.portreeve.bench.IgdService;
import io.portreeve.bench.Load;
import io.portreeve.bench.Measurement;
import io.portreeve.bench.SoapMappings;
import io.portreeve.bench.Subject;
import java.io.IOException;
import java.time.Duration;

/** A gateway that runs, with a table of 100 port mappings, and those who call it. */
final class Contender implements AutoCloseable {
    private static final int TABLE = 100;
    private static final int ACTIONS = 1_000;
    private static final Duration LONGEST_FILLING = Duration.ofSeconds(30);

    private final Site site;
    private final Program.Started program;
    private final IgdService service;
    private final Load load;

    /** Starts it, and calls it {@value #ACTIONS} times. */
    static Contender started(Site site) throws IOException {
        var program = site.program().start();
        try {
            var contender = new Contender(site, program, IgdService.describedAt(program.description()));
            contender.use();
            return contender;
        } catch (IOException | RuntimeException e) {
            program.stop();
            throw e;
        }
    }

    private Contender(Site site, Program.Started program, IgdService service) {
        this.site = site;
        this.program = program;
        this.service = service;
        load = new Load(new SoapMappings(service, site.clients()));
    }

    private void use() throws IOException {
        if (new Filling(new SoapMappings(service, site.clients())).fill(TABLE, LONGEST_FILLING) < TABLE) {
            throw new IOException(site.name() + " does not take " + TABLE + " mappings");
        }
        for (int i = TABLE; i < ACTIONS; i++) {
            call(service, Query.EXTERNAL_ADDRESS, i);
        }
    }

    Program.Started program() {
        return program;
    }

    IgdService service() {
        return service;
    }

    /** {@return the body of the answer} @param caller which of its hosts asks */
    String call(IgdService asked, Query query, int caller) throws IOException {
        var client = site.clients().get(caller % site.clients().size());
        return asked.call(client, query.action(), query.arguments());
    }

    double rate(Query query, int callers, Duration time) {
        return rate(service, query, callers, time);
    }

    /** {@return how many answers its hosts get in a second} @param asked another one than itself, perhaps */
    double rate(IgdService asked, Query query, int callers, Duration time) {
        return RepeatedCalls.perSecond(caller -> call(asked, query, caller), callers, time);
    }

    /** {@return how long it takes to open a port, for one who opens and closes one after the other} */
    Measurement open(Duration time) throws InterruptedException {
        return load.run(new Subject(site.name(), TABLE, 1), time);
    }

    /** {@return the same, while others attack} */
    Measurement openAttacked(Duration time) throws IOException, InterruptedException {
        try (var _ = Attack.on(site.program().address(), service.control(), site.attackers())) {
            return open(time);
        }
    }

    @Override
    public void close() throws IOException {
        program.stop();
    }
}
