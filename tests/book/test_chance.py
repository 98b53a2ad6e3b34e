# ruff: noqa: E501 (an equation stands on one line)
r"""Chance on finite sets: what is true of every joint distribution, errors planted in it, and what is not executed."""

from functools import partial

import pytest

from nnlit.book.assembly import Assembly
from nnlit.book.checks.equations import PageCheck
from nnlit.book.checks.verdicts import EquationError, Verdict
from nnlit.book.language import tex
from nnlit.book.language.unparse import write
from nnlit.book.mutation.judge import EquationJudge
from nnlit.book.mutation.verdicts import Rejected
from nnlit.book.mutation.wrong_equations import equation_mutants
from nnlit.book.report import checked
from nnlit.book.source.place import Place
from tests.book import authored
from tests.tiers import mostly_long

ROWS = r"""
| $x$ | random, $n$ | | a feature |
| $y$ | random, $K$ | | a class, labels 0..K-1 |
| $z$ | random, $k$ | | something hidden |
| $q$ | distribution | | a model |
| $A$, $B$, $C$ | event | | events |
| $\theta$ | $d$ | | parameters |
| $p_\theta$ | distribution | | depends on $\theta$ |
| $f$ | function | | a function |
"""
SQUARE = "f(x) = x^2"


page, judged = partial(authored.page, rows=ROWS), partial(authored.judged, rows=ROWS)


