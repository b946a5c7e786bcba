/** How often hosts may have something of the gateway: arithmetic on times that are given. */
package io.portreeve.igd.limits;
