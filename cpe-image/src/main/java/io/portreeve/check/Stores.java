package io.portreeve.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;

/** What stands in the SQLite files of programs that may be running. */
final class Stores {
    private static final int TCP = 6;

    /** By mappings to this port of its own an idle gateway learns its external address. */
    private static final int SENTINEL_PORT = 9;

    @FunctionalInterface
    private interface Row {
        String text(ResultSet row) throws SQLException;
    }

    private Stores() {}

    /** {@return the gateway's entries: {@code TCP 8080 -> 192.168.1.10:80}} */
    static Set<String> portMappings(Path file) throws IOException {
        return rows(
                file,
                "SELECT * FROM port_mapping",
                row -> protocol(row) + " " + row.getInt("external_port") + " -> " + host(row));
    }

    /** {@return the gateway's entries by the port of its own NAT: {@code TCP 41969 -> 192.168.1.10:80}} */
    static Set<String> natRules(Path file) throws IOException {
        return rows(
                file,
                "SELECT * FROM port_mapping WHERE nat_port > 0",
                row -> protocol(row) + " " + row.getInt("nat_port") + " -> " + host(row));
    }

    /** {@return what the gateway's entries should be to the provider: {@code TCP 8080 -> 100.64.0.2:41969}} */
    static Set<String> wantedOfProvider(Path file, String wan) throws IOException {
        return rows(file, "SELECT * FROM port_mapping", row -> {
            boolean translated = row.getInt("nat_port") > 0;
            return protocol(row) + " " + row.getInt("external_port") + " -> "
                    + (translated ? wan + ":" + row.getInt("nat_port") : host(row));
        });
    }

    /** {@return what the gateway's PCP client has, without the sentinel, written as {@link #wantedOfProvider}} */
    static Set<String> clientPorts(Path file, String wan) throws IOException {
        return rows(
                file,
                "SELECT * FROM mapping WHERE NOT (third_party = '' AND internal_port = " + SENTINEL_PORT + ")",
                row -> protocol(row) + " " + row.getInt("external_port") + " -> " + internal(row, wan));
    }

    /** {@return what the gateway's PCP client has: {@code TCP 203.0.114.1:8080 -> 100.64.0.2:41969}} */
    static Set<String> clientMappings(Path file, String wan) throws IOException {
        return rows(file, "SELECT * FROM mapping", row -> external(row) + " -> " + internal(row, wan));
    }

    /** {@return what the server has, written as {@link #clientMappings}} */
    static Set<String> serverMappings(Path file) throws IOException {
        return serverRows(file, "SELECT * FROM mapping");
    }

    /** {@return what the server has of one subscriber, written as {@link #clientMappings}} */
    static Set<String> serverMappings(Path file, String subscriber) throws IOException {
        return serverRows(file, "SELECT * FROM mapping WHERE subscriber = '" + subscriber + "'");
    }

    private static Set<String> serverRows(Path file, String query) throws IOException {
        return rows(
                file,
                query,
                row -> external(row) + " -> " + row.getString("internal_address") + ":" + row.getInt("internal_port"));
    }

    /** {@return who has which address: {@code 100.64.0.2 -> 203.0.114.1}} */
    static Set<String> subscribers(Path file) throws IOException {
        return rows(
                file,
                "SELECT * FROM subscriber",
                row -> row.getString("id") + " -> " + row.getString("external_address"));
    }

    private static String external(ResultSet row) throws SQLException {
        return protocol(row) + " " + row.getString("external_address") + ":" + row.getInt("external_port");
    }

    private static String internal(ResultSet row, String wan) throws SQLException {
        var thirdParty = row.getString("third_party");
        return (thirdParty.isEmpty() ? wan : thirdParty) + ":" + row.getInt("internal_port");
    }

    private static String host(ResultSet row) throws SQLException {
        return row.getString("internal_client") + ":" + row.getInt("internal_port");
    }

    private static String protocol(ResultSet row) throws SQLException {
        return row.getInt("protocol") == TCP ? "TCP" : "UDP";
    }

    private static Set<String> rows(Path file, String query, Row row) throws IOException {
        if (Files.notExists(file)) {
            throw new IOException(file + ": there is no such file");
        }
        var readOnly = new Properties();
        readOnly.setProperty("open_mode", "1");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file, readOnly);
                var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            var lines = new HashSet<String>();
            while (result.next()) {
                lines.add(row.text(result));
            }
            return lines;
        } catch (SQLException e) {
            throw new IOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
