package io.portreeve.client.net;

import java.io.IOException;

/** Where the state of the network can be read. It belongs to one thread at a time, {@link #wake} excepted. */
interface NetworkSource extends AutoCloseable {

    NetworkState read() throws IOException;

    /** Waits until the state may have changed since it was read. {@return false if somebody called {@link #wake} instead} */
    boolean await() throws IOException;

    /** Ends every {@link #await}, now and later. */
    void wake();

    @Override
    void close();
}
