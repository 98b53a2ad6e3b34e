# ruff: noqa: E501 (a form stands on one line)
r"""In every kind of file and in every form that a display has there, a true one passes and a planted error is false."""

import json

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.report import checked
from nnlit.book.source import formats
from nnlit.cli import main

ROWS = "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $a$ | number | | positive |"
COMMENT = "\n".join(f"% {line}" for line in ROWS.splitlines())
HASHES = "\n".join(f"# {line}" for line in ROWS.splitlines())


def cells(*sources, **whole):
    return json.dumps({"cells": [{"cell_type": "markdown", "source": s.splitlines(True)} for s in sources]} | whole)


def worksheets(kind, *sources):
    made = [{"cell_type": "heading", "level": 2, "source": ["On a"]}]
    made += [{"cell_type": "markdown", "metadata": {}, "source": s if kind == 2 else s.splitlines(True)} for s in sources]
    made.append({"cell_type": "code", "input": ["1 + 1"], "outputs": []})
    return json.dumps({"nbformat": kind, "metadata": {"name": ""}, "worksheets": [{"cells": made}]})


MARKDOWN = {  # X is the display
    "dollars": "$$\nX\n$$",
    "dollars in a sentence": "so $$X$$ and no more",
    "brackets": "\\[ X \\]",
    "brackets of Markdown": "\\\\[ X \\\\]",
    "fence of GitHub": "```math\nX\n```",
    "fence of MyST": "```{math}\n:label: eq-x\nX\n```",
    "on the line that opens the fence": "```{math} X\n```",
    "on that line, with a label below": "```{math} X\n:label: eq-x\n```",
    "on the line that opens colons": ":::{math} X\n:::",
    "colons": "::::{math}\n:name: eq-x\n\nX\n::::",
    "directive": ".. math::\n   :label: eq-x\n\n   X\n",
    "directive on one line": ".. math:: X",
    "equation": "\\begin{equation}\nX\n\\end{equation}",
    "label of bookdown": "\\begin{equation}\nX (\\#eq:name)\n\\end{equation}",
    "label of bookdown between dollars": "$$X (\\#eq:name)$$",
    "label of Quarto": "$$\nX\n$$ {#eq-x}",
    "label of Quarto on another line": "$$\nX\n$$\n{#eq-x}",
    "label of MyST": "$$\nX\n$$ (eq-x)",
    "tag": "$$X \\tag{3}$$",
    "tag with a star": "$$X \\tag*{(A)}$$",
    "number of TeX": "$$X \\eqno(3)$$",
    "number at the left": "$$X \\leqno{(3)}$$",
    "typed number": "$$X \\qquad (3)$$",
    "no number": "$$X \\nonumber$$",
    "note of MyST": ":::{note}\n$$X$$\n:::",
    "note in a fence": "```{note}\n$$X$$\n```",
    "theorem with a fence in it": "````{prf:theorem} On a\n:label: t\n\n```{math}\nX\n```\n````",
    "theorem in a theorem": "::::{prf:theorem}\n:::{prf:proof}\n$$X$$\n:::\n::::",
    "callout of Quarto": "::: {.callout-note}\n$$X$$\n:::",
    "raw LaTeX of Pandoc": "```{=latex}\n\\begin{align}\nX\n\\end{align}\n```",
    "admonition": "!!! note\n    $$X$$",
    "list": "1. so\n\n   $$\n   X\n   $$",
    "quote": "> $$\n> X\n> $$",
    "table": "| x | y |\n|---|---|\n| $$X$$ | one |",
    "details": "<details>\n<summary>so</summary>\n\n$$X$$\n</details>",
    "shortcode around dollars": "{{< math >}}\n$$X$$\n{{< /math >}}",
}
LATEX = {
    "equation": "\\begin{equation}X\\label{eq:x}\\end{equation}",
    "align": "\\begin{align*}X\\end{align*}",
    "gather": "\\begin{gather}X \\\\ 1 = 1\\end{gather}",
    "multline": "\\begin{multline}X\\end{multline}",
    "eqnarray": "\\begin{eqnarray}X\\end{eqnarray}",
    "split": "\\begin{equation}\\begin{split}X\\end{split}\\end{equation}",
    "subequations": "\\begin{subequations}\\begin{align}X\\end{align}\\end{subequations}",
    "displaymath": "\\begin{displaymath}X\\end{displaymath}",
    "dmath": "\\begin{dgroup}\\begin{dmath}X\\end{dmath}\\end{dgroup}",
    "empheq": "\\begin{empheq}[box=\\fbox]{align}X\\end{empheq}",
    "IEEEeqnarray": "\\begin{IEEEeqnarray}{rCl}X\\end{IEEEeqnarray}",
    "brackets": "\\[X\\]",
    "dollars": "$$X$$",
    "words between rows": "\\begin{align}1 &= 1 \\\\ \\intertext{and} X\\end{align}",
    "a command for an environment": "\\newcommand{\\beq}{\\begin{equation}}\\newcommand{\\eeq}{\\end{equation}}\n\\beq X \\eeq",
    "an environment of one's own": "\\newenvironment{eq}{\\begin{equation}}{\\end{equation}}\n\\begin{eq}X\\end{eq}",
    "a command": "\\newcommand{\\twice}[1]{2 #1}\n\\[ \\twice{a} = Y \\]",
}
FILES = {
    **{f"own.md, {name}": ("own.md", f"{ROWS}\n\n{form}\n") for name, form in MARKDOWN.items()},
    **{f"own.tex, {name}": ("own.tex", f"{COMMENT}\n{form}\n") for name, form in LATEX.items()},
    "own.qmd": ("own.qmd", f"---\ntitle: a\n---\n\n{ROWS}\n\n$$\nX\n$$ {{#eq-x}}\n"),
    "own.Rmd": ("own.Rmd", f"{ROWS}\n\n\\begin{{align}}\nX (\\#eq:one)\n\\end{{align}}\n"),
    "own.mdx": ("own.mdx", f"import X from 'y'\n\n{ROWS}\n\n$$X$$\n"),
    "own.markdown": ("own.markdown", f"{ROWS}\n\n$$X$$\n"),
    "own.txt": ("own.txt", f"{ROWS}\n\n.. math::\n\n   X\n"),
    "own.rst": ("own.rst", f"{ROWS}\n\n.. math::\n   :nowrap:\n\n   \\begin{{eqnarray}}\n   X\n   \\end{{eqnarray}}\n"),
    "own.ipynb": ("own.ipynb", cells(ROWS, "so\n$$X$$", nbformat=4)),
    "format 5": ("own.ipynb", cells(f"{ROWS}\n\n$$X$$", nbformat=5, nbformat_minor=0)),
    "format 3": ("own.ipynb", worksheets(3, ROWS, "$$X$$")),
    "format 2": ("own.ipynb", worksheets(2, f"{ROWS}\n\n$$X$$")),
    "docstring": ("own.py", f'def f():\n    r"""On a.\n\n{"".join(f"    {x}{chr(10)}" for x in ROWS.splitlines())}\n    $$X$$\n    """\n'),
    "comments of Jupytext": ("own.py", f"# %% [markdown]\n{HASHES}\n#\n# $$\n# X\n# $$\n\n# %%\nb = 1\n"),
    "comments in a function": ("own.py", f"{HASHES}\n\ndef f():\n    # so\n    # \\[ X \\]\n    return 1\n"),
    "a string of Jupytext": ("own.py", f'# %% [markdown]\nr"""\n{ROWS}\n\n$$X$$\n"""\n\n# %%\nb = 1\n'),
    "web page": ("own.html", f"<p>\n{ROWS}\n</p>\n<p>\\[ X \\]</p>\n"),
    "script of MathJax": ("own.html", f"<p>\n{ROWS}\n</p>\n<script type='math/tex; mode=display'>X</script>\n"),
    "rendered by KaTeX": (
        "own.htm",
        f'<p>\n{ROWS}\n</p>\n<span class="katex-display"><span class="katex"><math><semantics><mi>a</mi>\n<annotation encoding="application/x-tex">X</annotation></semantics></math></span></span>\n',
    ),
    "MathML with its TeX": (
        "own.html",
        f'<p>\n{ROWS}\n</p>\n<math display="block"><semantics><mi>a</mi><annotation encoding="application/x-tex">X</annotation></semantics></math>\n',
    ),
}  # fmt: skip


