package io.portreeve.client.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.portreeve.pcp.IpProtocol;
import io.portreeve.server.PcpServer;
import io.portreeve.server.cgn.LocalCgn;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** A mapping as the server has it on disk. */
record ServerRow(String external, String nonce) {

    /** {@return the external endpoint of each internal side in the CGN: {@code UDP 1001}, {@code 203.0.114.1:4022}} */
    static Map<String, String> externals(PcpServer server) {
        var externals = new TreeMap<String, String>();
        for (var mapping :
                server.cgn().table().stream().map(LocalCgn.Entry::mapping).toList()) {
            var internal = mapping.protocol() + " " + mapping.internal().port();
            assertThat(externals.put(internal, mapping.external().toString()))
                    .as("a second mapping of %s", internal)
                    .isNull();
        }
        return externals;
    }

    /** @param state the folder of the server's files */
    static Map<String, ServerRow> all(Path state) throws SQLException {
        var rows = new TreeMap<String, ServerRow>();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + state.resolve("server.db"));
                var statement = connection.createStatement();
                var found = statement.executeQuery("SELECT * FROM mapping")) {
            while (found.next()) {
                var internal = new IpProtocol(found.getInt("protocol")) + " " + found.getInt("internal_port");
                var external = found.getString("external_address") + ":" + found.getInt("external_port");
                assertThat(rows.put(internal, new ServerRow(external, found.getString("nonce"))))
                        .as("a second row of %s", internal)
                        .isNull();
            }
        }
        return rows;
    }
}
