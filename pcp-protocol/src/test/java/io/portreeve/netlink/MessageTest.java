package io.portreeve.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.testing.Seeds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is cut short, or says that it is longer than there is room for, is as if it had not come. */
class MessageTest {
    private static final int NAME = 1;
    private static final int NUMBERS = 2;

    /** Of one message: the two headers, the name in its attribute, two numbers in theirs. */
    private static final int LENGTH = 20 + 12 + 20;

    /** {@return two messages with a name and two numbers each} */
    private static ByteBuffer datagram() {
        var octets = ByteBuffer.allocate(2 * LENGTH).order(ByteOrder.nativeOrder());
        var writer = new MessageWriter(octets);
        for (int sequence : new int[] {1, 2}) {
            writer.netfilter(
                    0,
                    0,
                    sequence,
                    2,
                    0,
                    into -> into.attribute(NAME, "test")
                            .nest(NUMBERS, numbers -> numbers.attribute(1, 7).attribute(2, 8)));
        }
        return octets.flip();
    }

    private static List<String> read(ByteBuffer datagram) {
        return Message.in(datagram).stream().map(MessageTest::text).toList();
    }

    private static String text(Message message) {
        var name = Attribute.first(NAME, message.attributes()).map(Attribute::text);
        var numbers = Attribute.first(NUMBERS, message.attributes());
        return Stream.of(
                        Optional.of(message.sequence()),
                        name,
                        numbers.flatMap(it -> it.nested(1)).map(MessageTest::number),
                        numbers.flatMap(it -> it.nested(2)).map(MessageTest::number))
                .map(part -> part.map(Object::toString).orElse("-"))
                .reduce((left, right) -> left + " " + right)
                .orElseThrow();
    }

    private static int number(Attribute attribute) {
        return attribute.value().getInt(0);
    }

    @Test
    void whatIsCutShortIsLeftOut() {
        var whole = List.of("1 test 7 8", "2 test 7 8");
        for (int length = 0; length <= 2 * LENGTH; length++) {
            var cut = datagram().limit(length);
            assertThat(read(cut)).as("%d octets", length).isEqualTo(whole.subList(0, length / LENGTH));
        }
    }

    /** @param at where the length stands that is wrong */
    private record Row(String why, int at, int length, List<String> read) {}

    static Stream<Row> messageLengths() {
        return Stream.of(
                new Row("nothing", 0, 0, List.of()),
                new Row("less than its header", 0, 15, List.of()),
                new Row("one octet too many", LENGTH, LENGTH + 1, List.of("1 test 7 8")),
                new Row("negative", LENGTH, -1, List.of("1 test 7 8")),
                new Row("no more than the headers", 0, 20, List.of("1 - - -")),
                new Row("less than the header of netfilter", LENGTH, 16, List.of("1 test 7 8", "2 - - -")));
    }

    @ParameterizedTest
    @MethodSource("messageLengths")
    void messagesOfALengthThatCannotBe(Row row) {
        var datagram = datagram().putInt(row.at, row.length);
        assertThat(read(datagram)).as(row.why).isEqualTo(row.read);
    }

    static Stream<Row> attributeLengths() {
        return Stream.of(
                new Row("nothing", 20, 0, List.of("1 - - -", "2 test 7 8")),
                new Row("less than its header", 20, 3, List.of("1 - - -", "2 test 7 8")),
                new Row("longer than the message", 20, LENGTH - 20 + 1, List.of("1 - - -", "2 test 7 8")),
                new Row("nested, longer than what it is in", 44, 9, List.of("1 test 7 -", "2 test 7 8")),
                new Row("of the outer one, so that the inner one is cut", 32, 19, List.of("1 test 7 -", "2 test 7 8")));
    }

    @ParameterizedTest
    @MethodSource("attributeLengths")
    void attributesOfALengthThatCannotBe(Row row) {
        var datagram = datagram().putShort(row.at, (short) row.length);
        assertThat(read(datagram)).as(row.why).isEqualTo(row.read);
    }

    @Test
    void survivesAnyOctets() {
        Seeds.each(20_000, random -> {
            var octets = new byte[random.nextInt(100)];
            random.nextBytes(octets);
            var datagram = ByteBuffer.wrap(octets).order(ByteOrder.nativeOrder());
            if (octets.length >= 4) {
                datagram.putInt(0, random.nextInt(octets.length + 1));
            }
            for (var message : Message.in(datagram)) {
                message.errno();
                message.attributes().forEach(MessageTest::assertReadable);
            }
        });
    }

    private static void assertReadable(Attribute attribute) {
        assertThat(attribute.text()).isNotNull();
        attribute.nested().forEach(MessageTest::assertReadable);
    }
}
