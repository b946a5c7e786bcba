package io.portreeve.pcp;

import java.util.List;
import java.util.Optional;

/** What requests and answers both want to know of their options. */
final class Options {
    private Options() {}

    static Optional<PcpAddress> thirdParty(List<PcpOption> options) {
        return options.stream()
                .filter(PcpOption.ThirdParty.class::isInstance)
                .map(option -> ((PcpOption.ThirdParty) option).internal())
                .findFirst();
    }
}
