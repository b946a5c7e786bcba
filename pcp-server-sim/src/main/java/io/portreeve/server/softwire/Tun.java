package io.portreeve.server.softwire;

import io.portreeve.pcp.PcpAddress;
import io.portreeve.runtime.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A network interface whose cable ends here: what is sent here comes into the kernel through it, and what the kernel sends out
 * of it can be received. It belongs to the network namespace of the thread that opens it, and goes when it is closed. One
 * thread receives, any may send.
 */
public final class Tun implements AutoCloseable {
    private static final Path DEVICE = Path.of("/dev/net/tun");
    private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");
    private static final long TUNSETIFF = 0x4004_54ca;
    private static final short TUN_WITHOUT_HEADER_ALONE = (short) (1 | 0x1000 | 0x8000);
    private static final int IFREQ = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int EBUSY = 16;

    private final String name;
    private final PacketInput input;
    private final int descriptor;
    private boolean closed;

    private Tun(String name, int descriptor, PacketInput input) {
        this.name = name;
        this.descriptor = descriptor;
        this.input = input;
    }

    /** {@return a new interface, which is down} */
    public static Tun open(String name) throws TunnelException {
        try (var arena = Arena.ofConfined()) {
            int descriptor = Libc.open(arena.allocateFrom(DEVICE.toString()));
            if (descriptor < 0) {
                throw new TunnelException(DEVICE + " cannot be opened (errno " + -descriptor
                        + "): run as root, and load the kernel's module tun");
            }
            var request = arena.allocate(IFREQ, 8);
            MemorySegment.copy(
                    MemorySegment.ofArray(name.getBytes(StandardCharsets.US_ASCII)), 0, request, 0, name.length());
            request.set(ValueLayout.JAVA_SHORT, IFREQ_FLAGS, TUN_WITHOUT_HEADER_ALONE);
            int made = Libc.ioctl(descriptor, TUNSETIFF, request);
            if (made < 0) {
                Libc.close(descriptor);
                throw cannotBeMade(name, -made);
            }
            return new Tun(name, descriptor, PacketInput.of(descriptor));
        }
    }

    private static TunnelException cannotBeMade(String name, int errno) {
        return new TunnelException("the tun interface " + name + " cannot be made (errno " + errno + "): "
                + (errno == EBUSY
                        ? "there is one already: stop the program that has it, or choose another 'inside-interface'"
                        : "it needs the right CAP_NET_ADMIN, which root has"));
    }

    /**
     * Takes the interface into service, with a route for {@code prefix}, and has the machine forward IPv4.
     *
     * @param own what the machine calls itself when it has something to say to those behind it
     * @param mtu octets of the longest packet
     */
    public void start(PcpAddress own, InsidePrefix prefix, int mtu) throws TunnelException {
        Ip.run("""
                link set %1$s mtu %2$d up
                address add %3$s/32 dev %1$s
                route add %4$s dev %1$s
                """.formatted(name, mtu, own, prefix));
        try {
            Files.writeString(FORWARDING, "1");
        } catch (IOException e) {
            throw new TunnelException("this machine does not forward packets: sysctl -w net.ipv4.ip_forward=1");
        }
    }

    /** {@return the next packet, valid until the next call; empty when {@link #wake} was called} */
    public Optional<ByteBuffer> receive() throws TunnelException {
        return input.next(into -> Libc.read(descriptor, into));
    }

    /**
     * Sends a packet, unless the kernel does not take it, or this is closed.
     *
     * @param packet a direct buffer, from its position to its limit
     */
    public synchronized void send(ByteBuffer packet) {
        if (!closed) {
            Libc.write(descriptor, MemorySegment.ofBuffer(packet));
        }
    }

    /** Ends every {@link #receive}, now and later. */
    public void wake() {
        input.wake();
    }

    /** The interface goes. Nobody may be receiving. */
    @Override
    public synchronized void close() {
        closed = true;
        Libc.close(descriptor);
        input.close();
    }
}
