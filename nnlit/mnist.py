"""MNIST and its relatives in the forms people have them, known by content and not by name: all is checked."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, cast

import numpy as np

from nnlit import pictures, tables
from nnlit.data import Array
from nnlit.doors import PICTURES
from nnlit.files import (
    DataError,
    Entry,
    FilePath,
    Source,
    array_of,
    arrays_of,
    entries_of,
    extra,
    folder_entries,
    kind_of,
    opened,
    read_npz,
    refusing,
    some,
    unpacked,
)  # fmt: skip

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
AXES = 8  # of an IDX file at most
IDX_TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}  # by the third byte
SIZE = 784
DIGITS = tuple("0123456789")
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
CLOTHES = ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
KANA = tuple("おきすつなはまやれを")
KINDS = [  # a word in the path, the names of the classes; of the first that fits
    (r"fashion", CLOTHES),
    (r"kmnist|kuzushiji", KANA),
    (r"k49", tuple(str(k) for k in range(49))),
    (r"emnist.*(bymerge|balanced)", (*DIGITS, *LETTERS, *"abdefghnqrt")),
    (r"emnist.*byclass", (*DIGITS, *LETTERS, *(letter.lower() for letter in LETTERS))),
    (r"emnist.*letters|a[_-]z.*handwritten", LETTERS),
    (r"sign[ _-]?(language|mnist)", LETTERS[:25]),
    (r"", DIGITS),
]
PART = r"(?<![a-z])([xy]?)(train(?:ing)?|t10k|test(?:ing|10k|50k)?|valid(?:ation)?|val|dev)(?![a-z])"
BEFORE = r"((images?|imgs?|labels?|data|targets?|(?<![a-z])[xy])[_\-. ]*|[_\-. ]+)$"
MEANT = {"", ".csv", ".tsv", ".npz", ".npy", ".arff", ".parquet", ".gz"}  # a bad train.csv is not left aside
TRANSPOSED = "EMNIST's images are transposed: rows are columns; transpose=True (--transpose) turns them"
INVERTED = "the images are dark on light, and MNIST's are light on dark; a network that has learned on one kind cannot "
INVERTED += "read the other: 255 - x turns them"


class _Parts(NamedTuple):
    X_train: Array  # (m, 784)
    y_train: Array  # (m,)
    X_test: Array  # (m_test, 784)
    y_test: Array  # (m_test,), or (0,) where the test images have no labels


class Mnist(_Parts):
    """Images and labels to train on, images and labels to test on.

    Pixels are uint8, 784 to a row, light ink (255) on a dark ground (0); labels are int64, from 0. Kaggle's test.csv
    has no labels: y_test is empty there. Where there are no test images, X_test is empty as well, and so are the
    first two where there are only test images.

    Attributes:
        names: of the classes, in the order of their numbers; ten digits if nothing else is known.
        notes: what a person should know about how the files were read, a line each.
    """

    names: tuple[str, ...] = DIGITS
    notes: tuple[str, ...] = ()


@dataclass
class Found:
    """What a file, or an array in one, holds.

    Attributes:
        name: for messages.
        place: its path below the directory or archive, which says whether it is for training or for testing.
        X: images as rows of bytes.
        y: labels.
    """

    name: str
    place: str
    X: Array | None = None
    y: Array | None = None


@dataclass
class Findings:
    """All that was found in a directory or an archive.

    Attributes:
        found: images and labels.
        pictures: the files that are pictures, by the folder they stand in.
        aside: what was left aside, with the reason.
        notes: what a person should know.
    """

    found: list[Found] = field(default_factory=list)
    pictures: dict[str, list[Entry]] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


# Arrays in files


def read_idx(path: FilePath) -> Array:
    """The array of an IDX file, plain or gzip, in the shape that its header states.

    The format is described on the MNIST page: two zero bytes, the type (8 for unsigned bytes), the number of axes, the
    length of each axis as four bytes with the highest first, then the data.

    Args:
        path: the file.

    Returns:
        An array: (m, 28, 28) for MNIST's images, (m,) for its labels; uint8 but for the other types of the format.

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
    with opened(path) as source:
        return idx_of(unpacked(source))


