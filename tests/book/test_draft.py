# ruff: noqa: E501 (an equation stands on one line)
r"""Drafted tables: what they guess of texts as authors write them, and that a guess makes no right text false."""

from pathlib import Path

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.drafts import draft
from nnlit.book.report import checked
from tests.tiers import mostly_long

D, T = Verdict.DEFINED, Verdict.TRUE
TEXTS = {  # right displays, what is said of each once the draft is confirmed, and an error that is planted in the last
    "one letter with two indices": (
        [r"p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}", r"L = -\sum_k y_k \log p_k", r"\sum_j y_j z_j = \sum_k z_k y_k"],
        [D, D, T],
        (r"z_k y_k", r"z_k"),
    ),
    "bold letters with an index are vectors": (
        [
            r"\hat y_i = \mathbf w^\top \mathbf x_i + b",
            r"L = \frac{1}{n} \sum_{i=1}^n (\hat y_i - y_i)^2",
            r"\frac{\partial L}{\partial \mathbf w} = \frac{2}{n} \sum_{i=1}^n (\hat y_i - y_i) \mathbf x_i",
        ],
        [D, D, T],
        (r"\frac{2}{n}", r"\frac{1}{n}"),
    ),
    "a vector behind a factor and a transpose": (
        [r"\ell(w) = \max(0, 1 - y w^\top x)", r"\nabla_w \ell(w) = -y x [y w^\top x < 1]"],
        [D, T],
        ("-y x", "y x"),
    ),
    "superscripts in parentheses": (
        [
            r"J = \frac{1}{2m} \sum_{i=1}^m (\theta^\top x^{(i)} - y^{(i)})^2",
            r"\frac{\partial J}{\partial \theta_j} = \frac{1}{m} \sum_{i=1}^m (\theta^\top x^{(i)} - y^{(i)}) x^{(i)}_j",
        ],
        [D, T],
        ("= ", "= -"),
    ),
    "an n that is the length of what is summed": (
        [r"\bar x = \frac{1}{n} \sum_i x_i", r"\sum_i (x_i - \bar x)^2 = \sum_i x_i^2 - n \bar x^2"],
        [D, T],
        (r"- n", r"+ n"),
    ),
    "small letters behind a matrix and beside a vector": (
        [r"r = b - A x", r"\nabla_x \lVert A x - b \rVert^2 = 2 A^\top (A x - b)"],
        [D, T],
        ("2 A", "A"),
    ),
    "functions": (
        [r"h(x) = f(g(x))", r"\frac{d}{dx} f(g(x)) = f'(g(x)) g'(x)"],
        [D, T],
        (" g'(x)", ""),
    ),
    "a function of two numbers at steps": (
        [r"y_{n+1} = y_n + h f(t_n, y_n)", r"\frac{y_{n+1} - y_n}{h} = f(t_n, y_n)"],
        [D, T],
        ("f(t_n, y_n)", "f(y_n, t_n)"),
    ),
    "what sums to one": (
        [r"\sum_k p_k = 1", r"\sum_k p_k \log p_k = \sum_k p_k (\log p_k - 1) + 1"],
        [T, T],
        ("+ 1", "+ 2"),
    ),
    "matrices at steps": (
        [r"h_t = \tanh(W h_{t-1} + U x_t + b)", r"\hat y_t = V h_t", r"V h_t = V \tanh(U x_t + W h_{t-1} + b)"],
        [D, D, T],
        ("+ b", "- b"),
    ),
    "square matrices": (
        [r"K = P H^\top (H P H^\top + R)^{-1}", r"(I - K H) P = P - K H P"],
        [D, T],
        ("P - K", "P + K"),
    ),
    "Kronecker's delta": (
        [r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}", r"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)"],
        [D, T],
        ("- p_j", "+ p_j"),
    ),
    "members of two kinds": (
        [
            r"J = \sum_{i=1}^{n} \sum_{k=1}^{K} r_{ik} \lVert x_i - \mu_k \rVert^2",
            r"\frac{\partial J}{\partial \mu_k} = -2 \sum_i r_{ik} (x_i - \mu_k)",
        ],
        [D, T],
        ("-2", "2"),
    ),
    "capital Greek letters and a ridge": (
        [
            r"\beta = (\Phi^\top \Phi + \lambda I)^{-1} \Phi^\top t",
            r"\Phi^\top \Phi \beta + \lambda \beta = \Phi^\top t",
        ],
        [D, T],
        (r"+ \lambda", r"- \lambda"),
    ),
    "a sum up to a number": (
        [r"s = \sum_{k=1}^n k", r"\sum_{k=1}^n k = \frac{n(n+1)}{2}"],
        [D, T],
        ("+1", "-1"),
    ),
    "a label that is a name elsewhere": (
        [
            r"A_{ij} = \frac{q_i^\top k_j}{\sqrt{d_k}}",
            r"\sum_j A_{ij} = q_i^\top \sum_j \frac{k_j}{\sqrt{d_k}}",
        ],
        [D, T],
        ("= q", "= 2 q"),
    ),
    "a recursive mean": (
        [
            r"\hat\mu_n = \hat\mu_{n-1} + \frac{1}{n} (x_n - \hat\mu_{n-1})",
            r"n \hat\mu_n = (n - 1) \hat\mu_{n-1} + x_n",
        ],
        [D, T],
        ("(n - 1)", "(n + 1)"),
    ),
    "numbers": (
        [r"x(t) = x_0 + v_0 t + \frac12 a t^2", r"\frac{dx}{dt} = v_0 + a t"],
        [D, T],
        ("+ a", "- a"),
    ),
    "what stands under a root": (
        [r"\hat x_i = \frac{x_i - \mu}{\sqrt{\tau + \epsilon}}", r"\frac{\partial \hat x_i}{\partial x_i} = \frac{1}{\sqrt{\tau + \epsilon}}"],
        [D, T],
        (r"\frac{1}", r"\frac{2}"),
    ),
    "a matrix of outer products": (
        [
            r"L = \frac{1}{2} \lVert W x - t \rVert^2",
            r"\delta = W x - t",
            r"\frac{\partial L}{\partial W} = \delta x^\top",
        ],
        [D, D, T],
        (r"\delta x^\top", r"2 \delta x^\top"),
    ),
    "entries of bold letters": (
        [r"\mathbf{y} = \mathbf{W} \mathbf{x} + \mathbf{b}", r"y_i = \sum_{j=1}^D W_{ij} x_j + b_i"],
        [D, T],
        ("+ b", "- b"),
    ),
    "entries of arrows": ([r"s = \vec a \cdot \vec b", r"\vec a \cdot \vec b = \sum_i a_i b_i"], [D, T], ("b_i", "a_i")),
    "the gradient of a function of vectors": (
        [r"q(\mathbf d) = f(\mathbf x) + \nabla f(\mathbf x)^\top \mathbf d", r"\nabla q(\mathbf d) = \nabla f(\mathbf x)"],
        [D, T],
        ("= ", "= 2 "),
    ),
}  # fmt: skip


