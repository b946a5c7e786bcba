/**
 * The server in worlds: the real engine, loop, start and mock CGN, asked in real octets over bad weather, killed and started
 * again, and watched by a checker that only looks from outside.
 */
package io.portreeve.server.worlds;
