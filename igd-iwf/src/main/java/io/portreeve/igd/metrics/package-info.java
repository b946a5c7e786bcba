/** Whether the gateway works, and what it has done, for the programs that watch it. */
package io.portreeve.igd.metrics;
