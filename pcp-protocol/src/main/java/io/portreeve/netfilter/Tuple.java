package io.portreeve.netfilter;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.pcp.PcpAddress;
import java.util.List;
import java.util.stream.Collectors;

/** A key or a value of an nftables map, as nft writes it: {@code 6 . 203.0.114.1 . 8080}. */
public record Tuple(List<Field> fields) {

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

    @Override
    public String toString() {
        return fields.stream().map(Field::toString).collect(Collectors.joining(" . "));
    }
}
