"""Writes golden_laws.csv, beside this file, with NumPy 2.4.6 and SciPy 1.17.1: what the tests of Fréchet distance, MMD and power spectra expect.

Inputs are the sequence u_i = ((i * i * 7 + i * 13 + s) mod 256) / 127.5 - 1 of golden.py, rounded to float32, in channel-row-column order. Of each sample of n items the
first n // 2 are compared with the others of the second sample, as the metrics do.
"""

import pathlib

import numpy as np
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist, pdist


def items(s, *shape):
    i = np.arange(np.prod(shape), dtype=np.int64)
    return (((i * i * 7 + i * 13 + s) % 256) / 127.5 - 1).astype(np.float32).reshape(shape).astype(float)


def halves(x, y):
    return x[:len(x) // 2], y[len(y) // 2:]


def frechet(x, y):
    a, b = np.cov(x.T), np.cov(y.T)
    return np.sum((x.mean(0) - y.mean(0)) ** 2) + np.trace(a + b - 2 * sqrtm(a @ b)).real


def mmd(x, y, kernel):
    n, m = len(x), len(y)
    xx, yy, xy = kernel(cdist(x, x)), kernel(cdist(y, y)), kernel(cdist(x, y))
    return (xx.sum() - n) / n / (n - 1) + (yy.sum() - m) / m / (m - 1) - 2 * xy.mean()


def powers(x):
    n, c, h, w = x.shape
    p = (np.abs(np.fft.fft2(x)) ** 2).mean((0, 1)) / h / w
    size = min(h, w)
    f = np.hypot(np.fft.fftfreq(h)[:, None], np.fft.fftfreq(w)[None, :])
    ring = np.floor(size * f + .5)
    return np.array([p[ring == k].mean() for k in range(1, size // 2 + 1)])


def decibels(x, y):
    return np.sqrt(np.mean((10 * np.log10(powers(x) / powers(y))) ** 2))


x, clean = items(1, 41, 5), items(77, 41, 5)
width = np.median(pdist(clean))
images, others = items(3, 7, 2, 9, 12), items(200, 7, 2, 9, 12)
images = images + np.roll(images, 1, 3)
even = items(9, 5, 1, 8, 8)
values = {
    "frechet": frechet(*halves(x, clean)),
    "frechet floor": frechet(*halves(clean, clean)),
    "mmd gaussian": mmd(*halves(x, clean), lambda d: np.exp(-d ** 2 / 2 / width ** 2)),
    "mmd rational quadratic": mmd(*halves(x, clean), lambda d: 1 / (1 + d ** 2 / 2 / 1.5 ** 2)),
    "mmd floor": mmd(*halves(clean, clean), lambda d: np.exp(-d ** 2 / 2 / width ** 2)),
    "power spectrum": decibels(*halves(images, others)),
    "power spectrum even": decibels(*halves(even, items(50, 5, 1, 8, 8))),
}
with open(pathlib.Path(__file__).with_name("golden_laws.csv"), "w") as out:
    for name, value in values.items():
        out.write(f"{name},{value:.12g}\n")