def idx_of(source: Source) -> Array:
    """The array of an IDX file; no more is kept than its header states."""
    shape, dtype = idx_header(source)
    start, size = 4 + 4 * len(shape), int(np.prod(shape, dtype=object)) * dtype.itemsize
    data = bytearray()
    for piece in source.pieces():
        data += piece
        if len(data) > start + size:
            break
    if len(data) != start + size:
        came = "there are more" if len(data) > start + size else f"it has {len(data) - start:,}"
        text = f"expected {size:,} bytes of data for shape {shape}, but {came}"
        raise DataError(f"{source.name}: {text}; it was cut off or damaged: fetch it again")
    array = np.frombuffer(data, dtype, offset=start) if size else np.empty(0, dtype)
    return array.reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def idx_header(source: Source) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """The shape and the type that the header of an IDX file states, if its data may be so large."""
    head = source.head(4 + 4 * AXES)
    kind, axes = (head[2], head[3]) if len(head) > 3 else (0, 0)
    if head[:2] != b"\0\0" or kind not in IDX_TYPES or not 1 <= axes <= AXES or len(head) < 4 + 4 * axes:
        begin = f"its first bytes are {head[:4].hex(' ')}" if head else "it is empty"
        text = f"expected an IDX file (00 00, the type, 08 for bytes, and the number of axes, 1 to {AXES})"
        raise DataError(f"{source.name}: {text}, but {begin}; is it one of MNIST's four files?")
    shape, dtype = tuple(np.frombuffer(head, ">u4", count=axes, offset=4).tolist()), np.dtype(IDX_TYPES[kind])
    if int(np.prod([max(n, 1) for n in shape], dtype=object)) * dtype.itemsize > source.most:
        came = f"its header states the shape {shape}"
        raise DataError(f"{source.name}: expected at most {source.most:,} bytes, but {came}")
    return shape, dtype


def read_kaggle_csv(path: FilePath) -> tuple[Array, Array | None]:
    """The images, and the labels if there are any, of a table in text.

    Columns are known by their names: pixels as pixel0, pixel1, 1x1 or the like in the order of the image, labels as
    label, class, target or the like, at any place; columns that number the rows are read over. Without names there
    are 784 pixels in a row, alone or with the label in front or behind. Values are separated by commas, semicolons,
    tabs, bars or spaces. ARFF is read as well.

    Args:
        path: the file, plain, gzip or alone in a zip archive.

    Returns:
        X, the pixels, (m, 784), uint8; and y, the labels, (m,), int64, or None where the file has none.

    Raises:
        DataError: if there is no such file, it is empty, a column is missing or extra, a value is not a whole number
            from 0 to 255, or a label is none of the classes that the name of the file suggests, else 0 to 9.
    """
    with opened(path) as source:
        text = unpacked(source)
        if (kind := kind_of(text)) != "text":
            raise DataError(f"{path}: expected a CSV file, but it is {kind}; load_mnist reads it")
        X, y = tables.table_of(text)
        return X, None if y is None else labels_of(text.name, y, names_of(str(path)))


def found_in(source: Source, place: str) -> list[Found]:
    """What a file holds, whatever it is called; an archive of files is not opened."""
    kind = kind_of(source)
    if kind == "gzip":
        return found_in(unpacked(source), place.removesuffix(".gz"))
    if kind == "text":
        X, y = tables.table_of(source)
        return [Found(source.name, place, X, y)]
    if kind == "parquet":
        return [parquet_of(source, place)]
    if kind == "npz":
        return [found_as(f"{source.name}, {key}", f"{place}/{key}", A) for key, A in arrays_of(source).items()]
    if kind == "npy":
        with refusing(source.name, "an .npy file"):
            return [found_as(source.name, place, array_of(b"".join(source.pieces())))]
    if kind == "idx":
        return [found_as(source.name, place, idx_of(source))]
    raise DataError(f"{source.name}: expected a file of many images, but it is a {kind}")


