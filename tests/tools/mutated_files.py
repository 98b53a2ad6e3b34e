"""Files with faults, for all readers: `python tests/tools/mutated_files.py COUNT [SEED]`.

Every fault must end in data or in a DataError that names the file in one line, within five seconds. A few hundred are
tried by `tests/test_mnist.py`; this script tries as many as it is told to, and prints what went wrong.
"""

import gzip
import io
import sys
import tarfile
import tempfile
import time
import warnings
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from nnlit import Dense, Network, ReLU, Scale, load, load_mnist, read_idx, read_kaggle_csv, read_picture, save
from nnlit.files import DataError, read_npz
from nnlit.mnist import PIXELS
from nnlit.origin import Origin, read_origin

PIECES = [b"\0" * 20, b"\xff" * 8, b"[[[[[", b",,,,", b"\n\n", b"1e999", b"nan", b'"', b"\x80\x02"]
SECONDS = 5


def written(write) -> bytes:
    """What a function writes to a file."""
    file = io.BytesIO()
    write(file)
    return file.getvalue()


def idx(A: np.ndarray) -> bytes:
    """An IDX file."""
    return bytes([0, 0, 8, A.ndim]) + np.array(A.shape, ">u4").tobytes() + A.astype(np.uint8).tobytes()


def zipped(file: io.BytesIO, text: bytes) -> None:
    """A zip archive with one table."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("train.csv", text)


def taped(file: io.BytesIO, text: bytes) -> None:
    """A tar archive with one table."""
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo("train.csv")
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text))


def good(folder: Path) -> dict[str, bytes]:
    """Files as they should be, by name."""
    X, y = load_mnist().X_train[:6], load_mnist().y_train[:6]
    rows = [",".join(map(str, [label, *row])) for label, row in zip(y.tolist(), X.tolist(), strict=True)]
    text = "\n".join([",".join(("label", *PIXELS)), *rows]).encode()
    rng = np.random.default_rng(0)
    network = Network([Scale(1 / 255), Dense.start(784, 10, rng), ReLU(), Dense.start(10, 10, rng)])
    save(network, folder / "model.npz", Origin.of(X, y, 0.1, 0, X).arrays())
    files = {
        "images.idx": idx(X.reshape(-1, 28, 28)), "labels.idx": idx(y), "images.idx.gz": gzip.compress(idx(X)),
        "a.csv": text, "b.csv": "\n".join(rows).encode(), "a.csv.gz": gzip.compress(text),
        "a.npz": written(lambda file: np.savez_compressed(file, x_train=X, y_train=y)),
        "a.npy": written(lambda file: np.save(file, X)), "a.zip": written(lambda file: zipped(file, text)),
        "a.tar": written(lambda file: taped(file, text)), "model.npz": (folder / "model.npz").read_bytes(),
    }  # fmt: skip
    image = Image.fromarray(X[0].reshape(28, 28))
    pictures = {
        f"{kind}.picture": written(lambda f, k=kind: image.save(f, k)) for kind in ("PNG", "JPEG", "TIFF", "GIF")
    }
    return files | pictures


def faulty(raw: bytes, others: list[bytes], rng: np.random.Generator) -> bytes:
    """A file with a fault: cut off, flipped, overwritten, lost, inserted, or gone over into another file."""
    data, n, place = bytearray(raw), len(raw), int(rng.integers(0, len(raw)))
    kind = rng.integers(0, 6)
    if kind == 0:
        return raw[:place]
    if kind == 1:
        for at in rng.integers(0, n, 5):
            data[at] ^= 1 << rng.integers(0, 8)
    elif kind == 2:
        at = place % min(n, 200)
        data[at : at + 4] = rng.integers(0, 256, 4, dtype=np.uint8).tobytes()
    elif kind == 3:
        del data[place : place + 50]
    elif kind == 4:
        data[place:place] = PIECES[rng.integers(0, len(PIECES))]
    else:
        other = others[rng.integers(0, len(others))]
        return raw[:place] + other[rng.integers(0, len(other)) :]
    return bytes(data)


def readers(name: str) -> list:
    """The functions that may be given a file."""
    if name.endswith(".picture"):
        return [read_picture]
    if name.startswith("model"):
        return [load, read_origin, read_npz]
    return [load_mnist, load, read_idx if "idx" in name else read_kaggle_csv]


def problems(count: int, seed: int) -> list[str]:
    """What goes wrong with so many faulty files."""
    rng, found = np.random.default_rng(seed), []
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, on damaged headers
        folder = Path(place)
        files = good(folder)
        for k in range(count):
            name = list(files)[k % len(files)]
            path = folder / name
            path.write_bytes(faulty(files[name], list(files.values()), rng))
            faults = [(read.__name__, problem(read, path)) for read in readers(name)]
            found += [f"{name}, {k}, {reader}: {fault}" for reader, fault in faults if fault]
    return found


def problem(read, path: Path) -> str:
    """What is wrong with how a reader takes a file, or nothing."""
    start = time.perf_counter()
    try:
        read(path)
    except DataError as error:
        if str(path.parent) not in str(error) or "\n" in str(error):
            return f"does not name the file in one line: {error}"
    except Exception as error:  # noqa: BLE001 - any other is what is looked for
        return repr(error)
    seconds = time.perf_counter() - start
    return f"took {seconds:.1f} s" if seconds > SECONDS else ""


if __name__ == "__main__":
    wrong = problems(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print("\n".join(wrong) or f"{int(sys.argv[1]):,} files: each was read, or refused by name")
    sys.exit(1 if wrong else 0)
