"""Tables of pixels in text: CSV in its dialects, with or without a header, and ARFF."""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nnlit.data import Array
from nnlit.files import DataError, Source, some

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE = 1 << 16  # bytes of one line at most; an image has 785 values
BLOCK = 1 << 22  # bytes that are read at a time
SIDE = 28
SIZE = SIDE * SIDE
LABELS = {"label", "labels", "class", "classes", "digit", "digits", "target", "targets", "y", "number", "category"}
INDEX = {"", "unnamed: 0", "id", "index", "imageid", "image_id", "row", "row_id"}  # of the row; read over
PIXEL = r"[a-z]*[ _-]?(\d+)(?:[x_, -](\d+))?"
DECIMAL = r"-?\d+,\d+"  # a number with a comma for a point, as half of the world writes it
SEPARATORS = (",", ";", "\t", "|", " ")
ADVICE = "; it was cut off or damaged: fetch it again"


@dataclass(frozen=True)
class Columns:
    """Which columns of a table are what.

    Attributes:
        names: of all columns, for messages.
        separator: what stands between two values.
        pixels: the numbers of the columns with pixels, in the order of the image.
        label: the number of the column with labels, -1 for none and None where only the values can tell.
    """

    names: list[str]
    separator: str
    pixels: list[int]
    label: int | None


class Lines:
    """The lines of a text, one by one, and then all others in blocks; the number of the next line is known."""

    def __init__(self, source: Source) -> None:
        self.blocks, self.number, self.text = blocks(source), 1, b""

    def line(self) -> str | None:
        """The next line, without its end; None at the end of the text."""
        if not self.text and (block := next(self.blocks, None)):
            self.text = block[1]
        if not self.text:
            return None
        line, _, self.text = self.text.partition(b"\n")
        self.number += 1
        return line.decode("utf-8-sig", errors="replace").strip()

    def put_back(self, line: str) -> None:
        """Make a line the next one again."""
        self.text, self.number = line.encode() + b"\n" + self.text, self.number - 1

    def rest(self) -> Iterator[tuple[int, bytes]]:
        """The blocks that are left, each with the number of its first line."""
        if self.text.strip():
            yield self.number, self.text
        yield from (block for block in self.blocks if block[1].strip())


def blocks(source: Source) -> Iterator[tuple[int, bytes]]:
    """Blocks of whole lines, each with the number of its first line."""
    rest, number = b"", 1
    for piece in source.pieces(BLOCK):
        text = rest + (piece if b"\n" in piece else piece.replace(b"\r", b"\n"))
        check_lines(source, number, text)
        cut = text.rfind(b"\n") + 1
        if cut:
            yield number, text[:cut]
        number, rest = number + text.count(b"\n", 0, cut), text[cut:]
    yield number, rest


def check_lines(source: Source, number: int, text: bytes) -> None:
    """Refuse a line that is far too long for an image, before anything tries to split it."""
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
    lengths = np.diff(ends, prepend=-1, append=len(text))
    if lengths.max() > LINE:
        came = f"line {number + int(lengths.argmax()):,} has more; is it a CSV file?"
        raise DataError(f"{source.name}: expected at most {LINE:,} bytes in a line, but {came}")


def table_of(source: Source) -> tuple[Array, Array | None]:
    """The images of a table, and their labels if it has any; it is read once, in blocks of whole lines.

    Args:
        source: text: rows of 784 pixels, and perhaps a label anywhere among them.

    Returns:
        X, the pixels, (m, 784), uint8; and y, the labels as they are, (m,), int64, or None.

    Raises:
        DataError: if a column is missing or one that is unknown is there, or a value is not a whole number from 0 to
            255, with the line and the column.
    """
    if source.packed:
        for _ in source.pieces():  # to find what grows too far before a line of it is parsed, which takes longer
            pass
    text = Lines(source)
    columns = columns_of(source, text)
    parts = [values(source, columns, number, block) for number, block in text.rest()]
    if not parts:
        raise DataError(f"{source.name}: expected images, but the file ends after its header")
    table = np.concatenate(parts)
    label = label_by_values(source, table) if columns.label is None else columns.label
    if label < 0:
        return np.ascontiguousarray(table[:, columns.pixels]), None
    pixels = columns.pixels or [k for k in range(SIZE + 1) if k != label]
    return np.ascontiguousarray(table[:, pixels]), table[:, label].astype(np.int64)


