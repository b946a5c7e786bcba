package io.portreeve.client.worlds.checker;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingView;
import io.portreeve.pcp.MonoTime;
import io.portreeve.pcp.PcpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What can be read from outside. */
public interface Dumps {

    /** {@return the world's time} */
    MonoTime time();

    /** {@return the client's own clock} */
    MonoTime uptime();

    /** {@return people's clock at the client} */
    Instant wall();

    /** {@return the address of the client's machine} */
    PcpAddress source();

    /** {@return what the client's disk would hold after a crash} */
    Map<MappingKey, StoredRow> clientDisk();

    /** {@return true if it is full, or was when it was written last} */
    boolean isClientDiskBehind();

    /** {@return what the client says it has} */
    List<MappingView> listing();

    /** {@return true if there is a server, and it has done all that it was told} */
    boolean isServerQuiet();

    /** {@return what is in force for whoever asks from {@code client}} */
    List<ServerRow> server(PcpAddress client);
}
