/**
 * A PCP server inside the tests of a PCP client: {@link io.portreeve.server.junit.PcpTestServer}, and an extension for JUnit 5 that
 * gives one to each test.
 *
 * <p>The server itself needs no JUnit. The page docs/junit.md shows how it is used.
 */
package io.portreeve.server.junit;
