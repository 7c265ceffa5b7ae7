"""Writes the golden .npz files with NumPy, and with Pillow a picture scaled bilinearly, in float32: shrunk, enlarged, and both."""

import numpy as np
from PIL import Image

y = (np.arange(24, dtype=np.float32) / 8 - 1).reshape(4, 1, 2, 3)
known = np.arange(4, dtype=np.float32).reshape(4, 1)
np.savez("stored.npz", y=y, conditioning=known)
np.savez_compressed("packed.npz", y=y, conditioning=known)
np.savez("one.npz", items=y.astype("<f8"))
np.savez_compressed("objects.npz", y=np.array([{"a": 1}, None], dtype=object))

h, w = 5, 7
picture = np.array([[((3 * i * i + 5 * j + i * j) % 17) / 8 - 1 for j in range(w)] for i in range(h)], dtype=np.float32)
np.save("picture.npy", picture)
for name, (height, width) in {"shrunk": (2, 3), "enlarged": (9, 11), "both": (3, 14)}.items():
    np.save(f"picture-{name}.npy", np.asarray(Image.fromarray(picture).resize((width, height), Image.BILINEAR)))
