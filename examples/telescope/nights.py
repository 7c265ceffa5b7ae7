"""Makes the PNG files of the tutorial: images of clothes through telescope.py, 8 bits, grey.

usage: nights.py IMAGES FOLDER FIRST COUNT    writes COUNT files of the images in a gzipped IDX file, from the FIRST on (needs numpy)
"""

import gzip
import pathlib
import struct
import sys
import zlib

import numpy as np

from telescope import corrupt

images, folder, first, count = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
packed = gzip.decompress(images.read_bytes())
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