TRUE = [
    r"p(y \mid x) = \frac{p(x \mid y) p(y)}{p(x)}",
    r"p(y | x) = \frac{p(x | y) p(y)}{\sum_{y'} p(x | y') p(y')}",
    r"p(x) = \sum_y p(x, y)",
    r"\sum_y p(y | x) = 1",
    r"p(x, y, z) = p(x) p(y | x) p(z | x, y)",
    r"P(X = x, Y = y) = P(Y = y | X = x) P(X = x)",
    r"\Pr(y = 1 | x) = 1 - \sum_{c \ne 1} \Pr(y = c | x)",
    r"\Pr(y \le 1) = p(y = 0) + p(y = 1)",
    r"p(x | y) \propto p(y | x) p(x)",
    r"P(A | B) = \frac{P(B | A) P(A)}{P(B)}",
    r"P(B) = P(B | A) P(A) + P(B | A^c) P(A^c)",
    r"P(A \cup B) = P(A) + P(B) - P(A \cap B)",
    r"P(\bar A \cap \bar B) = 1 - P(A \cup B)",
    r"P(A, B | C) = P(A | B, C) P(B | C)",
    r"\mathbb E_{x \sim p}[f(x)] = \sum_x p(x) f(x)",
    r"\mathbb{E}_{p(x)}[f(x)] = \mathbb E[x^2]",
    r"\mathbb E_p[x y] = \sum_x \sum_y p(x, y) x y",
    r"\mathbb E_{q(x | y)}[x] = \sum_x q(x | y) x",
    r"\mathbb E_{x \sim q(\cdot | y)}[x] = \sum_x q(x | y) x",
    r"\mathbb E[x] = \mathbb E[\mathbb E[x | y]]",
    r"\mathbb E_y[\mathbb E_{x | y}[x]] = \mathbb E[x]",
    r"\mathbb E[x + y] = \mathbb E[x] + \mathbb E[y]",
    r"\mathbb E[x | y = 1] = \sum_x p(x | y = 1) x",
    r"\operatorname{Var}(x) = \mathbb E[x^2] - \mathbb E[x]^2",
    r"\operatorname{Var}(x) = \mathbb E[\operatorname{Var}(x | y)] + \operatorname{Var}(\mathbb E[x | y])",
    r"\operatorname{Cov}(x, y) = \mathbb E[x y] - \mathbb E[x] \mathbb E[y]",
    r"\mathbb E_{x \sim p}[f(x)] = \mathbb E_{x \sim q}\left[\frac{p(x)}{q(x)} f(x)\right]",
    r"\nabla_\theta \mathbb E_{x \sim p_\theta}[f(x)] = \mathbb E_{x \sim p_\theta}[f(x) \nabla_\theta \log p_\theta(x)]",
    r"\mathbb E_{x \sim p_\theta(x)}[\nabla_\theta \log p_\theta(x)] = 0",
    r"\nabla_\theta \log p(x; \theta) = \frac{\nabla_\theta p(x; \theta)}{p(x; \theta)}",
    r"D_{KL}(p(x) \| q(x)) = \sum_x p(x) \log \frac{p(x)}{q(x)}",
    r"D_{\mathrm{KL}}(q(z | x) || p(z)) = \mathbb E_{z \sim q(z | x)}\left[\log \frac{q(z | x)}{p(z)}\right]",
    r"\mathrm{KL}(p(x) \parallel q(x)) \ge 0",
    r"\log p(x) = \mathbb E_{q(z | x)}\left[\log \frac{p(x, z)}{q(z | x)}\right] + D_{KL}(q(z | x) \| p(z | x))",
    r"H(x) = -\sum_x p(x) \log p(x)",
    r"H(p(x), q(x)) = H(p(x)) + D_{KL}(p(x) \| q(x))",
    r"H(x, y) = H(x) + H(y | x)",
    r"H(y | x) = -\sum_x \sum_y p(x, y) \log p(y | x)",
    r"H(y | x) = \sum_x p(x) H(p(y | x))",
    r"I(x; y) = H(x) - H(x | y) = H(x) + H(y) - H(x, y)",
    r"I(x; y) = \sum_{x, y} p(x, y) \log \frac{p(x, y)}{p(x) p(y)}",
    r"I(x; y | z) = H(x | z) - H(x | y, z)",
]
FALSE = [
    r"p(y \mid x) = \frac{p(x \mid y) p(x)}{p(y)}",
    r"p(y \mid x) = p(x \mid y) p(y)",
    r"p(x) = \sum_y p(y | x)",
    r"\sum_x p(y | x) = 1",
    r"\sum_y p(y | x) = 2",
    r"p(x, y, z) = p(x) p(y | x) p(z | x) p(z)",
    r"P(X = x, Y = y) = P(Y = y | X = x) P(Y = y)",
    r"\Pr(y = 1 | x) = 1 - \sum_{c} \Pr(y = c | x)",
    r"\Pr(y \le 1) = p(y = 1)",
    r"p(x | y) \propto p(y | x) p(y)",
    r"P(B) = P(B | A) P(A) + P(B | A^c) P(A)",
    r"P(A \cup B) = P(A) + P(B) + P(A \cap B)",
    r"P(A \cup B) = P(A) + P(B)",
    r"P(\bar A \cap \bar B) = 1 - P(A \cap B)",
    r"\mathbb E_{x \sim p}[f(x)] = \sum_x q(x) f(x)",
    r"\mathbb E_{q(x | y)}[x] = \sum_x q(y | x) x",
    r"\operatorname{Var}(x) = \mathbb E[x^2] + \mathbb E[x]^2",
    r"\mathbb E_{x \sim p}[f(x)] = \mathbb E_{x \sim q}\left[\frac{q(x)}{p(x)} f(x)\right]",
    r"\nabla_\theta \mathbb E_{x \sim p_\theta}[f(x)] = \mathbb E_{x \sim p_\theta}[f(x) \nabla_\theta p_\theta(x)]",
    r"D_{KL}(p(x) \| q(x)) = \sum_x p(x) \log \frac{q(x)}{p(x)}",
    r"D_{KL}(p(x) \| q(x)) = \sum_x q(x) \log \frac{p(x)}{q(x)}",
    r"D_{KL}(p(x) \| q(x)) = D_{KL}(q(x) \| p(x))",
    r"D_{KL}(p(x) \| q(x)) \le 0",
    r"\log p(x) = \mathbb E_{q(z | x)}\left[\log \frac{p(x, z)}{q(z | x)}\right] - D_{KL}(q(z | x) \| p(z | x))",
    r"H(x) = \sum_x p(x) \log p(x)",
    r"H(p(x), q(x)) = H(q(x)) + D_{KL}(p(x) \| q(x))",
    r"H(x, y) = H(x) + H(x | y)",
    r"H(y | x) = -\sum_x \sum_y p(x, y) \log p(x | y)",
    r"I(x; y) = H(x) + H(x | y)",
    r"I(x; y) = \sum_{x, y} p(x, y) \log \frac{p(x) p(y)}{p(x, y)}",
]
SUPPOSED = [  # true of independent variables alone
    "p(x, y) = p(x) p(y)",
    "p(y | x) = p(y)",
    r"P(A \cap B) = P(A) P(B)",
    r"\mathbb E[x y] = \mathbb E[x] \mathbb E[y]",
    r"\operatorname{Var}(x + y) = \operatorname{Var}(x) + \operatorname{Var}(y)",
    "H(x, y) = H(x) + H(y)",
]


