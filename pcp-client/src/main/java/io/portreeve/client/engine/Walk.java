package io.portreeve.client.engine;

import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.MappingNonce;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.OptionCode;
import io.portreeve.pcp.Options;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.ResultCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the list of what a server has for one host, page by page; the list may change meanwhile. Source:
 * draft-boucadair-pcp-failure section 4.5.
 */
final class Walk {

    /** More than any server has for a client, and fewer than for ever. */
    private static final int MOST_PAGES = 10_000;

    private static final List<Integer> WANTED =
            List.of(OptionCode.FILTER, OptionCode.PORT_SET, OptionCode.MAPPING_NONCE);

    private final Optional<PcpAddress> host;
    private final MappingNonce nonce;
    private final List<NextMapping> found = new ArrayList<>();
    private GetTuple locator = GetTuple.ANY;
    private int pages;
    private MonoTime began = MonoTime.NEVER;

    /** How it stands after a page. */
    enum Progress {
        MORE,
        COMPLETE,
        REFUSED
    }

    /** @param host a third party; empty for the client itself */
    Walk(Optional<PcpAddress> host, MappingNonce nonce) {
        this.host = host;
        this.nonce = nonce;
    }

    Optional<PcpAddress> host() {
        return host;
    }

    MappingNonce nonce() {
        return nonce;
    }

    List<NextMapping> found() {
        return found;
    }

    /** {@return when it began: it says nothing of what was granted later} */
    MonoTime began() {
        return began;
    }

    /** {@return what asks for the next page} */
    GetRequest request(PcpAddress source, MonoTime now) {
        began = began.earlier(now);
        var options = new ArrayList<PcpOption>();
        host.ifPresent(it -> options.add(new PcpOption.ThirdParty(it)));
        options.add(new NextRequest(locator, false, WANTED));
        return new GetRequest(source, nonce, GetTuple.ANY, options);
    }

    /** {@return true if {@code response} answers the last request} An earlier page may come late, or twice. */
    boolean isNext(GetResponse response) {
        boolean isOurs = response.nonce().equals(nonce) && response.filter().isAny();
        var party = Options.first(PcpOption.ThirdParty.class, response.options());
        return isOurs && party.map(PcpOption.ThirdParty::internal).equals(host) && isBehindLocator(response);
    }

    private boolean isBehindLocator(GetResponse response) {
        var last = locator;
        for (var mapping : mappings(response)) {
            if (mapping.tuple().compareTo(last) <= 0) {
                return false;
            }
            last = mapping.tuple();
        }
        return true;
    }

    /** What an error repeats of the request is no mapping. */
    private static List<NextMapping> mappings(GetResponse response) {
        return response.result() == 0 ? response.mappings() : List.of();
    }

    Progress take(GetResponse response) {
        if (response.result() == ResultCode.NONEXIST_MAP.value()) {
            return Progress.COMPLETE;
        }
        if (response.result() != 0) {
            return Progress.REFUSED;
        }
        var page = response.mappings();
        found.addAll(page);
        pages++;
        if (page.isEmpty() || page.getLast().end()) {
            return Progress.COMPLETE;
        }
        locator = page.getLast().tuple();
        return pages == MOST_PAGES ? Progress.REFUSED : Progress.MORE;
    }
}
