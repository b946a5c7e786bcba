/** What programs say to programs. */
package io.portreeve.json;