def label_by_values(source: Source, table: Array) -> int:
    """Whether the first or the last of 785 columns without names holds the labels: the corner of an image is empty."""
    first, last = (bool(table[:, k].any()) for k in (0, -1))
    if first and last:
        text = "expected the labels in the first or the last column, and the corner of an image beside them empty"
        raise DataError(f"{source.name}: {text}, but neither column is 0 throughout; add a header that names the label")
    return SIZE if last else 0


# The header


def columns_of(source: Source, text: Lines) -> Columns:
    """What the columns are: by the header, by ARFF's attributes, or by their number."""
    names: list[str] = []
    line = text.line()
    while line is not None and (not line or line[0] in "#%@" or re.fullmatch("sep=.", line)):  # so Excel begins
        attribute = re.match(r"@attribute\s+('[^']*'|\"[^\"]*\"|\S+)", line, re.IGNORECASE)
        names += [attribute[1].strip("'\"")] if attribute else []
        line = text.line()
    if line is None or not line.replace("\t", "").isprintable():
        came = "it is empty" if line is None else f"its first line begins with {line[:20]!r}"
        raise DataError(f"{source.name}: expected a CSV file of images, but {came}")
    plain = line.partition("#")[0].strip()
    marks = [mark for mark in SEPARATORS[:-1] if mark in plain] or [" " if " " in plain else ","]
    separator = max(marks, key=plain.count)  # spaces count only where nothing else stands between the values
    other = max(marks, key=lambda mark: plain.count(mark) * (mark != ","))
    if other != separator and all(is_number(cell) for cell in cells(plain, other)):  # 0,5 is a half
        separator = other
    first = cells(plain, separator)
    if len(first) > 2 and not first[-1] and all(is_number(cell) for cell in first[:-1]):
        came = f"expected a number behind the last {separator!r}, but there is nothing"
        raise DataError(f"{source.name}: {came}; leave out what ends each line")
    if names or all(is_number(cell) for cell in first):
        if names or not is_counted(first):
            text.put_back(line)
        return by_name(source, names, ",") if names else by_number(source, first, separator)
    return by_name(source, first, separator)


def by_number(source: Source, first: list[str], separator: str) -> Columns:
    """Columns without names: 784 pixels, alone or with a label in front or behind."""
    names, label = [str(k) for k in range(1, len(first) + 1)], {SIZE: -1, SIZE + 1: None}
    if len(first) not in label:
        text = f"expected {SIZE} pixels in a row, alone or with a label, but there {of_size(len(first))}"
        raise DataError(f"{source.name}: {text}")
    return Columns(names, separator, list(range(SIZE)) if len(first) == SIZE else [], label[len(first)])


def is_counted(first: list[str]) -> bool:
    """Whether the first line numbers the columns, from 0 or 1, as pandas and R name columns that have no names."""
    return len(first) > 256 and any(first == [str(k + begin) for k in range(len(first))] for begin in (0, 1))


def of_size(count: int) -> str:
    """So many values, and what they look like."""
    if count == 1:
        return "is one value; which character stands between the columns? A comma is expected"
    return f"are {count} values{looks_like(count)}"


