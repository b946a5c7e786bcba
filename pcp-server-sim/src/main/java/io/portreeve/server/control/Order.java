package io.portreeve.server.control;

import java.util.List;

/** Something that a running server may be asked or told. */
@FunctionalInterface
public interface Order {

    /**
     * {@return the answer, which ends with a line feed if it is not empty}
     *
     * @param words what follows the order's own
     * @throws OrderRefused saying what is wrong and what was expected; nothing has changed then
     */
    String done(List<String> words) throws OrderRefused;
}
