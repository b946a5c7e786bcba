package io.portreeve.netlink;

import java.util.Map;

/** The kernel refuses. */
public final class NetlinkException extends Exception {
    private static final long serialVersionUID = 1;

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EINVAL = 22;
    public static final int ENOBUFS = 105;

    private static final Map<Integer, String> WORDS = Map.of(
            EPERM, "operation not permitted",
            ENOENT, "no such thing",
            EINVAL, "invalid argument",
            ENOBUFS, "no buffer space");

    private final int errno;

    /** @param errno as in errno.h, positive */
    public NetlinkException(String what, int errno) {
        super(what + ": " + WORDS.getOrDefault(errno, "errno") + " (" + errno + ")");
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
