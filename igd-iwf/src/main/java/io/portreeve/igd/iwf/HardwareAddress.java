package io.portreeve.igd.iwf;

import java.util.Locale;
import java.util.regex.Pattern;

/** What tells a host of the LAN from the one that had its IP address before. @param text like {@code 02:00:5e:10:00:01} */
public record HardwareAddress(String text) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5,19}");

    public HardwareAddress {
        text = text.toLowerCase(Locale.ROOT);
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "hardware address: '" + text + "' (expected: 6 to 20 octets like 02:00:5e:10:00:01)");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
