package io.portreeve.server.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The time of the {@link PcpTestServer} of a test, or of all tests of a class and of the classes nested in it, stands still but for
 * {@link PcpTestServer#advance}.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(PcpServerExtension.class)
public @interface VirtualTime {}
