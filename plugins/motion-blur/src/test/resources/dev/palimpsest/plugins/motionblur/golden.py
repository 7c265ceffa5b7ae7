"""Writes golden.csv, beside this file, with NumPy 2.4.6 (python golden.py): motion kernels by brute force.

A row is length, angle, then the kernel of 2 floor(length / 2) + 3 rows and columns. Two million points are spread evenly over the segment and each is shared
among the four pixels around it, bilinearly; the midpoint rule's error is below 1e-9.
"""

import math
import pathlib

import numpy as np

cases = [(7, 0), (7, math.pi / 4), (7, 0.3), (7, 2.1), (9, math.pi / 2), (5.5, 1), (6, 3.1), (1, 0.7), (12.25, 2.6)]
points = 2_000_000

with open(pathlib.Path(__file__).with_name("golden.csv"), "w") as file:
    for length, angle in cases:
        radius = int(length / 2) + 1
        side = 2 * radius + 1
        s = ((np.arange(points) + 0.5) / points - 0.5) * length
        x, y = s * math.cos(angle), -s * math.sin(angle)
        column, row = np.floor(x).astype(int), np.floor(y).astype(int)
        u, v = x - column, y - row
        kernel = np.zeros((side + 2, side + 2))
        for i, j, weight in [(0, 0, (1 - u) * (1 - v)), (0, 1, u * (1 - v)), (1, 0, (1 - u) * v), (1, 1, u * v)]:
            place = (row + i + radius + 1) * (side + 2) + column + j + radius + 1
            kernel += np.bincount(place, weight, (side + 2) ** 2).reshape(kernel.shape) / points
        file.write(",".join([repr(length), repr(angle)] + [f"{k:.9f}" for k in kernel[1:-1, 1:-1].ravel()]) + "\n")
