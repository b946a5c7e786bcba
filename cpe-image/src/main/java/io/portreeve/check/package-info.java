/** The lab's checker: do all who know of the open ports know the same? */
package io.portreeve.check;
