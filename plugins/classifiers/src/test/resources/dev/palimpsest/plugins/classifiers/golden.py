"""Writes golden.csv, beside this file, with NumPy 2.4.6 in double precision: the features of three items by the weights that come with the plugin, computed from the definition of a convolution.

Inputs are u_i = ((i * i * 7 + i * 13 + 5) mod 256) / 127.5 - 1 in channel-row-column order, rounded to float32.
"""

import pathlib

import numpy as np

HERE = pathlib.Path(__file__)
WEIGHTS = HERE.parents[6] / "main/resources" / HERE.parent.relative_to(HERE.parents[4])


def items(*shape):
    i = np.arange(np.prod(shape), dtype=np.int64)
    return (((i * i * 7 + i * 13 + 5) % 256) / 127.5 - 1).astype(np.float32).reshape(shape).astype(float)


def convolution(x, w, b, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijkl,ockl->noij", windows, w) + b[None, :, None, None]


def features(name, channels):
    flat = np.load(WEIGHTS / f"{name}.npy").astype(float)
    x, at = items(3, channels, 32, 32), 0
    layers = [(channels, 32, 3, 2, 1), (32, 64, 3, 2, 1), (64, 64, 3, 2, 1), (64, 64, 4, 1, 0)]
    for i, (of, to, kernel, stride, padding) in enumerate(layers):
        n = to * of * kernel * kernel
        w, b = flat[at:at + n].reshape(to, of, kernel, kernel), flat[at + n:at + n + to]
        at += n + to
        x = convolution(x, w, b, stride, padding)
        x = np.maximum(x, 0) if i < 3 else x
    assert at == flat.size
    return x.reshape(3, 64)


with open(HERE.with_name("golden.csv"), "w") as out:
    for name, channels in (("fashion-classifier", 1), ("cifar-classifier", 3)):
        for row in features(name, channels):
            out.write(name + "," + ",".join(f"{v:.9g}" for v in row) + "\n")
