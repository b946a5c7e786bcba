package io.portreeve.igd.iwf;

import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/**
 * What became of an entry or of the wish for one, for the person who wants to know who opened what.
 *
 * @param host who asked; empty if nobody did
 * @param entry empty if it is about none
 * @param why empty if there is nothing more to say
 */
public record AuditRecord(What what, Optional<PcpAddress> host, Optional<Entry> entry, String why) {

    /** What happened. */
    public enum What {
        OPENED("opened"),
        CLOSED("closed"),
        /** The provider, or the gateway's own NAT or disk, has not opened it. */
        REFUSED("not opened"),
        /** The provider could not be asked. */
        LOCAL("opened on this gateway alone"),
        /** The provider has not deleted it. */
        KEPT("not closed"),
        /** Nobody was asked, because the host may not. */
        DENIED("denied"),
        MOVED("moved"),
        /** The provider is asked otherwise than it should be, because it does not understand that. */
        FALLEN_BACK("fallen back"),
        /** The provider serves it no more. */
        LOST("lost"),
        NO_ADDRESS("no external address for now");

        private final String words;

        What(String words) {
            this.words = words;
        }

        /** {@return true if somebody has not got what was wanted} */
        public boolean isTrouble() {
            return this != OPENED && this != CLOSED && this != MOVED;
        }
    }

    /** An entry without its description, which is text of a stranger and may hold what confuses a reader of logs. */
    public record Entry(PortMappingKey key, PcpAddress internalClient, int internalPort) {
        @Override
        public String toString() {
            return key + " -> " + internalClient + ":" + internalPort;
        }
    }

    /** One about {@code mapping}, whose own host asked. */
    static AuditRecord of(What what, PortMapping mapping, String why) {
        return new AuditRecord(what, Optional.of(mapping.internalClient()), Optional.of(mapping.audited()), why);
    }

    /** {@return one line} */
    @Override
    public String toString() {
        var asking = host.filter(
                it -> entry.filter(of -> of.internalClient().equals(it)).isEmpty());
        return what.words
                + entry.map(it -> " " + it).orElse("")
                + asking.map(it -> " to " + it).orElse("")
                + (why.isEmpty() ? "" : ": " + why);
    }
}
