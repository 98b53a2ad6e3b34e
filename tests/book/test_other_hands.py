# ruff: noqa: E501 (an equation stands on one line)
r"""Texts in the writing of others: the drafted table, pasted as it is, calls right displays true and finds an error."""

import re
from pathlib import Path

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.drafts import draft
from nnlit.book.report import Report, checked


def drafted(folder: Path, name: str, text: str) -> Report:
    """What is found with the drafted table beside the file, each of its guesses confirmed."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    said = draft.table(path).replace("guessed: ", "")
    tables = [piece for piece in said.split("\n\n") if piece.startswith("| symbol")]
    path.with_name(f"{name}.symbols.md").write_text("\n".join(tables), encoding="utf-8")
    return checked(path)


TEXTS = {  # the text, how many displays are true in it, and what is planted
    "an identity with its size": (
        "ridge.tex",
        r"""\newcommand{\R}{\mathbb{R}} Let $\bm{X} \in \R^{m \times n}$ and $\lambda > 0$.
        \[ (\bm{X}^\top \bm{X} + \lambda \bm{I}_n)^{-1} \bm{X}^\top = \bm{X}^\top (\bm{X} \bm{X}^\top + \lambda \bm{I}_m)^{-1} \]""",
        1,
        [(r"\bm{X}^\top + \lambda \bm{I}_m", r"\bm{X}^\top - \lambda \bm{I}_m")],
    ),
    "one identity of two sizes": (
        "push.md",
        r"""Let $X \in \mathbb{R}^{m \times n}$ and $\lambda > 0$.
        $$(X^\top X + \lambda I)^{-1} X^\top = X^\top (X X^\top + \lambda I)^{-1}$$
        $$\det(I + X X^\top) = \det(I + X^\top X)$$""",
        2,
        [(r"X X^\top + \lambda I", r"X^\top X + \lambda I"), (r"I + X^\top X", r"I - X^\top X")],
    ),
    "weights of a mixture beside the number pi": (
        "mixture.md",
        r"""$$\rho_{ik} = \frac{1}{\sqrt{2\pi}} \pi_k \exp\left(-\tfrac12 (x_i - \mu_k)^2\right)$$
        $$L = \sum_i \log \sum_{k=1}^K \rho_{ik}$$
        $$\frac{\partial L}{\partial \pi_k} = \frac{1}{\pi_k} \sum_i \frac{\rho_{ik}}{\sum_{l=1}^K \rho_{il}}$$""",
        1,
        [(r"\frac{1}{\pi_k} \sum", r"\pi_k \sum")],
    ),
    "weights of a mixture alone": (
        "weights.md",
        r"""$$q = \sum_{k=1}^K \pi_k c_k^2$$
        $$\frac{\partial q}{\partial c_k} = 2 \pi_k c_k$$""",
        1,
        [(r"2 \pi_k c_k", r"\pi_k c_k")],
    ),
    "a covariance called P in front of brackets": (
        "filter.md",
        r"""The covariance $P \in \mathbb{R}^{n \times n}$ is symmetric positive definite, $H \in \mathbb{R}^{m \times n}$, and $R \in \mathbb{R}^{m \times m}$ is symmetric positive definite.
        $$K = P H^\top (H P H^\top + R)^{-1}$$
        $$Q = (I - K H) P$$
        $$Q = (I - K H) P (I - K H)^\top + K R K^\top$$
        $$Q^{-1} = P^{-1} + H^\top R^{-1} H$$""",
        2,
        [(r"+ K R K^\top", r"- K R K^\top"), (r"+ H^\top R^{-1} H", r"+ H R^{-1} H^\top")],
    ),
    "sigma for the sigmoid": (
        "gate.md",
        r"""We use $\sigma$ for the sigmoid.
        $$f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)$$
        $$\frac{\partial f_t}{\partial h_{t-1}} = \operatorname{diag}(f_t \odot (1 - f_t)) U_f$$""",
        1,
        [(r"1 - f_t", r"1 + f_t"), (r"(1 - f_t)) U_f", r"(1 - f_t)) U_f^\top")],
    ),
    "the Hessian with a transpose": (
        "hessian.qmd",
        r"""Logits $z \in \mathbb{R}^K$.
        $$p_k = \frac{\exp(z_k)}{\sum_{j=1}^K \exp(z_j)}$$
        $$s = \log \sum_j e^{z_j}$$
        $$\frac{\partial^2 s}{\partial z \partial z^\top} = \operatorname{diag}(p) - p p^\top$$
        $$\frac{\partial^2 s}{\partial z\, \partial z^T} = \operatorname{diag}(p) - p p^T$$""",
        2,
        [(r"- p p^\top", r"+ p p^\top"), (r"- p p^T", r"- p^T p")],
    ),
    "what is said of a lone name": (
        "trace.md",
        r"""Here $S$ is symmetric positive definite, and $x \in \mathbb{R}^n$; $T \in \mathbb{R}^{n \times n}$ whose rows sum to one.
        $$\frac{\partial \log\det S}{\partial S} = S^{-1}$$
        $$\frac{\partial x^\top S x}{\partial x} = 2 S x$$
        $$\sum_j T_{ij} = 1$$""",
        3,
        [(r"= S^{-1}", r"= -S^{-1}"), ("2 S x", "S x"), (r"\sum_j T_{ij} = 1", r"\sum_i T_{ij} = 1")],
    ),
    "Hugo's doubled brackets": (
        "huber.md",
        r"""Let \\(\delta > 0\\).
        \\[ r_i = y_i - \hat y_i \\]
        \\[ H = \sum_{i=1}^n \begin{cases} \frac{1}{2} r_i^2 & |r_i| \le \delta \\\\ \delta (|r_i| - \frac{1}{2} \delta) & |r_i| > \delta \end{cases} \\]
        \\[ \frac{\partial H}{\partial \hat{y}_i} = -\max(-\delta, \min(\delta, r_i)) \\]""",
        1,
        [(r"-\max(-\delta", r"\max(-\delta")],
    ),
    "a script for a formula of running text": (
        "focal.html",
        r"""<p>For <script type="math/tex">0 < p < 1</script> and <script type="math/tex">\gamma > 0</script>:</p>
        <script type="math/tex; mode=display">% <![CDATA[
        F(p) = -(1-p)^\gamma \log p %]]></script>
        <script type="math/tex; mode=display">F'(p) = \gamma (1-p)^{\gamma-1} \log p - \frac{(1-p)^\gamma}{p}</script>""",
        1,
        [(r"- \frac{(1-p)^\gamma}{p}", r"+ \frac{(1-p)^\gamma}{p}")],
    ),
    "roles, and code that is no mathematics": (
        "norms.rst",
        """Norms\n=====\n\nLet :math:`z \\in \\mathbb{R}^m` and :math:`A \\in \\mathbb{R}^{m \\times m}`.\n
.. math:: z^\\top A z = \\sum_{i,j} A_{ij} z_i z_j\n
In code::\n\n   $$ not = math $$\n\n.. code-block:: python\n\n   r'$$ a = b $$'\n
.. math:: \\nabla_z (z^\\top A z) = (A + A^\\top) z\n""",
        2,
        [("(A + A^\\top) z", "2 A z"), ("A_{ij} z_i z_j", "A_{ij} z_i")],
    ),
    "a formula of GitHub's in backticks": (
        "README.md",
        """# R\n\nLet $`A \\in \\mathbb{R}^{n \\times n}`$ and $`\\beta > 0`$.\n
```math\n\\nabla_z (z^\\top A z) = (A + A^\\top) z\n```\n
> ```math\n> \\sqrt{\\beta} \\sqrt{\\beta} = \\beta\n> ```\n""",
        2,
        [("(A + A^\\top) z", "2 A z"), ("} = \\beta", "} = 2 \\beta")],
    ),
}
PLANTED = [(name, *pair) for name, (*_, pairs) in TEXTS.items() for pair in pairs]


