"""Reading and writing files: bad input is refused with a reason, and nothing is left half-written."""

import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import IO

import numpy as np

from nnlit.data import Array

FilePath = str | PathLike[str]


class DataError(ValueError):
    """A file is not what it should be; the message names the file, what was expected, what came and what helps."""


@contextmanager
def write_atomically(path: FilePath) -> Iterator[IO[bytes]]:
    """A file to write bytes to, which takes its name only when all is written; after an error nothing is left.

    Args:
        path: the name it will have; an existing file of that name stays until then.

    Yields:
        The open file.
    """
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_npz(path: FilePath, arrays: Mapping[str, Array]) -> None:
    """Write named arrays to a NumPy archive, atomically and without pickle.

    Args:
        path: where to.
        arrays: the arrays by name; none of dtype object.
    """
    with write_atomically(path) as file:
        np.savez(file, allow_pickle=False, **dict(arrays))


def read_npz(path: FilePath) -> dict[str, Array]:
    """Read the arrays of a NumPy archive; pickled objects are refused.

    Args:
        path: the file.

    Returns:
        The arrays by name.

    Raises:
        DataError: if the file is missing or is no such archive.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except (OSError, ValueError, zipfile.BadZipFile, AttributeError, TypeError) as error:
        raise DataError(f"{path}: expected a .npz file written by nnlit, but it cannot be read ({error})") from error
