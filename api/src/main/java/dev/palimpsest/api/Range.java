package dev.palimpsest.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a numeric key of an extension may be; on a list it holds for every element, at any depth. {@code min} and {@code max} are
 * allowed values, {@code above} and {@code below} are not. NaN and infinities are never allowed. {@link Ranges#check} enforces it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {
    double min() default Double.NEGATIVE_INFINITY;

    double max() default Double.POSITIVE_INFINITY;

    double above() default Double.NEGATIVE_INFINITY;

    double below() default Double.POSITIVE_INFINITY;
}
