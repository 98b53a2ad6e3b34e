"""Files with faults, for all readers: `python tests/tools/mutated_files.py COUNT [--seed N]`.

Every fault must end in data or in a DataError that names the file in one line, within five seconds and 500 MB. A few
hundred are tried by `tests/test_mnist.py`; this script tries as many as it is told to, and prints what went wrong.
"""

import argparse
import gzip
import io
import sys
import tarfile
import tempfile
import time
import warnings
import zipfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from nnlit import (
    Adam,
    DataError,
    Dense,
    MiniBatches,
    Network,
    ReLU,
    Scale,
    fit,
    load,
    load_mnist,
    load_safetensors,
    read_idx,
    read_kaggle_csv,
    read_picture,
    save,
    save_safetensors,
    softmax_cross_entropy,
)
from nnlit.checkpoints import read_checkpoint
from nnlit.files import read_npz
from nnlit.mnist import PIXELS
from nnlit.origin import Origin, read_origin

PIECES = [b"\0" * 20, b"\xff" * 8, b"[[[[[", b",,,,", b"\n\n", b"1e999", b"nan", b'"', b"\x80\x02", b"\xff\xff\xff\x7f"]
SECONDS, MEGABYTES = 5, 500


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


def openml(X: np.ndarray, y: np.ndarray) -> bytes:
    """An ARFF file as OpenML has it."""
    names = [f"@ATTRIBUTE {name} real" for name in PIXELS]
    rows = [",".join(map(str, [*row, label])) for label, row in zip(y.tolist(), X.tolist(), strict=True)]
    return "\n".join(["@RELATION mnist", *names, "@ATTRIBUTE class {0,1,2,3,4,5,6,7,8,9}", "@DATA", *rows]).encode()


def models(folder: Path, X: np.ndarray, y: np.ndarray) -> dict[str, bytes]:
    """A saved network, the same for PyTorch's world, and a training that can go on."""
    rng = np.random.default_rng(0)
    network = Network([Scale(1 / 255), Dense.start(784, 10, rng), ReLU(), Dense.start(10, 10, rng)])
    save(network, folder / "model.npz", Origin.of(X, y, 0.1, 0, X).arrays())
    save_safetensors(network, folder / "a.safetensors")
    way = {"loss": softmax_cross_entropy, "rule": Adam(0.01), "batches": MiniBatches(4), "epochs": 2}
    fit(network, X, y, rng=rng, checkpoint=folder / "run.npz", **way)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def good(folder: Path) -> dict[str, bytes]:
    """Files as they should be, by name."""
    X, y = load_mnist().X_train[:4], load_mnist().y_train[:4]
    rows = [",".join(map(str, [label, *row])) for label, row in zip(y.tolist(), X.tolist(), strict=True)]
    text = "\n".join([",".join(("label", *PIXELS)), *rows]).encode()
    table = pd.DataFrame({"label": y} | dict(zip(PIXELS, X.T, strict=True)))
    arrays = written(lambda file: np.savez_compressed(file, x_train=X, y_train=y))
    files = {
        "images.idx": idx(X.reshape(-1, 28, 28)), "labels.idx": idx(y), "images.idx.gz": gzip.compress(idx(X)),
        "a.csv": text, "b.csv": "\n".join(rows).encode(), "a.csv.gz": gzip.compress(text), "a.arff": openml(X, y),
        "c.csv": text.replace(b",", b";"), "a.parquet": written(table.to_parquet),
        "a.npz": arrays, "b.npz": written(lambda file: np.savez(file, x_train=X.astype(float) / 255, y_train=y)),
        "a.npy": written(lambda file: np.save(file, X)), "a.zip": written(lambda file: zipped(file, text)),
        "a.tar": written(lambda file: taped(file, text)),
        "a.tar.gz": gzip.compress(written(lambda file: taped(file, text))),
    }  # fmt: skip
    image = Image.fromarray(X[0].reshape(28, 28))
    large = image.resize((90, 120)).convert("RGB")
    pictures = {
        f"{kind}.picture": written(lambda f, k=kind: (image if k != "WEBP" else large).save(f, k))
        for kind in ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")
    }
    return files | pictures | models(folder, X, y)


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
        return [read_picture, partial(read_picture, as_is=True), load_mnist]
    if name.startswith(("model", "run")):
        return [load, read_origin, read_npz, read_checkpoint]
    if name.endswith(".safetensors"):
        return [load_safetensors, load]
    return [load_mnist, load, read_idx if "idx" in name else read_kaggle_csv]


@dataclass
class Outcome:
    """What became of many faulty files.

    Attributes:
        wrong: what went wrong, one line each.
        calls: how often a reader was given a file.
        read: how often it gave data.
        seconds: the longest time that a call took.
        repeated: calls that took too long at first and were made again: the machine may have had other work.
        again: the longest of these the second time.
        megabytes: the most memory that a call needed.
    """

    wrong: list[str] = field(default_factory=list)
    calls: int = 0
    read: int = 0
    seconds: float = 0.0
    repeated: int = 0
    again: float = 0.0
    megabytes: float = 0.0

    def call(self, read, path: Path, name: str) -> None:
        """Give a file to a reader."""
        fault, seconds, megabytes = self.measured(read, path)
        self.calls, self.read = self.calls + 1, self.read + (fault is None)
        self.seconds, self.megabytes = max(self.seconds, seconds), max(self.megabytes, megabytes)
        if seconds > SECONDS:
            _, seconds, _ = self.measured(read, path)
            self.repeated, self.again = self.repeated + 1, max(self.again, seconds)
        if seconds > SECONDS or megabytes > MEGABYTES:
            fault = fault or f"took {seconds:.1f} s and {megabytes:.0f} MB"
        if fault:
            self.wrong.append(f"{name}, {getattr(read, '__name__', read)}: {fault}")

    def measured(self, read, path: Path) -> tuple[str | None, float, float]:
        """What is wrong with a call, its seconds and its megabytes."""
        before, start = memory(anew=True)[0], time.perf_counter()
        fault = self.fault(read, path)
        return fault, time.perf_counter() - start, (memory()[1] - before) / 1024

    def fault(self, read, path: Path) -> str | None:
        """What is wrong with how a reader takes a file: nothing if it is refused, None if it is read."""
        try:
            read(path)
        except DataError as error:
            if str(path.parent) not in str(error) or "\n" in str(error):
                return f"does not name the file in one line: {error}"
        except Exception as error:  # noqa: BLE001 - any other is what is looked for
            return repr(error)
        else:
            return None
        return ""


def memory(*, anew: bool = False) -> tuple[int, int]:
    """The kilobytes that this process has now, and the most since it was last asked anew; zeros where Linux is not."""
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    if not status.exists():
        return 0, 0
    if anew:
        reset.write_text("5", encoding="ascii")
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
    return int(lines["VmRSS"].split()[0]), int(lines["VmHWM"].split()[0])


def run(count: int, seed: int) -> Outcome:
    """Try so many faulty files."""
    rng, found = np.random.default_rng(seed), Outcome()
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, on damaged headers
        folder = Path(place)
        (folder / "models").mkdir()
        files = good(folder / "models")
        for k in range(count):
            name = list(files)[k % len(files)]
            path = folder / name
            path.write_bytes(faulty(files[name], list(files.values()), rng))
            for read in readers(name):
                found.call(read, path, f"{name}, {k}")
    return found


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    found = run(options.count, options.seed)
    print(*found.wrong, f"{options.count:,} files: {found}" if not found.wrong else "", sep="\n")
    sys.exit(bool(found.wrong))


if __name__ == "__main__":
    main()
