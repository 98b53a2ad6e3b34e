"""MNIST's IDX files, Kaggle's CSV, PNG and npz: readers check all and change only the type, nothing is half-written."""

import importlib
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import IO, NamedTuple, cast

import numpy as np
from numpy.lib.npyio import NpzFile

from nnlit.data import Array

FilePath = str | os.PathLike[str]

PIXELS = tuple(f"pixel{i}" for i in range(784))
SAMPLE = Path(__file__).with_name("sample.npz")
SOURCES = {  # MNIST's four files and the SHA-256 of their contents: archives differ, what they hold does not
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
)


class DataError(ValueError):
    """A file is not what it should be; the message names it, what was expected, what came and how to mend it."""


class Mnist(NamedTuple):
    """Images and labels to train on, images and labels to test on.

    Pixels are uint8, 784 to a row, light ink (255) on a dark ground (0); labels are int64, 0 to 9. Kaggle's test.csv
    has no labels: y_test is empty there. Without a test.csv X_test is empty as well.
    """

    X_train: Array  # (m, 784)
    y_train: Array  # (m,)
    X_test: Array  # (m_test, 784)
    y_test: Array  # (m_test,), or (0,) where the test images have no labels


# Writing


@contextmanager
def write_atomically(path: FilePath) -> Iterator[IO[bytes]]:
    """A binary file that takes its name when it is complete, so that a failure leaves what was there before.

    Args:
        path: the file to write or replace.

    Yields:
        An open file in the same directory, under a passing name.

    Raises:
        DataError: if the directory does not exist, or path is something other than a regular file.

    Examples:
        >>> from tempfile import mkdtemp
        >>> folder = mkdtemp()
        >>> with write_atomically(folder + "/a.txt") as file:
        ...     _ = file.write(b"whole")
        >>> os.listdir(folder)
        ['a.txt']
    """
    goal = check_destination(path)
    part = goal.with_name(f".{goal.name}.{os.urandom(4).hex()}.part")
    try:
        with part.open("xb") as file:
            yield file
        if goal.exists():
            part.chmod(goal.stat().st_mode)
        part.replace(goal)
    finally:
        part.unlink(missing_ok=True)


def check_destination(path: FilePath) -> Path:
    """The place a file would be written to, links followed, if a file can be written there.

    Args:
        path: the file to write later.

    Returns:
        Its path, resolved.

    Raises:
        DataError: if the directory does not exist or cannot be written to, or path is not a regular file.

    Examples:
        >>> check_destination("/no/such/folder/model.npz")
        Traceback (most recent call last):
        nnlit.files.DataError: /no/such/folder/model.npz: the directory /no/such/folder does not exist; create it first
    """
    goal = Path(path).resolve()
    if not goal.parent.is_dir():
        raise DataError(f"{path}: the directory {goal.parent} does not exist; create it first")
    if goal.exists() and not goal.is_file():
        kind = "a directory" if goal.is_dir() else "not a regular file"
        raise DataError(f"{path}: expected the name of a file, but it is {kind}; give another name")
    if not os.access(goal.parent, os.W_OK):
        raise DataError(f"{path}: the directory {goal.parent} cannot be written to; give another place")
    return goal


