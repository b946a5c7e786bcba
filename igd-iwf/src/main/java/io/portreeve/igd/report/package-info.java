/** What the person who runs the gateway reads of it, and the programs of that person. */
package io.portreeve.igd.report;