@pytest.mark.parametrize("shown", TRUE)
@pytest.mark.long_but_one_in(10)
def test_what_is_true_of_every_distribution(tmp_path, shown):
    assert judged(tmp_path, SQUARE, shown)[-1][0] is Verdict.TRUE


@pytest.mark.parametrize("shown", FALSE)
@pytest.mark.long_but_one_in(8)
def test_a_planted_error_is_found(tmp_path, shown):
    assert judged(tmp_path, SQUARE, shown)[-1][0] is Verdict.FALSE


@pytest.mark.parametrize("shown", SUPPOSED)
@pytest.mark.long_but_one_in(3)
def test_what_is_true_of_independent_variables_is_conditional(tmp_path, shown):
    verdict, said = judged(tmp_path, shown)[-1]
    assert verdict is Verdict.CONDITIONAL
    assert "independent" in said
    rows = ROWS.replace("a feature", "independent of the others").replace("a class,", "independent of the others,")
    rows = rows.replace("| events |", "| independent of the others |")
    assert judged(tmp_path, shown, rows=rows)[-1][0] is Verdict.TRUE


CHAIN = r"""
| $x$ | random, $n$ | | first |
| $y$ | random, $m$ | | second |
| $z$ | random, $k$ | | depends on $y$ alone |
"""


def test_a_chain_is_declared_by_what_depends_on_what(tmp_path):
    assert judged(tmp_path, "p(z | x, y) = p(z | y)", rows=CHAIN)[0][0] is Verdict.TRUE
    assert judged(tmp_path, "p(z | x, y) = p(z | x)", rows=CHAIN)[0][0] is not Verdict.TRUE
    assert judged(tmp_path, r"I(x; z) \le I(x; y)", rows=CHAIN)[0][0] is Verdict.TRUE
    free = CHAIN.replace("depends on $y$ alone", "third")
    assert judged(tmp_path, "p(z | x, y) = p(z | y)", rows=free)[0][0] is Verdict.CONDITIONAL


GAUSS = r"x \sim \mathcal{N}(\mu, \sigma^2)"


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        (r"g = \int_0^1 h^2 \, dh", "an integral is not computed"),
        (r"p(x) = \int p(x, h) \, \mathrm{d}h", "an integral is not computed"),
        (r"p(x | y) = \mathcal{N}(x; \mu, \sigma^2)", "continuous distribution"),
        (r"g = \mathbb E_{x \sim \mathcal{N}(0, 1)}[x]", "continuous distribution"),
        (GAUSS, r"\sim says how something is distributed"),
        (r"g = O(n \log n)", "O(...) for large numbers"),
        (r"g \ll 1", r"\ll says"),
        (r"g \propto x", "proportional in what"),
        (r"p(x = 1) = 0.3", "which numbers are the outcomes of x"),
        (r"p(y = 1) = 0.3", "it says what a distribution is"),
        (r"\mathbb E[x] = 2", "it says what a distribution is"),
        (r"\log p(y = 1) = -0.3", "it says what a distribution is"),
        (r"0.3 = -\ln p(y = 1)", "it says what a distribution is"),
        (r"p(u | x) = p(u)", "u is neither a random variable nor an event"),
    ],
)
@pytest.mark.long_but_one_in(4)
def test_what_is_not_executed_says_why(tmp_path, shown, reason):
    verdict, said = judged(tmp_path, shown)[-1]
    assert verdict not in {Verdict.TRUE, Verdict.FALSE, Verdict.DEFINED}
    assert reason in said


@pytest.mark.parametrize(
    ("shown", "ask"),
    [
        (r"\mathbb E_x[x y] = y \mathbb E[x]", "does this mean hold y fixed, or is y given"),
        ("I(x; y, z) = I(x, y, z)", "between which variables"),
        (r"D_{KL}(p \| q) = 0", "p is of which variables"),
        (r"D_{KL}(p(x) \| q(y)) = 0", "not of the same variables"),
        (r"P(A \cap B \cup C) = 0", "two readings"),
        (r"\mathbb E_{x \sim q(y)}[x] = 0", "x is drawn, but the chance is that of y"),
        (r"p(|x| | y) = 1", "which of these bars"),
        (r"x_1 = 2", "x is one random variable"),
    ],
)
@pytest.mark.long_but_one_in(4)
def test_what_has_two_readings_is_asked_about(tmp_path, shown, ask):
    verdict, said = judged(tmp_path, shown)[-1]
    assert verdict in {Verdict.NOT_CHECKED, Verdict.NOT_READ}
    assert ask in said


