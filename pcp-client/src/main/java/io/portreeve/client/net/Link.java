package io.portreeve.client.net;

import java.util.Set;

/**
 * One network interface.
 *
 * @param index the kernel's number of it, unique in its network namespace
 */
public record Link(int index, String name, Set<Property> properties) {

    /** What a link can be; the words are those of {@code ip link}. */
    public enum Property {
        /** Somebody switched it on. */
        UP,

        /** It can carry packets: a cable is in, the other side is there. */
        RUNNING,

        MULTICAST,
        LOOPBACK
    }

    public Link {
        properties = Set.copyOf(properties);
    }

    public boolean is(Property property) {
        return properties.contains(property);
    }

    /** {@return true if packets can leave through it now} */
    public boolean carries() {
        return is(Property.UP) && is(Property.RUNNING);
    }
}
