"""Writes golden.csv, beside this file: what the tests of the denoisers expect. Run it with python3, numpy and scikit-image 0.19.3.

Total variation is scikit-image's, run until it changes no more. Non-local means are summed pixel by pixel as the formula says, since scikit-image's fast mode takes
only 4 x 4 of a patch's 5 x 5 pixels and a coarse exponential.

The image has 13 rows of 16 pixels, -.5 in the left half and .5 in the right one, plus .3 u with the sequence u_i = ((i * i * 7 + i * 13 + 5) mod 256) / 127.5 - 1
in row-column order.
"""

import pathlib

import numpy as np
from skimage.restoration import denoise_tv_chambolle

i = np.arange(13 * 16, dtype=np.int64)
y = (np.where(i % 16 < 8, -.5, .5) + .3 * (((i * i * 7 + i * 13 + 5) % 256) / 127.5 - 1)).reshape(13, 16)


def non_local_means(y, h, sigma, patch=2, distance=5):
    """Patches of 2 patch + 1 pixels, and pixels up to this distance."""
    margin = patch + distance
    padded = np.pad(y, margin, mode="reflect")
    denoised = np.zeros_like(y)
    for p in np.ndindex(y.shape):
        i, j = p[0] + margin, p[1] + margin
        own = padded[i - patch:i + patch + 1, j - patch:j + patch + 1]
        weights = {}
        for k in range(i - distance, i + distance + 1):
            for l in range(j - distance, j + distance + 1):
                other = padded[k - patch:k + patch + 1, l - patch:l + patch + 1]
                d = max(0, np.mean((own - other) ** 2) - 2 * sigma ** 2) / h ** 2
                weights[k, l] = np.exp(-d) if d <= 5 else 0
        denoised[p] = sum(w * padded[q] for q, w in weights.items()) / sum(weights.values())
    return denoised


denoised = {
    "total-variation": denoise_tv_chambolle(y, weight=.2, eps=1e-12, max_num_iter=100000),
    "non-local-means": non_local_means(y, h=.12, sigma=.15),
}
with open(pathlib.Path(__file__).with_name("golden.csv"), "w") as out:
    for name, image in denoised.items():
        out.write(name + "," + ",".join(f"{value:.12g}" for value in image.ravel()) + "\n")