def drafted(displays, confirmed=False):
    """What is said of displays below the table that is drafted for them."""
    text = "".join(f"$$\n{display}\n$$\n\n" for display in displays)
    found = draft.table(Path("own.md"), text)
    table = "".join(f"{line}\n" for line in found.splitlines() if line.startswith("|"))
    table = table.replace("guessed: ", "") if confirmed else table
    return checked(Path("own.md"), f"{table}\n{text}")


@pytest.mark.parametrize(("displays", "said", "planted"), mostly_long(TEXTS.values(), [*TEXTS.values()][::3]), ids=TEXTS)
@pytest.mark.long_but_one_in(8)
def test_a_drafted_table_decides_a_right_text_and_finds_a_planted_error_once_it_is_confirmed(displays, said, planted):
    for confirmed in (False, True):
        report = drafted(displays, confirmed)
        assert report.faults == ()
        assert [one.verdict for one in report.judged] == said, [one.said for one in report.judged]
    wrong = [*displays[:-1], displays[-1].replace(*planted)]
    assert wrong != displays
    assert drafted(wrong, confirmed=True).judged[-1].verdict is Verdict.FALSE
    last = drafted(wrong).judged[-1]
    assert last.verdict is Verdict.NOT_CHECKED
    assert "guess" in last.said


def test_a_gradient_by_its_name_has_the_shape_of_what_it_is_in_and_another_one_is_asked_about():
    displays = [r"O = P V", r"dV = P^T dO", r"dP = dO V^T"]
    for confirmed in (False, True):
        assert [one.verdict for one in drafted(displays, confirmed).judged] == [D, T, T]
    last = drafted([*displays[:-1], r"dP = 2 dO V^T"], confirmed=True).judged[-1]
    assert last.verdict is Verdict.NOT_CHECKED
    assert "is dP that gradient, or something else?" in last.said


