package io.portreeve.pcp;

import java.util.List;
import java.util.Optional;

/** What requests and answers both want to know of their options. */
final class Options {
    private Options() {}

    static Optional<PcpAddress> thirdParty(List<PcpOption> options) {
        return first(PcpOption.ThirdParty.class, options).map(PcpOption.ThirdParty::internal);
    }

    static <T extends PcpOption> Optional<T> first(Class<T> kind, List<PcpOption> options) {
        for (var option : options) {
            if (kind.isInstance(option)) {
                return Optional.of(kind.cast(option));
            }
        }
        return Optional.empty();
    }

    static <T extends PcpOption> List<T> all(Class<T> kind, List<PcpOption> options) {
        return options.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
