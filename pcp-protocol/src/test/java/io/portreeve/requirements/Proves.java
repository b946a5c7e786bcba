package io.portreeve.requirements;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The requirement rows a test proves, by id with its document's prefix: {@code pcp:S-MAP-05}, {@code igd:I-ADD-02},
 * {@code rel:T-7}, {@code wire:V05}. An id that no document has fails the build.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Proves {
    String[] value();
}