OPEN = {  # right texts of which a draft cannot know all that they need
    "commuting only as numbers": [r"A = B C", r"A A^{-1} = B C (B C)^{-1}"],
    "orthogonal": [r"A = U^\top U", r"U^\top U = I"],
    "chances without their sum": [r"H = -\sum_k p_k \log q_k", r"\sum_k p_k (1 - q_j) = 1 - q_j"],
    "between 0 and 1": [r"\sum_{k=0}^{\infty} a^k = \frac{1}{1 - a}"],
    "entries of a bold matrix": [r"q = \sum_{ij} \mathbf{A}_{ij}", r"a_{ij} = \mathbf{A}_{ij}", r"a_{ij} = 2 b_{ij}"],
    "a step that another step gives": [r"x_{k+1} = A x_k", r"x_{k+1} = A A x_{k-1}"],
    "a letter of two meanings": [r"y = f x", r"f(x + h) = f(x) + h"],
    "a transpose of a product in the wrong guess": [r"\mu = \Sigma a", r"\mu^\top = a^\top \Sigma"],
    "a set": [r"\sum_{i \in B} x_i = n"],
    "labels": [r"L = -\log p_y", r"\frac{\partial L}{\partial p_y} = -\frac{1}{p_y}"],
    "convolution": [r"y_i = \sum_k w_k x_{i+k}", r"\sum_i y_i = \sum_i \sum_k w_k x_{i+k}"],
    "a block": [r"X_{i:} = x^\top", r"\lVert X_{i:} \rVert^2 = 1"],
}


@pytest.mark.parametrize("displays", OPEN.values(), ids=OPEN)
@pytest.mark.long_but_one_in(4)
def test_a_guess_that_is_wrong_calls_no_right_text_false(displays):
    assert drafted(displays).false == []


def test_the_name_of_an_array_of_members_is_not_one_of_the_text():
    found = draft.table(Path("own.md"), r"$$X = 2$$ $$q = \sum_i \mathbf x_i^\top \mathbf x_i + \mathbf{X}_{11}$$")
    (row,) = [line for line in found.splitlines() if line.startswith(r"| $\mathbf{x}_{i}$")]
    assert r"row $i$ of $\mathcal{X}$" in row


def test_a_draft_keeps_what_is_declared():
    rows = "| symbol | shape | code | meaning |\n|---|---|---|---|\n| $A$ | $p \\times q$ | | a matrix |\n\n"
    found = draft.table(Path("own.md"), rows + "$$b = A x$$\n")
    assert "| $x$ | $q$ |" in found
    assert "| $A$" not in found


def test_lengths_meet_across_displays():
    found = draft.table(Path("own.md"), "$$y = A x$$\n\n$$z_i = \\sum_j B_{ij} y_j$$\n\n$$c = \\sum_{j=1}^D x_j$$\n")
    rows = dict(line.split(" | ")[:2] for line in found.splitlines() if line.startswith("| $"))
    rows = {name.strip("| $"): shape for name, shape in rows.items()}
    assert rows["x"] == "$D$"
    assert rows["A"].split(r" \times ")[1] == "D$"
    assert rows["A"].split(r" \times ")[0].strip("$") == rows["B"].split(r" \times ")[1].strip("$")


SPOKEN = r"""# Ridge

Let $X \in \mathbb{R}^{n \times d}$ have the rows $x_1, \dots, x_n \in \mathbb R^d$, let $y \in \{0, 1\}^n$ and \(w \in \mathbb{R}^{d}\),
and let $\lambda > 0$. With $r = X w - y$ and $p, q \in (0, 1)$, where `$z \in \mathbb R$` is no text:

$$L = \sum_{i=1}^n (w^\top x_i - y_i)^2 + \lambda w^\top w + p q + z$$

$$\frac{\partial L}{\partial w_j} = 2 \sum_i r_i x_{ij} + 2 \lambda w_j$$

$$\nabla_w L = 2 X^\top (X w - y) + 2 \lambda w$$
"""


def rows_of(text: str) -> dict[str, tuple[str, str]]:
    """The rows of a draft: of every name its shape and meaning."""
    cells = [line.split("|") for line in draft.table(Path("own.md"), text).splitlines() if line.startswith("| $")]
    return {symbol.strip(" $"): (shape.strip(" $"), meaning.strip()) for _, symbol, shape, _, meaning, _ in cells}