def dedented(text: str) -> str:
    """A text whose lines are not indented because this file's are."""
    return re.sub(r"\n {8}", "\n", text)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.long_but_one_in(3)
def test_right_displays_are_true_or_defined(tmp_path, name):
    path, text, count, _ = TEXTS[name]
    report = drafted(tmp_path, path, dedented(text))
    others = [x for x in report.judged if x.verdict not in {Verdict.TRUE, Verdict.DEFINED}]
    assert (report.faults, others) == ((), [])
    assert len(report.of(Verdict.TRUE)) == count


@pytest.mark.parametrize(("name", "right", "wrong"), PLANTED)
@pytest.mark.long_but_one_in(8)
def test_a_planted_error_is_found_and_no_other_display_is_called_false(tmp_path, name, right, wrong):
    path, text, _, _ = TEXTS[name]
    assert text.count(right) == 1
    assert len(drafted(tmp_path, path, dedented(text.replace(right, wrong))).false) == 1


def test_what_stands_in_a_comment_of_mdx_is_no_display(tmp_path):
    path = tmp_path / "a.mdx"
    path.write_text("# A\n\n{/* $$x = 1$$ */}\n\n{/*\n$$\n2 = 3\n$$\n*/}\n\n$$1 + 1 = 2$$\n", encoding="utf-8")
    assert [one.tex for one in checked(path).judged] == ["1 + 1 = 2"]


