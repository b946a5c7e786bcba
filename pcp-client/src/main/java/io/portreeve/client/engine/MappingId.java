package io.portreeve.client.engine;

import io.portreeve.client.MappingKey;

/** One mapping at one server. */
public record MappingId(String server, MappingKey key) {}