def test_a_draft_takes_sizes_and_conditions_from_running_text(tmp_path):
    rows = rows_of(SPOKEN)
    assert {name: shape for name, (shape, _) in rows.items()} == {
        "X": r"n \times d", "x_{i}": "d", "y": "n", "w": "d", r"\lambda": "number", "p": "number", "q": "number", "z": "number",
    }  # fmt: skip
    assert rows["x_{i}"][1] == "guessed: line 3 says so; row $i$ of $X$"
    assert [rows[name][1].rpartition("; ")[2] for name in ("y", r"\lambda", "p")] == ["0 or 1", "positive", "between 0 and 1"]
    assert "guessed: nothing says that it is more" in rows["z"][1]
    said = draft.table(Path("own.md"), SPOKEN)
    assert said.endswith("Line 4 says $r = X w - y$ in running text, which is not executed: display it, $r$ has no row here.")
    table = draft.table(Path("own.md"), SPOKEN).partition("| symbol")[2].partition("\n\n")[0].replace("guessed: ", "")
    path = tmp_path / "own.md"
    text = SPOKEN.replace("With $r = X w - y$ and", "With\n\n$$r = X w - y$$\n\nand")
    path.write_text(f"# T\n\n| symbol{table}\n\n{text.partition('Ridge')[2]}", encoding="utf-8")
    assert [one.verdict for one in checked(path).judged] == [D, D, T, T]


def test_a_wrong_display_does_not_change_sizes_that_the_text_gives(tmp_path):
    wrong = SPOKEN.replace(r"2 X^\top (X w - y)", "2 X (X w - y)")
    assert {name: shape for name, (shape, _) in rows_of(wrong).items()} == {
        name: shape for name, (shape, _) in rows_of(SPOKEN).items()
    }


def test_what_running_text_defines_is_named_where_it_has_no_value(tmp_path):
    path = tmp_path / "own.md"
    rows = "".join(f"| ${name}$ | {shape} | | |\n" for name, shape in (("X", "$n \\times d$"), ("w", "$d$"), ("y", "$n$")))
    text = "Let \\(r = X w - y\\), and $`q = 2`$.\n\n$$L = r^\\top r$$\n\n$$M = q + 1$$\n"
    path.write_text(f"# T\n\n| symbol | shape | code | meaning |\n|---|---|---|---|\n{rows}\n{text}", encoding="utf-8")
    ((name, (tex, place)),) = checked(path).spoken.items()
    assert (name, tex, place.line) == ("r", "r = X w - y", 9)
    path.write_text(path.read_text(encoding="utf-8").replace("\\(r = X w - y\\)", "$$r = X w - y$$"), encoding="utf-8")
    assert [one.verdict for one in checked(path).judged][:2] == [D, D]


LAYERS = [
    (r"y = W x + b", [r"\frac{\partial L}{\partial W} = \frac{\partial L}{\partial y} x^\top"], {r"\frac{\partial L}{\partial y}": "m"}),
    (r"y = W x + b", [r"\frac{\partial L}{\partial b} = g", r"x^\top x = 1"], {r"\frac{\partial L}{\partial y}": "m"}),
    (r"y = w x + b", [r"\frac{\partial L}{\partial b} = g"], {r"\frac{\partial L}{\partial y}": "number"}),
    (r"z = W x", [r"a = \tanh(z)", r"\frac{\partial L}{\partial z} = \frac{\partial L}{\partial a} \odot (1 - a \odot a)"], {r"\frac{\partial L}{\partial a}": "m"}),
    (r"z = W x", [r"\frac{\partial L}{\partial x} = W^\top \frac{\partial L}{\partial z}", r"L = z^\top z"], {}),
]  # fmt: skip


@pytest.mark.parametrize(("first", "rest", "gradients"), LAYERS)
def test_a_gradient_that_nothing_defines_has_a_row(first, rest, gradients):
    """It is that in the last displayed value; whose loss is displayed needs none."""
    rows = rows_of("\n\n".join(f"$${one}$$" for one in (first, *rest)))
    assert {name: shape for name, (shape, _) in rows.items() if "partial" in name} == gradients
    assert "L" not in rows