def write_npz(path: FilePath, arrays: Mapping[str, Array]) -> None:
    """Write named arrays to an .npz file, whole or not at all.

    Args:
        path: the file; its name is used as it is, no ending is added.
        arrays: the arrays by name; none may hold Python objects.

    Raises:
        DataError: if the file cannot be written there.
        TypeError: if an array holds Python objects, which only pickle could store.

    Examples:
        >>> from tempfile import mkdtemp
        >>> path = mkdtemp() + "/numbers.npz"
        >>> write_npz(path, {"W": np.eye(2)})
        >>> read_npz(path)["W"].tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    for name, array in arrays.items():
        if np.asarray(array).dtype.hasobject:
            raise TypeError(f"write_npz: expected numbers or text, but {name} holds Python objects")
    with write_atomically(path) as file:
        np.savez(file, allow_pickle=False, **dict(arrays))


# Reading


def read_npz(path: FilePath) -> dict[str, Array]:
    """All arrays of an .npz file, by name. Nothing in the file is executed.

    Args:
        path: the file.

    Returns:
        The arrays.

    Raises:
        DataError: if there is no such file, it is not an .npz file, is damaged, or holds pickled objects.
    """
    with existing(path).open("rb") as file, refusing(path, "an .npz file of plain arrays"):
        archive = NpzFile(file, allow_pickle=False)
        return {name: archive[name] for name in archive.files}


def read_idx(path: FilePath) -> Array:
    """The bytes of an IDX file, plain or gzip, in the shape that its header states.

    The format is described on the MNIST page: two zero bytes, the type (8 for unsigned bytes), the number of axes, the
    length of each axis as four bytes with the highest first, then the data.

    Args:
        path: the file.

    Returns:
        A uint8 array: (m, 28, 28) for MNIST's images, (m,) for its labels.

    Raises:
        DataError: if there is no such file, it does not begin with the number of an IDX file, or is too short or long.

    Examples:
        >>> from tempfile import mkdtemp
        >>> path = Path(mkdtemp()) / "labels"
        >>> path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4]))
        11
        >>> read_idx(path).tolist()
        [5, 0, 4]
    """
    raw = unpacked(path)
    if raw[:3] != b"\0\0\x08" or len(raw) < 4 + 4 * raw[3]:
        begin = f"its first bytes are {raw[:4].hex(' ')}" if raw else "it is empty"
        text = "expected an IDX file of bytes (00 00 08, then the number of axes)"
        raise DataError(f"{path}: {text}, but {begin}; is it one of MNIST's four files?")
    shape = np.frombuffer(raw, ">u4", count=raw[3], offset=4).tolist()
    start, size = 4 + 4 * len(shape), int(np.prod(shape, dtype=object))
    if len(raw) - start != size:
        text = f"expected {size:,} bytes of data for shape {tuple(shape)}, but it has {len(raw) - start:,}"
        raise DataError(f"{path}: {text}; it was cut off or damaged: fetch it again")
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape).copy()


def read_kaggle_csv(path: FilePath) -> tuple[Array, Array | None]:
    """The images, and the labels if there are any, of a CSV file as in Kaggle's "Digit Recognizer".

    Args:
        path: a file whose header is label,pixel0,...,pixel783 (train.csv) or pixel0,...,pixel783 (test.csv).

    Returns:
        X, the pixels, (m, 784), uint8; and y, the labels, (m,), int64, or None where the file has none.

    Raises:
        DataError: if there is no such file, it is empty, a column is missing or extra, a value is not a whole number
            from 0 to 255, or a label not from 0 to 9.
    """
    import pandas as pd

    labelled = check_header(path)
    with refusing(path, "rows of numbers from 0 to 255", csv_fault), np.errstate(invalid="ignore"):
        frame = pd.read_csv(path, dtype=np.uint8)
    table = frame.to_numpy()
    if len(table) == 0 or not isinstance(frame.index, pd.RangeIndex):  # longer rows would become an index
        raise DataError(csv_fault(path) or f"{path}: expected images, but the file ends after its header")
    if not labelled:
        return np.ascontiguousarray(table), None
    return np.ascontiguousarray(table[:, 1:]), check_digits(path, table[:, 0])


def check_header(path: FilePath) -> bool:
    """Whether the CSV file at path has labels, if its columns are those of Kaggle's train.csv or test.csv."""
    import pandas as pd

    with refusing(path, "a CSV file with a header"):
        columns = tuple(pd.read_csv(existing(path), nrows=0).columns)
    if columns not in (PIXELS, ("label", *PIXELS)):
        text = "expected the columns label,pixel0,...,pixel783 or the pixels alone"
        raise DataError(f"{path}: {text}, but {odd(columns)}")
    return columns[0] == "label"


def odd(columns: tuple[str, ...]) -> str:
    """What is wrong with the columns of a CSV file, in words."""
    missing = [name for name in PIXELS if name not in columns]
    extra = [name for name in columns if name not in ("label", *PIXELS)]
    if len(missing) == len(PIXELS):
        return f"the first line begins with {','.join(columns[:3])[:40]}; add the header"
    if missing:
        return f"{some(missing)} missing; fetch the file again"
    return f"{some(extra)} extra; remove what is not a pixel" if extra else "they are in another order; sort them"


