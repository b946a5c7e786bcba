package io.portreeve.server.cgn;

import static java.util.concurrent.CompletableFuture.failedFuture;

import io.portreeve.netfilter.Element;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The explicit mappings of a CGN and their filters: what the books say to a request, and the kernel to the books. All is done under
 * the lock of the books.
 */
final class KernelMappings {
    private final CgnTable table;
    private final KernelClaims kernel;
    private final MappingRules rules;

    KernelMappings(CgnTable table, KernelClaims kernel, MappingRules rules) {
        this.table = table;
        this.kernel = kernel;
        this.rules = rules;
    }

    /** {@return the handle of {@code wanted} when it is in force, the same one if it was there already} */
    CompletionStage<PcpMapHandle> create(CgnMapping wanted) throws CgnException {
        var existing = table.find(wanted);
        if (existing.isPresent()) {
            return kernel.whenInForce(existing.get());
        }
        var handle = table.create(wanted);
        return kernel.put(
                handle, rules.elements(wanted), () -> table.delete(handle).isPresent());
    }

    CompletionStage<Void> delete(PcpMapHandle mapping) {
        return deleted(table.delete(mapping).map(rules::elements));
    }

    private CompletionStage<Void> deleted(Optional<List<Element>> elements) {
        return elements.<CompletionStage<Void>>map(kernel::remove)
                .orElseGet(() -> failedFuture(new CgnException(CgnError.INVALID_ARGUMENT)));
    }

    CompletionStage<FilterHandle> createFilter(PcpMapHandle mapping, CgnFilter filter) throws CgnException {
        boolean known = table.filterOf(mapping).isPresent();
        if (!known && table.filters() >= FilterRules.MOST) {
            throw new CgnException(CgnError.NO_RESOURCES);
        }
        var handle = table.createFilter(mapping, filter);
        return known ? kernel.whenInForce(handle) : install(handle, filter, Optional.empty());
    }

    CompletionStage<FilterHandle> replaceFilter(FilterHandle old, CgnFilter filter) throws CgnException {
        var before = table.replaceFilter(old, filter).filter();
        return before.equals(Optional.of(filter)) ? kernel.whenInForce(old) : install(old, filter, before);
    }

    private CompletionStage<FilterHandle> install(FilterHandle handle, CgnFilter filter, Optional<CgnFilter> before) {
        var mapping = table.filtered(handle).orElseThrow().mapping();
        var old = before.map(it -> rules.elements(mapping, it)).orElse(List.of());
        return kernel.replace(
                handle, old, rules.elements(mapping, filter), () -> table.undoFilter(handle, filter, before));
    }

    CompletionStage<Void> deleteFilter(FilterHandle filter) {
        return deleted(table.deleteFilter(filter)
                .map(deleted ->
                        rules.elements(deleted.mapping(), deleted.filter().orElseThrow())));
    }

    /** {@return the entries of {@code gone}} */
    List<Element> elements(List<CgnTable.Filtered> gone) {
        return gone.stream().map(rules::elements).flatMap(List::stream).toList();
    }
}
