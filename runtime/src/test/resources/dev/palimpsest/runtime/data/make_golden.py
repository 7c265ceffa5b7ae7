"""Writes the golden .npy files and the noiseless two moons beside it, with NumPy alone."""

import numpy as np

x = np.arange(24, dtype=np.float64).reshape(2, 3, 4) / 8 - 1
k = np.arange(24).reshape(2, 3, 4)
for name, dtype in {
    "f4": "<f4", "f4-big": ">f4", "f8": "<f8", "i2-big": ">i2", "i4": "<i4", "i8": "<i8", "u1": "|u1", "u2": "<u2", "i1": "|i1", "u4": "<u4",
}.items():
    np.save(f"{name}.npy", (x if dtype[1] == "f" else 10 * k if dtype[1] == "u" else 5 * k - 60).astype(dtype))
np.save("b1.npy", k % 3 == 0)
np.save("fortran.npy", np.asfortranarray(x.astype("<f4")))
np.save("object.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
np.save("structured.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<f4")]))
np.save("scalar.npy", np.float32(3))
np.save("empty.npy", np.zeros((0, 3), dtype="<f4"))
for version in (2, 3):
    with open(f"version{version}.npy", "wb") as file:
        np.lib.format.write_array(file, x.astype("<f4"), version=(version, 0))

n = 7
outer = np.linspace(0, np.pi, n // 2)
inner = np.linspace(0, np.pi, n - n // 2)
moons = np.concatenate([
    np.stack([np.cos(outer), np.sin(outer)], axis=1),
    np.stack([1 - np.cos(inner), 1 - np.sin(inner) - 0.5], axis=1),
])
np.save("moons7.npy", (4 * (moons - 0.5)).astype("<f4"))
