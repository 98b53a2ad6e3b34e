"""Files: written whole or not at all, read within limits that are checked before anything is unpacked."""

import importlib
import io
import itertools
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import IO, TYPE_CHECKING, cast

import numpy as np

from nnlit.data import Array

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

FilePath = str | os.PathLike[str]

LIMIT = 1 << 31  # bytes; nothing larger is read, packed or unpacked
RATIO = 50  # images and weights do not shrink so far: what grows by more is no data, but a trap
ROOM = 1 << 26  # bytes that may be unpacked whatever the ratio
MEMBERS = 10_000  # of an .npz file
ENTRIES = 200_000  # files in a directory or an archive
DEPTH = 4  # folders below a directory that are looked into
NEAR = 2000  # names in a directory that are compared with one that is not there
WAIT = 10.0  # seconds of silence after which a pipe is given up
PIECE = 1 << 20  # bytes read at a time


class DataError(ValueError):
    """A file is not what it should be; the message names it, what was expected, what came and how to mend it."""


# Writing


@contextmanager
def write_atomically(path: FilePath) -> Iterator[IO[bytes]]:
    """A binary file that takes its name when it is complete, so that a failure leaves what was there before.

    What earlier runs of nnlit left half-written beside it, because they were killed, is removed.

    Args:
        path: the file to write or replace.

    Yields:
        An open file in the same directory, under a passing name.

    Raises:
        DataError: if the directory does not exist, path is something other than a regular file, or the disk is full.

    Examples:
        >>> from tempfile import mkdtemp
        >>> folder = mkdtemp()
        >>> with write_atomically(folder + "/a.txt") as file:
        ...     _ = file.write(b"whole")
        >>> os.listdir(folder)
        ['a.txt']
    """
    goal = check_destination(path)
    remove_stale(goal)
    with writing(path), new_part(goal) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
        if goal.exists():
            Path(file.name).chmod(goal.stat().st_mode)
        if sys.platform == "win32":
            file.close()  # an open file cannot take another name there
        Path(file.name).replace(goal)


@contextmanager
def writing(path: FilePath) -> Iterator[None]:
    """What the system raises while a file is written, a full disk above all, becomes a line with the file's name."""
    try:
        yield
    except OSError as error:
        text = f"{path}: could not be written ({error.strerror or error}), and what was there before is unchanged"
        raise DataError(f"{text}; make room or give another place") from error


@contextmanager
def new_part(goal: Path) -> Iterator[IO[bytes]]:
    """A new file beside the goal, locked as long as it is written to, and removed if it is still there at the end."""
    part = goal.with_name(f".{goal.name}.{os.urandom(4).hex()}.part")
    file = part.open("xb")
    try:
        lock(file)
        if part.exists():
            yield file
            return
    finally:
        with suppress(OSError):  # a full disk may complain again
            file.close()
        part.unlink(missing_ok=True)
    raise OSError(f"{part} was taken away by another process")


def lock(file: IO[bytes]) -> bool:
    """Whether a file is now locked for this process, or could not be because another one writes to it."""
    try:
        import fcntl
    except ImportError:  # Windows does not remove a file that is open
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def remove_stale(goal: Path) -> None:
    """Remove the halves of this file that killed runs have left: those that nobody has locked."""
    name = re.compile(rf"\.{re.escape(goal.name)}\.[0-9a-f]{{8}}\.part")
    with suppress(OSError):  # a directory may not be listed, or another process is faster
        for part in goal.parent.iterdir():
            if name.fullmatch(part.name) and part.is_file() and not part.is_symlink():
                with part.open("rb") as file:
                    if lock(file):
                        part.unlink()


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


# Opening


