"""Texts with faults, for `nnlit check`: `python tests/tools/mutated_texts.py COUNT [SEED] [FIRST]`.

Small texts are made of the displays and tables of the book and of notations that others use, in every kind of file, and
spoiled: characters, words of TeX, cells of tables, cuts, nesting. Each is checked, every eighth is also drafted a table
for and explained, in a process of its own that is watched. A fault must end in data or in an error that names the file:
no traceback, within ten seconds of the processor (a minute of the clock) and a gigabyte. Some are tried by
`tests/book/test_mutated_texts.py`.
"""

import contextlib
import io
import json
import queue
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np

from nnlit.book import command
from nnlit.book.checks.verdicts import Verdict
from nnlit.book.drafts import draft
from nnlit.book.language.tokens import TOKEN
from nnlit.book.source import documents
from nnlit.book.source.place import BookError

ROOT = Path(__file__).resolve().parents[2]
SECONDS, BYTES = 10, 10**9  # of a file
HEADER = "| symbol | shape | code | meaning |\n|---|---|---|---|\n"
OTHERS = r"""
x^{(i)} = X_{i:} ~ \hat{x_i} = \frac{x_i - \mu}{\sigma} ~ \boxed{q = X w} ~ \nabla_w L = X^T (X w - y)
p(y \mid x) = \frac{p(x \mid y) p(y)}{p(x)} ~ \mathbb E[\xi^2] = p ~ \sum_{j \ne i} X_{ij} = \sum_j X_{ij} - X_{ii}
\begin{aligned} q &= X w \\ &= X w + 0 \end{aligned} ~ h_t = \tanh(w h_{t-1} + x) ~ \|w\|_2^2 = w^\top w
f(x) = \begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases} ~ \frac{d}{dx} \log 2 \pi x = \frac 1x
\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^{-1} = \frac{1}{-2} \begin{pmatrix} 4 & -2 \\ -3 & 1 \end{pmatrix}
\lim_{h \to 0} \frac{f(x + h) - f(x)}{h} = f'(x) ~ \prod_{i=1}^3 i = 3! ~ \binom{5}{2} = 10 ~ L = -\sum_k Y_k \log P_k
q = w_1 + w_2 + \dots + w_n ~ \delta_{ij} = [i = j] ~ \operatorname{softmax}(w)_i = \frac{e^{w_i}}{\sum_j e^{w_j}}
\arg\max_k w_k = 3 ~ \lvert x \rvert \le 2 ~ a \leftarrow a - x \quad (3)
\mathbf{Xw} = \mathbf X \mathbf w, \qquad i = 1, \dots, m
"""
ROWS = r"""
| $X$ | $m \times n$ | `X` | examples |
| $w$, $y$ | $n$ | `w`, `y` | weights |
| $x$ | number | | positive |
| $Y$ | $m \times K$ | | one-hot rows |
| $t$ | labels, $m$ | | labels 0..K-1 |
| $P$ | $m \times K$ | | rows sum to one |
| $\frac{\partial L}{\partial Z}$ | $m \times n$ | | from above |
| $\xi$ | $n$ | | 1 with probability $p$ |
| $f$ | function | | |
| $B$ | $s$ | | every subset of size $s$ of $1..m$ |
| $i$ | index | | runs over $m$ |
| $A$ | $n \times n$ | | symmetric |
| $x^{(i)}$ | $n$ | | row $i$ of $X$ |
| $T$ | integer | | a step |
| $V$ | $(n + 1) \times 2$ | | zero outside |
"""
CELLS = [
    "", "$n^9$", "$10^9$", "$0$", "$-n$", "$n$ | ", "labels,", "labels", "function", "number", "index", "size",
    "integer", "$n \\times$", "$n/2$", "$\\infty$", "one-hot row", "labels 0..n-1", "runs over $n$", "row $i$ of $X$",
    "1 with probability $p$", "every subset of size $9$ of $1..m$", "every sequence of length $9$ from $1..m$",
    "`__import__('os')`", "$a$ or $b$ with equal chances", "orthogonal", "identity", "$X$", "$X_{ij}$",
    "$\\frac{a}{b}$", "$((((((((((((((((((((((((((((((((((((((((n))))))))))))))))))))))))))))))))))))))))$",
    "$\\partial L/\\partial X$", "symmetric positive definite", "counts from 1",
]  # fmt: skip
WORDS = [
    "{", "}", "(", ")", "[", "]", "^", "_", "&", "\\\\", "=", "+", "-", "|", "\\|", "'", "!", ",", "/", "$$", "$",
    "\\[", "\\]", "\\frac", "\\sum", "\\sum_{i=1}^{10^9}", "\\prod_j", "\\max", "\\sqrt", "\\partial", "\\nabla",
    "\\lim", "\\quad", "\\text{and}", "\\begin{aligned}", "\\end{aligned}", "\\begin{cases}", "\\end{cases}",
    "\\begin{pmatrix}", "\\dots", "\\label{a:b}", "\\tag{3}", "\\left", "\\right", "\\mathbb E", "^\\top", "^{-1}",
    "^{10^9}", "\\binom{10^9}{10^8}", "\\operatorname", "\\mathrm", "\\hat", "\\log", "\\det", "e^{e^{e^{9}}}",
    "1000000000", "0", "\\infty", "i", "x", "L", "\\odot", "\\cdot", "\\leftarrow", "\\approx", "\\in", "\\mid",
    "\\def\\a{\\a\\a}\\a", "\\newcommand{\\b}[2]{#1}", "<!--", "-->", "```", "```math", "<!-- unchecked: x -->",
    "<!-- wrong: a:b, c, 2020 -->", "%", "\xa0", "\u2212", "\x00", "\ud7ff", "\r", "\t", "\ufeff", "\U0001d465", "\\",
    "\\ ", "~", ":", "\\wedge", "\\forall", "\\boxed{", "\\langle", "\\rvert", "\\arg",
]  # fmt: skip
NESTS = [
    ("(", ")"), ("{", "}"), ("\\frac{1}{", "}"), ("\\sqrt{", "}"), ("f(", ")"), ("\\sum_i ", ""), ("-", ""),
    ("\\hat{", "}"), ("x^{", "}"), ("x_{", "}"), ("\\left[", "\\right]"), ("\\|", "\\|"), ("|", "|"), ("\\exp", ""),
    ("\\frac{d}{dx} ", ""), ("\\begin{cases} ", " & x > 0 \\end{cases}"), ("\\begin{aligned} ", "\\end{aligned}"),
    ("> ", ""), ("- ", ""), ("<!--", ""), ("\\mathbb E[", "]"), ("$$", "$$"), ("[", "]"), ("x + ", ""), ("x ", ""),
    ("\\text{", "}"), ("\n\n", ""), ("```\n", ""), ("\\begin{pmatrix} ", "\\end{pmatrix}"), ("\\lim_{h \\to 0} ", ""),
    ("\\nabla ", ""), ("x = ", ""), ("x \\odot ", ""),
]  # fmt: skip
FORMS = {
    ".md": "{table}\n\n{shown}\n",
    ".tex": "\\documentclass{{article}}\n{comment}\n\\begin{{document}}\n{shown}\n\\end{{document}}\n",
    ".rst": "{table}\n\n{shown}\n",
    ".py": 'r"""Docs.\n\n{table}\n\n{shown}\n"""\n',
    ".html": "<p>{table}</p>\n\n{shown}\n",
    ".ipynb": "",
}


