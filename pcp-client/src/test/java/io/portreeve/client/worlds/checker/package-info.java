/**
 * What a client owes its server and its applications, read in the RFC a second time. It sees what goes in and out, and what is
 * on the disks; it does not know the engine.
 */
package io.portreeve.client.worlds.checker;
