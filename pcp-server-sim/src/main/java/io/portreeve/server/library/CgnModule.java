package io.portreeve.server.library;

import io.portreeve.settings.Settings;
import io.portreeve.settings.SettingsException;

/** A CGN that is run by the library, and not the other way round: see {@link PcpServerLoop}. Source: libpcpd, the _cgn_ functions. */
public interface CgnModule {

    /**
     * Starts the CGN.
     *
     * @param words the command line; this asks for the keys of the CGN's own, and any key that nobody asks for is an error
     */
    PcpMethods init(Settings words) throws SettingsException;

    /** Gives the CGN what it may call from now on. */
    default void register(PcpCallbacks callbacks) {}

    /** Ends the CGN; no method is called after this. */
    default void close() {}
}