def found_as(name: str, place: str, A: Array) -> Found:
    """An array as images or labels, by its shape."""
    named = re.search(r"label|target|class|(^|[^a-z])y", PurePosixPath(place).name.lower()) is not None
    if named and A.ndim == 2 and A.shape[1] == 8 and A.dtype.kind == "i":  # QMNIST: the label and where it is from
        A = A[:, 0]
    if A.ndim == 2 and A.shape[1] == 1:
        A = A[:, 0]
    if A.ndim == 1 and (named or len(A) != SIZE):
        return Found(name, place, y=whole_labels(name, A))
    if A.shape in ((SIZE,), (28, 28)):
        A = A.reshape(1, SIZE)
    if A.ndim == 2 and A.shape[1] == SIZE + 1:
        table = bytes_of(name, A)
        label = tables.label_by_values(Source(name, io.BytesIO()), table)
        return Found(name, place, np.delete(table, label, axis=1), table[:, label].astype(np.int64))
    if A.ndim > 1 and (A.shape[1:] in ((28, 28), (SIZE,), (28, 28, 1), (1, 28, 28))):
        return Found(name, place, X=bytes_of(name, A).reshape(len(A), SIZE))
    raise DataError(f"{name}: expected images, (m, 28, 28) or (m, 784), or labels, (m,), but {odd_shape(A)}")


def odd_shape(A: Array) -> str:
    """What an array is that is neither images nor labels."""
    if A.shape[1:] in ((8, 8), (64,)):
        return f"its shape is {A.shape}: {tables.of_size(64).removeprefix('are ')}"
    if A.ndim == 2 and A.shape[1] <= 62 and A.dtype.kind in "biuf" and (A.sum(axis=1) == 1).all():
        return f"it holds one-hot rows, {A.shape}; make them labels: y = y.argmax(axis=1)"
    if A.shape[:1] == (SIZE,) or A.shape[:2] == (28, 28):
        return f"its shape is {A.shape}: examples stand in the last axis; bring it to the front: np.moveaxis(X, -1, 0)"
    if A.ndim == 4 and 3 in (A.shape[1], A.shape[3]):
        return f"its shape is {A.shape}: colour images; make them gray: X.mean(axis={3 if A.shape[3] == 3 else 1})"
    like = tables.looks_like(int(np.prod(A.shape[1:]))) if 1 < A.ndim < 4 and A.dtype.kind in "biuf" else ""
    return f"its shape is {A.shape} and its type {A.dtype}{like}"


def bytes_of(name: str, A: Array) -> Array:
    """Pixels as bytes: they may be whole numbers of any type, or such numbers divided by 255 or 256."""
    if A.dtype.kind not in "biuf" or not np.isfinite(A).all():
        text = f"expected pixels from 0 to 255, but it holds {A.dtype}"
        nan = " with NaN or infinity; for 0 in their place write X = np.nan_to_num(X, posinf=0, neginf=0)"
        other = "; write X = np.real(X)" if A.dtype.kind == "c" else ", which are no numbers"
        raise DataError(f"{name}: {text}{nan if A.dtype.kind == 'f' else other}")
    low, high = (float(A.min()), float(A.max())) if A.size else (0.0, 0.0)
    if A.dtype.kind == "f" and low >= 0 and high <= 1 and ((A > 0) & (A < 1)).any():
        factor = 256 if np.abs(A * 256 - np.rint(A * 256)).max() < 0.01 and high < 1 else 255
        A = np.rint(A * factor) if np.abs(A * factor - np.rint(A * factor)).max() < 0.01 else A
    if not (low >= 0 and A.max(initial=0) <= 255 and (A.dtype.kind != "f" or (np.rint(A) == A).all())):
        text = f"expected whole numbers from 0 to 255, but it holds {A.dtype} from {low:g} to {high:g}"
        raise DataError(f"{name}: {text}; undo what was done to the pixels, and write np.rint(X).astype(np.uint8)")
    return np.ascontiguousarray(A.astype(np.uint8))


def whole_labels(name: str, y: Array) -> Array:
    """Labels as int64, if they are whole numbers."""
    if y.dtype.kind not in "iuf" or (y.dtype.kind == "f" and not (y == np.rint(y)).all()):
        came = f"they are {y.dtype}" if y.dtype.kind != "f" else "some are no whole numbers"
        repair = "y = np.unique(y, return_inverse=True)[1] numbers them"
        raise DataError(f"{name}: expected labels as whole numbers, but {came}; {repair}")
    return y.astype(np.int64)