def test_a_letter_of_values_at_steps_is_no_index_below_another_name():
    """The u of `W_u` where `u_t` is a value at a step."""
    rows = rows_of(
        r"""$$u_t = \tanh(W_u x_t + U_u u_{t-1} + b_u)$$

$$v_t = \tanh(W x_t + U u_t)$$"""
    )
    assert {name: shape for name, (shape, _) in rows.items()} == {
        "t": "integer", "W_{u}": r"m \times n", "x_{t}": "n", "U_{u}": r"m \times m", "u_{t-1}": "m", "b_{u}": "m",
        "W": r"m \times n", "U": r"m \times m",
    }  # fmt: skip


SOFTMAX = r"""# Softmax

Let $x^{(i)} \in \mathbb{R}^D$ and one-hot labels $y^{(i)} \in \{0,1\}^K$, $C > 0$, and let $\sigma(a) = 1 / (1 + e^{-a})$.

$$z^{(i)} = W x^{(i)}$$

$$p^{(i)}_k = \frac{\exp(z^{(i)}_k)}{\sum_{j=1}^K \exp(z^{(i)}_j)}$$

$$J = -\frac{C}{N} \sum_{i=1}^N \sum_{k=1}^K y^{(i)}_k \log p^{(i)}_k$$

$$\frac{\partial J}{\partial W} = \frac{C}{N} \sum_{i=1}^N (p^{(i)} - y^{(i)}) (x^{(i)})^\top$$

$$s = \sigma(C)$$
"""


def test_one_hot_labels_have_one_hot_rows_and_a_function_of_running_text_has_no_row(tmp_path):
    rows, said = rows_of(SOFTMAX), draft.table(Path("own.md"), SOFTMAX)
    assert rows["Y"] == (r"N \times K", "guessed: it holds all $y^{(i)}$; one-hot rows")
    assert rows["C"] == ("number", "guessed: line 3 says so; positive")
    assert r"\sigma" not in rows
    assert r"Line 3 says $\sigma(a) = 1 / (1 + e^{-a})$ in running text" in said
    table = said.partition("| symbol")[2].partition("\n\n")[0].replace("guessed: ", "")
    path = tmp_path / "own.md"
    for text, last in ((SOFTMAX, T), (SOFTMAX.replace("} - y^", "} + y^"), Verdict.FALSE)):
        path.write_text(f"# T\n\n| symbol{table}\n{text.partition('Softmax')[2]}", encoding="utf-8")
        found = checked(path)
        assert [one.verdict for one in found.judged][:4] == [D, D, D, last]
        assert list(found.spoken) == [r"\sigma"]


NIELSEN = [
    r"z^l = w^l a^{l-1} + b^l",
    r"a^l = \tanh(z^l)",
    r"C = \frac{1}{2} \lVert y - a^l \rVert^2",
    r"\frac{\partial C}{\partial z^l} = (a^l - y) \odot (1 - a^l \odot a^l)",
    r"\frac{\partial C}{\partial w^l_{jk}} = (a^l_j - y_j) (1 - (a^l_j)^2) a^{l-1}_k",
]


def test_letters_above_names_count_layers(tmp_path):
    text = "\n\n".join(f"$${one}$$" for one in NIELSEN)
    rows = rows_of(text)
    assert rows["l"] == ("integer", "guessed: it counts layers")
    assert {name: shape for name, (shape, _) in rows.items() if name != "l"} == {
        "w^{l}": r"n \times n", "a^{l-1}": "n", "b^{l}": "n", "y": "n",
    }  # fmt: skip
    table = "\n".join(f"| ${name}$ | {shape if name == 'l' else f'${shape}$'} | | |" for name, (shape, _) in rows.items())
    path = tmp_path / "own.md"
    for shown, last in ((text, T), (text.replace("a^l_j - y_j", "a^l_j + y_j"), Verdict.FALSE)):
        path.write_text(f"# T\n\n| symbol | shape | code | meaning |\n|---|---|---|---|\n{table}\n\n{shown}\n", encoding="utf-8")
        assert [one.verdict for one in checked(path).judged] == [D, D, D, T, last]


@pytest.mark.parametrize("formula", ["=", r"\in", r"= x", r"x =", r"x \in", r"a, = b", r"\in \in S", ">", "> 0", r"x_1, \dots, x_n =", "=="])
def test_a_formula_of_running_text_that_says_nothing_says_nothing(formula):
    rows = rows_of(f"Let ${formula}$ be.\n\n$$q = x^\\top x + a$$")
    assert {name: shape for name, (shape, _) in rows.items()} == {"x": "n", "a": "number"}


