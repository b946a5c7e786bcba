package io.portreeve.igd.worlds.checker;

import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.util.List;

/** A call that a host has made. @param before what was stored when it did */
record Asked(long id, PcpAddress host, IgdFace face, IgdAction action, MonoTime at, List<Row> before) {

    /** {@return true if {@code row} was there, and led where it leads} */
    boolean found(Row row) {
        return before.stream()
                .anyMatch(it -> it.key().equals(row.key())
                        && it.inside().equals(row.inside())
                        && it.internalClient().equals(row.internalClient())
                        && it.internalPort() == row.internalPort());
    }

    /** {@return true if it may change what was promised} */
    boolean concerns(Promise promise) {
        if (!promise.host().equals(host) || isHidden(promise)) {
            return false;
        }
        return switch (action) {
            case IgdAction.DeletePortMapping(var key) -> promise.isOn(key);
            case IgdAction.DeletePortMappingRange(var range, boolean _) ->
                promise.isOn(new PortMappingKey(
                                promise.key().remoteHost(), promise.key().externalPort(), range.protocol()))
                        && range.first() <= promise.key().externalPort()
                        && promise.key().externalPort() <= range.last();
            case IgdAction.AddPortMapping add -> promise.isOn(add.key());
            case IgdAction.AddAnyPortMapping add ->
                promise.isOn(add.key())
                        || promise.key().protocol().equals(add.key().protocol())
                                && promise.internalPort() == add.internalPort();
            default -> false;
        };
    }

    /** The second face shows no low port of a host. WANIPConnection:2 section 2.5.16. */
    boolean isHidden(Promise promise) {
        return face == IgdFace.V2 && promise.internalPort() < 1024 && !(action instanceof IgdAction.Add);
    }
}
