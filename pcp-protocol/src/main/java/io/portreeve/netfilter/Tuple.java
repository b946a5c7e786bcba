package io.portreeve.netfilter;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A key or a value of an nftables map, as nft writes it: {@code 6 . 203.0.114.1 . 8080}. */
public record Tuple(List<Field> fields) {
    public static final Tuple EMPTY = new Tuple(List.of());

    public Tuple {
        fields = List.copyOf(fields);
    }

    public static Tuple of(IpProtocol protocol, PcpAddress address, int port) {
        return new Tuple(List.of(new Field.Protocol(protocol), new Field.Address(address), new Field.Port(port)));
    }

    public static Tuple of(IpProtocol protocol, int port) {
        return new Tuple(List.of(new Field.Protocol(protocol), new Field.Port(port)));
    }

    public static Tuple of(PcpAddress address, int port) {
        return new Tuple(List.of(new Field.Address(address), new Field.Port(port)));
    }

    public static Tuple of(PcpAddress address) {
        return new Tuple(List.of(new Field.Address(address)));
    }

    public static Tuple of(int port) {
        return new Tuple(List.of(new Field.Port(port)));
    }

    /** {@return the fields of this and behind them those of {@code other}} */
    public Tuple and(Tuple other) {
        return new Tuple(Stream.concat(fields.stream(), other.fields.stream()).toList());
    }

    @Override
    public String toString() {
        return fields.stream().map(Field::toString).collect(Collectors.joining(" . "));
    }
}
