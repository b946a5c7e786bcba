package io.portreeve.worlds;

/**
 * A mistake to plant into a program, to see that its worlds find it: one call in one method goes somewhere else.
 *
 * @param in the class and the method, as {@code package.Class.method}; its lambdas are included
 * @param called the class and the method that it calls no longer
 * @param instead a static method with the same result, whose parameters are the object it was called on and the arguments
 */
public record Bug(String name, String in, String called, String instead) {

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
