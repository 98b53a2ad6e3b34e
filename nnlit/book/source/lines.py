"""The text of a file as lines that know where they stand, within limits."""

import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nnlit.book.source.place import BookError, Place

MOST = 20_000_000  # bytes of a file
LINES, CHARACTERS = 100_000, 2_000_000  # of text in a file, with what it brings in
DATA = re.compile(r"data:[\w/+.-]{1,80};base64,[a-zA-Z0-9+/=]+")  # a picture that stands in a text


@dataclass(frozen=True)
class Line:
    """A line of text and where it begins."""

    text: str
    place: Place


def require_few(path: Path, lines: int, characters: int) -> None:
    """BookError where a text is longer than one person's."""
    if lines > LINES or characters > CHARACTERS:
        what = f"expected at most {LINES:,} lines and {CHARACTERS:,} characters of text, but there are more"
        raise BookError(Place(path, 1), f"{what}; split the file")


def bounded(path: Path, lines: Iterable[Line]) -> Iterator[Line]:
    """Lines as long as they are no more than are read."""
    characters = 0
    for count, line in enumerate(lines, 1):
        characters += len(line.text)
        require_few(path, count, characters)
        yield line


def text_of(path: Path) -> str:
    """The text of a file, which is no pipe and no device: from these one may read for ever."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        what = "expected a file, but it is a pipe or a device; hand a text over with nnlit check - on standard input"
        raise BookError(Place(path, 1), what)
    with path.open("rb") as file:
        return plain(path, file.read(MOST + 1))


def plain(path: Path, raw: bytes) -> str:
    """Bytes as text: UTF-8, UTF-16 with its mark, or Windows-1252; any end of line."""
    if len(raw) > MOST:
        raise BookError(Place(path, 1), f"expected at most {MOST:,} bytes, but there are more; split the file")
    text = decoded(path, raw)
    if "\0" in text:
        raise BookError(Place(path, 1), "expected text, but it holds zero bytes: is it another kind of file?")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decoded(path: Path, raw: bytes) -> str:
    """Bytes as text; Windows-1252 is tried where they are not UTF-8, because old files are."""
    try:
        return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            return raw.decode("cp1252")
        except UnicodeDecodeError:
            what = f"expected text in UTF-8 or Windows-1252, but byte {error.start} is neither; save it as UTF-8"
            raise BookError(Place(path, 1 + raw.count(b"\n", 0, error.start)), what) from error


def require_text(path: Path, text: str) -> None:
    """BookError where a text is longer than one person's; pictures in it do not count."""
    require_few(path, text.count("\n"), len(text) - sum(len(found[0]) for found in DATA.finditer(text)))


def trimmed(lines: list[tuple[str, tuple[int, int]]]) -> list[tuple[str, tuple[int, int]]]:
    """Lines without the empty ones at both ends."""
    full = [k for k, (words, _) in enumerate(lines) if words]
    return lines[full[0] : full[-1] + 1] if full else []