def test_without_rows_for_them_nothing_is_said_of_probabilities(tmp_path):
    shown = [r"g = p(y | x) p(x)", r"h = \mathbb E_{x \sim p(x)}[x]", r"u = \mathbb E_{q(z | x)}[\log p(x | z)]"]
    for verdict, said in judged(tmp_path, *shown, rows="| $w$ | number | | a number |"):
        assert verdict is Verdict.NOT_CHECKED
        assert "give every random variable a row with the shape random" in said


def test_what_a_distribution_is_takes_false_from_other_claims(tmp_path):
    found = judged(tmp_path, "p(y = 1) = 0.3", "p(y = 0) = p(y = 1)", r"\sum_y p(y) = 1")
    assert [verdict for verdict, _ in found] == [Verdict.NOT_CHECKED, Verdict.NOT_CHECKED, Verdict.TRUE]
    assert "because of line" in found[1][1]


ARRAYS = r"""
| $P$, $Q$ | $n$ | | entries sum to one |
| $S$ | $n$ | | positive |
"""


def test_a_divergence_of_arrays(tmp_path):
    right, wrong = (
        r"D_{KL}(P \| Q) = \sum_k P_k \log \frac{P_k}{Q_k}",
        r"D_{KL}(P \| Q) = \sum_k P_k \log \frac{Q_k}{P_k}",
    )
    more = r"H(P, Q) = -\sum_k P_k \log Q_k", r"\frac{\partial D_{KL}(P \| Q)}{\partial Q_k} = -\frac{P_k}{Q_k}"
    assert [v for v, _ in judged(tmp_path, right, *more, rows=ARRAYS)] == [Verdict.TRUE, Verdict.DEFINED, Verdict.TRUE]
    assert judged(tmp_path, wrong, rows=ARRAYS)[0][0] is Verdict.FALSE
    verdict, said = judged(tmp_path, right.replace("Q", "S"), rows=ARRAYS)[0]
    assert verdict is Verdict.NOT_CHECKED
    assert "say 'entries sum to one' in the row" in said


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("| $x$ | random | | a variable |", "how many outcomes has x"),
        ("| $x$ | random, $n$ | | 0 or 1 |", "different numbers of outcomes"),
        ("| $x$ | random, $n$ | | labels 0..K-1 |", "different numbers of outcomes"),
        ("| $x$ | random, $n$ | | depends on $y$ alone |", "y is no random variable with a row above"),
    ],
)
def test_a_row_that_says_too_little_is_refused(tmp_path, row, message):
    found = checked(page(tmp_path, "p(x) = p(x)", rows=row))
    assert found.judged[-1].verdict is Verdict.NOT_CHECKED
    assert any(message in fault.message for fault in found.faults)


@pytest.mark.parametrize("shown", [*TRUE, *SUPPOSED])
@pytest.mark.long_but_one_in(6)
def test_chance_is_written_as_it_is_read(tmp_path, shown):
    whole = Assembly.of(page(tmp_path, SQUARE, shown))
    display = whole.chapter.displays[-1]
    names = tex.Names(whole.analysis.part(display).scope.names.kinds, whole.analysis.part(display).scope.chances)
    for step in whole.analysis.equation(display).steps:
        for side in (step.left, step.right):
            again = tex.read(f"{write(side)} = 0", Place(display.place.path, 1), names).steps[0].left
            assert again == side


STRICT = [x for x in TRUE if r"\ge" not in x and r"\propto" not in x]


@pytest.mark.parametrize("shown", mostly_long(STRICT, STRICT[::4]))
@pytest.mark.long_but_one_in(3)
def test_every_wrong_version_is_rejected_or_means_the_same(tmp_path, shown):
    whole = Assembly.of(page(tmp_path, SQUARE, shown))
    check, display = PageCheck(whole.analysis), whole.chapter.displays[-1]
    assert not isinstance(check.outcome(display), EquationError)
    judge = EquationJudge(check, display)
    found = {m.source: judge.verdict_on(m) for m in equation_mutants(check, display)}
    assert found
    assert [source for source, verdict in found.items() if type(verdict).__name__ == "Unnoticed"] == []
    assert any(isinstance(verdict, Rejected) for verdict in found.values())