@dataclass(frozen=True)
class Source:
    """Bytes to read: a file, what came through a pipe, or a member of an archive.

    Attributes:
        name: how messages call it.
        file: open, and able to go back to its beginning.
        most: as many bytes as it may have; more are an error, found before they are kept.
        kind: what is expected, for messages.
    """

    name: str
    file: IO[bytes]
    most: int = LIMIT
    kind: str = "a file that can be read"

    @property
    def packed(self) -> bool:
        """Whether it may grow while it is read."""
        return self.most < LIMIT

    def head(self, size: int) -> bytes:
        """The first bytes."""
        self.file.seek(0)
        with refusing(self.name, self.kind):
            return self.file.read(size)

    def pieces(self, size: int = PIECE) -> Iterator[bytes]:
        """All bytes from the beginning, so many at a time."""
        self.file.seek(0)
        total = 0
        with refusing(self.name, self.kind):
            while piece := self.file.read(size):
                total += len(piece)
                check_size(self.name, total, self.most)
                yield piece


@contextmanager
def opened(path: FilePath) -> Iterator[Source]:
    """A file to read; what comes through a pipe is read once, into a passing file, and a device is not opened.

    Args:
        path: the file.

    Yields:
        The source of its bytes.

    Raises:
        DataError: if there is no such file, it may not be read, is too large, or is no file; if nothing comes through
            a pipe.
    """
    kind = kind_of_file(path)
    if stat.S_ISFIFO(kind):
        with passed_on(path) as file:
            yield Source(str(path), file)
        return
    if not stat.S_ISREG(kind):
        came = "it is a directory; name a file in it" if stat.S_ISDIR(kind) else "it is a device or a socket"
        raise DataError(f"{path}: expected a file, but {came}")
    with refusing(path, "a file that can be read"):
        file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | NONBLOCK))  # noqa: SIM115
    with file:
        check_size(path, os.fstat(file.fileno()).st_size, LIMIT)
        yield Source(str(path), file)


NONBLOCK = getattr(os, "O_NONBLOCK", 0)  # a pipe is opened although nobody writes into it


def kind_of_file(path: FilePath) -> int:
    """What stands under a name, links followed."""
    if not Path(path).exists():
        raise DataError(f"{path}: there is no such file; {meant_by(os.fspath(path))}")
    with refusing(path, "a file"):
        return Path(path).stat().st_mode


def meant_by(name: str) -> str:
    """What to do about the name of a file that is not there."""
    bare, folder = name.strip(" \t\r\n'\""), Path(name).parent
    if re.match(r"\w+://", name):
        return "it is an address; fetch what is there, and give the name of the file"
    if name.startswith("~"):
        home = os.path.expanduser(name)  # noqa: PTH111 - there may be none: then the name stays as it is
        return f"only a shell reads ~ as your home; write {Path(home) if home != name else 'the folder in full'}"
    if bare != name:
        return f"write {bare}, without what stands around it"
    if not folder.is_dir():
        return f"there is no directory {folder} either; check the name"
    from difflib import get_close_matches

    with suppress(OSError):  # a directory may not be listed
        there = [entry.name for entry in itertools.islice(os.scandir(folder), NEAR)]
        if near := get_close_matches(Path(name).name, there, 1, 0.7):
            return f"is it {folder / near[0]}?"
    return "check the name"


@contextmanager
def passed_on(path: FilePath) -> Iterator[IO[bytes]]:
    """What comes through a pipe, in a passing file that can be read twice."""
    from tempfile import SpooledTemporaryFile

    pipe = os.open(path, os.O_RDONLY | NONBLOCK)
    try:
        with SpooledTemporaryFile(ROOM) as file:
            for piece in through(path, pipe):
                file.write(piece)
                check_size(path, file.tell(), LIMIT)
            file.seek(0)
            yield file
    finally:
        os.close(pipe)


def through(path: FilePath, pipe: int) -> Iterator[bytes]:
    """The pieces that come through a pipe until its other end is closed."""
    import select

    while select.select([pipe], [], [], WAIT)[0]:
        piece = os.read(pipe, PIECE)
        if not piece:
            return
        yield piece
    raise DataError(f"{path}: expected data through a pipe, but none came for {WAIT:g} s; write them to a file first")


