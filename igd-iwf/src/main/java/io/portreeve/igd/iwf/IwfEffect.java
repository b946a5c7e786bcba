package io.portreeve.igd.iwf;

import io.portreeve.client.MappingKey;
import io.portreeve.client.MappingRequest;
import io.portreeve.pcp.PcpAddress;
import java.util.Optional;

/** What the world must do for the interworking. */
public sealed interface IwfEffect {

    /** Every {@link IwfEvent.Call} gets exactly one. */
    record Reply(long call, IgdReply reply) implements IwfEffect {}

    record AskPcp(long id, MappingRequest request) implements IwfEffect {}

    record ReleasePcp(long id, MappingKey key) implements IwfEffect {}

    record ChangeNat(long id, NatChange change) implements IwfEffect {}

    /** To be on disk before {@link IwfEvent.Saved} comes back. */
    sealed interface Stored extends IwfEffect permits Save, Erase {
        long id();
    }

    record Save(long id, PortMapping mapping) implements Stored {}

    record Erase(long id, PortMappingKey key) implements Stored {}

    /** The external address is another one now, or none. */
    record Announce(Optional<PcpAddress> external) implements IwfEffect {}

    /** What subscribers are told is this now. */
    record Publish(GatewayState state) implements IwfEffect {}

    /** Every {@link IwfEvent.Inspect} gets exactly one. */
    record Show(long id, Snapshot snapshot) implements IwfEffect {}

    record Audit(AuditRecord entry) implements IwfEffect {}
}
