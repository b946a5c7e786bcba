/**
 * Days of two homes at one provider: control points with the habits of real ones, the real interworking, PCP client and PCP server
 * between them, and everything around these made of {@link io.portreeve.worlds}.
 */
package io.portreeve.igd.worlds;
