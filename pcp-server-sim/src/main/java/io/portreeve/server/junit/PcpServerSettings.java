package io.portreeve.server.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * How the {@link PcpTestServer} of a test, or of all tests of a class and of the classes nested in it, differs from the usual one. A
 * method's settings count before its class's, and these before those of the class around it.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(PcpServerExtension.class)
public @interface PcpServerSettings {

    /** {@return lines as in the server's configuration file, such as {@code "quota = 2"}} */
    String[] value();
}
