package io.portreeve.server.control;

import io.portreeve.control.ControlClient;
import io.portreeve.control.ControlException;
import io.portreeve.control.ControlSocket;
import java.nio.file.Path;
import java.util.function.Supplier;

/** What a running server may be asked. */
public final class ServerControl {
    private static final String MAPPINGS = "mappings";

    private ServerControl() {}

    /**
     * @param mappings makes the CGN's table as text
     * @throws ControlException if another program has this socket, or it cannot be made
     */
    public static ControlSocket open(Path file, Supplier<String> mappings) throws ControlException {
        return ControlSocket.open(
                file,
                question -> question.equals(MAPPINGS) ? mappings.get() : "no such question; ask: " + MAPPINGS + "\n");
    }

    /** {@return the CGN's table as text} */
    public static String mappings(Path socket) throws ControlException {
        return ControlClient.ask(socket, MAPPINGS);
    }
}
