"""How many of 200 test digits are still read when they are photographed: `python tests/benchmarks/photos.py`.

Each digit is shrunk, shifted by up to six pixels, dimmed, inverted, enlarged to phone size and saved with 8 and with 16
bits; it counts when the network reads it as it reads the original. One network of the recipe `wide` reads them all.
"""

import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from nnlit import load_mnist, read_picture
from nnlit.recipes import RECIPES

SIDE = 1512


def photo(gray: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """A dim photo of a digit in dark ink on paper, smaller than the original and away from the middle."""
    side = int(SIDE * rng.uniform(0.6, 0.9))
    big = np.asarray(Image.fromarray(gray).resize((side, side), Image.Resampling.BICUBIC), float)
    sheet, places = np.zeros((SIDE, SIDE)), (SIDE - side) / 2 + rng.integers(-6, 7, 2) * side / 28
    top, left = np.clip(places, 0, SIDE - side).astype(int)
    sheet[top : top + side, left : left + side] = big
    return Image.fromarray((120 - sheet * (110 / 255)).astype(np.uint8))


def main() -> None:
    """Print the part that is read as the originals are."""
    data, rng = load_mnist(), np.random.default_rng(0)
    network = RECIPES["wide"].train(data.X_train, data.y_train, np.random.default_rng(0))
    originals = network.predict(data.X_test[:200]).argmax(axis=1)
    with tempfile.TemporaryDirectory() as folder:
        path, rows = Path(folder, "digit.png"), {8: [], 16: []}
        for row in data.X_test[:200]:
            image = photo(row.reshape(28, 28), rng)
            for bits, pixels in rows.items():
                saved = image if bits == 8 else Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
                saved.save(path, compress_level=1)
                pixels.append(read_picture(path).pixels)
    for bits, pixels in rows.items():
        same = network.predict(np.array(pixels)).argmax(axis=1) == originals
        print(f"{bits:2} bits: {same.sum()} of {len(same)} are read as the originals, {same.mean():.1%}")


if __name__ == "__main__":
    main()
