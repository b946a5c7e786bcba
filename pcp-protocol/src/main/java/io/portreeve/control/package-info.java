/** How its owner asks a program that runs. */
package io.portreeve.control;
