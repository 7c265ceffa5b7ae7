"""Writes golden.csv, beside this file, with scikit-image 0.26.0: what the tests of tomography expect.

Three smooth images of 33 x 33 pixels (an odd size, whose middle pixel is scikit-image's centre of rotation), one a block: its radon
transform (circle=False), a line for each angle, and then the iradon of that (ramp filter, circle=False), a line for each row.
"""

import pathlib

import numpy as np
from skimage.transform import iradon, radon

ANGLES = 5 + 15 * np.arange(12.)
row, column = np.mgrid[:33, :33] - 16.


def blob(r, c, along_rows, along_columns):
    return np.exp(-((row - r) / along_rows) ** 2 / 2 - ((column - c) / along_columns) ** 2 / 2)


images = [
    blob(-2, 3, 4, 4),
    blob(4, -4, 2.5, 4) - 0.5 * blob(-4, 3, 3.5, 3),
    1 / (1 + np.exp((np.hypot(row - 1, column + 2) - 9) / 1.5)),
]
lines = []
for image in images:
    sinogram = radon(image.astype(np.float32).astype(float), ANGLES, circle=False)
    lines += list(sinogram.T) + list(iradon(sinogram, ANGLES, filter_name="ramp", circle=False))
pathlib.Path(__file__).with_suffix(".csv").write_text("".join(",".join(f"{v:.6g}" for v in line) + "\n" for line in lines))
