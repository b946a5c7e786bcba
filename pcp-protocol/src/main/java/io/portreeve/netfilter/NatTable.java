package io.portreeve.netfilter;

import io.portreeve.runtime.MonoClock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** An nftables table of our own in the kernel, of family ip, kept as it is wanted whatever others do to it. */
public final class NatTable implements AutoCloseable {

    private NatTable() {}

    /**
     * {@return the table, in force} The entries that an earlier run left in its maps stay until they are removed.
     *
     * @param chains what nft reads between the braces of the table, without the maps
     * @param onFailure called once if its owner thread fails
     */
    public static NatTable open(
            String name, List<NatMap> maps, String chains, MonoClock clock, Consumer<Throwable> onFailure)
            throws NetfilterException {
        throw new UnsupportedOperationException();
    }

    /** {@return what is wanted in the maps now} */
    public Set<Element> elements() {
        throw new UnsupportedOperationException();
    }

    /** {@return when {@code change} is in force} It fails with {@link NetfilterException}, and then nothing has changed. */
    public CompletableFuture<Void> apply(TableChange change) {
        throw new UnsupportedOperationException();
    }

    /** {@return when these chains stand in place of those before, the maps as they are} Fails as {@link #apply} does. */
    public CompletableFuture<Void> replaceChains(String chains) {
        throw new UnsupportedOperationException();
    }

    /** Ends the keeping. The table stays in force, so that connections outlive a restart. */
    @Override
    public void close() {}
}
