/**
 * The client in worlds: the real engine, run as its thread runs it, against the real server over bad weather; both are killed
 * and started again, and watched by a checker that only looks from outside.
 */
package io.portreeve.client.worlds;
