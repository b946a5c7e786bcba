package io.portreeve.pcp;

import java.util.List;
import java.util.Optional;

/** What requests and answers both want to know of their options. Most have none. */
public final class Options {
    private Options() {}

    static Optional<PcpAddress> thirdParty(List<PcpOption> options) {
        return first(PcpOption.ThirdParty.class, options).map(PcpOption.ThirdParty::internal);
    }

    /** {@return the first option of this kind; empty if there is none} */
    public static <T extends PcpOption> Optional<T> first(Class<T> kind, List<PcpOption> options) {
        for (var option : options) {
            if (kind.isInstance(option)) {
                return Optional.of(kind.cast(option));
            }
        }
        return Optional.empty();
    }

    /** {@return all options of this kind, in their order} */
    public static <T extends PcpOption> List<T> all(Class<T> kind, List<PcpOption> options) {
        return options.isEmpty()
                ? List.of()
                : options.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