def parquet_of(source: Source, place: str) -> Found:
    """The images of a Parquet file: columns of pixels, or one column of pictures as Hugging Face keeps them."""
    import pandas as pd

    parquet = extra("pyarrow.parquet", "parquet")
    with refusing(source.name, "a Parquet file"):
        meta = parquet.read_metadata(source.file)
        size = sum(meta.row_group(k).total_byte_size for k in range(meta.num_row_groups))
        if size > source.most:
            raise DataError(f"{source.name}: expected at most {source.most:,} bytes, but it unpacks to {size:,}")
        source.file.seek(0)
        frame = pd.read_parquet(cast("Any", source.file))
    names = [str(name) for name in frame.columns]
    pictured = [name for name in names if isinstance(frame[name].iloc[:1].squeeze(), dict)]
    labels = [name for name in names if name.lower() in tables.LABELS]
    y = whole_labels(source.name, frame[labels[0]].to_numpy()) if labels else None
    if pictured:
        raws = [cell["bytes"] for cell in frame[pictured[0]]]
        opener = [Source(f"{source.name}, row {k}", io.BytesIO(raw)) for k, raw in enumerate(raws)]
        return Found(source.name, place, picture_rows(opener, [], len(raws)), y)
    columns = tables.by_name(source, names, ",")
    return Found(source.name, place, bytes_of(source.name, frame.iloc[:, columns.pixels].to_numpy()), y)


# Directories and archives


def load_mnist(path: FilePath | None = None, *, transpose: bool = False) -> Mnist:
    """Handwritten digits, or what has their form: the sample that comes with nnlit, or a directory or file.

    The sample is the first 5,000 training and the first 1,000 test images of MNIST, by Yann LeCun and Corinna Cortes.

    Args:
        path: a directory, an archive or a file with images of 28x28 pixels and their labels: IDX, CSV, ARFF, npz, npy,
            Parquet, or one folder of pictures a class; the content counts. Of several data sets in one directory,
            the path of one file says which.
        transpose: turn rows into columns, which EMNIST's files need.

    Returns:
        Training images and labels, test images and labels; see `Mnist`.

    Raises:
        DataError: if nothing is there, or a file is not what it should be; what is there is listed.

    Examples:
        >>> [array.shape for array in load_mnist()]
        [(5000, 784), (5000,), (1000, 784), (1000,)]
        >>> load_mnist().y_train[:10].tolist()
        [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    """
    if path is None:
        return load_sample()
    data = load_folder(Path(path)) if Path(path).is_dir() else load_file(path)
    return transposed(data) if transpose else data


def transposed(data: Mnist) -> Mnist:
    """The same images with rows and columns exchanged."""
    X_train, X_test = (np.ascontiguousarray(X.reshape(-1, 28, 28).mT).reshape(-1, SIZE) for X in (data[0], data[2]))
    turned = Mnist(X_train, data.y_train, X_test, data.y_test)
    turned.names, turned.notes = data.names, tuple(note for note in data.notes if note != TRANSPOSED)
    return turned


def load_sample() -> Mnist:
    """The sample that comes with nnlit, labels as int64."""
    sample = read_npz(SAMPLE)
    y_train, y_test = (sample[name].astype(np.int64) for name in ("y_train", "y_test"))
    return Mnist(sample["X_train"], y_train, sample["X_test"], y_test)


def load_folder(folder: Path) -> Mnist:
    """What lies in a directory; archives are opened only if there is nothing else."""
    entries = folder_entries(folder)
    findings = look(entries, archives=False)
    if not findings.found and not findings.pictures:
        findings = look(entries, archives=True)
    return assemble(str(folder), findings)


def load_file(path: FilePath) -> Mnist:
    """What a file holds; of a file that has a companion, such as images with labels, both are read."""
    with opened(path) as source:
        place, kind = Path(path).name, kind_of(source)
        inner = unpacked(source) if kind == "gzip" else source
        kind = kind_of(inner)
        if kind in ("zip", "tar"):
            return assemble(str(path), look(entries_of(inner, kind), archives=False))
        if kind == "picture":
            raise DataError(f"{path}: it is one picture; `nnlit predict MODEL {place}` reads it")
        found = found_in(inner, place)
    half = len(found) == 1 and (found[0].X is None or found[0].y is None)
    if half and kind != "text" and re.search(PART, place.lower()):
        key = part_of(place)[0]
        entries = [e for e in folder_entries(Path(path).parent) if part_of(e.name)[0] == key and "/" not in e.name]
        return assemble(f"{Path(path).parent}", look(entries, archives=False))
    return assemble(str(path), Findings(found))


