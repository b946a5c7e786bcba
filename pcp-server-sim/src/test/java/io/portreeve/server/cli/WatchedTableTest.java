package io.portreeve.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class WatchedTableTest {
    private static final String TITLES = "SUBSCRIBER  PROTOCOL  INTERNAL         EXTERNAL          LEFT    ASKED BY";
    private static final String FIRST = "100.64.0.2  TCP       192.168.1.10:80  203.0.114.1:8080  %s  100.64.0.2:5350";
    private static final String SECOND = "100.64.0.3  TCP       192.168.1.10:80  203.0.114.1:8081  -       -";

    private final WatchedTable table = new WatchedTable();

    @Test
    void tellsWhatComesAndGoes() {
        assertThat(table.is(List.of("no mappings"))).isEmpty();
        assertThat(table.is(List.of(TITLES, FIRST.formatted("3600 s"))))
                .containsExactly("+ " + FIRST.formatted("3600 s"));
        assertThat(table.is(List.of(TITLES, FIRST.formatted("3599 s"), SECOND))).containsExactly("+ " + SECOND);
        assertThat(table.is(List.of(TITLES, SECOND))).containsExactly("- " + FIRST.formatted("3599 s"));
        assertThat(table.is(List.of("no mappings"))).containsExactly("- " + SECOND);
    }
}