def last(tmp_path, name, text, tex):
    """What is said of the last display that stands in a file."""
    text = text.replace("Y", "a + a").replace("X", tex.replace("\\", "\\\\") if name.endswith("ipynb") else tex, 9)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    report = checked(path)
    assert report.faults == ()
    return [one for one in report.judged if "a" in one.tex][-1]


@pytest.mark.parametrize(("name", "text"), FILES.values(), ids=FILES)
@pytest.mark.long_but_one_in(4)
def test_a_true_display_passes_and_a_planted_error_is_false(tmp_path, name, text):
    text = text.replace("import X", "import Z")
    assert last(tmp_path, name, text, "2 a = a + a").verdict is Verdict.TRUE
    wrong = last(tmp_path, name, text.replace("Y", "3 a"), "2 a = 3 a")
    assert wrong.verdict is Verdict.FALSE, wrong.said
    lines = [line.text for line in formats.read(tmp_path / name).lines] if name.endswith("ipynb") else []
    lines = lines or (tmp_path / name).read_text(encoding="utf-8").splitlines()
    assert "a}" in lines[wrong.place.line - 1] or "2 a" in lines[wrong.place.line - 1]


LABELS = {
    "```{math} X\n:label: my-x\n```": "my-x",
    ":::{math} X\n:label: my-x\n:::": "my-x",
    "\\begin{equation}\nX (\\#eq:my-x)\n\\end{equation}": "eq:my-x",
    "$$\nX\n$$\n{#eq-my-x}": "eq-my-x",
    "$$\nX\n$$ (my-x)": "my-x",
}


