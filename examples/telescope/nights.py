"""Makes the PNG files of the tutorial: plates of a sky of stars, galaxies and clouds through telescope.py, 1024 x 768, 8 bits, grey.

usage: nights.py FOLDER FIRST COUNT [TRUTH]    writes COUNT plates from number FIRST on, and if TRUTH is given what they are of (needs numpy)
"""

import pathlib
import struct
import sys
import zlib

import numpy as np

from telescope import corrupt

HEIGHT, WIDTH = 768, 1024


def clouds(rng):
    """Smooth light in [0, .3], whose power falls with the third power of the frequency."""
    frequency = np.hypot(np.fft.fftfreq(HEIGHT)[:, None], np.fft.rfftfreq(WIDTH)[None, :])
    frequency[0, 0] = np.inf
    field = np.fft.irfft2(np.fft.rfft2(rng.standard_normal((HEIGHT, WIDTH))) / frequency**1.5, (HEIGHT, WIDTH))
    return 0.3 * (field - field.min()) / (field.max() - field.min())


def galaxy(rng, light):
    """Adds a disc whose light falls exponentially, seen at an angle."""
    size, angle, flat = np.exp(rng.uniform(0.3, 2.3)), rng.uniform(0, np.pi), rng.uniform(0.25, 1)
    top, left, reach = rng.integers(HEIGHT), rng.integers(WIDTH), int(6 * size)
    rows = np.arange(max(0, top - reach), min(HEIGHT, top + reach + 1))
    columns = np.arange(max(0, left - reach), min(WIDTH, left + reach + 1))
    down, right = (rows - top)[:, None], (columns - left)[None, :]
    along = right * np.cos(angle) + down * np.sin(angle)
    across = (down * np.cos(angle) - right * np.sin(angle)) / flat
    light[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] += rng.uniform(0.1, 0.6) * np.exp(-np.hypot(along, across) / size)


def sky(rng):
    """Clean light [height, width] in [0, 1]; a star is one pixel, and there are the more the fainter they are."""
    light = clouds(rng)
    for _ in range(400):
        galaxy(rng, light)
    stars = 3000
    light[rng.integers(HEIGHT, size=stars), rng.integers(WIDTH, size=stars)] += 0.05 * (1 + rng.pareto(1.2, stars))
    return np.clip(light, 0, 1)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(pixels):
    """An 8-bit grey PNG of pixels [height, width]."""
    height, width = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write(folder, plate, x):
    """x [height, width], black -1 and white 1."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"plate-{plate:03d}.png").write_bytes(png(np.round((x + 1) * 127.5).astype(np.uint8)))


folder, first, count = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
for plate in range(first, first + count):
    rng = np.random.default_rng(plate)
    clean = 2 * sky(rng) - 1
    (seen,) = corrupt(clean[None, None], rng)
    write(folder, plate, seen[0, 0])
    if len(sys.argv) > 4:
        write(pathlib.Path(sys.argv[4]), plate, clean)
print(f"{count} plates in {folder}")