def look(entries: Sequence[Entry], *, archives: bool) -> Findings:
    """All images and labels among some files; a file that holds neither is left aside with the reason."""
    findings = Findings()
    for entry in entries:
        if PurePosixPath(entry.name).suffix.lower() in PICTURES:
            findings.pictures.setdefault(str(PurePosixPath(entry.name).parent), []).append(entry)
            continue
        try:
            with entry.open() as source:
                look_into(source, entry, findings, archives=archives)
        except DataError as error:
            if re.search(PART, entry.name.lower()) and PurePosixPath(entry.name).suffix.lower() in MEANT:
                raise
            findings.aside.append(str(error))
    return findings


def look_into(source: Source, entry: Entry, findings: Findings, *, archives: bool) -> None:
    """Add what one file holds."""
    kind = kind_of(source)
    inner = unpacked(source) if kind == "gzip" else source
    kind = kind_of(inner)
    if kind in ("zip", "tar"):
        if not archives:
            raise DataError(f"{source.name}: it is an archive")
        for member in entries_of(inner, kind):
            with member.open() as below:
                if kind_of(below) == "picture":  # it would be read when the archive is closed
                    raise DataError(f"{source.name}: it is an archive of pictures; give its own path, or unpack it")
                look_into(below, Entry(f"{entry.name}/{member.name}", member.open), findings, archives=False)
    elif kind == "picture":
        findings.pictures.setdefault(str(PurePosixPath(entry.name).parent), []).append(entry)
    else:
        findings.found += found_in(inner, entry.name.removesuffix(".gz"))


def part_of(place: str) -> tuple[str, str]:
    """The data set that a file belongs to, by its path before the word that says which part it is; and the part."""
    folders = place.lower().split("/")
    for k, name in enumerate(folders):
        if match := re.search(PART, name):
            before = re.sub(BEFORE, "", name[: match.start()])
            word = match[2]
            part = "train" if word.startswith("train") else "test" if word.startswith("t") else "validation"
            return "/".join([*folders[:k], before]), part
    return "/".join([*folders[:-1], ""]), ""


def assemble(name: str, findings: Findings) -> Mnist:
    """One data set of what was found; several, or none, are an error that lists what is there."""
    sets: dict[str, list[Found]] = {}
    for found in findings.found:
        sets.setdefault(part_of(found.place)[0], []).append(found)
    if len(sets) > 1 and any("x" in roles(files) for files in sets.values()):
        sets = {key: files for key, files in sets.items() if "x" in roles(files)}
    if len(sets) > 1:
        places = ", ".join([files[0].place for files in sets.values()][:5])
        text = f"expected one data set, but there are {len(sets)}; give the path of a file of one of them"
        raise DataError(f"{name}: {text}: {places}")
    if sets:
        return from_arrays(name, next(iter(sets.values())), findings)
    if findings.pictures:
        return from_pictures(name, findings)
    text = "expected images and labels (IDX, CSV, npz, or a folder of pictures a class)"
    raise DataError(f"{name}: {text}, but {listing(findings)}")


def roles(files: list[Found]) -> str:
    """Which of images (x) and labels (y) are among some files."""
    return "x" * any(f.X is not None for f in files) + "y" * any(f.y is not None for f in files)


def listing(findings: Findings) -> str:
    """What a directory holds instead, in words."""
    if not findings.aside:
        return "there is nothing"
    more = f"; and {len(findings.aside) - 5} more" if len(findings.aside) > 5 else ""
    return f"there is only: {'; '.join(findings.aside[:5])}{more}"


def from_arrays(name: str, files: list[Found], findings: Findings) -> Mnist:
    """The data set of some files: images and labels for training, for testing, or both."""
    parts: dict[str, list[Found]] = {"": [], "train": [], "test": [], "validation": []}
    for found in files:
        parts[part_of(found.place)[1]].append(found)
    unnamed = parts[""]
    lone = unnamed and not parts["train"] and all(f.y is None and f.X is not None for f in unnamed)
    parts["test" if lone and not parts["test"] else "train"] += unnamed
    names = names_of(f"{name}/{files[0].place}")
    train, test = (pair(name, parts[part], findings, names) for part in ("train", "test"))
    if len(train[0]) and len(train[1]) == 0:
        reason = f"; left aside: {listing(findings)}" if findings.aside else ""
        mend = "" if reason else "; put them into a column called label, as in Kaggle's train.csv"
        raise DataError(f"{parts['train'][0].name}: expected labels for its images, but there are none{reason}{mend}")
    data = Mnist(*train, *test)
    data.names, data.notes = names, notes_of(f"{name}/{files[0].place}", parts, findings)
    return data


