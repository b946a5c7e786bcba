package io.portreeve.client;

/** What happened to a mapping without its owner asking. */
public sealed interface MappingEvent {
    MappingKey key();

    /** It was granted, or moved, while nobody waited for an answer: the external endpoint is this one now. */
    record Granted(MappingKey key, Endpoint external) implements MappingEvent {}

    /**
     * It expired without being renewed, or was refused while nobody waited for an answer, and the client goes on asking for it; or
     * the time is over that it was wanted for, and the client has released it.
     */
    record Lost(MappingKey key) implements MappingEvent {}
}
