/**
 * Watches a server from outside: what is sent to it, what it answers, what it asks of the CGN, what lies on the disk. It never
 * looks into the engine, and shares no code with it.
 */
package io.portreeve.server.worlds.checker;
