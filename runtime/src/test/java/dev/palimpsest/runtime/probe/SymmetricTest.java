package dev.palimpsest.runtime.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What eigenvalues and eigenvectors are, at sizes up to which LAPACK works on columns one by one, and beyond. */
class SymmetricTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 33, 128, 129, 200, 300})
    void a_matrix_is_made_of_its_eigenvalues_and_of_orthonormal_eigenvectors(int n) {
        Random rng = new Random(n);
        double[][] matrix = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                matrix[i][j] = rng.nextGaussian();
                matrix[j][i] = matrix[i][j];
            }
        }
        Symmetric eigen = Symmetric.of(matrix);
        double worst = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double rebuilt = 0;
                double product = 0;
                for (int k = 0; k < n; k++) {
                    rebuilt += eigen.values()[k] * eigen.vectors()[k][i] * eigen.vectors()[k][j];
                    product += eigen.vectors()[i][k] * eigen.vectors()[j][k];
                }
                worst = Math.max(worst, Math.abs(rebuilt - matrix[i][j]));
                worst = Math.max(worst, Math.abs(product - (i == j ? 1 : 0)));
            }
        }
        assertThat(worst).isLessThan(1e-14 * (10 + n));
        assertThat(eigen.values()).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }
}
