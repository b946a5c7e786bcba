package io.portreeve.server;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.server.engine.Access;
import io.portreeve.server.engine.AddressPrefix;
import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;

/** Reads the keys that say who may ask, and for whom. */
final class AccessSettingsReader {
    private static final List<AddressPrefix> ALL = List.of(AddressPrefix.EVERY_ADDRESS);

    private final Settings settings;

    AccessSettingsReader(Settings settings) {
        this.settings = settings;
    }

    /** @param own where the server listens */
    Access read(List<PcpAddress> own) throws SettingsException {
        var subscribers = prefixes("subscribers");
        return new Access(subscribers, authorized(subscribers), prefixes("third-party-hosts"), own, homePrefix());
    }

    private int homePrefix() throws SettingsException {
        return settings.number("subscriber-prefix", Access.EACH_ADDRESS, 1, Access.EACH_ADDRESS);
    }

    private List<AddressPrefix> authorized(List<AddressPrefix> subscribers) throws SettingsException {
        return switch (settings.text("third-party", "off")) {
            case "off" -> List.of();
            case "on" -> subscribers;
            default -> listed("third-party", "on, off, or addresses or prefixes with commas between");
        };
    }

    private List<AddressPrefix> prefixes(String key) throws SettingsException {
        return settings.text(key).isEmpty() ? ALL : listed(key, "addresses or prefixes with commas between");
    }

    private List<AddressPrefix> listed(String key, String expected) throws SettingsException {
        var prefixes = new ArrayList<AddressPrefix>();
        for (var text : settings.required(key).split(",", -1)) {
            try {
                prefixes.add(AddressPrefix.parse(text.strip()));
            } catch (IllegalArgumentException e) {
                throw settings.wrong(key, expected);
            }
        }
        return prefixes;
    }
}
