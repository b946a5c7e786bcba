package io.portreeve.client.worlds.checker;

import io.portreeve.pcp.GetRequest;
import io.portreeve.pcp.GetResponse;
import io.portreeve.pcp.GetTuple;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import io.portreeve.pcp.PcpOption.NextMapping;
import io.portreeve.pcp.PcpOption.NextRequest;
import io.portreeve.pcp.PcpOption.ThirdParty;
import io.portreeve.pcp.ResultCode;
import io.portreeve.worlds.InvariantBroken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the server says it has of one host after the other, page by page. Source: draft-boucadair-pcp-failure section 4.5. */
final class Listing {

    /**
     * All that there is of one host.
     *
     * @param host empty for the client's own machine
     * @param asked when the first page was asked for
     */
    record Whole(Optional<PcpAddress> host, MonoTime asked, List<NextMapping> mappings) {}

    private static final int TRANSMISSIONS = 4;

    private boolean isWanted;
    private Optional<GetRequest> question = Optional.empty();
    private MonoTime asked = MonoTime.START;
    private int transmissions;
    private final List<NextMapping> found = new ArrayList<>();

    /** Somebody wants to know, or the client has just started. */
    void begin() {
        isWanted = true;
    }

    /** The server has lost its state, or another one is asked. */
    void abandon() {
        question = Optional.empty();
    }

    void asks(GetRequest request, MonoTime now) {
        if (!isWanted) {
            throw new InvariantBroken("audit", "nobody wants to know " + request);
        }
        boolean isRepeated = question.equals(Optional.of(request)) && transmissions < TRANSMISSIONS;
        transmissions = isRepeated ? transmissions + 1 : 1;
        question = Optional.of(request);
        if (!isRepeated && locator().isAny()) {
            asked = now;
            found.clear();
        }
    }

    private GetTuple locator() {
        return question.flatMap(GetRequest::next).map(NextRequest::locator).orElseThrow();
    }

    /** {@return true if it answers what was asked last} */
    boolean isFor(GetResponse response) {
        return question.filter(it -> it.nonce().equals(response.nonce())
                                && it.thirdParty().equals(host(response))
                                && response.filter().isAny())
                        .isPresent()
                && isBehindLocator(response);
    }

    private static Optional<PcpAddress> host(GetResponse response) {
        return response.options().stream()
                .filter(ThirdParty.class::isInstance)
                .map(it -> ((ThirdParty) it).internal())
                .findFirst();
    }

    private boolean isBehindLocator(GetResponse response) {
        return response.result() != 0
                || response.mappings().stream().allMatch(it -> it.tuple().compareTo(locator()) > 0);
    }

    /** {@return all of one host, if this is its last page} */
    Optional<Whole> hears(GetResponse response) {
        var host = question.orElseThrow().thirdParty();
        abandon();
        if (response.result() != 0) {
            boolean isNone = response.result() == ResultCode.NONEXIST_MAP.value();
            return isNone ? Optional.of(new Whole(host, asked, List.copyOf(found))) : Optional.empty();
        }
        var page = response.mappings();
        found.addAll(page);
        boolean isLast = page.isEmpty() || page.getLast().end();
        return isLast ? Optional.of(new Whole(host, asked, List.copyOf(found))) : Optional.empty();
    }
}
