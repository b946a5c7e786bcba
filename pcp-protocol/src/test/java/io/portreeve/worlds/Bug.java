package io.portreeve.worlds;

import java.util.List;

/**
 * A mistake to plant into a program, to see that its worlds find it: one call in one method goes somewhere else.
 *
 * @param in the class and the method, as {@code package.Class.method}; its lambdas are included
 * @param called the class and the method that it calls no longer
 * @param instead a static method with the same result, whose parameters are the object it was called on and the arguments
 */
public record Bug(String name, String in, String called, String instead) {

    /**
     * {@return the bugs of a table: one a line, with its name, where it is, which call is another one there, and which}
     *
     * @param root the package that most names are in, without saying so
     */
    public static List<Bug> listed(String table, String root) {
        return table.lines()
                .map(line -> line.split("\\|"))
                .map(columns -> of(columns, root))
                .toList();
    }

    private static Bug of(String[] columns, String root) {
        return new Bug(columns[0].strip(), full(columns[1], root), full(columns[2], root), full(columns[3], root));
    }

    private static String full(String column, String root) {
        var name = column.strip();
        return name.startsWith("java.") || name.startsWith("io.") ? name : root + "." + name;
    }

    @Override
    public String toString() {
        return name;
    }

    static String ownerOf(String method) {
        return method.substring(0, method.lastIndexOf('.'));
    }

    static String nameOf(String method) {
        return method.substring(method.lastIndexOf('.') + 1);
    }
}
