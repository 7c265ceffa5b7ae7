"""A simulator of a small telescope, as a forward model for Palimpsest: its mirror blurs, photons arrive at random, and the camera writes 8 bits.

usage: telescope.py [PHOTONS]    (default 400, in a white pixel), as the command of an external-process; docs/external-process.md has the protocol.
"""

import ast
import io
import os
import sys

import numpy as np

PHOTONS = float(sys.argv[1]) if __name__ == "__main__" and len(sys.argv) > 1 else 400.0
MIRROR = np.exp(-np.arange(-3, 4) ** 2 / 2.0)
MIRROR /= MIRROR.sum()

NAME = "telescope"
CONDITIONING = "none"


def blurred(x, axis):
    """x convolved with the mirror's response along an axis, with the edge repeated."""
    length = x.shape[axis]
    places = np.arange(length)[:, None] + np.arange(-3, 4)[None, :]
    taken = np.take(x, np.clip(places, 0, length - 1), axis=axis)
    return (taken * MIRROR.reshape((-1,) + (1,) * (x.ndim - axis - 1))).sum(axis + 1)


def corrupt(x, rng):
    """x [n, channels, height, width], black -1 and white 1 -> (y,) of the same shape."""
    if x.ndim != 4:
        raise ValueError(f"expected images [n, channels, height, width], got {list(x.shape)}")
    light = np.clip((blurred(blurred(x, 2), 3) + 1) / 2, 0, None)
    seen = rng.poisson(light * PHOTONS) / PHOTONS
    return (np.round(np.clip(seen, 0, 1) * 255) / 255 * 2 - 1,)


# ---- the protocol -----------------------------------------------------------------------------------------------------------------------------------

STDIN, STDOUT = sys.stdin.buffer, sys.stdout.buffer
if os.name == "nt":
    import msvcrt

    msvcrt.setmode(STDIN.fileno(), os.O_BINARY)
    msvcrt.setmode(STDOUT.fileno(), os.O_BINARY)


def read_exactly(size):
    data = STDIN.read(size)
    if len(data) < size:
        sys.exit("standard input ended in the middle of a frame")
    return data


def read_frame():
    """The next (id, seed, x); None at the end."""
    line = STDIN.readline()
    if not line:
        return None
    _, frame, seed = line.decode("ascii").split()
    preamble = read_exactly(10)
    header = ast.literal_eval(read_exactly(int.from_bytes(preamble[8:10], "little")).decode("latin1"))
    x = np.frombuffer(read_exactly(4 * int(np.prod(header["shape"]))), dtype="<f4")
    return frame, int(seed), x.reshape(header["shape"])


def write_frame(frame, arrays):
    answer = io.BytesIO()
    answer.write(f"frame {frame}\n".encode("ascii"))
    for array in arrays:
        np.lib.format.write_array(answer, np.ascontiguousarray(array, dtype="<f4"), version=(1, 0))
    STDOUT.write(answer.getvalue())
    STDOUT.flush()


def main():
    sys.stdout = sys.stderr  # print() must not write between frames
    STDOUT.write(f"palimpsest 1 {NAME} conditioning={CONDITIONING}\n".encode("ascii"))
    STDOUT.flush()
    while (request := read_frame()) is not None:
        frame, seed, x = request
        try:
            write_frame(frame, corrupt(x, np.random.default_rng(seed)))
        except ValueError as wrong:
            STDOUT.write(f"error {wrong}\n".encode("utf-8"))
            STDOUT.flush()


if __name__ == "__main__":
    main()
