package io.portreeve.client;

/** What happened to a mapping without its owner asking. */
public sealed interface MappingEvent {
    MappingKey key();

    /** The external endpoint is another one now. */
    record Moved(MappingKey key, Endpoint external) implements MappingEvent {}

    /** It expired without being renewed; the client goes on asking for it. */
    record Lost(MappingKey key) implements MappingEvent {}
}
