package io.portreeve.igd.gateway;

import io.portreeve.client.MappingView;
import io.portreeve.igd.iwf.Interworking;
import io.portreeve.igd.iwf.IwfEffect;
import io.portreeve.igd.iwf.IwfEvent;
import io.portreeve.igd.iwf.IwfPolicy;
import io.portreeve.igd.iwf.Reading;
import io.portreeve.igd.nat.LocalNat;
import io.portreeve.igd.store.PortMappingStore;
import io.portreeve.netfilter.NetfilterException;
import io.portreeve.pcp.MonoTime;
import io.portreeve.runtime.MonoClock;
import io.portreeve.runtime.Owned;
import io.portreeve.storage.StorageException;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** A whole interworking but for its thread and its PCP client: what starts it, and what makes its batches, is the real code. */
public final class WorldGateway {

    private record World(PortMappingStore table, Consumer<Reading> readings, Consumer<IwfEffect> rest)
            implements GatewayLoop.Surroundings {
        @Override
        public boolean store(List<IwfEffect.Stored> changes, long updateId, MonoTime now) {
            try {
                table.write(changes, updateId, now);
                return true;
            } catch (StorageException e) {
                return false;
            }
        }

        @Override
        public void readable(Reading reading) {
            readings.accept(reading);
        }

        @Override
        public void perform(IwfEffect effect) {
            rest.accept(effect);
        }
    }

    private WorldGateway() {}

    /**
     * {@return what its thread would own}
     *
     * @param kept what the PCP client has
     * @param readings take what may be read from then on
     * @param world does what is not stored
     */
    public static Owned<IwfEvent> start(
            IwfPolicy policy,
            PortMappingStore table,
            Collection<MappingView> kept,
            LocalNat nat,
            MonoClock clock,
            Consumer<Reading> readings,
            Consumer<IwfEffect> world)
            throws NetfilterException, StorageException {
        var loop = new GatewayLoop(new Interworking(policy), new World(table, readings, world));
        loop.start(table.load(clock.now()), kept, nat, clock);
        return loop;
    }
}
