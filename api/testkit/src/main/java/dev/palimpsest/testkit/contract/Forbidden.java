package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.Range;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Values that a component must not have: NaN, and the numbers next to its {@link Range}, alone, in a list, or as what is optional. */
final class Forbidden {
    private static final double MOST_OF_LONG = Math.nextDown(0x1p63);

    /** In double precision, in which ranges are written. */
    private final double[] tooLow;

    private final double[] tooHigh;

    private Forbidden(Optional<Range> range) {
        tooLow = range.stream()
                .flatMapToDouble(r -> DoubleStream.of(Math.nextDown(r.min()), r.above()))
                .filter(Double::isFinite)
                .toArray();
        tooHigh = range.stream()
                .flatMapToDouble(r -> DoubleStream.of(Math.nextUp(r.max()), r.below()))
                .filter(Double::isFinite)
                .toArray();
    }

    /** None for a component that holds no numbers. */
    static List<Object> of(RecordComponent component) {
        return new Forbidden(Optional.ofNullable(component.getAnnotation(Range.class)))
                .of(component.getGenericType())
                .toList();
    }

    private Stream<Object> of(Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            return of(generic.getActualTypeArguments()[0]).map(List::of);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
            return of(generic.getActualTypeArguments()[0]).map(Optional::of);
        }
        if (type == double.class || type == Double.class) {
            return Stream.of(DoubleStream.of(Double.NaN), DoubleStream.of(tooLow), DoubleStream.of(tooHigh))
                    .flatMap(DoubleStream::boxed);
        }
        if (type == float.class || type == Float.class) {
            return Stream.of(
                            DoubleStream.of(Double.NaN),
                            DoubleStream.of(tooLow).map(v -> (float) v <= v ? (float) v : Math.nextDown((float) v)),
                            DoubleStream.of(tooHigh).map(v -> (float) v >= v ? (float) v : Math.nextUp((float) v)))
                    .flatMap(numbers -> numbers.mapToObj(v -> (float) v));
        }
        if (type == long.class || type == Long.class) {
            return wholes(Long.MIN_VALUE, MOST_OF_LONG).mapToObj(v -> (long) v);
        }
        return type == int.class || type == Integer.class
                ? wholes(Integer.MIN_VALUE, Integer.MAX_VALUE).mapToObj(v -> (int) v)
                : Stream.empty();
    }

    private DoubleStream wholes(double least, double most) {
        return DoubleStream.concat(
                        DoubleStream.of(tooLow).map(Math::floor),
                        DoubleStream.of(tooHigh).map(Math::ceil))
                .filter(v -> v >= least && v <= most);
    }
}
