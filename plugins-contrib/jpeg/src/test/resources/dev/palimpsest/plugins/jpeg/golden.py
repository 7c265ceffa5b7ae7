"""Writes golden-grey.png and golden-colour.png, beside this file, with Pillow 12.3.0 (libjpeg-turbo) and NumPy 2.4.6 (python golden.py).

Each is a column of pictures of 44 x 30 pixels: the input, made here of waves, a disc, a bar and texture, and what Pillow gives back after JPEG with 4:2:0
subsampling at qualities 5, 10, 25, 30, 50, 75, 95.
"""

import io
import pathlib

import numpy as np
from PIL import Image

height, width = 30, 44
row, column = np.mgrid[:height, :width]
texture = np.random.default_rng(5).normal(0, 8, (height, width, 3))
picture = 120 + 60 * np.sin(column / 9)[..., None] * [1, 0.5, -0.6] + 40 * np.cos(row / 6 + column / 20)[..., None] * [0.3, 1, 0.8]
picture[(row - 13) ** 2 + (column - 15) ** 2 < 60] += [90, -40, -70]
picture[5:26, 30:34] -= [80, 60, -50]
picture = np.clip(np.round(picture + texture), 0, 255).astype(np.uint8)

for name, mode in [("grey", "L"), ("colour", "RGB")]:
    source = Image.fromarray(picture).convert(mode)
    rows = [np.asarray(source)]
    for quality in (5, 10, 25, 30, 50, 75, 95):
        file = io.BytesIO()
        source.save(file, "JPEG", quality=quality, subsampling="4:2:0")
        rows.append(np.asarray(Image.open(file)))
    Image.fromarray(np.concatenate(rows)).save(pathlib.Path(__file__).with_name(f"golden-{name}.png"), optimize=True)
