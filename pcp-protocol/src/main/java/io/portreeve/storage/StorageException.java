package io.portreeve.storage;

/** Nothing was stored. The message is one line and names the file. */
public final class StorageException extends Exception {
    private static final long serialVersionUID = 1;

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
