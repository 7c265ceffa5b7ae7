package dev.palimpsest.runtime.evaluate;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The held-out items and what became of them; row i is the same item in all.
 *
 * @param y the observations [n, ...]
 * @param conditioning what is known of their corruption
 * @param restored x = Phi(y)
 * @param recorrupted F(Phi(y)), a fresh draw of F
 * @param recorruptedIdentity F(y), what re-corruption gives where nothing is restored
 * @param clean the clean items, where they are known
 */
public record HeldOut(
        INDArray y,
        Optional<INDArray> conditioning,
        INDArray restored,
        INDArray recorrupted,
        INDArray recorruptedIdentity,
        Optional<INDArray> clean) {}