def looks_like(count: int) -> str:
    """What a row of so many values may be, and the way out; nothing if it is like nothing that is known."""
    if count == SIZE + 2:
        return "; if the first numbers the rows, leave it out, as frame.to_csv(path, index=False) does"
    if count == SIZE + 10:
        return "; one-hot labels? Make them one column, with argmax(axis=1)"
    for n, colours in ((count, 1), (count - 1, 1), (count, 3), (count - 1, 3)):  # alone, or with a label
        side = math.isqrt(max(n, 0) // colours)
        if side >= 8 and colours * side * side == n:
            images = f"{'colour ' * (colours > 1)}images of {side}x{side}"
            kind = "the 8x8 digits of scikit-learn" if n == 64 else images
            only = "The command reads 28x28 images only; in Python a network takes any size"
            return f": {kind}? {only}: Dense.start({n}, ...)"
    return ""


def by_name(source: Source, names: list[str], separator: str) -> Columns:
    """Columns with names, in the order of the image; those that number the rows are read over."""
    lower = [name.strip().lower() for name in names]
    labels = [k for k, name in enumerate(lower) if name in LABELS]
    places = {k: place(name) for k, name in enumerate(lower) if k not in labels and name not in INDEX}
    pixels = {k: where for k, where in places.items() if where is not None}
    if len(pixels) == SIZE == len(places) == len(set(pixels.values())) and len(labels) <= 1:
        return Columns(names, separator, sorted(pixels, key=pixels.__getitem__), labels[0] if labels else -1)
    text = f"expected {SIZE} columns of pixels and perhaps one label, but {odd(names, labels, places)}"
    raise DataError(f"{source.name}: {text}")


def place(name: str) -> tuple[int, int] | None:
    """The place of a pixel in the image as its column's name says it: pixel17, 1x18, p_0_17 or 17."""
    match = re.fullmatch(PIXEL, name)
    return (int(match[1]), int(match[2] or 0)) if match else None


def odd(names: list[str], labels: list[int], places: dict[int, tuple[int, int] | None]) -> str:
    """What is wrong with the columns of a table, in words."""
    others = [names[k] for k, where in places.items() if where is None]
    if {name.strip().lower() for name in names} == {"imageid", "label"}:
        return "it is a submission, with a label for each image of test.csv; test.csv has the pixels"
    if len(labels) > 1:
        return f"{some([names[k] for k in labels])} all labels by their names; keep one"
    if not others and SIZE not in (len(places), len(places) - 1) and looks_like(len(places)):
        return f"there {of_size(len(places))}"
    if len(places) == SIZE + 10:
        return "there are ten more: one-hot labels? Make them one column, with argmax(axis=1), and call it label"
    if len(places) - len(others) < SIZE:
        return missing([where for where in places.values() if where], others)
    return extra_columns(labels, len(places), others)


def extra_columns(labels: list[int], count: int, others: list[str]) -> str:
    """Which columns there are beside enough pixels."""
    if others:
        return f"{some(others)} extra; remove what is not a pixel, or call the labels' column label"
    one = count == SIZE + 1 and not labels
    more = "is one more, and none is called label; call the labels' column so"
    return f"there {more if one else f'are {count}, or two have the same name; remove what is not a pixel'}"


def missing(found: list[tuple[int, int]], others: list[str]) -> str:
    """Which pixels are not there."""
    if not found:
        return f"its first line begins with {','.join(others[:3])[:40]!r}; add a header, or is it another file?"
    low = min(found)[0]
    gone = [f"pixel{k}" for k in range(low, low + SIZE) if (k, 0) not in found] if low < 2 else []
    few = len(gone) == SIZE - len(found)
    return f"{some(gone)} missing{ADVICE}" if few and gone else f"there are {len(found)} pixels{ADVICE}"


# The rows


def values(source: Source, columns: Columns, number: int, text: bytes) -> Array:
    """The bytes in some lines of a table; columns that are of no use stay zero, for they may not fit into bytes."""
    used = used_columns(columns)
    rows = plain_rows(columns, text) if len(used) == len(columns.names) else None
    if rows is None:
        rows = parsed(columns, used, text, np.uint8)
    if rows is None:  # numbers like 5.0, or something wrong
        numbers = parsed(columns, used, text, np.float64)
        if numbers is None or not (np.isin(numbers, np.arange(256))).all():
            numbers = by_hand(source, columns, number, text)
        rows = numbers.astype(np.uint8)
    table = np.zeros((len(rows), len(columns.names)), np.uint8)
    table[:, used] = rows
    return table


def used_columns(columns: Columns) -> list[int]:
    """The numbers of the columns that hold pixels or labels, in the order of the table."""
    if columns.label is None:
        return list(range(len(columns.names)))
    return sorted({*columns.pixels, columns.label} - {-1})


def plain_rows(columns: Columns, text: bytes) -> Array | None:
    """Lines of nothing but digits and separators as numbers by NumPy, the fastest way; None for any others."""
    if text.translate(None, b"0123456789\r\n" + columns.separator.encode()) or not text.strip(b"\r\n"):
        return None
    try:
        rows = np.loadtxt(io.BytesIO(text), np.uint8, delimiter=columns.separator, comments=None, ndmin=2)
    except ValueError:  # 256, an empty cell, a row of another length: what is wrong is found as for any other line
        return None
    return rows if rows.shape[1] == len(columns.names) else None


def parsed(columns: Columns, used: list[int], text: bytes, dtype: type) -> Array | None:
    """Some lines as numbers by pandas; None if any row or value is not as it should be."""
    import pandas as pd

    whole = len(used) == len(columns.names)
    sep = r"\s+" if columns.separator == " " else columns.separator
    try:
        with np.errstate(invalid="ignore"):
            frame = pd.read_csv(
                io.BytesIO(text), sep=sep, header=None, dtype=dtype, comment="#", skipinitialspace=True,
                usecols=None if whole else used, decimal="," if b"," in text and sep != "," else ".",
            )  # fmt: skip
    except Exception:  # noqa: BLE001 - of which pandas has many kinds; what is wrong is found line by line
        return None
    strict = whole or text.count(columns.separator.encode()) == (len(columns.names) - 1) * len(frame)
    return frame.to_numpy() if strict and frame.shape[1] == len(used) else None


def by_hand(source: Source, columns: Columns, number: int, text: bytes) -> Array:
    """The same line by line, which takes its time: what is wrong is said with line and column."""
    used = set(used_columns(columns))
    rows = []
    for n, line in enumerate(text.decode("utf-8", errors="replace").splitlines(), number):
        row = cells(line.partition("#")[0], columns.separator)
        if any(row):
            check_row(source, columns, n, row)
            rows.append([int(float(cell)) for k, cell in enumerate(row) if k in used])
    return np.array(rows, np.uint8).reshape(len(rows), len(used))


def check_row(source: Source, columns: Columns, number: int, row: list[str]) -> None:
    """Refuse a row of another length, or with a value that is no byte."""
    where, names = f"{source.name}, line {number:,}", columns.names
    if len(row) != len(names):
        ended = len(row) == len(names) + 1 and not row[-1]
        mend = "; leave out what ends each line" if ended else ADVICE
        raise DataError(f"{where}: expected {len(names)} values, but there are {len(row)}{mend}")
    for k in used_columns(columns):
        if not is_byte(row[k]):
            came = repr(row[k]) if row[k] else "empty"
            remark = between(row[k]) if k != columns.label else counting(row[k])
            text = f"expected a whole number from 0 to 255, but it is {came}{remark}"
            raise DataError(f"{where}, column {names[k]}: {text}")


def between(cell: str) -> str:
    """A remark on a pixel that is missing, was divided by 255, or was brought to another range before."""
    if cell.lower() in ("", "nan", "na", "null", "none", "?"):
        return "; for 0 in place of what is missing read it with pandas, and write frame.fillna(0)"
    if is_number(cell) and "." in cell and -1 <= float(cell) < 0:
        return "; if the pixels run from -1 to 1, round (pixels + 1) * 127.5"
    if is_number(cell) and -128 <= float(cell) < 0:
        return "; if the pixels run from -128 to 127, add 128"
    return "; multiply the pixels by 255 and round them" if is_number(cell) and 0 < float(cell) < 1 else ""


def counting(cell: str) -> str:
    """A remark on a label that is a word."""
    if not cell or cell.lower() == "nan":
        return "; to leave out rows without a label read it with pandas, and write frame.dropna()"
    word = not is_number(cell)
    return "; number the classes from 0, as pd.factorize(labels, sort=True)[0] does" if word else ""


def cells(line: str, separator: str) -> list[str]:
    """The cells of one line, without the spaces and quotes around them."""
    import csv

    rows = list(csv.reader([line], delimiter=separator, skipinitialspace=True))
    found = [cell.strip().strip("'") for cell in rows[0]] if rows else []
    return [cell.replace(",", ".") if re.fullmatch(DECIMAL, cell) else cell for cell in found]


def is_number(cell: str) -> bool:
    """Whether a cell holds a finite number."""
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False


def is_byte(cell: str) -> bool:
    """Whether a cell holds a whole number from 0 to 255."""
    return is_number(cell) and float(cell) in range(256)
