"""Pipes, devices, loops of links, endless input and texts that no person wrote end at once, with a message."""

import contextlib
import io
import json
import os
import socket
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from nnlit.book import command
from nnlit.book.report import checked
from nnlit.book.source import documents, lines
from nnlit.book.source.place import BookError
from nnlit.cli import main
from tests.pace import within
from tests.tiers import mostly_long

PIPE = "expected a file, but it is a pipe or a device; hand a text over with nnlit check - on standard input"
SHOWN = "$$1 = 1$$\n"


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def door(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    os.chdir(here)


@pytest.mark.parametrize("ways", [[], ["--init"], ["--explain", "1"], ["--json"]], ids=str)
@pytest.mark.parametrize("make", [pipe, device, door])
def test_what_is_no_file_is_refused_at_once(tmp_path, capsys, make, ways):
    path = tmp_path / "own.md"
    make(path)
    assert main(["check", *ways, str(path)]) == 2
    assert capsys.readouterr().err == f"{path}:1: {PIPE}\n"


def test_a_pipe_that_a_text_brings_in_or_has_beside_it_is_not_read(tmp_path, capsys):
    pipe(tmp_path / "part.tex")
    (tmp_path / "own.tex").write_text("\\input{part}\n\\[1 = 1\\]\n", encoding="utf-8")
    pipe(tmp_path / "own.tex.symbols.md")
    assert main(["check", str(tmp_path / "own.tex")]) == 0
    assert "there is no file part beside it" in capsys.readouterr().out


def test_loops_of_links_end(tmp_path, capsys):
    (tmp_path / "self.md").symlink_to("self.md")
    assert main(["check", str(tmp_path / "self.md")]) == 2
    assert capsys.readouterr().err.startswith(f"{tmp_path / 'self.md'}: ")
    (tmp_path / "part.tex").symlink_to("part.tex")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "up").symlink_to("../..")
    pipe(tmp_path / "a" / "pipe.md")
    (tmp_path / "a" / "own.tex").write_text("\\input{../part}\n\\[1 = 1\\]\n", encoding="utf-8")
    (tmp_path / "own.tex").write_text("\\input{part}\n\\[1 = 1\\]\n", encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 0
    assert "2 files" in capsys.readouterr().out


class Endless(io.RawIOBase):
    """Input that never ends."""

    def read(self, size: int = -1) -> bytes:
        assert 0 < size < 10**8
        return b"$$ x" * (size // 4 + 1)


def test_input_that_never_ends_is_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=Endless()))
    for ways in ([], ["--init"]):
        assert main(["check", *ways, "-"]) == 2
        assert "expected at most 20,000,000 bytes" in capsys.readouterr().err


@pytest.mark.parametrize("ways", [[], ["--init"], ["--explain", "1"]], ids=str)
@pytest.mark.long_but_one_in(3)
def test_a_file_that_takes_too_long_to_read_or_to_understand_ends_with_a_message(tmp_path, monkeypatch, capsys, ways):
    (tmp_path / "own.md").write_text(SHOWN, encoding="utf-8")
    read = documents.read

    def slow(*arguments):
        start = time.process_time()  # of which the limit is, too
        while time.process_time() - start < 5:
            pass
        return read(*arguments)

    for place in ("nnlit.book.source.documents.read", "nnlit.book.language.tex.parsed"):
        with monkeypatch.context() as patched:
            patched.setattr(command, "READING", 0.2)
            patched.setattr(place, slow)
            patched.setattr("nnlit.book.drafts.draft.parsed", slow)
            assert main(["check", *ways, str(tmp_path / "own.md")]) == 2
        assert "own.md:1: it takes more than 0 s to" in capsys.readouterr().err
    assert main(["check", str(tmp_path / "own.md")]) == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("own.md", "a\n" * (lines.LINES + 2)),
        ("own.tex", "a" * (lines.CHARACTERS + 1)),
        ("own.py", "a\n" * (lines.LINES + 2)),
        ("own.ipynb", json.dumps({"cells": [{"cell_type": "markdown", "source": "a\n" * lines.LINES}] * 2})),
        ("own.html", "<p>\n" * (lines.LINES + 2)),
    ],
    ids=lambda x: x[:10],
)
@pytest.mark.long_but_one_in(3)
def test_a_text_that_no_person_wrote_is_refused(name, text):
    with pytest.raises(BookError, match=r"expected at most 100,000 lines and 2,000,000 characters of text"):
        checked(Path(name), text)