def check_size(name: FilePath, size: int, most: int) -> None:
    """Refuse what is too large before it is read."""
    if size > most:
        raise DataError(f"{name}: expected at most {most:,} bytes (unpacked, if packed), but there are more")


def allowed(packed: int) -> int:
    """How many bytes may come out of so many packed ones."""
    return min(LIMIT, max(ROOM, RATIO * packed))


def unpacked(source: Source) -> Source:
    """The source itself, or what is packed in it: by gzip, which browsers undo silently, or alone in a zip archive."""
    head = source.head(4)
    if head == b"PK\3\4":
        return only_member(source)
    if head[:2] != b"\x1f\x8b":
        return source
    import gzip

    size = source.file.seek(0, io.SEEK_END)
    source.file.seek(0)
    stream = cast("IO[bytes]", gzip.GzipFile(fileobj=source.file))
    return Source(source.name, stream, allowed(size), "a whole gzip file")


def only_member(source: Source) -> Source:
    """The one file in a zip archive."""
    from zipfile import ZipFile

    with refusing(source.name, "a whole zip archive"):
        archive = ZipFile(source.file)
        members = [info for info in checked_members(source, archive, ENTRIES) if not hidden(info.filename)]
        if len(members) != 1:
            names = some([info.filename for info in members]) if members else "none is"
            raise DataError(f"{source.name}: expected one file in the archive, but {names} there; unpack it")
        name = f"{source.name}, {members[0].filename}"
        return Source(name, archive.open(members[0]), members[0].file_size, "a whole zip archive")


# What a file is


ARRAYS = "np.savez(...) its arrays, images as (m, 28, 28)"
REFUSED = [  # how it begins, what it is, and the way out
    (rb"\x80[\x01-\x05]|\(+[dlc]", "a pickle, which is never opened: it could run any code",
     "in an environment that you trust load it and np.savez('mnist.npz', x_train=X, y_train=y, ...)"),
    (rb"(?s).{5}\0\0\0\{\"", "a safetensors file", "it holds a network and no images"),
    (rb"version https://git-lfs", "a pointer of Git LFS and not the file itself", "fetch it with `git lfs pull`"),
    (rb"(?i)\s*(<!doctype html|<html)", "a web page", "the address led to a page; download the file itself"),
    (rb"(?i)\s*<(\?xml|svg)", "XML or SVG", "save a picture as PNG, a table as CSV"),
    (rb"\xd0\xcf\x11\xe0", "an Excel file of the old kind (.xls)", "save it as CSV"),
    (rb"%PDF", "a PDF", "save the picture in it as PNG"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "PostScript, which is a program", "save the picture as PNG"),
    (rb"\x89HDF", "an HDF5 file, as Keras and MATLAB write them", ARRAYS),
    (rb"MATLAB 5", "a MATLAB file", f"scipy.io.loadmat reads it; {ARRAYS}"),
    (rb"7z\xbc\xaf|Rar!|\xfd7zXZ|BZh|\x28\xb5\x2f\xfd|LZIP", "packed as is not read here", "unpack it first"),
    (rb"(?s)....ftyp", "a picture or film as phones store them (HEIC, AVIF, MP4)", "save the picture as JPEG or PNG"),
    (rb"\xff\xfe|\xfe\xff", "text in UTF-16", "save it as CSV in UTF-8"),
    (rb"SQLite format 3", "a database", "save the table as CSV"),
    (rb"ARROW1|FEA1|ORC", "a table in a format that is not read here", "save it as CSV or Parquet"),
    (rb"\x7fELF|MZ", "a program", "is it the right file?"),
    (rb"\s*[\[{]", "JSON", "save a table as CSV, arrays with np.savez"),
    (rb"[-+]?\d[\d.]* +\d+:\S", "in LIBSVM's format", f"sklearn.datasets.load_svmlight_file reads it; {ARRAYS}"),
]  # fmt: skip
KINDS = [  # how it begins, and its name here
    (rb"\0\0[\x08-\x0e][\x00-\x40]", "idx"),
    (rb"\x93NUMPY", "npy"),
    (rb"PAR1", "parquet"),
    (rb"\x89PNG|\xff\xd8\xff|BM|II\*\0|MM\0\*|GIF8|(?s:RIFF....WEBP)", "picture"),
    (rb"PK(\x03\x04|\x05\x06)", "zip"),
    (rb"\x1f\x8b", "gzip"),
    (rb"(?s).{257}ustar", "tar"),
]


