"""Writes golden.csv, beside this file, with SciPy 1.17.1 and NumPy 2.4.6 (python golden.py): what the blur is expected to give.

A row is sigma, channels, height, width, then the values in channel-row-column order. The input is the sequence
u_i = ((i * i * 7 + i * 13 + 5) mod 256) / 127.5 - 1 in that order, rounded to float32.
"""

import math
import pathlib

import numpy as np
from scipy.ndimage import gaussian_filter

cases = [(1, 3, 11, 17), (3.5, 2, 11, 17), (0.5, 1, 9, 8), (1, 1, 2, 3), (3.5, 1, 4, 7), (3.5, 1, 1, 5)]

with open(pathlib.Path(__file__).with_name("golden.csv"), "w") as file:
    for sigma, channels, height, width in cases:
        i = np.arange(channels * height * width, dtype=np.int64)
        x = (((i * i * 7 + i * 13 + 5) % 256) / 127.5 - 1).astype(np.float32).astype(float).reshape(channels, height, width)
        y = [gaussian_filter(plane, sigma, mode="reflect", radius=math.ceil(3 * sigma)) for plane in x]
        file.write(",".join([str(v) for v in (sigma, channels, height, width)] + [f"{v:.7f}" for v in np.ravel(y)]) + "\n")
