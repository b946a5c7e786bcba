package io.portreeve.server.library;

import static io.portreeve.server.library.LibraryFlag.FIREWALL;
import static io.portreeve.server.library.LibraryFlag.MAPEXT;

import io.portreeve.pcp.MapRequest;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.Filter;
import io.portreeve.pcp.PcpOption.PreferFailure;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.server.cgn.CgnFilter;
import io.portreeve.server.cgn.Endpoint;
import java.util.ArrayList;
import java.util.List;

/** What clients can be given, and the options that tell them. */
final class Grants {
    private final LibrarySettings settings;

    Grants(LibrarySettings settings) {
        this.settings = settings;
    }

    /** {@return what the CGN is asked for} A firewall has no other external end than the internal one. */
    Endpoint wanted(Endpoint internal, Endpoint suggested) {
        return settings.has(FIREWALL) ? internal : suggested;
    }

    /** {@return true if a firewall would have to translate} */
    boolean isImpossible(MapRequest map) {
        return settings.has(FIREWALL)
                && map.prefersFailure()
                && (map.suggestedPort() != map.internalPort()
                        || !map.suggestedAddress().isUnspecified()
                                && !map.suggestedAddress().equals(map.internalAddress()));
    }

    /** {@return false if this kind of CGN cannot have assigned that} */
    boolean suits(Endpoint external, Endpoint internal) {
        return external.address().isIpv4() == settings.has(MAPEXT)
                && (!settings.has(FIREWALL) || external.equals(internal));
    }

    /** {@return those options of a request that have been processed} A success has no others. */
    static List<PcpOption> processed(List<PcpOption> options) {
        return options.stream()
                .filter(it -> it instanceof ThirdParty || it instanceof PreferFailure || it instanceof Filter)
                .toList();
    }

    /** {@return those that an update repeats} What it tells is not what was preferred. */
    static List<PcpOption> lasting(List<PcpOption> options) {
        return options.stream()
                .filter(it -> it instanceof ThirdParty || it instanceof Filter)
                .toList();
    }

    /** {@return the options of an update to {@code client}} */
    static List<PcpOption> lasting(PcpAddress client, PcpAddress internal, List<CgnFilter> filters) {
        var options = new ArrayList<PcpOption>();
        if (!internal.equals(client)) {
            options.add(new ThirdParty(internal));
        }
        filters.forEach(it -> options.add(new Filter(it.prefixLength(), it.remotePort(), it.remote())));
        return options;
    }
}
