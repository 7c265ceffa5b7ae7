"""Writes golden.csv, beside this file, with scikit-image 0.19.3: what the tests of masks expect.

A smooth image of 16 x 16 pixels, whose extremes are at its corners, of which every second pixel of every second row is lost, but for two
rows and columns at each edge: inpaint_biharmonic of it, a line for each row.
"""

import pathlib

import numpy as np
from skimage.restoration import inpaint_biharmonic

row, column = np.mgrid[:16, :16]
image = np.tanh((row + column / 2 - 11) / 3).astype(np.float32).astype(float)
inside = (np.minimum(row, column) >= 2) & (np.maximum(row, column) <= 13)
lost = inside & (row % 2 == 0) & (column % 2 == 0)
filled = inpaint_biharmonic(np.where(lost, 7, image), lost)
pathlib.Path(__file__).with_suffix(".csv").write_text("".join(",".join(f"{v:.8g}" for v in line) + "\n" for line in filled))