def test_lines_that_other_files_bring_in_count(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LINES", 100)
    (tmp_path / "part.tex").write_text("a\n" * (lines.LINES - 10), encoding="utf-8")
    (tmp_path / "more.tex").write_text("a\n" * (lines.LINES - 10), encoding="utf-8")
    with pytest.raises(BookError, match="expected at most 100 lines"):
        checked(tmp_path / "own.tex", "\\input{part}\n\\input{more}\n\\[1 = 1\\]\n")
    assert not checked(tmp_path / "own.tex", "\\input{part}\n\\[1 = 1\\]\n").false


def test_pictures_in_a_text_do_not_count(monkeypatch):
    monkeypatch.setattr(lines, "CHARACTERS", 1000)
    picture = f"![](data:image/png;base64,{'aB3/' * (lines.CHARACTERS // 3)})"
    assert str(checked(Path("own.md"), f"{picture}\n\n{SHOWN}")) == "1 display: 1 true, 0 false"


def test_displays_that_no_person_wrote_are_refused():
    with pytest.raises(BookError, match="expected at most 10,000 displays"):
        checked(Path("own.md"), "$$x$$ " * 10_001)
    (one,) = checked(Path("own.md"), f"$$q = {'w' * 200_000}$$").judged
    assert one.said == "it has 200,004 characters: at most 100,000 are read"


REPEATED = {  # what is repeated, and as what kind of file; a square of these lengths would take minutes
    "blanks in a display": ("$$ x = {} $$", " ", ".md"),
    "tabs in a display": ("$$ x = {} $$", "\t", ".md"),
    "lines in a display": ("$$ x = {} $$", "\n", ".md"),
    "colons": ("{}", "::\n", ".rst"),
    "numbered": ("{}", "1. a\n", ".md"),
    "footnotes": ("{}", "[^1]: a\n", ".md"),
    "comments of a page": ("{}", "<!--", ".html"),
    "lines of comments of a page": ("{}", "<!--\n", ".html"),
    "code of a page": ("{}", "<pre>\n", ".html"),
    "scripts of a page": ("{}", "<script>", ".html"),
    "scripts without an end": ("{}</script>", "<script math/tex", ".html"),
    "styles": ("{}</style>", "<style>", ".html"),
    "elements": ("{}", "<math display='block'>", ".html"),
    "intertexts": ("$$ {} $$", "\\intertext{", ".md"),
    "labels that open": ("$$ {} $$", "\\label{", ".md"),
    "attributes that open": ("{}", "$$x$$ {#a ", ".md"),
    "elements that open": ("{}", "<math ", ".html"),
    "blanks behind a command": ("\\newcommand{}x", " ", ".tex"),
    "lines behind a command": ("\\newcommand{}x", "\n", ".md"),
    "arguments": ("\\NewDocumentCommand\\a{{}", "m ", ".md"),
    "backticks of many lengths": ("{}", " ".join("`" * k for k in range(1, 400)), ".md"),
    "tables": ("{}", "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $x$ | number | | |\n\n", ".md"),
    "headings": ("{}", "\\section{a}\n", ".tex"),
    "definitions": ("{}", "\\def\\a{x}\n", ".tex"),
    "commands": ("{}", "\\newcommand{\\a}[", ".tex"),
    "dollars": ("{}", "$", ".md"),
    "paragraphs": ("{}", "{\n\n", ".md"),
}


@pytest.mark.parametrize("kind", mostly_long(REPEATED, ["blanks in a display", "comments of a page"]))
def test_what_is_repeated_is_read_in_linear_time(kind):
    around, unit, suffix = REPEATED[kind]
    most = min(400_000 // len(unit), 60_000 // max(unit.count("\n"), 0.1)) // (5 if around.startswith("$$") else 1)

    def work():
        with contextlib.suppress(BookError):
            checked(Path(f"own{suffix}"), around.replace("{}", unit * int(most)))

    within(10, work)


@pytest.mark.long
def test_sections_with_a_table_each_are_understood_in_linear_time():
    table = "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $x$ | number | | |\n\n"

    def seconds(count):
        start = time.thread_time()
        assert len(checked(Path("own.md"), f"## a\n\n{table}$$x = x$$\n\n" * count).judged) == count
        return time.thread_time() - start

    assert any(seconds(1000) < 8 * seconds(250) for _ in range(3))  # others may be at work during one of them
