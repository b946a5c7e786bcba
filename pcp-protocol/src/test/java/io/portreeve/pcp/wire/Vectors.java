package io.portreeve.pcp.wire;

import static java.util.stream.Collectors.toMap;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/** The golden datagrams of {@code wire/vectors.txt}, by name. */
public final class Vectors {

    /** One datagram between two UDP ports. */
    public record Vector(int from, int to, String hex) {
        public byte[] octets() {
            return HexFormat.of().parseHex(hex);
        }
    }

    private static final Map<String, Vector> BY_NAME = read();

    private Vectors() {}

    public static Vector of(String name) {
        return BY_NAME.get(name);
    }

    public static byte[] octets(String name) {
        return of(name).octets();
    }

    static ByteBuffer buffer(String name) {
        return ByteBuffer.wrap(octets(name));
    }

    private static Map<String, Vector> read() {
        try (var in = new BufferedReader(new InputStreamReader(
                Vectors.class.getResourceAsStream("/wire/vectors.txt"), StandardCharsets.UTF_8))) {
            return in.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .collect(toMap(
                            part -> part[0],
                            part -> new Vector(Integer.parseInt(part[1]), Integer.parseInt(part[2]), part[3])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
