"""Makes the PNG files of the tutorial: images of clothes through telescope.py, 8 bits, grey.

usage: nights.py FOLDER FIRST COUNT    writes COUNT files from the FIRST image on, of recipes/data/fashion-mnist (needs numpy)
"""

import gzip
import pathlib
import struct
import sys
import zlib

import numpy as np

from telescope import corrupt

folder, first, count = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
recipes = pathlib.Path(__file__).resolve().parents[2] / "recipes"
packed = gzip.decompress((recipes / "data/fashion-mnist/t10k-images-idx3-ubyte.gz").read_bytes())
sky = np.frombuffer(packed, np.uint8, offset=16).reshape(-1, 1, 28, 28)[first : first + count]


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(pixels):
    """An 8-bit grey PNG of pixels [height, width]."""
    height, width = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


(seen,) = corrupt(sky.astype(np.float32) / 127.5 - 1, np.random.default_rng(first))
folder.mkdir(parents=True, exist_ok=True)
for place, image in enumerate(seen):
    pixels = np.round((image[0] + 1) * 127.5).astype(np.uint8)
    (folder / f"sky-{first + place:05d}.png").write_bytes(png(pixels))
print(f"{count} files in {folder}")