@pytest.mark.parametrize("words", ["logistic regression of $\\sigma$", "a sigmoid curve, and $\\sigma$ is smooth"])
def test_a_letter_is_the_sigmoid_only_where_that_is_said_of_it(tmp_path, words):
    path = tmp_path / "a.md"
    path.write_text(f"# A\n\n{words}\n\n$$a = \\sigma(x)$$\n", encoding="utf-8")
    assert "any smooth function" in draft.table(path)


PACKAGES = r"""\DeclarePairedDelimiter{\nrm}{\lVert}{\rVert}
\NewDocumentCommand{\dd}{O{x} m}{\frac{\partial #2}{\partial #1}}
% | symbol | shape | code | meaning |
% |---|---|---|---|
% | $x$, $y$ | number | | positive |
% | $w$ | $n$ | | |
\begin{document}
\[ \nrm{w}^2 = w^\top w \]
\[ \nrm*{w} \nrm[\big]{w} = w^\top w \]
\[ \dd{x^2} = 2 x \]
\[ \dd[y]{y^3} = 3 y^2 \]
\end{document}
\[ 1 = 3 \]
"""


def test_commands_of_packages_are_read_and_what_stands_below_a_document_is_not(tmp_path):
    path = tmp_path / "a.tex"
    path.write_text(PACKAGES, encoding="utf-8")
    assert [one.verdict for one in checked(path).judged] == [Verdict.TRUE] * 4
    wrong = PACKAGES.replace("w}^2", "w}").replace("nrm*{w}", "nrm*{2 w}").replace("2 x", "x").replace("3 y^2", "3 x^2")
    path.write_text(wrong, encoding="utf-8")
    assert [one.verdict for one in checked(path).judged] == [Verdict.FALSE] * 4


def test_scripts_that_are_never_closed_and_headings_of_any_level_take_no_time(tmp_path):
    page, book = tmp_path / "a.html", tmp_path / "a.ipynb"
    page.write_text("$$1 + 1 = 2$$" + '<script type="math/tex">' * 20_000, encoding="utf-8")
    cells = '{"cells": [{"cell_type": "heading", "level": 1e9, "source": "\\ud800"}, {"cell_type": "markdown", "source": "$$1 + 1 = 2$$"}]}'
    book.write_text(cells, encoding="utf-8")
    for path in (page, book):
        assert [one.verdict for one in checked(path).judged] == [Verdict.TRUE]
