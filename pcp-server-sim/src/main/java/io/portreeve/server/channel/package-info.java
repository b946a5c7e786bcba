/**
 * The control channel between a PCP server and a CGN that is another program: TCP on the loopback interface, lines of words.
 *
 * <p>{@link io.portreeve.server.channel.RemoteCgn} is the CGN as the server sees it, {@link
 * io.portreeve.server.channel.CgnServer} stands in front of the real one. When the server is gone, or silent for three seconds,
 * its explicit mappings go, and no implicit one is made until it, or another, has restored what it wants.
 *
 * <pre>
 *   server --"hello 1"--------------------> CGN     a session begins, and an earlier one ends
 *          <--"hello 1 7"------------------
 *          --"1 create-subscriber ..."---->
 *          <--"1 ok 12@7 203.0.114.1"------         a handle belongs to its session
 *          --"2 alive"-------------------->         once a second
 *          <--"2 ok"-----------------------
 *          <--"deleted 12@7"---------------         by the CGN's administration
 *          --"3 unlock-dynamic"----------->
 *          <--"3 stale-session"------------         the session has ended: begin again
 * </pre>
 */
package io.portreeve.server.channel;
