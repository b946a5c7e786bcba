/** What a server and its clients say to each other, in files that packet analysers read. */
package io.portreeve.server.capture;