def pool() -> list[tuple[str, list[str]]]:
    """Tables of the book with the displays that stand under them, and those of other authors' notations."""
    found = list[tuple[str, list[str]]]()
    for path in sorted((ROOT / "docs").glob("[0-9]*.md")):
        chapter = documents.read(path)
        under: dict[tuple, list[str]] = {}
        for display in chapter.displays:
            under.setdefault(chapter.tables_of(display), []).append(display.tex)
        for tables, shown in under.items():
            rows = {row.symbol: row for table in tables for row in table.rows}.values()
            lines = [f"| ${r.symbol}$ | {cell(r.shape)} | | {r.meaning} |" for r in rows]
            found.append((HEADER + "\n".join(lines), shown))
    others = [tex.strip() for tex in OTHERS.replace("\n", "~").split("~") if tex.strip()]
    return [*found, *[(HEADER + ROWS.strip(), others)] * (len(found) // 2)]


def cell(shape: str) -> str:
    """A shape as a table has it."""
    return shape if re.fullmatch(r"[a-z]{3,}(,.*)?", shape) else f"${shape}$"


def text_of(kinds: list[tuple[str, list[str]]], rng: np.random.Generator) -> tuple[str, str]:
    """A small text, and the ending of its kind of file."""
    table, shown = kinds[rng.integers(len(kinds))]
    start = rng.integers(len(shown))
    picked = [
        f"$$\n{tex}\n$$" if rng.integers(2) else f"$${tex}$$" for tex in shown[start : start + rng.integers(1, 5)]
    ]
    lines = table.split("\n")
    kept = [line for k, line in enumerate(lines) if k < 2 or len(lines) < 12 or rng.integers(3)]
    ending = list(FORMS)[rng.choice(len(FORMS), p=[0.6, 0.1, 0.1, 0.05, 0.05, 0.1])]
    table, body = "\n".join(kept), "\n\n".join(picked)
    if ending == ".ipynb":
        cells = [{"cell_type": "markdown", "source": [part]} for part in (table, body)]
        return json.dumps({"nbformat": 4, "cells": cells}), ending
    comment = "\n".join(f"% {line}" for line in kept)
    return FORMS[ending].format(table=table, comment=comment, shown=body), ending


# faults


def characters(text: str, rng: np.random.Generator) -> str:
    """Some characters lost, doubled, exchanged or put in."""
    chars = list(text)
    for at in rng.integers(0, len(chars), rng.integers(1, 4)):
        kind, other = rng.integers(4), chars[rng.integers(len(chars))]
        chars[at] = ["", chars[at] * 2, other, chars[at] + chr(int(rng.integers(1, 0x2FF)))][kind]
    return "".join(chars)


def words(text: str, rng: np.random.Generator) -> str:
    """Some words of TeX lost, doubled, exchanged or put in."""
    found = [m.span() for m in TOKEN.finditer(text)]
    for _ in range(rng.integers(1, 4)):
        a, b = found[rng.integers(len(found))]
        c, d = found[rng.integers(len(found))]
        word, other = text[a:b], WORDS[rng.integers(len(WORDS))] if rng.integers(3) else text[c:d]
        text = text[:a] + ["", word * 2, other, f"{word} {other} "][rng.integers(4)] + text[b:]
    return text


def cells(text: str, rng: np.random.Generator) -> str:
    """A cell of a table exchanged, lost or moved."""
    lines = text.split("\n")
    rows = [k for k, line in enumerate(lines) if line.count("|") > 3]
    if not rows:
        return words(text, rng)
    k = rows[rng.integers(len(rows))]
    parts = lines[k].split("|")
    at, other = rng.integers(len(parts)), rng.integers(len(parts))
    kind = rng.integers(5)
    if kind < 3:
        parts[at] = f" {CELLS[rng.integers(len(CELLS))]} "
    elif kind == 3:
        parts[at], parts[other] = parts[other], parts[at]
    else:
        del parts[at]
    lines[k] = "|".join(parts)
    if not rng.integers(6):
        lines.insert(k, lines[rows[rng.integers(len(rows))]])
    return "\n".join(lines)


def cut(text: str, rng: np.random.Generator) -> str:
    """A text that ends, or begins, too early, or lacks a stretch."""
    a, b = sorted(rng.integers(0, len(text) + 1, 2))
    return [text[:a], text[a:], text[:a] + text[b:]][rng.integers(3)]


def nested(text: str, rng: np.random.Generator) -> str:
    """A stretch in many brackets, fractions, sums, quotations."""
    a, b = sorted(rng.integers(0, len(text) + 1, 2))
    b = min(b, a + 30)
    opening, closing = NESTS[rng.integers(len(NESTS))]
    times = int(10 ** rng.uniform(0, 3.3))
    closed = times if rng.integers(4) else times // 2
    return text[:a] + opening * times + text[a:b] + closing * closed + text[b:]


FAULTS = [characters, words, words, cells, cut, nested]


def faulty(k: int, seed: int, kinds: list[tuple[str, list[str]]]) -> tuple[str, str, str]:
    """The text with the number `k`, the ending of its file and the names of its faults."""
    rng = np.random.default_rng((seed, k))
    text, ending = text_of(kinds, rng)
    names = []
    for _ in range(1 + (rng.integers(4) == 0)):
        fault = FAULTS[rng.integers(len(FAULTS))]
        text = fault(text, rng) if text else text
        names.append(fault.__name__)
    return text, ending, "+".join(names)


# trying


def problem(path: Path, *, every: bool) -> tuple[str, Counter[str]]:
    """What is wrong with how a file is taken, or nothing, and the verdicts; by all commands if `every`."""
    found = Counter[str]()
    try:
        report = command._checked(path)
    except BookError as error:
        return ("" if str(path) in str(error) else f"does not name the file: {error}"), Counter({"refused": 1})
    for one in report.judged:
        found[str(one.verdict)] += 1
        if not one.said and one.verdict not in (Verdict.TRUE, Verdict.DEFINED):
            return f"line {one.place.line}: {one.verdict} without a reason", found
    if every:
        with contextlib.suppress(BookError):
            draft.table(path)
    if report.judged and every:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            command.explain(str(path), str(report.judged[-1].place.line))
    return "", found


def work(count: int, seed: int, first: int) -> None:
    """Try texts one after the other and print a line of JSON for each."""
    from mutated_files import memory  # beside this file, which is run as a script here

    resource.setrlimit(resource.RLIMIT_AS, (4 * BYTES, 4 * BYTES))
    kinds = pool()
    with tempfile.TemporaryDirectory() as folder:
        for k in range(first, first + count):
            text, ending, names = faulty(k, seed, kinds)
            path = Path(folder, f"text{ending}")
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
            start, wrong, found = time.process_time(), "", Counter[str]()
            try:
                wrong, found = problem(path, every=k % 8 == 0)
            except Exception as error:  # noqa: BLE001 - any is what is looked for
                import traceback

                last = traceback.extract_tb(error.__traceback__)[-1]
                wrong = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {str(error)[:200]}"
            seconds = time.process_time() - start
            used = memory()[1] * 1024  # getrusage would count what the parent held
            if seconds > SECONDS:
                wrong = wrong or f"took {seconds:.1f} s"
            if used > BYTES:
                wrong = wrong or f"used {used / 1e9:.2f} GB"
            print(json.dumps([k, names, wrong, round(seconds, 3), used, found]), flush=True)
            if used > BYTES:
                return  # the next process begins afresh


def watched(count: int, seed: int, first: int = 0) -> tuple[list[str], Counter[str], float]:
    """Have so many texts tried by processes that are watched: problems, verdicts, and the longest time."""
    wrong, found, longest, k, last = list[str](), Counter[str](), 0.0, first, first + count
    while k < last:
        arguments = [sys.executable, __file__, "--work", str(last - k), str(seed), str(k)]
        worker = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        lines: queue.Queue[str] = queue.Queue()
        hearing = threading.Thread(target=told, args=(worker, lines), daemon=True)
        hearing.start()
        while True:
            try:
                line = lines.get(timeout=6 * SECONDS)
            except queue.Empty:
                wrong.append(f"text {k}: hangs for more than {6 * SECONDS} s")
                print(wrong[-1], flush=True)
                k += 1
                break
            if not line:
                if worker.wait() and k < last:
                    wrong.append(f"text {k}: the process ended with {worker.returncode}: {worker.stderr.read()[-300:]}")
                    print(wrong[-1], flush=True)
                    k += 1
                break
            number, names, fault, seconds, _, counts = json.loads(line)
            k, longest = number + 1, max(longest, seconds)
            found += Counter(counts)
            if fault:
                wrong.append(f"text {number} ({names}): {fault}")
                print(wrong[-1], flush=True)
            if k % 5000 == 0:
                print(f"{k:,} texts, {len(wrong)} problems, the longest {longest:.1f} s, {dict(found)}", flush=True)
        worker.kill()
        hearing.join()
        worker.communicate()
    return wrong, found, longest


def told(worker: subprocess.Popen, lines: queue.Queue) -> None:
    """Hand on the lines of a process as they come; an empty one at the end."""
    for line in worker.stdout:
        lines.put(line)
    lines.put("")


def main(arguments: list[str]) -> int:
    """Try as many texts as the words say; 1 where something went wrong."""
    if arguments[0] == "--work":
        work(*map(int, arguments[1:4]))
        return 0
    if arguments[0] == "--show":
        text, ending, names = faulty(int(arguments[1]), int(arguments[2]), pool())
        print(f"{ending} {names}\n{text}")
        return 0
    count, seed, first = [*map(int, arguments), 0, 0][:3]
    wrong, found, longest = watched(count, seed, first)
    said = ", ".join(f"{n:,} {word}" for word, n in found.most_common())
    print(f"{count:,} texts: {len(wrong)} problems; displays and files: {said}; the longest took {longest:.1f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