def notes_of(path: str, parts: dict[str, list[Found]], findings: Findings) -> tuple[str, ...]:
    """What a person should know about a data set."""
    notes = [*findings.notes, *([TRANSPOSED] if re.search(r"emnist", path.lower()) else [])]
    images = [found.X for files in parts.values() for found in files if found.X is not None]
    notes += [INVERTED] * any(map(is_inverted, images))
    left = [found.place for found in parts["validation"]]
    return (*notes, *([f"validation images are left out: {', '.join(left)}"] if left else []))


def is_inverted(X: Array) -> bool:
    """Whether most of what stands at the borders of some images is light: in the last quarter of the levels."""
    border = np.pad(np.zeros((tables.SIDE - 2, tables.SIDE - 2), bool), 1, constant_values=True)
    return bool(len(X) and np.median(X[:100, border.ravel()]) > 191)


def pair(name: str, files: list[Found], findings: Findings, names: tuple[str, ...]) -> tuple[Array, Array]:
    """The images and labels of one part."""
    images, labels = [f for f in files if f.X is not None], [f for f in files if f.y is not None]
    for kind, several in (("images", images), ("labels", labels)):
        if any(not same(several[0], other) for other in several[1:]):
            came = f"there are different ones: {' and '.join(f.place for f in several[:3])}; remove all but one"
            raise DataError(f"{name}: expected one file of {kind}, but {came}")
    if not images and not labels:
        return np.zeros((0, SIZE), np.uint8), np.zeros(0, np.int64)
    if not images:
        raise DataError(f"{labels[0].name}: expected images for these labels, but there are none{left(findings)}")
    X = cast("Array", images[0].X)
    if not len(X):
        raise DataError(f"{images[0].name}: expected images, but there are none")
    if not labels:
        if images[0].place.lower().endswith(("ubyte", "idx")):
            text = f"expected the labels of its images beside it, but they are missing{left(findings)}"
            raise DataError(f"{images[0].name}: {text}")
        return X, np.zeros(0, np.int64)
    y = labels_of(labels[0].name, cast("Array", labels[0].y), names)
    if len(y) != len(X):
        text = f"expected a label for each of the {len(X):,} images of {images[0].place}, but there are {len(y):,}"
        raise DataError(f"{labels[0].name}: {text}; the two files do not belong together")
    return X, y


def left(findings: Findings) -> str:
    """What was left aside, at the end of a message."""
    return f" ({listing(findings)})" if findings.aside else "; fetch_mnist(directory) gets MNIST's four files"


def same(one: Found, other: Found) -> bool:
    """Whether two files hold the same, as a packed and an unpacked copy do."""
    pairs = ((one.X, other.X), (one.y, other.y))
    return all(a is b or (a is not None and b is not None and np.array_equal(a, b)) for a, b in pairs)


def names_of(path: str) -> tuple[str, ...]:
    """The names of the classes, by the words in a path."""
    return next(names for word, names in KINDS if re.search(word, path.lower()))


def labels_of(name: str, y: Array, names: tuple[str, ...]) -> Array:
    """Labels, if they are numbers of these classes, from 0; EMNIST counts its letters from 1."""
    if names == LETTERS and len(y) and y.min() >= 1 and "emnist" in name.lower():
        y = y - 1
    outside = np.flatnonzero((y < 0) | (y >= len(names)))
    if outside.size:
        i, K = int(outside[0]), len(names)
        counted = set(y.tolist()) == set(range(1, K + 1))
        from_one = f"; they count from 1: y - 1 counts from 0, or y % {K} if {K} stands for 0" if counted else ""
        text = f"expected labels from 0 to {K - 1}, but label {i + 1} of {len(y)} is {y[i]}"
        more = f"; for other classes than {K} make a folder of pictures a class, or in Python hand arrays to fit"
        raise DataError(f"{name}: {text}{from_one or more}")
    return y.astype(np.int64)


# Folders of pictures