WORDS = [
    (r"Let $P \in \mathbb{R}^{n \times n}$ be symmetric positive definite.", "P", "symmetric positive definite"),
    (r"Let $P \in \mathbb{R}^{n \times n}$ be positive definite and large.", "P", "symmetric positive definite"),
    (r"The matrix $P \in \mathbb{R}^{n \times n}$ is orthogonal.", "P", "orthogonal"),
    (r"The target $t \in \mathbb{R}^n$ is one-hot.", "t", "one-hot"),
    (r"With a one-hot vector $t \in \mathbb{R}^n$ and", "t", "one-hot"),
    (r"The target $t \in \mathbb{R}^n$ is symmetric.", "t", ""),
    (r"The target $t \in \mathbb{R}^n$ is not one-hot.", "t", ""),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "name", "condition"), WORDS)
def test_the_words_beside_a_formula_are_a_condition(sentence, name, condition):
    meaning = rows_of(f"{sentence}\n\n$$q = t^\\top P t$$")[name][1]
    assert meaning.partition("; ")[2] == condition


def test_a_letter_that_is_a_length_has_no_row_and_what_running_text_defines_with_its_size_neither():
    text = r"""Let $x \in \mathbb{R}^D$ and $G = \partial L / \partial O \in \mathbb{R}^{D \times D}$.

$$q = x^\top x + \frac{D}{2} \log D$$

$$\frac{\partial L}{\partial V} = A^\top G$$

$$O = A V$$"""
    rows = rows_of(text)
    assert rows["x"][0] == "D"
    assert not {"D", "G"} & rows.keys()
    assert r"\frac{\partial L}{\partial O}" in rows


NEEDED = {
    "a chance": (
        [r"H(p) = -p \log p - (1 - p) \log (1 - p)", r"H'(p) = \log \frac{1 - p}{p}"],
        {"p": "between 0 and 1"},
    ),
    "chances": (
        [
            r"L = -\sum_i y_i \log p_i - \sum_i (1 - y_i) \log (1 - p_i)",
            r"\frac{\partial L}{\partial p_i} = \frac{p_i - y_i}{p_i (1 - p_i)}",
        ],
        {"p": "between 0 and 1"},
    ),
    "a correlation": ([r"z = \rho x + \sqrt{1 - \rho^2} y", r"z - \rho x = \sqrt{1 - \rho^2} y"], {r"\rho": "between 0 and 1"}),
    "a covariance": (
        [
            r"L = -\frac{1}{2} \log \det \Sigma - \frac{1}{2} (x - \mu)^\top \Sigma^{-1} (x - \mu)",
            r"\frac{\partial L}{\partial \mu} = \Sigma^{-1} (x - \mu)",
        ],
        {r"\Sigma": "symmetric positive definite"},
    ),
    "orthogonal": ([r"U^\top U = I", r"\lVert U x \rVert^2 = \lVert x \rVert^2"], {"U": "orthogonal"}),
    "rows": (
        [r"\sum_k P_{ik} = 1", r"\sum_k P_{ik} (P_{ik} - 1) = \sum_k P_{ik}^2 - 1"],
        {"P": "rows sum to one"},
    ),
}


@pytest.mark.parametrize("kind", NEEDED)
def test_a_draft_has_the_conditions_that_formulas_need(kind):
    """With the word 'guessed' taken out of its rows what is right is true; without the conditions it would not be."""
    shown, wanted = NEEDED[kind]
    text = "".join(f"$$\n{tex}\n$$\n\n" for tex in shown)
    rows = rows_of(text)
    assert {name: meaning.rpartition("; ")[2] for name, (_, meaning) in rows.items() if name in wanted} == wanted
    table = "\n".join(line for line in draft.table(Path("own.md"), text).splitlines() if line.startswith("|"))
    found = checked(Path("own.md"), f"{table.replace('guessed: ', '')}\n\n{text}")
    assert {one.verdict for one in found.judged} <= {Verdict.TRUE, Verdict.DEFINED}
    bare = table
    for words in wanted.values():
        bare = bare.replace(words, "")
    without = checked(Path("own.md"), f"{bare.replace('guessed: ', '')}\n\n{text}")
    assert {one.verdict for one in without.judged} - {Verdict.TRUE, Verdict.DEFINED}


def test_a_diagonal_is_that_of_a_square_matrix():
    """Both axes of `L_{ii}` are as long as each other."""
    assert rows_of("$$\ns = \\sum_i L_{ii}\n$$\n\n$$\nM = L L^\\top\n$$\n")["L"][0] == r"m \times m"
