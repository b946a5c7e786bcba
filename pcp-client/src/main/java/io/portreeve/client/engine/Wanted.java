package io.portreeve.client.engine;

import io.portreeve.client.ExternalChoice;
import io.portreeve.client.MappingTerms;
import io.portreeve.client.PortCount;
import io.portreeve.pcp.Lifetime;
import io.portreeve.pcp.MonoTime;
import java.time.Duration;

/** What the owner of a mapping wants of it. */
public sealed interface Wanted {

    /**
     * To be there.
     *
     * @param lifetime what each request asks for at most
     * @param end when it is not wanted any more; never, if that is to be said
     * @param refilters the server may have other filters for it, which must go before these come
     */
    record Kept(ExternalChoice external, Lifetime lifetime, MonoTime end, MappingTerms terms, boolean refilters)
            implements Wanted {
        private static final Duration SHORTEST = Duration.ofSeconds(1);

        /** {@return what is left to be asked for {@code now}} Never nothing, because that would ask for deletion. */
        Lifetime left(MonoTime now) {
            var rounded = now.until(end).plus(SHORTEST.minusNanos(1));
            return rounded.compareTo(Duration.ofSeconds(lifetime.seconds())) < 0
                    ? Lifetime.of(rounded.compareTo(SHORTEST) < 0 ? SHORTEST : rounded)
                    : lifetime;
        }

        Kept until(MonoTime then) {
            return new Kept(external, lifetime, then, terms, refilters);
        }

        Kept atMost(Lifetime longest) {
            return lifetime.seconds() > longest.seconds() ? new Kept(external, longest, end, terms, refilters) : this;
        }

        Kept settled() {
            return new Kept(external, lifetime, end, terms, false);
        }
    }

    /**
     * To be deleted. A set of ports is deleted as one.
     *
     * @param filtered the server may have filters for it, should it be wanted again before it is gone
     */
    record Gone(PortCount ports, boolean filtered) implements Wanted {}
}
