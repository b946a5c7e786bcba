package io.portreeve.netfilter;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What can happen to a table. */
sealed interface TableEvent {

    /** @param restored those of the added that may have connections older than the table */
    record Change(TableChange change, Set<Element> restored, CompletableFuture<Void> done) implements TableEvent {}

    record Chains(String chains, CompletableFuture<Void> done) implements TableEvent {}

    /** Another program did something to it. */
    record Touched() implements TableEvent {}
}
