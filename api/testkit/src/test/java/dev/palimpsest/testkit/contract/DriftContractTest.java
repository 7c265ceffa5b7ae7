package dev.palimpsest.testkit.contract;

import dev.palimpsest.api.DriftArchitecture;
import dev.palimpsest.api.DriftNetwork;
import dev.palimpsest.api.DriftSignature;
import dev.palimpsest.api.LossGradient;
import dev.palimpsest.api.Range;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DriftContractTest {
    private static final List<DriftSignature> SIGNATURES =
            List.of(new DriftSignature(new long[] {3}, 0, 0), new DriftSignature(new long[] {1, 2, 2}, 0, 2));

    private record Trial(DriftArchitecture architecture) implements DriftContract {
        @Override
        public List<DriftSignature> signatures() {
            return SIGNATURES;
        }
    }

    public record Sound() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new SmallNetwork(signature, seed);
        }
    }

    public record Hidden(int width) implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new SmallNetwork(signature, seed);
        }
    }

    public record Unchecked(@Range(min = 1) int width) implements DriftArchitecture {
        public Unchecked() {
            this(1);
        }

        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new SmallNetwork(signature, seed);
        }
    }

    public record Restless() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            SmallNetwork network = new SmallNetwork(signature, seed);
            network.parameters().addi(.1);
            return network;
        }
    }

    public record Unseeded() implements DriftArchitecture {
        private static final AtomicLong SEED = new AtomicLong();

        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new SmallNetwork(signature, SEED.incrementAndGet());
        }
    }

    public record AlwaysTheSame() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new SmallNetwork(signature, 7);
        }
    }

    public record Matrix() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new SmallNetwork(signature, seed) {
                @Override
                public INDArray parameters() {
                    return super.parameters().reshape(1, super.parameters().length());
                }
            };
        }
    }

    public record CopiedParameters() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new SmallNetwork(signature, seed) {
                @Override
                public INDArray parameters() {
                    return super.parameters().dup();
                }
            };
        }
    }

    /** A network whose velocity is that of a small network, changed. */
    private abstract static class Changed extends SmallNetwork {
        Changed(DriftSignature signature, long seed) {
            super(signature, seed);
        }

        abstract INDArray changed(INDArray velocity, INDArray x);

        @Override
        public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
            return changed(super.velocity(t, x, conditioning), x);
        }
    }

    public record Flattened() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new Changed(signature, seed) {
                @Override
                INDArray changed(INDArray velocity, INDArray x) {
                    return velocity.reshape(x.length());
                }
            };
        }
    }

    public record Infinite() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new Changed(signature, seed) {
                @Override
                INDArray changed(INDArray velocity, INDArray x) {
                    return velocity.putScalar(0, Float.POSITIVE_INFINITY);
                }
            };
        }
    }

    public record Buffered() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new Changed(signature, seed) {
                private INDArray buffer = Nd4j.zeros(1);

                @Override
                INDArray changed(INDArray velocity, INDArray x) {
                    buffer = buffer.equalShapes(velocity) ? buffer.assign(velocity) : velocity;
                    return buffer;
                }
            };
        }
    }

    public record NormalisedBatch() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new Changed(signature, seed) {
                @Override
                INDArray changed(INDArray velocity, INDArray x) {
                    return velocity.subi(velocity.meanNumber());
                }
            };
        }
    }

    public record InPlace() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new Changed(signature, seed) {
                @Override
                INDArray changed(INDArray velocity, INDArray x) {
                    x.muli(2);
                    return velocity;
                }
            };
        }
    }

    public record Unconditioned() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new SmallNetwork(signature, seed) {
                @Override
                public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
                    return super.velocity(t, x, conditioning.map(known -> known.mul(0)));
                }
            };
        }
    }

    public record Timeless() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new SmallNetwork(signature, seed) {
                @Override
                public INDArray velocity(INDArray t, INDArray x, Optional<INDArray> conditioning) {
                    return super.velocity(t.mul(0), x, conditioning);
                }
            };
        }
    }

    /** A network whose loss and gradient are those of a small network, changed. */
    private abstract static class Trained extends SmallNetwork {
        Trained(DriftSignature signature, long seed) {
            super(signature, seed);
        }

        abstract LossGradient changed(LossGradient found, INDArray target);

        @Override
        public LossGradient squaredError(INDArray t, INDArray x, Optional<INDArray> conditioning, INDArray target) {
            return changed(super.squaredError(t, x, conditioning, target), target);
        }
    }

    public record SummedLoss() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new Trained(signature, seed) {
                @Override
                LossGradient changed(LossGradient found, INDArray target) {
                    return new LossGradient(found.loss() * target.length() / target.size(0), found.gradient());
                }
            };
        }
    }

    public record HalfGradient() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new Trained(signature, seed) {
                @Override
                LossGradient changed(LossGradient found, INDArray target) {
                    return new LossGradient(found.loss(), found.gradient().mul(.5));
                }
            };
        }
    }

    /** Leaves out the gradient of one weight. */
    public record ForgottenWeight() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new Trained(signature, seed) {
                @Override
                LossGradient changed(LossGradient found, INDArray target) {
                    found.gradient().putScalar(found.gradient().length() - 1, 0);
                    return found;
                }
            };
        }
    }

    public record Optimising() implements DriftArchitecture {
        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new Trained(signature, seed) {
                @Override
                LossGradient changed(LossGradient found, INDArray target) {
                    parameters().subi(found.gradient());
                    return found;
                }
            };
        }
    }

    public record Shared() implements DriftArchitecture {
        private static final Shelf<INDArray> SHELF = new Shelf<>();

        @Override
        public DriftNetwork build(DriftSignature signature, long seed) {
            return new Trained(signature, seed) {
                @Override
                LossGradient changed(LossGradient found, INDArray target) {
                    return new LossGradient(found.loss(), SHELF.through(found.gradient()));
                }
            };
        }
    }

    @Nested
    class ASoundDrift implements DriftContract {
        @Override
        public DriftArchitecture architecture() {
            return new Sound();
        }

        @Override
        public List<DriftSignature> signatures() {
            return SIGNATURES;
        }
    }

    static Stream<Broken<DriftArchitecture>> broken() {
        return Stream.of(
                new Broken<>(
                        new Hidden(2), "a drift is a public record with defaults", "no public constructor without"),
                new Broken<>(
                        new Unchecked(),
                        "a drift refuses values out of range",
                        "expected Unchecked to refuse width = 0"),
                new Broken<>(
                        new Restless(),
                        "a new drift is zero everywhere",
                        "DriftSignature[itemShape=[3], conditioningMaps=0, conditioningSize=0]: expected a new network's"
                                + " velocity to be 0"),
                new Broken<>(
                        new Unseeded(),
                        "the same seed builds the same drift",
                        "expected the same parameters from the same seed, got others"),
                new Broken<>(
                        new AlwaysTheSame(),
                        "another seed builds another drift",
                        "expected other parameters from another seed, got the same"),
                new Broken<>(
                        new Matrix(),
                        "the parameters of a drift are one flat vector",
                        "expected parameters as one vector [P] of floats, got shape [1, 35] of type FLOAT"),
                new Broken<>(
                        new CopiedParameters(),
                        "writing to the parameters changes the drift",
                        "return the network's own array, not a copy"),
                new Broken<>(
                        new Flattened(),
                        "a velocity has the shape of x and is finite",
                        "expected a velocity of shape [1, 3], got [3]"),
                new Broken<>(
                        new Infinite(),
                        "a velocity has the shape of x and is finite",
                        "got Infinity as a velocity at item 0, index 0"),
                new Broken<>(new Buffered(), "a velocity is an array of its own", "return a new array at every call"),
                new Broken<>(
                        new Timeless(),
                        "a velocity depends on time item and conditioning",
                        "the velocity does not depend on t"),
                new Broken<>(
                        new Unconditioned(),
                        "a velocity depends on time item and conditioning",
                        "the velocity does not depend on the conditioning"),
                new Broken<>(
                        new NormalisedBatch(),
                        "the velocity of a batch is that of its items one by one",
                        "treat each item by itself, with no statistics of the batch"),
                new Broken<>(
                        new InPlace(), "a drift leaves what it is given as it was", "x was modified: work on a copy"),
                new Broken<>(
                        new SummedLoss(),
                        "the loss of a drift is the mean squared error of its velocity",
                        "expected the mean over items and dimensions of (velocity - target)^2"),
                new Broken<>(
                        new HalfGradient(),
                        "the gradient of a drift is the slope of its loss",
                        "by central differences, got "),
                new Broken<>(
                        new ForgottenWeight(),
                        "the gradient of a drift is the slope of its loss",
                        "expected a gradient whose slope in parameters 30 to 34 is that of the loss"),
                new Broken<>(
                        new Optimising(),
                        "computing a gradient leaves the parameters as they were",
                        "squaredError changed the parameters"),
                new Broken<>(
                        new Shared(), "two drifts work on two threads as on one", "share no arrays between networks"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void a_broken_promise_is_noticed(Broken<DriftArchitecture> broken) {
        broken.isNoticed(DriftContract.class, new Trial(broken.implementation()));
    }

    @Test
    void every_check_notices_something() {
        Broken.requireOneForEachCheck(DriftContract.class, new Trial(new Sound()), broken().toList());
    }
}