@pytest.mark.parametrize(("form", "label"), LABELS.items())
def test_its_label_is_known(tmp_path, form, label):
    assert last(tmp_path, "own.md", f"{ROWS}\n\n{form}\n", "2 a = a + a").label == label


NAMED = {
    "[stem]\n++++\n2 a = 3 a\n++++": "a block of AsciiDoc",
    "[latexmath#eq-one]\n++++\n2 a = 3 a\n++++": "a block of AsciiDoc",
    "so latexmath:[2 a = 3 a]": "a formula of AsciiDoc",
    "{% katex display %}\n2 a = 3 a\n{% endkatex %}": "a tag of a template",
    "{{< katex display=true >}}\n2 a = 3 a\n{{< /katex >}}": "a shortcode",
    '<math display="block"><mi>a</mi></math>': "an element of MathML",
    "<BlockMath>{`2 a = 3 a`}</BlockMath>": "a component",
    "![](https://latex.codecogs.com/svg.latex?2a=3a)": "a picture of a formula",
}


@pytest.mark.parametrize(("form", "what"), NAMED.items())
def test_a_form_that_is_not_read_is_named(tmp_path, form, what):
    path = tmp_path / "own.md"
    path.write_text(f"{ROWS}\n\n{form}\n\n$$2 a = a + a$$\n\n`{form.splitlines()[0]}`\n", encoding="utf-8")
    found = checked(path).judged
    assert [one.verdict for one in found] == [Verdict.NOT_READ, Verdict.TRUE]
    assert found[0].said.startswith(what)
    assert "write the formula between $$" in found[0].said


def test_mathml_without_tex_is_named(tmp_path):
    path = tmp_path / "own.html"
    path.write_text("<p>\n<math display='block'><mi>a</mi></math>\n<math><mi>a</mi></math></p>", encoding="utf-8")
    assert [(one.verdict, one.place.line) for one in checked(path).judged] == [(Verdict.NOT_READ, 2)]


@pytest.mark.parametrize("name", ["own.adoc", "own.org", "own.typ", "own.docx", "own"])
def test_a_kind_of_file_that_is_not_read_is_named(tmp_path, capsys, name):
    (tmp_path / name).write_text("++++\n2 a = 3 a\n++++\n")
    assert main(["check", str(tmp_path / name)]) == 2
    assert f"{name}:1: expected a file that ends in" in capsys.readouterr().err


def test_a_file_without_a_display_says_what_one_is(tmp_path, capsys):
    (tmp_path / "own.md").write_text("so $2 a = 3 a$\n")
    assert main(["check", str(tmp_path / "own.md")]) == 3
    assert "no displayed formula in it: one stands between $$ and $$" in capsys.readouterr().out


def test_code_stays_code(tmp_path):
    path = tmp_path / "own.md"
    code = "```{code-block} latex\n$$2 = 3$$\n```\n\n````\n```{note}\n$$2 = 3$$\n```\n````\n\n```python\n# $$2 = 3$$\n```\n"
    path.write_text(f"{code}\n:::{{note}}\n```tex\n$$2 = 3$$\n```\n:::\n\n$$1 = 1$$\n", encoding="utf-8")
    assert [one.tex for one in checked(path).judged] == ["1 = 1"]


def test_comments_of_python_without_mathematics_are_no_text(tmp_path):
    path = tmp_path / "own.py"
    path.write_text("# it costs $ 3\nx = 1  # $$2 = 3$$\n# a | b\ns = '# $$2 = 3$$'\n", encoding="utf-8")
    assert checked(path).judged == ()


def test_cases_with_numbers_are_cases(tmp_path):
    rows = COMMENT.replace("positive", "a number")
    text = rows + "\n\\begin{numcases}{\\lvert a \\rvert =} a & $a > 0$ \\\\ -a & $a \\le 0$ \\end{numcases}\n"
    (tmp_path / "own.tex").write_text(text, encoding="utf-8")
    assert [one.verdict for one in checked(tmp_path / "own.tex").judged] == [Verdict.TRUE]
    (tmp_path / "own.tex").write_text(text.replace("-a", "a"), encoding="utf-8")
    assert [one.verdict for one in checked(tmp_path / "own.tex").judged] == [Verdict.FALSE]
