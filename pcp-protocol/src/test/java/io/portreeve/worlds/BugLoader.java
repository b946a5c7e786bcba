package io.portreeve.worlds;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;

/** Loads a program a second time, with a {@link Bug}; all other classes are the ones everybody has. */
public final class BugLoader extends ClassLoader {
    private final String program;
    private final Bug bug;

    /** @param program the package that is loaded a second time, with those below it */
    public BugLoader(String program, Bug bug) {
        super(BugLoader.class.getClassLoader());
        this.program = program + ".";
        this.bug = bug;
    }

    /** {@return the world, of which the program has {@code bug}} */
    public static World<?> world(Class<? extends World<?>> world, String program, Bug bug)
            throws ReflectiveOperationException {
        return (World<?>) new BugLoader(program, bug)
                .loadClass(world.getName())
                .getConstructor()
                .newInstance();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            var loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            return name.startsWith(program) ? define(name) : super.loadClass(name, resolve);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] octets = read(name);
        if (name.equals(Bug.ownerOf(bug.in()))) {
            octets = planted(octets);
        }
        return defineClass(name, octets, 0, octets.length);
    }

    private byte[] read(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] planted(byte[] octets) {
        var hierarchy = ClassHierarchyResolver.ofResourceParsing(getParent());
        var file = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
        int[] calls = new int[1];
        var transform = ClassTransform.transformingMethodBodies(this::isInfested, (code, element) -> {
            if (element instanceof InvokeInstruction call && isCalled(call)) {
                calls[0]++;
                redirect(call, code);
            } else {
                code.with(element);
            }
        });
        byte[] changed = file.transformClass(file.parse(octets), transform);
        if (calls[0] == 0) {
            throw new AssertionError(bug.in() + " does not call " + bug.called() + ": correct the bug");
        }
        return changed;
    }

    private boolean isInfested(MethodModel method) {
        var name = method.methodName().stringValue();
        var wanted = Bug.nameOf(bug.in());
        return name.equals(wanted) || name.startsWith("lambda$" + wanted + "$");
    }

    private boolean isCalled(InvokeInstruction call) {
        return call.owner().asInternalName().equals(Bug.ownerOf(bug.called()).replace('.', '/'))
                && call.name().equalsString(Bug.nameOf(bug.called()));
    }

    private void redirect(InvokeInstruction call, CodeBuilder code) {
        var type = call.typeSymbol();
        if (call.opcode() != Opcode.INVOKESTATIC) {
            type = type.insertParameterTypes(0, call.owner().asSymbol());
        }
        code.invokestatic(ClassDesc.of(Bug.ownerOf(bug.instead())), Bug.nameOf(bug.instead()), type);
    }
}
