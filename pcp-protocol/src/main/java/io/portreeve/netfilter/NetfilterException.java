package io.portreeve.netfilter;

/** The kernel, or nft, did not do what it was asked. The message says what to do about it. */
public final class NetfilterException extends Exception {
    private static final long serialVersionUID = 1;

    public NetfilterException(String message) {
        super(message);
    }
}
