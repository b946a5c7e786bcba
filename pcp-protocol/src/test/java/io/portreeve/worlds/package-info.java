/**
 * Whole worlds from one seed: time that jumps, a network with weather, a disk that forgets what was not synced, processes that
 * die between two calls, and a runner that shortens what failed. It knows none of the programs; each brings its own adapter.
 */
package io.portreeve.worlds;
