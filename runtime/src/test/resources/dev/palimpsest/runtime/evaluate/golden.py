"""Writes golden.csv, beside this file, with scikit-image 0.26.0 and SciPy: what the tests of the metrics expect.

Inputs are the sequence u_i = ((i * i * 7 + i * 13 + s) mod 256) / 127.5 - 1 in channel-row-column order, rounded to float32.
"""

import pathlib

import numpy as np
from scipy.spatial.distance import cdist
from skimage.metrics import peak_signal_noise_ratio, structural_similarity


def items(s, *shape):
    i = np.arange(np.prod(shape), dtype=np.int64)
    return (((i * i * 7 + i * 13 + s) % 256) / 127.5 - 1).astype(np.float32).reshape(shape).astype(float)


def ssim(x, y):
    return np.mean([
        structural_similarity(a, b, data_range=2, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, channel_axis=0)
        for a, b in zip(x, y)
    ])


def energy(x, y):
    n, m = len(x), len(y)
    return cdist(x, y).mean() - cdist(x, x).sum() / n / (n - 1) / 2 - cdist(y, y).sum() / m / (m - 1) / 2


clean = items(5, 2, 3, 13, 17)
observed = items(90, 2, 3, 13, 17)
restored = (.75 * clean + .25 * observed).astype(np.float32).astype(float)
x = items(1, 13, 5)[:6]
y = items(77, 13, 5)[6:]
first = items(3, 13)[:6]
second = items(40, 13)[6:]
values = {
    "ssim": ssim(restored, clean),
    "ssim identity": ssim(observed, clean),
    "psnr": np.mean([peak_signal_noise_ratio(c, r, data_range=2) for c, r in zip(clean, restored)]),
    "energy": energy(x, y),
    "wasserstein": np.sqrt(np.mean((np.sort(np.repeat(first, 7)) - np.sort(np.repeat(second, 6))) ** 2)),
}
with open(pathlib.Path(__file__).with_name("golden.csv"), "w") as out:
    for name, value in values.items():
        out.write(f"{name},{value:.12g}\n")
