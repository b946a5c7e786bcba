package io.portreeve.igd.daemon;

import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.settings.SettingsException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the configuration file again while the gateway runs. */
final class Reload {
    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    /** A key whose value is taken at the start only. */
    private record Fixed(String key, Function<GatewaySettings, Object> value) {
        boolean differs(GatewaySettings one, GatewaySettings other) {
            return !Objects.equals(value.apply(one), value.apply(other));
        }
    }

    private static final List<Fixed> FIXED = List.of(
            new Fixed("lan-interface", GatewaySettings::lanInterface),
            new Fixed("lan-ipv6", GatewaySettings::lanFamilies),
            new Fixed("wan-interface", GatewaySettings::wanInterface),
            new Fixed("pcp-server", GatewaySettings::pcpServer),
            new Fixed("pcp-port", GatewaySettings::pcpPort),
            new Fixed("pcp-service-wait", GatewaySettings::serviceWait),
            new Fixed("pcp-get", GatewaySettings::claims),
            new Fixed("nat", GatewaySettings::nat),
            new Fixed("state-dir", GatewaySettings::stateDir),
            new Fixed("http-port", GatewaySettings::httpPort),
            new Fixed("friendly-name", GatewaySettings::friendlyName),
            new Fixed("control-socket", GatewaySettings::controlSocket),
            new Fixed("audit-log", GatewaySettings::auditLog),
            new Fixed("metrics-port", GatewaySettings::metricsPort),
            new Fixed("lease-events", GatewaySettings::leaseEvents),
            new Fixed("host-absence", GatewaySettings::hostAbsence),
            // HTTP's patience, which is as long as connections live, depends on these
            new Fixed("answer-deadline", settings -> settings.policy().deadline()),
            new Fixed("add-retries", settings -> settings.policy().asking().retries()));

    private final Consumer<IwfPolicy> policy;
    private volatile Configuration inForce;

    /** @param policy told what hosts may from now on, and how it is done */
    Reload(Configuration first, Consumer<IwfPolicy> policy) {
        inForce = first;
        this.policy = policy;
    }

    /** {@return what the gateway follows} */
    Configuration inForce() {
        return inForce;
    }

    /** A file that cannot be used changes nothing. */
    synchronized void run() {
        Configuration next;
        try {
            next = Configuration.read(inForce.file());
        } catch (SettingsException e) {
            LOG.error("{}; all stays as it was", e.getMessage());
            return;
        }
        var before = inForce.settings();
        needingRestart(before, next.settings())
                .forEach(key -> LOG.warn("{}: another '{}' needs a restart", next.file(), key));
        var followed = followed(before.policy(), next.settings().policy());
        inForce = new Configuration(next.file(), next.read(), before.with(followed));
        if (!followed.equals(before.policy())) {
            policy.accept(followed);
        }
        LOG.info("{}: read again", next.file());
    }

    /** {@return the keys whose values differ, but are taken at the start only} */
    static List<String> needingRestart(GatewaySettings one, GatewaySettings other) {
        return FIXED.stream()
                .filter(fixed -> fixed.differs(one, other))
                .map(Fixed::key)
                .toList();
    }

    /** {@return what of {@code next} can be followed by who began with {@code before}} */
    private static IwfPolicy followed(IwfPolicy before, IwfPolicy next) {
        return before.with(next.access())
                .with(next.quotas())
                .with(next.deletion())
                .with(next.asking().retrying(before.asking().retries()));
    }
}
