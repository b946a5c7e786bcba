package io.portreeve.igd.ssdp;

import java.util.Optional;

/**
 * One thing that can be searched for, and the device it belongs to.
 *
 * @param target a device or service type with its version, {@code upnp:rootdevice}, or the device's own {@code uuid:...}
 * @param udn the UDN of the device that is it or holds it: for a service not the root's, but the enclosing device's
 */
public record Advertised(String target, String udn) {

    /** {@return the Unique Service Name} UPnP Device Architecture 1.1 table 1-1. */
    String usn() {
        return target.equals(udn) ? udn : udn + "::" + target;
    }

    /**
     * {@return this as {@code searched} names it, or empty if it is not what is searched for}
     *
     * <p>Who searches for an older version of a type gets that version back: control points compare it letter by letter.
     */
    Optional<Advertised> answering(String searched) {
        if (searched.equals("ssdp:all") || searched.equals(target)) {
            return Optional.of(this);
        }
        int version = target.lastIndexOf(':') + 1;
        boolean older = target.startsWith("urn:")
                && searched.startsWith(target.substring(0, version))
                && searched.substring(version).matches("[1-9][0-9]?")
                && Integer.parseInt(searched.substring(version)) <= Integer.parseInt(target.substring(version));
        return older ? Optional.of(new Advertised(searched, udn)) : Optional.empty();
    }
}