def some(names: list[str]) -> str:
    """The first three of some names, how many more, and the verb that fits."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more} {'is' if len(names) == 1 else 'are'}"


def csv_fault(path: FilePath) -> str:
    """What is wrong with the first bad line of a CSV file; slow, so only for a file that could not be read."""
    import csv

    if Path(path).suffix != ".csv":  # pandas also reads archives
        return ""
    good = {str(value) for value in range(256)}
    with Path(path).open(newline="", encoding="utf-8", errors="replace") as file, suppress(csv.Error, StopIteration):
        rows = csv.reader(file)
        header = next(rows)
        for row in rows:
            if row and not (len(row) == len(header) and good.issuperset(row)) and (fault := row_fault(header, row)):
                return f"{path}, line {rows.line_num}{fault}"
    return ""


def row_fault(header: list[str], row: list[str]) -> str:
    """What is wrong with one row of a CSV file, or nothing."""
    if len(row) != len(header):
        return f": expected {len(header)} values, but there are {len(row)}; it was cut off or damaged: fetch it again"
    for name, cell in zip(header, row, strict=True):
        if not is_byte(cell):
            came = repr(cell) if cell.strip() else "empty"
            return f", column {name}: expected a whole number from 0 to 255, but it is {came}"
    return ""


def is_byte(cell: str) -> bool:
    """Whether a cell of a CSV file holds a whole number from 0 to 255."""
    try:
        return float(cell) in range(256)
    except ValueError:
        return False


def read_png(path: FilePath) -> Array:
    """The pixels of a 28x28 image, light ink on a dark ground as in MNIST.

    Args:
        path: the image, PNG or any other format that Pillow reads.

    Returns:
        The pixels, row after row, (784,), uint8.

    Raises:
        DataError: if there is no such file, it is no image, has another size or transparency, or its border is light.
        ImportError: if Pillow is not installed.
    """
    Image = extra("PIL.Image", "png")
    with refusing(path, "an image"), Image.open(existing(path)) as image:
        size, clear, pixels = image.size, image.has_transparency_data, np.asarray(image.convert("L"))
    if size != (28, 28):
        raise DataError(f"{path}: expected 28x28 pixels, but it has {size[0]}x{size[1]}; scale it")
    if clear:
        raise DataError(f"{path}: expected an image without transparency; save it as plain gray")
    if np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]).mean() > 127:
        raise DataError(f"{path}: expected light ink on a dark ground, but the border is light; invert the image")
    return pixels.reshape(784).copy()


# MNIST


def load_mnist(directory: FilePath | None = None) -> Mnist:
    """The handwritten digits: the sample that comes with nnlit, or the files in a directory.

    The sample is the first 5,000 training and the first 1,000 test images of MNIST, by Yann LeCun and Corinna Cortes.

    Args:
        directory: holds MNIST's four IDX files, plain or gzip, or Kaggle's train.csv and perhaps test.csv.

    Returns:
        Training images and labels, test images and labels; see `Mnist`.

    Raises:
        DataError: if the directory or a file is missing, or a file is not what it should be.

    Examples:
        >>> [array.shape for array in load_mnist()]
        [(5000, 784), (5000,), (1000, 784), (1000,)]
        >>> load_mnist().y_train[:10].tolist()
        [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    """
    if directory is None:
        return load_sample()
    folder = Path(directory)
    if not folder.is_dir():
        came = "it is a file" if folder.exists() else "there is none"
        raise DataError(f"{directory}: expected a directory with MNIST's or Kaggle's files, but {came}")
    if any(find_idx(folder, name) for name in SOURCES):
        return load_idx(folder)
    if (folder / "train.csv").exists():
        return load_kaggle(folder)
    text = f"expected MNIST's {', '.join(SOURCES)} (plain or .gz), or Kaggle's train.csv"
    raise DataError(f"{directory}: {text}, but none of them is there")


def load_sample() -> Mnist:
    """The sample that comes with nnlit, labels as int64."""
    sample = read_npz(SAMPLE)
    y_train, y_test = (sample[name].astype(np.int64) for name in ("y_train", "y_test"))
    return Mnist(sample["X_train"], y_train, sample["X_test"], y_test)


def find_idx(folder: Path, name: str) -> Path | None:
    """One of MNIST's four files in a folder, plain or gzip; some copies spell it with a dot before idx."""
    names = (name, f"{name}.gz", name.replace("-idx", ".idx"), name.replace("-idx", ".idx") + ".gz")
    return next((folder / name for name in names if (folder / name).is_file()), None)


def load_idx(folder: Path) -> Mnist:
    """MNIST's four IDX files in a folder."""
    paths = {name: find_idx(folder, name) for name in SOURCES}
    missing = [name for name, path in paths.items() if path is None]
    if missing:
        text = f"expected MNIST's four files, but {some(missing)} missing"
        raise DataError(f"{folder}: {text}; fetch_mnist(directory) gets all four")
    train_images, train_labels, test_images, test_labels = cast("list[Path]", list(paths.values()))
    return Mnist(*idx_pair(train_images, train_labels), *idx_pair(test_images, test_labels))


def idx_pair(images: Path, labels: Path) -> tuple[Array, Array]:
    """The rows of a file of images and the labels of the file that belongs to it."""
    X, y = read_idx(images), read_idx(labels)
    if X.shape[1:] != (28, 28):
        raise DataError(f"{images}: expected images of 28x28 pixels, (m, 28, 28), but its shape is {X.shape}")
    if y.shape != X.shape[:1]:
        text = f"expected a label for each of the {len(X):,} images of {images.name}, but its shape is {y.shape}"
        raise DataError(f"{labels}: {text}; the two files do not belong together")
    if len(X) == 0:
        raise DataError(f"{images}: expected images, but there are none")
    return X.reshape(-1, 784), check_digits(labels, y)


def load_kaggle(folder: Path) -> Mnist:
    """Kaggle's train.csv and, if it is there, test.csv."""
    X, y = read_kaggle_csv(folder / "train.csv")
    if y is None:
        raise DataError(f"{folder / 'train.csv'}: expected a column label, but it has none; is it test.csv?")
    if not (folder / "test.csv").exists():
        return Mnist(X, y, X[:0], y[:0])
    X_test, y_test = read_kaggle_csv(folder / "test.csv")
    return Mnist(X, y, X_test, y[:0] if y_test is None else y_test)


def check_digits(path: FilePath, y: Array) -> Array:
    """The labels of a file as int64, if they are digits."""
    outside = np.flatnonzero(y > 9)
    if outside.size:
        i = int(outside[0])
        raise DataError(f"{path}: expected labels from 0 to 9, but label {i + 1} of {len(y)} is {y[i]}")
    return y.astype(np.int64)


def fetch_mnist(directory: FilePath | None = None) -> Mnist:
    """The full MNIST, 60,000 and 10,000 images, fetched once (11 MB) and kept. Needs the extra `nnlit[mnist]`.

    Args:
        directory: where the four files are kept; without it, the user's cache folder.

    Returns:
        Training images and labels, test images and labels.

    Raises:
        DataError: if no mirror could be reached or none had the right files.
        ImportError: if pooch is not installed.
    """
    pooch = extra("pooch", "mnist")
    pooch.get_logger().setLevel("WARNING")
    folder = Path(pooch.os_cache("nnlit") / "mnist" if directory is None else directory)
    folder.mkdir(parents=True, exist_ok=True)
    for name in SOURCES:
        path = find_idx(folder, name)
        if path is None or not is_source(path, name):
            fetch_file(folder, name)
    return load_idx(folder)


def fetch_file(folder: Path, name: str) -> None:
    """Put one of MNIST's four files into a folder, from the first mirror that has the right one."""
    import tempfile

    faults = []
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as passing:
        for mirror in MIRRORS:
            fault = fetch_from(mirror, folder, name, passing)
            if not fault:
                return
            faults.append(fault)
    text = f"no mirror gave {name}.gz: {'; '.join(faults)}"
    offline = "load_mnist() has a sample of 6,000 images, load_mnist(directory) reads MNIST's four files"
    raise DataError(f"fetch_mnist: {text}. Without a network: {offline}")


def fetch_from(mirror: str, folder: Path, name: str, passing: str) -> str:
    """Fetch one of MNIST's four files by way of a passing folder; why it was not to be had there, or nothing."""
    pooch = extra("pooch", "mnist")
    try:
        path = Path(pooch.retrieve(f"{mirror}{name}.gz", None, fname=f"{name}.gz", path=passing))
        if is_source(path, name):
            path.replace(folder / path.name)
            return ""
        path.unlink()  # else the next mirror's would count as fetched
    except OSError as error:  # of which requests' errors are a kind
        return f"{mirror} ({type(error).__name__})"
    return f"{mirror} has another file"


def is_source(path: Path, name: str) -> bool:
    """Whether a file, unpacked, is one of MNIST's four, byte for byte."""
    import hashlib

    try:
        return hashlib.sha256(unpacked(path)).hexdigest() == SOURCES[name]
    except DataError:
        return False


# Common to all


def existing(path: FilePath) -> Path:
    """The path, if there is a file."""
    if not Path(path).exists():
        raise DataError(f"{path}: there is no such file; check the name")
    if Path(path).is_dir():
        raise DataError(f"{path}: expected a file, but it is a directory")
    return Path(path)


def unpacked(path: FilePath) -> bytes:
    """The bytes of a file; gzip is recognized by its first two bytes, because browsers unpack without renaming."""
    raw = existing(path).read_bytes()
    if raw[:2] != b"\x1f\x8b":
        return raw
    with refusing(path, "a whole gzip file"):
        return zlib.decompress(raw, wbits=31)


def extra(module: str, group: str) -> ModuleType:
    """A module that only some need, imported when they do."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(f"{module} is not installed; pip install 'nnlit[{group}]' brings it") from error


@contextmanager
def refusing(path: FilePath, expected: str, explain: Callable[[FilePath], str] = lambda _: "") -> Iterator[None]:
    """What a library raises on a damaged file becomes one line with the file in front; `explain` may know better."""
    try:
        yield
    except DataError:
        raise
    except Exception as error:
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno is not None):
            raise  # not the contents' fault
        came = one_line(error)
        text = f"{path}: expected {expected}, but: {came}; if it should be one, it is damaged: fetch it again"
        raise DataError(explain(path) or text) from error


def one_line(error: BaseException) -> str:
    """What an error says, in one line; its kind if it says nothing."""
    return " ".join(str(error).split()) or type(error).__name__