def kind_of(source: Source) -> str:
    """What a file is, by its first bytes, whatever it is called.

    Returns:
        "idx", "npy", "npz", "parquet", "picture", "zip", "gzip", "tar", or "text".

    Raises:
        DataError: if it is something that is not read; the message names it, and the way out.
    """
    head = source.head(512)
    for begin, what, way_out in REFUSED:
        if re.match(begin, head):
            raise DataError(f"{source.name}: it is {what}; {way_out}")
    kind = next((kind for begin, kind in KINDS if re.match(begin, head)), "text")
    if kind == "zip":
        return kind_of_zip(source)
    if kind == "text" and (b"\0" in head or not head):
        came = f"begins with {head[:4].hex(' ')}, which is of no kind that is known here; in Python {ARRAYS}"
        raise DataError(f"{source.name}: expected images, but it {came if head else 'is empty; fetch it again'}")
    return kind


def kind_of_zip(source: Source) -> str:
    """An archive of arrays, or of files; what Office and PyTorch make of zip is refused."""
    from zipfile import ZipFile

    with refusing(source.name, "a whole zip archive"), ZipFile(source.file) as archive:
        names = archive.namelist()
    if any(name.startswith("xl/") for name in names):
        raise DataError(f"{source.name}: it is an Excel file; save it as CSV")
    if any(name.endswith("data.pkl") for name in names):
        raise DataError(f"{source.name}: it is a file of PyTorch, which holds a pickle; write its arrays with np.savez")
    if "layout.npy" in names:
        raise DataError(f"{source.name}: it is a network, as `nnlit train --out` writes it, and holds no images")
    return "npz" if names and all(name.endswith(".npy") for name in names) else "zip"


HERE = "nnlit.save and `nnlit train --out` write what is read here"
ELSEWHERE = {  # what holds a network of another library, and the way over
    "a pickle, which is never opened: it could run any code": "in an environment that you trust load it, and hand the "
    "model to nnlit.from_sklearn or nnlit.from_torch",
    "a file of PyTorch, which holds a pickle": "load it with PyTorch, and hand the module to nnlit.from_torch",
    "an HDF5 file, as Keras and MATLAB write them": "make nnlit.Dense(W, b) of what get_weights() gives",
    "a model of Keras": "make nnlit.Dense(W, b) of what get_weights() gives",
    "a safetensors file": "nnlit.load_safetensors reads it",
}
NAMED = {"idx": "an IDX file", "npy": "a single array", "parquet": "a table", "picture": "a picture"}
NAMED |= {"gzip": "packed by gzip", "tar": "a tar archive", "text": "text"}


def something_else(source: Source) -> str:
    """What a file is that begins like no archive of arrays, and the way out; nothing if it may be one, or damaged."""
    head = source.head(512)
    refused = next(((what, way) for begin, what, way in REFUSED if re.match(begin, head)), None)
    if head.startswith(b"PK"):
        what, way = _other_archive(source), HERE
    elif refused:
        what, way = refused if refused[1].startswith(("fetch", "the address", "unpack")) else (refused[0], HERE)
    else:
        kind = next((kind for begin, kind in KINDS if re.match(begin, head)), "text")
        odd = f"of no kind that is known here: it begins with {head[:4].hex(' ')}" if b"\0" in head else NAMED[kind]
        what, way = (NAMED[kind] if kind != "text" else odd) if head else "empty", HERE
    return what and f"{what}; {ELSEWHERE.get(what, way)}"


