"""A forward model for Palimpsest: loses each pixel with a probability, all its channels alike, and fills it with standard normal noise.

usage: mask.py [PROBABILITY [NOISE]]    (default .5 .001), as the command of an external-process; docs/external-process.md has the protocol.

To make your own, keep all below the line and change NAME, CONDITIONING and corrupt().
"""

import ast
import io
import os
import sys

import numpy as np

PROBABILITY = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5
NOISE = float(sys.argv[2]) if len(sys.argv) > 2 else 0.001

NAME = "mask"
CONDITIONING = "maps:1"  # or vectors:<length>, or none; then corrupt() returns (y,) alone


def corrupt(x, rng):
    """x [n, channels, height, width] -> y of the same shape, and the mask [n, 1, height, width]: 1 where seen, 0 where lost."""
    if x.ndim != 4:
        raise ValueError(f"expected images [n, channels, height, width], got {list(x.shape)}")
    n, _, height, width = x.shape
    seen = rng.random((n, 1, height, width), dtype=np.float32) >= PROBABILITY
    draw = rng.standard_normal(x.shape, dtype=np.float32)
    return np.where(seen, x + NOISE * draw, draw), seen


# ---- the protocol -----------------------------------------------------------------------------------------------------------------------------------

STDIN, STDOUT = sys.stdin.buffer, sys.stdout.buffer
sys.stdout = sys.stderr  # print() must not write between frames
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
