package io.portreeve.netfilter;

import java.util.concurrent.CompletableFuture;

/** What can happen to a table. */
sealed interface TableEvent {

    record Change(TableChange change, CompletableFuture<Void> done) implements TableEvent {}

    record Chains(String chains, CompletableFuture<Void> done) implements TableEvent {}

    /** Another program did something to it. */
    record Touched() implements TableEvent {}
}