def _other_archive(source: Source) -> str:
    """What a zip archive holds if not arrays alone; nothing if it cannot be told."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(source.file) as archive:
            names = archive.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):  # damaged: what reads it says so
        return ""
    if any(name.endswith("data.pkl") for name in names):
        return "a file of PyTorch, which holds a pickle"
    if any(name.endswith(".weights.h5") for name in names):
        return "a model of Keras"
    return "an archive of other files" if names and not any(name.endswith(".npy") for name in names) else ""


# Directories and archives


@dataclass(frozen=True)
class Entry:
    """A file in a directory or an archive; what it holds is read when it is opened.

    Attributes:
        name: its place below the directory or in the archive, with / between folders.
        open: gives its source, in a with statement.
    """

    name: str
    open: Callable[[], AbstractContextManager[Source]]


def entries_of(source: Source, kind: str) -> list[Entry]:
    """The files in a zip or tar archive, without those that systems add; they live as long as the source."""
    with refusing(source.name, f"a whole {kind} archive"):
        return zip_entries(source) if kind == "zip" else tar_entries(source)


def zip_entries(source: Source) -> list[Entry]:
    """The files in a zip archive."""
    from zipfile import ZipFile

    archive = ZipFile(source.file)
    members = [info for info in checked_members(source, archive, ENTRIES) if not hidden(info.filename)]
    names = [plain_name(info.filename) for info in members]
    return [
        Entry(name, partial(member, f"{source.name}, {name}", partial(archive.open, i), i.file_size))
        for name, i in zip(names, members, strict=True)
    ]


def tar_entries(source: Source) -> list[Entry]:
    """The files in a tar archive; links and devices in it lead nowhere."""
    import tarfile

    source.file.seek(0)
    archive = tarfile.open(fileobj=source.file)  # noqa: SIM115 - its members are read later
    members = [info for info in itertools.islice(archive, ENTRIES) if info.isreg() and not hidden(info.name)]
    check_size(source.name, sum(info.size for info in members), source.most)
    return [
        Entry(plain_name(i.name), partial(member, f"{source.name}, {i.name}", partial(archive.extractfile, i), i.size))
        for i in members
    ]


@contextmanager
def member(name: str, open_: Callable[[], IO[bytes] | None], size: int) -> Iterator[Source]:
    """The source of one member of an archive."""
    with refusing(name, "a whole archive"):
        file = open_()
    with cast("IO[bytes]", file):
        yield Source(name, cast("IO[bytes]", file), size, "a whole archive")


def folder_entries(folder: FilePath) -> list[Entry]:
    """The files in a directory and below it, in the order of their names; links to folders are not followed."""
    names = []
    for place, below, files in os.walk(folder):
        depth = len(Path(place).relative_to(folder).parts)
        below[:] = sorted(name for name in below if not hidden(name)) if depth < DEPTH else []
        names += [Path(place, name) for name in sorted(files) if not hidden(name) and Path(place, name).is_file()]
        if len(names) > ENTRIES:
            raise DataError(f"{folder}: expected at most {ENTRIES:,} files, but there are more; name a folder in it")
    return [Entry(path.relative_to(folder).as_posix(), partial(opened, path)) for path in names]


def hidden(name: str) -> bool:
    """Whether a name in an archive or a directory is one that systems make for themselves."""
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(plain_name(name)).parts)


def plain_name(name: str) -> str:
    """The name of a member as others write it: some put `./` before it, or backslashes between folders."""
    return str(PurePosixPath(name.replace("\\", "/")))


# Archives of arrays


def read_npz(path: FilePath) -> dict[str, Array]:
    """All arrays of an .npz file, by name. Nothing in the file is executed.

    Args:
        path: the file.

    Returns:
        The arrays.

    Raises:
        DataError: if there is no such file, it is not an .npz file, is damaged, would become too large, or holds
            pickled objects.
    """
    with opened(path) as source:
        if what := something_else(source):
            raise DataError(f"{path}: expected an .npz file of plain arrays, but it is {what}")
        return arrays_of(source)


def arrays_of(source: Source) -> dict[str, Array]:
    """All arrays of an .npz file; what it would unpack to is added up before anything is."""
    from zipfile import ZipFile

    with refusing(source.name, "an .npz file of plain arrays"), ZipFile(source.file) as archive:
        members = checked_members(source, archive, MEMBERS)
        raws = ((info.filename, archive.open(info).read(info.file_size)) for info in members)
        return {name.removesuffix(".npy"): array_of(raw) for name, raw in raws}


def checked_members(source: Source, archive: "ZipFile", count: int) -> "list[ZipInfo]":
    """The members of an archive, if they can be unpacked in the memory that is allowed."""
    from zipfile import ZIP_DEFLATED, ZIP_STORED

    members = [info for info in archive.infolist() if not info.is_dir()]
    if len(members) > count or len({info.filename for info in members}) < len(members):
        raise DataError(f"{source.name}: expected at most {count:,} members of different names, but there are more")
    if any(info.flag_bits & 1 for info in members):
        raise DataError(f"{source.name}: expected an archive without a password, but it has one; unpack it first")
    if any(info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for info in members):
        text = "expected members that are stored or deflated, but one is packed otherwise"
        raise DataError(f"{source.name}: {text}; unpack it first")
    total, packed = sum(i.file_size for i in members), source.file.seek(0, io.SEEK_END)
    check_size(source.name, total, allowed(packed))
    return members


class PickledError(ValueError):
    """An array that could only be read by running code."""


def array_of(raw: bytes) -> Array:
    """The array in the bytes of an .npy file; they are as many as its shape says, or ValueError is raised."""
    file = io.BytesIO(raw)
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, by_columns, dtype = read(file)
    if dtype.hasobject:
        text = "an array holds pickled objects, which are never opened: they could run any code"
        raise PickledError(f"{text}; in an environment that you trust load it and save arrays of numbers")
    size, start = int(np.prod(shape, dtype=object)) * dtype.itemsize, file.tell()
    if size != len(raw) - start:
        raise ValueError(f"an array of shape {shape} needs {size:,} bytes, but there are {len(raw) - start:,}")
    data = np.frombuffer(raw, dtype, offset=start) if size else np.empty(0, dtype)
    return data.reshape(shape, order="F" if by_columns else "C").copy(order="K")


# Common to all


def extra(module: str, group: str) -> ModuleType:
    """A module that only some need, imported when they do."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(f"{module} is not installed; pip install 'nnlit[{group}]' brings it") from error


@contextmanager
def refusing(name: FilePath, expected: str) -> Iterator[None]:
    """What a library or the system raises on a file becomes one line with the file's name in front."""
    try:
        yield
    except DataError:
        raise
    except MemoryError as error:
        raise DataError(f"{name}: expected {expected}, but there is not enough memory for it") from error
    except Exception as error:
        came = (isinstance(error, OSError) and error.strerror) or one_line(error)
        whole = isinstance(error, PermissionError | PickledError)
        damaged = "" if whole else "; if it should be one, it is damaged: fetch it again"
        raise DataError(f"{name}: expected {expected}, but: {came}{damaged}") from error


def one_line(error: BaseException) -> str:
    """What an error says, in one line; its kind if it says nothing."""
    return " ".join(str(error).split()) or type(error).__name__


def some(names: list[str]) -> str:
    """The first three of some names, how many more, and the verb that fits."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more} {'is' if len(names) == 1 else 'are'}"
