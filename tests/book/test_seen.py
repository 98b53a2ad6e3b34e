r"""How many of the displays of made-up files are seen: every form between all kinds of words, counted as written.

`python tests/tools/public_texts.py seen CLONES` counts the same in public documents, by regular expressions.
"""

import json
import random
from pathlib import Path
from textwrap import indent

import pytest

from nnlit.book.source import documents

EQUATION = r"x = x + {0} - {0}"
MARKDOWN = (
    "$${}$$",
    "$$\n{}\n$$",
    "$$ {}\n$$",
    "$$\n{} $$ {{#eq:{}}}",
    "```math\n{}\n```",
    "~~~math\n{}\n~~~",
    "\\\\[\n{}\n\\\\]",
    r"\[ {} \]",
    "\\begin{{equation}}\n{}\n\\end{{equation}}",
    "\\begin{{align*}}\nx &= {} \\\\\n&= x\n\\end{{align*}}",
    "\\begin{{eqnarray}}\n{}\n\\end{{eqnarray}}",
    "\\begin{{multline}}\n{}\n\\end{{multline}}",
    "> $$\n> {}\n> $$",
    "1. A point.\n\n    $$\n    {}\n    $$",
    "- A point: $${}$$ and more.",
    "| this | that |\n|---|---|\n| $${}$$ | words |",
    "Words, $${}$$, and words on one line.",
    "```{{math}}\n:label: my-label\n\n{}\n```",
    ":::{{math}}\n{}\n:::",
    "<div>\n\n$${}$$\n\n</div>",
)
TEX = (
    "$${}$$",
    r"\[ {} \]",
    "\\begin{{equation}}\\label{{eq:a_b}}\n{}\n\\end{{equation}}",
    "\\begin{{equation*}}\n{}\n\\end{{equation*}}",
    "\\begin{{align}}\n{} \\\\\nx &= x \\nonumber\n\\end{{align}}",
    "\\begin{{gather*}}\n{}\n\\end{{gather*}}",
    "\\begin{{multline}}\n{}\n\\end{{multline}}",
    "\\begin{{eqnarray*}}\n{}\n\\end{{eqnarray*}}",
    "\\begin{{flalign}}\n{}\n\\end{{flalign}}",
    "\\begin{{displaymath}}\n{}\n\\end{{displaymath}}",
    "\\begin{{theorem}}\nSo \\[ {} \\]\n\\end{{theorem}}",
    "\\begin{{equation}}\\begin{{split}}\n{}\n\\end{{split}}\\end{{equation}}",
)
WORDS = (
    "Words with $x$ in a line, for 5 \\$, and `$$x = 1$$` as code.",
    "<!--\n$$\nx = 2\n$$\n-->",
    "```python\nprice = '$$x = 1$$'\n```",
    "```\n$$\nx = 1\n$$\n```",
    "## A heading\n\nA paragraph *of* words, [and a link](https://example.org).",
    "![a picture](one.png)",
    "- one\n- two",
)
TEX_WORDS = (
    "Words with $x$ in a line, for 5\\$ and \\verb|$$x = 1$$|.",
    "% \\[ x = 1 \\]",
    "\\section{A heading}",
    "\\begin{comment}\n\\[ x = 2 \\]\n\\end{comment}",
    "\\begin{verbatim}\n$$x = 3$$\n\\end{verbatim}",
)


def shuffled(forms: tuple[str, ...], words: tuple[str, ...], seed: int) -> tuple[list[str], int]:
    """Pieces of text of which every form is one, four times, with other words in between; and how many displays."""
    rng = random.Random(seed)  # noqa: S311
    written = [form.format(EQUATION.format(k), k) for k, form in enumerate(forms * 4)]
    rng.shuffle(written)
    return [piece for one in written for piece in (rng.choice(words), one)], len(written)


def notebook(pieces: list[str]) -> str:
    """A notebook in which every piece is a cell, with a cell of code behind it."""
    cells = [
        {"cell_type": kind, "metadata": {}, "source": text, **extra}
        for piece in pieces
        for kind, text, extra in (
            ("markdown", piece, {}),
            ("code", "'$$x = 1$$'", {"outputs": [{"output_type": "stream", "text": "$$x = 2$$"}]}),
        )
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def module(pieces: list[str]) -> str:
    """A module with a docstring for every piece, and mathematics in a string of code."""
    shown = (indent(piece, "    ") for piece in pieces)
    code = '    return "$$x = 1$$"'
    return "\n\n".join(f'def f{k}():\n    r"""A line.\n\n{text}\n    """\n{code}\n' for k, text in enumerate(shown))


MADE = {
    **dict.fromkeys((".md", ".markdown", ".qmd", ".rmd", ".mdx"), "\n\n".join),
    ".tex": lambda pieces: "\\begin{document}\n" + "\n\n".join(pieces) + "\n\\end{document}\n",
    ".ipynb": notebook,
    ".py": module,
}


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("ending", MADE)
@pytest.mark.long_but_one_in(4)
def test_every_display_of_a_made_up_file_is_seen_once(ending, seed):
    forms, words = (TEX, TEX_WORDS) if ending == ".tex" else (MARKDOWN, WORDS)
    pieces, count = shuffled(forms, words, seed)
    chapter = documents.read(Path(f"made{ending}"), MADE[ending](pieces))
    found = [display.tex for display in chapter.displays]
    missing = [k for k in range(count) if sum(f"+ {k} - {k}" in " ".join(tex.split()) for tex in found) != 1]
    assert [forms[k % len(forms)] for k in missing] == []
    assert len(found) + len(chapter.unread) == count