def from_pictures(name: str, findings: Findings) -> Mnist:
    """The data set of pictures in folders, one a class, perhaps below a folder for each part."""
    folders = {folder: entries for folder, entries in findings.pictures.items() if folder != "."}
    parts = {folder: part_of(f"{folder}/x")[1] or "train" for folder in folders}
    class_of = classes_of(name, sorted(folders))
    classes = sorted(set(class_of.values()), key=lambda c: (len(c) * c.isdecimal(), c))
    if len(classes) < 2:
        there = [folder for folder in sorted(findings.pictures) if folder != "."]
        came = f"{some(there)} there" if there else "they stand in no folder"
        text = f"expected one folder of pictures a class, but {came}; put a picture of a 7 into a folder called 7"
        raise DataError(f"{name}: {text}; `nnlit predict` takes pictures without labels")
    numbered = all(c.isdecimal() and int(c) < 10 for c in classes)
    if not numbered:
        some_of = ", ".join(f"{k} is {c}" for k, c in enumerate(classes[:62]))
        findings.notes.append(f"the classes have numbers in the order of their names: {some_of}")
    arrays = []
    for part in ("train", "test"):
        names = [(folder, class_of[folder]) for folder in folders if parts[folder] == part]
        chosen = [(entry, kind) for folder, kind in names for entry in folders[folder]]
        X = picture_rows((entry for entry, _ in chosen), findings.notes, len(chosen))
        arrays += [X, np.array([int(c) if numbered else classes.index(c) for _, c in chosen], np.int64)]
    data = Mnist(*arrays)
    data.names, data.notes = DIGITS if numbered else tuple(classes), tuple(dict.fromkeys(findings.notes))
    return data


def classes_of(name: str, folders: list[str]) -> dict[str, str]:
    """The class of each folder: its name, or a digit above it; what could be either is refused."""
    below = {folder: PurePosixPath(folder).name for folder in folders}
    parents = {folder: PurePosixPath(folder).parent.name for folder in folders}
    above = {folder: parent for folder, parent in parents.items() if parent and not part_of(f"{parent}/x")[1]}
    digits = {name: str(k) for k, name in enumerate(WORDS)} | {k: k for k in DIGITS}
    for level in (below, above):
        if len(level) == len(folders) and all(where.lower() in digits for where in level.values()):
            return {folder: digits[where.lower()] for folder, where in level.items()}
    within = {(above[folder], below[folder]) for folder in above}
    if len({first for first, _ in within}) > 1 and len({last for _, last in within}) < len(within):
        text = "expected one folder of pictures a class, but folders stand in folders"
        raise DataError(f"{name}: {text}, such as {folders[0]}: which are the classes? Put each class into one folder")
    return below


def picture_rows(entries: Iterable[Entry | Source], notes: list[str], count: int) -> Array:
    """Pictures as rows of pixels: as they are if they have 28x28, else prepared as MNIST's images were."""
    from tqdm import tqdm

    rows = np.zeros((count, SIZE), np.uint8)
    for k, entry in enumerate(tqdm(entries, total=count, disable=None, leave=False, unit=" pictures")):
        if isinstance(entry, Source):
            rows[k] = picture_row(entry, notes)
        else:
            with entry.open() as source:
                rows[k] = picture_row(source, notes)
    frame = rows.reshape(-1, 28, 28)[:, (0, 0, -1, -1), (0, -1, 0, -1)]
    if count and np.median(frame) > 127:
        notes.append("the pictures were inverted: their grounds are light")
        return 255 - rows
    return rows


def picture_row(source: Source, notes: list[str]) -> Array:
    """One picture of many."""
    gray, _ = pictures.decoded(source)
    if gray.shape == (28, 28):
        return np.rint(gray).astype(np.uint8).reshape(-1)
    notes.append("pictures that have not 28x28 pixels were prepared as MNIST's images were")
    with refusing(source.name, "a picture of a digit"):
        return pictures.prepare(gray).pixels


# Fetching


def find_idx(folder: Path, name: str) -> Path | None:
    """One of MNIST's four files in a folder, plain or gzip; some copies spell it with a dot before idx."""
    names = (name, f"{name}.gz", name.replace("-idx", ".idx"), name.replace("-idx", ".idx") + ".gz")
    return next((folder / name for name in names if (folder / name).is_file()), None)


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
    return load_folder(folder)


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

    sum_ = hashlib.sha256()
    try:
        with opened(path) as source:
            for piece in unpacked(source).pieces():
                sum_.update(piece)
    except DataError:
        return False
    return sum_.hexdigest() == SOURCES[name]
