package io.portreeve.bench;

/** What opens and closes ports; a call returns when it is done. Several threads may call, each for ports of its own. */
public interface PortMappings {
    void create(int port) throws Exception;

    void delete(int port) throws Exception;
}
