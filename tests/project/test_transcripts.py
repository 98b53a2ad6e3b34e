"""Transcripts: a console fence that shows what a command says is executed, and its output compared.

`...` stands for what varies, lines may be broken anywhere, and errors of rounding count as equal. The files that a page
shows under a title, as `title="steps.md"`, are there when its commands run. A comment above a fence changes a file of
the project first: `<!-- change: docs/04-dense.md: this => that -->`.
"""

import contextlib
import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest

from nnlit import cli

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^(`{3,})(\w*)([^\n]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
CHANGE = re.compile(r"<!-- change: (\S+): (.*?) => (.*?) -->")
COMMANDS = {
    "nnlit": [sys.executable, "-m", "nnlit.cli"],
    "pytest": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
    "python": [sys.executable],
}
ROUNDING = re.compile(r"\b\d(?:\.\d+)?e-1\d\b|\b0\.0e\+00\b")


@dataclass(frozen=True)
class Transcript:
    """A command, what the page says that it answers, the files that it finds, and the changes made before."""

    place: str
    command: str
    output: str
    files: tuple[tuple[str, str], ...]
    changes: tuple[tuple[str, str, str], ...]


def fences(text):
    """Language, title line, body and the line above of every fence of a page."""
    for found in FENCE.finditer(text):
        yield found[2], found[3], found[4], text[: found.start()].rstrip().rpartition("\n")[2], found.start()


def transcripts(path):
    """The transcripts of a page."""
    text = path.read_text(encoding="utf-8")
    files = tuple((m[1], body) for _, title, body, *_ in fences(text) if (m := re.search(r'title="(\S+?)"', title)))
    for language, _, body, above, start in fences(text):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:] if language == "console" else ():
            command, _, output = part.partition("\n")
            place = f"{path.relative_to(ROOT).as_posix()}:{text.count(chr(10), 0, start) + 1}"
            if output.strip():
                yield Transcript(place, command, output, files, tuple(CHANGE.findall(above)))


ALL = [transcript for path in FILES for transcript in transcripts(path)]


@pytest.fixture
def answer(tmp_path):
    """What a transcript's command says in a folder with its files, in a copy of the project if it needs one."""

    def run(transcript):
        if transcript.changes or "docs/" in transcript.command:
            copy_project(tmp_path)
        for name, text in transcript.files:
            (tmp_path / name).write_text(text, encoding="utf-8")
        for name, old, new in transcript.changes:
            text = (tmp_path / name).read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{transcript.place}: {old!r} stands {text.count(old)} times in {name}"
            (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
        in_place = transcript.command.startswith("nnlit ") and not transcript.changes
        return answered(transcript.command, tmp_path) if in_place else said(transcript.command, tmp_path)

    return run


def copy_project(folder):
    for name in ("docs", "nnlit"):
        # Times stay: also bytecode. What another process is writing has a passing name until it is written.
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.svg", "*.pyc.*"))
    shutil.copy(ROOT / "pyproject.toml", folder)


def said(command, folder):
    program, *arguments = shlex.split(command)
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    env |= {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "80"}
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "encoding": "utf-8"}
    done = subprocess.run([*COMMANDS[program], *arguments], cwd=folder, env=env, check=False, timeout=300, **both)
    return done.stdout


def answered(command, folder):
    """What the command `nnlit` says, without a process of its own: its loading takes longer than most answers."""
    told = io.StringIO()
    streams = contextlib.redirect_stdout(told), contextlib.redirect_stderr(told)
    with contextlib.chdir(folder), streams[0], streams[1], warnings.catch_warnings(), contextlib.suppress(SystemExit):
        warnings.simplefilter("default")
        cli.main(shlex.split(command)[1:])
    return told.getvalue()


def agree(shown, said):
    """Whether a page shows what a command has said."""
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(ROUNDING.sub("tiny", shown), ROUNDING.sub("tiny", said), flags)


def test_a_process_says_what_the_command_says_in_this_one(tmp_path):
    for command in ("nnlit recipes", "nnlit check no-such.md", "nnlit frob"):
        found = answered(command, tmp_path)
        assert found.strip()
        assert found == said(command, tmp_path)


@pytest.mark.parametrize("transcript", ALL, ids=lambda transcript: transcript.place)
def test_a_command_says_what_the_page_shows(transcript, answer):
    found = answer(transcript)
    assert agree(transcript.output, found), f"{transcript.place}: $ {transcript.command}\n{found}"


def test_there_are_transcripts():
    assert {transcript.place.partition(":")[0] for transcript in ALL} >= {"docs/index.md", "docs/check-your-own.md"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_looks_like_a_transcript_is_in_a_console_fence(path):
    wrong = [body for language, _, body, *_ in fences(path.read_text(encoding="utf-8")) if body.startswith("$ ")]
    fenced = [body for language, _, body, *_ in fences(path.read_text(encoding="utf-8")) if language == "console"]
    assert [body for body in wrong if body not in fenced] == []
    assert not re.search(r"^[ \t]+`{3,}console", path.read_text(encoding="utf-8"), re.MULTILINE), "it is not looked at"
    assert all(body.startswith("$ ") for body in fenced)


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [
        ("a b\nc\n", "a\nb c\n", True),
        ("...\nb\n...\n", "a\nb\nc\n", True),
        ("error 1.7e-16\n", "error 2.3e-15\n", True),
        ("error 0.0e+00\n", "error 8.3e-17\n", True),
        ("error 1.7e-06\n", "error 2.3e-06\n", False),
        ("a c\n", "a b\n", False),
        ("a\n", "a\nb\n", False),
    ],
)
def test_what_counts_as_the_same(shown, said, same):
    assert agree(shown, said) is same
