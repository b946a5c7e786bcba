package io.portreeve.igd.upnp;

import io.portreeve.igd.iwf.AccessPolicy.RangeActions;
import io.portreeve.igd.iwf.IgdAction;
import io.portreeve.igd.iwf.IgdCalls;
import io.portreeve.igd.iwf.IgdError;
import io.portreeve.igd.iwf.IgdFace;
import io.portreeve.igd.iwf.IgdReply;
import io.portreeve.igd.iwf.PortMappingKey;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands for the interworking function: keeps mappings in a map, refuses what it is told to refuse, remembers who asked what. */
public final class ScriptedIgdCalls implements IgdCalls {
    public static final PcpAddress EXTERNAL = PcpAddress.parse("203.0.114.1");

    public record Asked(PcpAddress requester, IgdFace face, IgdAction action) {}

    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final ConcurrentSkipListMap<String, IgdAction.Add> mappings = new ConcurrentSkipListMap<>();
    private volatile Optional<IgdError> refusal = Optional.empty();
    private volatile boolean broken;

    public void refuseWith(IgdError error) {
        refusal = Optional.of(error);
    }

    public void breakDown() {
        broken = true;
    }

    public List<Asked> asked() {
        return asked;
    }

    @Override
    public IgdReply call(PcpAddress requester, IgdFace face, IgdAction action) {
        asked.add(new Asked(requester, face, action));
        if (broken) {
            throw new IllegalStateException("broken on purpose");
        }
        return refusal.<IgdReply>map(IgdReply.Failed::new).orElseGet(() -> reply(action));
    }

    /** Knows its own address, and no more. */
    @Override
    public Optional<IgdReply> known(PcpAddress requester, IgdFace face, IgdAction action) {
        return action instanceof IgdAction.GetExternalIPAddress
                ? Optional.of(call(requester, face, action))
                : Optional.empty();
    }

    private IgdReply reply(IgdAction action) {
        return switch (action) {
            case IgdAction.AddPortMapping add -> {
                mappings.put(add.key().toString(), add);
                yield new IgdReply.Done();
            }
            case IgdAction.AddAnyPortMapping add -> {
                mappings.put(add.key().toString(), add);
                yield new IgdReply.ReservedPort(add.key().externalPort());
            }
            case IgdAction.DeletePortMappingRange _ -> {
                mappings.clear();
                yield new IgdReply.Done();
            }
            case IgdAction.GetListOfPortMappings _ ->
                new IgdReply.Listing(
                        mappings.values().stream().map(ScriptedIgdCalls::entry).toList(), RangeActions.TOLERANT);
            case IgdAction.SetConnectionType _ -> failed(IgdError.READ_ONLY);
            case IgdAction.RequestConnection() -> new IgdReply.Done();
            case IgdAction.ForceTermination() -> failed(IgdError.NOT_AUTHORIZED);
            case IgdAction.DeletePortMapping(var key) ->
                mappings.remove(key.toString()) == null ? failed(IgdError.NO_SUCH_ENTRY) : new IgdReply.Done();
            case IgdAction.GetSpecificPortMappingEntry(var key) -> specific(key);
            case IgdAction.GetGenericPortMappingEntry(int index) -> generic(index);
            case IgdAction.GetPortMappingNumberOfEntries() -> new IgdReply.NumberOfEntries(mappings.size());
            case IgdAction.GetExternalIPAddress() -> new IgdReply.ExternalAddress(Optional.of(EXTERNAL));
            case IgdAction.GetStatusInfo() -> new IgdReply.Status(true, 4711);
            case IgdAction.GetConnectionTypeInfo() -> new IgdReply.ConnectionTypeInfo();
            case IgdAction.GetNATRSIPStatus() -> new IgdReply.NatRsipStatus(false, true);
        };
    }

    private IgdReply specific(PortMappingKey key) {
        var mapping = mappings.get(key.toString());
        return mapping == null ? failed(IgdError.NO_SUCH_ENTRY) : entry(mapping);
    }

    private IgdReply generic(int index) {
        return mappings.values().stream()
                .skip(index)
                .findFirst()
                .<IgdReply>map(ScriptedIgdCalls::entry)
                .orElse(failed(IgdError.INVALID_INDEX));
    }

    private static IgdReply.Entry entry(IgdAction.Add mapping) {
        return new IgdReply.Entry(
                mapping.key(),
                mapping.internalPort(),
                mapping.internalClient(),
                mapping.description(),
                mapping.leaseSeconds());
    }

    private static IgdReply failed(IgdError error) {
        return new IgdReply.Failed(error);
    }
}
