r"""The room `language`: words and their places, trees without names, names in their scope, and nodes back to TeX."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlit.book.assembly import Assembly
from nnlit.book.language import nodes as n
from nnlit.book.language import syntax as s
from nnlit.book.language import tex
from nnlit.book.language.letters import loose
from nnlit.book.language.lines import chains
from nnlit.book.language.parser import parse_expression
from nnlit.book.language.probability import Chances
from nnlit.book.language.spans import Source, Span
from nnlit.book.language.tokens import GAP, depths, is_mark, lex, pairs, parted, split, text_of
from nnlit.book.language.unparse import write
from nnlit.book.language.vocabulary import Measure, Moment, NormKind
from nnlit.book.source.marks import Unchecked
from nnlit.book.source.place import BookError, Place
from tests.tiers import tries

PLACE = Place(Path("a.md"), 9)


def source(text: str) -> Source:
    lines = text.split("\n")
    return Source(Path("a.md"), text, tuple((10 + k, 5) for k in range(len(lines))))


def words(text: str) -> list[str]:
    return [token.text for token in lex(source(text))]


# words


def test_every_word_knows_its_line_and_columns():
    tokens = lex(source("x +\n \\alpha y"))
    assert [(t.text, t.span) for t in tokens] == [
        ("x", Span(10, 5, 10, 6)),
        ("+", Span(10, 7, 10, 8)),
        (r"\alpha", Span(11, 6, 11, 12)),
        ("y", Span(11, 13, 11, 14)),
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r"\left( x \, y \right)", ["(", "x", "y", ")"]),
        (r"\lVert x \rVert", [r"\|", "x", r"\|"]),
        (r"x \qquad y \hspace{1cm} z", ["x", GAP, "y", GAP, "z"]),
        (r"x \hspace{-1cm} y", ["x", "y"]),
        ("10{,}000 x % remark", ["10000", "x"]),
        (r"\operatornamewithlimits{max}", [r"\operatorname*", "{", "m", "a", "x", "}"]),
        (r"\mathrm{d} x \mathrm d x \mathrm{dx}", ["d", "x", "d", "x", r"\mathrm", "{", "d", "x", "}"]),
        (
            r"x^12 y_34 \frac12 \frac{1}23 \sqrt45",
            [
                "x",
                "^",
                "1",
                "2",
                "y",
                "_",
                "3",
                "4",
                r"\frac",
                "1",
                "2",
                r"\frac",
                "{",
                "1",
                "}",
                "2",
                "3",
                r"\sqrt",
                "4",
                "5",
            ],
        ),
        (r"\tag{3} \label{a:b} \color{red} x", ["x"]),
        (r"\text{for all } x", [r"\text{for all }", "x"]),
    ],
)
def test_words(text, read):
    assert words(text) == read


def test_a_brace_closes_what_is_open_inside_it():
    tokens = lex(source(r"( { ( } ) ] [ )"))
    assert pairs(tokens) == [4, 3, -1, -1, -1, -1, 7, -1]
    assert depths(tokens) == [1, 2, 2, 2, 1, 0, 1, 1]


def test_pieces_and_labels():
    assert [text_of([t.text for t in p]) for p in split(lex(source("a, (b, c), d")), {","})] == ["a", "(b,c)", "d"]
    assert text_of(["t", "-", "1"]) == "t-1"
    assert text_of([r"\text{in}", r"\alpha", "b"]) == r"in\alpha b"
    assert parted([]) == []


def test_a_line_falls_apart_into_chains():
    found = chains(source("\\begin{aligned} a &= b && c \\le d \\\\ &< e \\qquad (3) \\end{aligned}"))
    assert [[(r, "".join(t.text for t in side)) for r, side in chain.sides] for chain in found] == [
        [("", "a"), ("=", "b")],
        [("", "c"), (r"\le", "d"), ("<", "e")],
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"x = \foo y", "    x = \\foo y\n        ^^^^"),
        (r"x = (y + 1", "    x = (y + 1\n        ^"),
        (r"x = 1/2 y", "    x = 1/2 y\n        ^^^^^"),
        (r"x = y_{}", "    x = y_{}\n         ^"),
        (r"x = \frac{1}{2}}", "    x = \\frac{1}{2}}\n                   ^"),
        ("x = y\n  + \\foo z", "      + \\foo z\n        ^^^^"),
    ],
)
def test_a_message_underlines_the_culprit(text, shown):
    with pytest.raises(BookError) as error:
        tex.resolve(tex.parse(source(text)), tex.Names())
    assert error.value.excerpt == shown
    line, column = 10 + text.count("\n"), 5 + shown.split("\n")[1].index("^") - 4
    assert str(error.value).startswith(f"a.md:{line}:{column}: ")
    assert str(error.value).endswith(shown)


def test_of_a_long_line_the_part_around_the_culprit_is_shown():
    with pytest.raises(BookError) as error:
        tex.parse(source("x = " + "y + " * 100 + r"\foo" + " + y" * 100))
    above, below = error.value.excerpt.split("\n")
    assert len(above) <= 104
    assert above[below.index("^") : below.rindex("^") + 1] == r"\foo"


# trees without names


def tree(text: str) -> s.Tree:
    return parse_expression(source(text))


def test_a_tree_knows_no_names():
    assert tree("f(x)") == s.Run((s.Name("f"), s.Group("(", (s.Name("x"),))), ("",))
    assert tree("a + b - c") == s.Sum((s.Name("a"), s.Name("b"), s.Name("c")), ("", "+", "-"))
    assert tree(r"a \cdot b / c") == s.Run((s.Name("a"), s.Name("b"), s.Name("c")), (r"\cdot", "/"))
    scripted = tree("W_{ij}^{(1)}'")
    assert isinstance(scripted, s.Scripted)
    assert [(x.mark, x.text, len(x.parts)) for x in scripted.scripts] == [("_", "ij", 2), ("^", "(1)", 1), ("'", "", 0)]


def test_every_part_of_a_tree_has_its_span():
    found = tree(r"\frac{a + b}{c} d")
    assert isinstance(found, s.Run)
    assert found.span == Span(10, 5, 10, 22)
    fraction = found.items[0]
    assert isinstance(fraction, s.Frac)
    assert fraction.span == Span(10, 5, 10, 20)
    assert fraction.top.span == Span(10, 11, 10, 16)


def test_a_subscript_that_is_no_expression_is_kept_as_words():
    found = tree(r"\lambda_{+} x_{a/b c}")
    assert isinstance(found, s.Run)
    (first,) = found.items[0].scripts
    assert first.text == "+"
    assert isinstance(first.parts[0], s.Opaque)
    with pytest.raises(BookError, match="cannot read '\\+' here"):
        tex.resolve(tex.parse(source(r"y = \lambda_{+}")), tex.Names({r"\lambda": "array"}))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("(l)", True), ("[2]", True), ("<t>", True), ("{[2]}", True), ("2", False), ("(n/2)", False), ("(2", False)],
)
def test_marks(text, is_one):
    assert is_mark(tuple(words(text)) if text != "(2" else ("(", "2")) is is_one


# names


KINDS = {
    "X": "array",
    "W_{x}": "array",
    "v": "array",
    "f": "function",
    "a": "number",
    "m": "size",
    "t": "integer",
    "y": "labels",
    "n_{in}": "size",
    r"\hat{p}": "array",
}
READ = {
    "X_{ij}": n.Symbol("X", (n.Letter("i"), n.Letter("j"))),
    "X_{1j}": n.Symbol("X", (n.Number("1"), n.Letter("j"))),
    "X_{i:}": n.Symbol("X", (n.Letter("i"), n.Whole())),
    "X_{i y_i}": n.Symbol("X", (n.Letter("i"), n.Symbol("y", (n.Letter("i"),)))),
    "W_x": n.Symbol("W_{x}"),
    "W_{x,i}": n.Symbol("W_{x}", (n.Letter("i"),)),
    r"\hat p_i": n.Symbol(r"\hat{p}", (n.Letter("i"),)),
    "u_t": n.Symbol("u_{t}"),
    "u_{t,j}": n.Symbol("u_{t}", (n.Letter("j"),)),
    "u_j": n.Symbol("u", (n.Letter("j"),)),
    r"n_{\text{in}}": n.Symbol("n_{in}"),
    "f(a)": n.Call("f", (n.Symbol("a"),)),
    "g(a)": n.Product(n.Symbol("g"), n.Symbol("a")),
    "f^2(a)": n.Power(n.Call("f", (n.Symbol("a"),)), n.Number("2")),
    "f(a)^2": n.Power(n.Call("f", (n.Symbol("a"),)), n.Number("2")),
    "f''(a)": n.Call("f", (n.Symbol("a"),), 2),
    r"\exp 2 v": n.Call(r"\exp", (n.Product(n.Number("2"), n.Symbol("v")),)),
    r"\exp v / a": n.Fraction(n.Call(r"\exp", (n.Symbol("v"),)), n.Symbol("a")),
    r"\sin a \cos v": n.Product(n.Call(r"\sin", (n.Symbol("a"),)), n.Call(r"\cos", (n.Symbol("v"),))),
    r"\log 2 \pi a": n.Call(r"\log", (n.Product(n.Product(n.Number("2"), n.Symbol(r"\pi")), n.Symbol("a")),)),
    r"\exp f(a)": n.Call(r"\exp", (n.Call("f", (n.Symbol("a"),)),)),
    "X^{(2)}": n.Symbol("X^{(2)}"),
    "X^2": n.Power(n.Symbol("X"), n.Number("2")),
    r"X^\top v": n.Product(n.Transpose(n.Symbol("X")), n.Symbol("v")),
    r"\frac{d}{d a} a v": n.Derivative(n.Product(n.Symbol("a"), n.Symbol("v")), (n.Symbol("a"),)),
    r"\frac{\partial^2 a}{\partial v^2}": n.Derivative(n.Symbol("a"), (n.Symbol("v"), n.Symbol("v"))),
    r"\sum_a a": n.Big("sum", ("a",), n.Letter("a")),
    "b": n.Symbol("b"),
}


@pytest.mark.parametrize("text", READ)
def test_names_in_their_scope(text):
    (step,) = tex.read(f"q = {text}", PLACE, tex.Names(KINDS)).steps
    assert step.right == READ[text]


def test_a_display_is_parsed_once_and_resolved_in_every_scope():
    formula = tex.parse(source("q = f(x) + W_x"))
    product = tex.resolve(formula, tex.Names())
    call = tex.resolve(formula, tex.Names({"f": "function", "W_{x}": "array"}))
    assert isinstance(product.steps[0].right.parts[0], n.Product)
    assert call.steps[0].right == n.Add(n.Call("f", (n.Symbol("x"),)), n.Symbol("W_{x}"))


def test_functions_and_names_that_a_display_gives():
    assert tex.function_names(tex.parse(source("f(x) = x, \\quad \\hat g(z)_i = z_i, \\quad h'(x) = 1"))) == [
        "f",
        r"\hat{g}",
    ]
    lefts = tex.left_sides(tex.parse(source("a = b < c = d")), tex.Names())
    assert [step.left for step in lefts] == [n.Symbol("a"), n.Symbol("c")]


# and back


NAMES = tex.Names(
    dict.fromkeys(("h^{2}", "W^{l-1}"), "array")
    | dict.fromkeys(("A", "B", "v", "w", r"\hat{Y}", r"\mathbf{c}", "W^{(1)}", "m_{t-1}", "loss", "x'"), "array")
    | dict.fromkeys(("a", "b", r"\alpha", "n_{in}", "W_{x}^{(2)}", "a^{*}"), "number")
    | {"h": "marked", "W": "marked", "l": "integer"}
    | {"f": "function", "g_{k}": "function", "act": "function", "y": "labels", "S": "set"}
    | {r"\xi": "random", r"\eta": "random", "p": "distribution", r"q_{\phi}": "distribution", "D": "event"},
    Chances((r"\xi", r"\eta", "D"), frozenset({"D"}), over={"p": (r"\xi",)}),
)
SIMPLE = [name for name, kind in NAMES.kinds.items() if kind in {"array", "number"}]
ARRAYS = [name for name, kind in NAMES.kinds.items() if kind == "array"]
LETTERS = st.sampled_from(["i", "j", "k"]).map(n.Letter)
NUMBERS = st.sampled_from(["0", "1", "2", "12", "0.5", "3.25"]).map(n.Number)
SYMBOLS = st.sampled_from(SIMPLE).map(n.Symbol)
INDICES = st.one_of(
    LETTERS,
    st.just(n.Whole()),
    st.builds(n.Add, LETTERS, st.sampled_from(["1", "2"]).map(n.Number)),
    st.builds(n.Subtract, LETTERS, LETTERS),
    st.builds(lambda i: n.Symbol("y", (i,)), LETTERS),
    st.builds(n.Product, st.just(n.Number("2")), LETTERS),
    st.sampled_from(["1", "12"]).map(n.Number),
)
ENTRIES = st.builds(n.Symbol, st.sampled_from(ARRAYS), st.lists(INDICES, min_size=1, max_size=3).map(tuple))
OPERATORS = st.sampled_from(["=", r"\ne", "<", r"\le", ">", r"\ge"])


OUTCOMES = st.sampled_from([r"\xi", r"\eta", r"\xi'"]).map(n.Letter)
EVENTS = st.one_of(
    st.just(n.Symbol("D")),
    st.builds(n.Set, st.sampled_from([r"\cap", r"\cup"]), st.tuples(st.just(n.Symbol("D")), st.just(n.Symbol("D")))),
    st.just(n.Set("^c", (n.Symbol("D"),))),
    st.builds(
        lambda operator, number: n.Event((n.Relation(operator, n.Letter(r"\eta"), number),), (r"\eta",)),
        OPERATORS,
        NUMBERS,
    ),
)
CHANCES = st.builds(
    n.Chance,
    st.sampled_from(["p", r"q_{\phi}"]),
    st.lists(st.one_of(OUTCOMES, EVENTS), min_size=1, max_size=2).map(tuple),
    st.lists(st.one_of(OUTCOMES, EVENTS), max_size=2).map(tuple),
    st.lists(st.just(n.Symbol("v")), max_size=1).map(tuple),
)
XI = n.Chance("p", (n.Letter(r"\xi"),))
GIVEN = replace(XI, given=(n.Letter(r"\eta"),))
INFORMATION = st.sampled_from(
    [
        n.Information(Measure.ENTROPY, XI, letters=(r"\xi",)),
        n.Information(Measure.ENTROPY, GIVEN, letters=(r"\xi",)),
        n.Information(Measure.ENTROPY, GIVEN, letters=(r"\xi", r"\eta")),
        n.Information(Measure.ENTROPY, XI, replace(GIVEN, distribution=r"q_{\phi}"), letters=(r"\xi",)),
        n.Information(Measure.DIVERGENCE, GIVEN, XI, letters=(r"\xi",)),
        n.Information(Measure.DIVERGENCE, n.Symbol("v"), n.Symbol("w")),
        n.Information(Measure.ENTROPY, n.Symbol("v")),
        n.Information(Measure.MUTUAL, XI, replace(XI, of=(n.Letter(r"\eta"),)), letters=(r"\xi", r"\eta")),
    ]
)


def is_settled(node: n.Node) -> bool:
    """Whether no outcome of a random variable is free: a mean over arrays has none."""
    return not list(loose(node, NAMES.chances))


def dotted(left: n.Node, right: n.Node, dot: bool) -> n.Node:
    """A product; in front of a number there is always a dot."""
    return n.Product(left, right, dot or isinstance(right, n.Number))


def deeper(inner: st.SearchStrategy[n.Node]) -> st.SearchStrategy[n.Node]:
    """Every form of a node, with others inside."""
    two, some = st.tuples(inner, inner), st.lists(inner, min_size=1, max_size=2).map(tuple)
    relations = st.lists(st.builds(n.Relation, OPERATORS, inner, inner), min_size=1, max_size=2).map(tuple)
    call = st.builds(n.Call, st.sampled_from(["f", "g_{k}", "act"]), some, st.integers(0, 2))
    known = st.builds(n.Call, st.sampled_from([r"\exp", r"\log", "softmax", "diag"]), st.tuples(inner))
    under = st.lists(st.one_of(SYMBOLS, ENTRIES), min_size=1, max_size=2).map(tuple)
    operator = st.sampled_from(["sum", "prod", "max", "min", "argmax", "argmin"])
    letters = st.lists(st.sampled_from(["i", "j"]), min_size=1, max_size=2, unique=True).map(tuple)
    return st.one_of(
        st.builds(n.Negative, inner),
        st.builds(n.Add, inner, inner),
        st.builds(n.Subtract, inner, inner),
        st.builds(dotted, inner, inner, st.booleans()),
        two.map(lambda pair: n.Star(*pair, True)),
        two.map(lambda pair: n.Times(*pair, True)),
        st.just(n.Count(n.Symbol("S"))),
        st.builds(n.Hadamard, inner, inner),
        st.builds(n.Fraction, inner, inner),
        st.builds(n.Power, inner, inner, st.booleans()),
        st.builds(n.Transpose, inner.filter(lambda x: getattr(x, "operator", "") != "list")),  # read as the list
        st.builds(n.Entry, st.builds(n.Product, SYMBOLS, SYMBOLS), st.tuples(INDICES)),
        call,
        known,
        st.builds(lambda f, k: n.Call(f, (), k), st.sampled_from(["f", "act"]), st.integers(1, 2)),
        st.builds(n.Call, st.sampled_from([r"\max", r"\lambda_{\max}"]), some),
        st.builds(n.Big, operator, letters, inner),
        st.builds(n.Big, operator, letters, inner, inner, inner),
        st.builds(
            lambda o, b, k, r: n.Big(o, ("i",), b, condition=n.Relation(k, n.Letter("i"), r)),
            operator,
            inner,
            st.sampled_from(["<", r"\ne", r"\in"]),
            st.one_of(LETTERS, SYMBOLS),
        ),
        st.builds(n.Indicator, relations),
        st.builds(lambda v, r, w: n.Cases((n.Case(v, r), n.Case(w, ()))), inner, relations, inner),
        st.builds(n.Norm, inner, st.sampled_from(NormKind)),
        st.builds(n.Absolute, inner),
        st.builds(n.Derivative, inner, under),
        st.builds(n.Gradient, call.filter(lambda c: c.primes == 0), st.integers(1, 2)),
        st.builds(lambda b, v: n.At(b, ("a",), (v,)), inner, inner),
        st.builds(
            lambda t, side, b: n.Limit("h", t, side if not isinstance(t, n.Infinity) else "", b),
            st.one_of(NUMBERS, SYMBOLS, st.just(n.Infinity())),
            st.sampled_from(["", "+", "-"]),
            inner,
        ),
        st.builds(lambda a, b: n.Matrix(((a, b), (b, a))), inner, inner),
        two.map(lambda pair: n.Inner(*pair)),
        st.builds(
            lambda kind, x, over: n.Expectation(kind, (x,), over),
            st.sampled_from([Moment.MEAN, Moment.VARIANCE]),
            inner.filter(is_settled),
            st.sampled_from([(), ("v",), ("v", "loss")]),
        ),
        two.filter(lambda pair: all(map(is_settled, pair))).map(lambda pair: n.Expectation(Moment.COVARIANCE, pair)),
        st.builds(n.Binomial, inner, inner),
        st.builds(n.Factorial, inner),
        st.builds(n.Order, st.builds(n.Power, SYMBOLS, NUMBERS)),
        CHANCES,
        INFORMATION,
        st.builds(
            lambda kind, x, chance: n.Mean(kind, (x,), chance, (r"\xi",)),
            st.sampled_from([Moment.MEAN, Moment.VARIANCE]),
            inner,
            st.sampled_from([XI, GIVEN]),
        ),
        st.builds(
            lambda kind, name, high: n.Big(
                kind, (r"\iota",), n.Symbol(name, (n.Letter(r"\iota"),)), n.Number("1"), high
            ),
            st.sampled_from(["list", "rows", "columns"]),
            st.sampled_from(ARRAYS),
            SYMBOLS,
        ),
        st.builds(lambda x, low, high: n.Integral(x, ("k",), low, high), inner, inner, inner),
    )


NODES = st.recursive(st.one_of(NUMBERS, SYMBOLS, ENTRIES), deeper, max_leaves=6)


@st.composite
def nodes(draw):
    """A node of any form; under a name of its own, since the whole strategy is long to print."""
    return draw(NODES)


def read_again(node):
    letters = "".join(f" X_{letter}" for letter in "ijk")  # so that all of them are indices in this display
    (step,) = tex.read(f"q{letters} = {write(node)}", PLACE, NAMES).steps
    assert step.right == node, write(node)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")  # that its own note is long
@settings(max_examples=tries(80), deadline=None)
@given(nodes())
def test_what_is_written_is_read_again(node):
    read_again(node)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
@settings(max_examples=800, deadline=None)
@given(nodes())
def test_what_is_written_is_read_again_in_many_forms(node):
    read_again(node)


@pytest.mark.parametrize("kind", [n.Product, n.Star, n.Times])
@pytest.mark.parametrize("front", [n.Gradient(n.Call("f", (n.Number("0"),))), n.Symbol("S")])
def test_a_bar_behind_a_last_factor_is_not_that_of_a_gradient_in_front(kind, front):
    read_again(kind(front, n.At(n.Symbol("S"), ("a",), (n.Number("0"),)), kind is not n.Product))


def test_the_round_trip_knows_every_form():
    every = {x for x in vars(n).values() if isinstance(x, type) and issubclass(x, n.Node) and x is not n.Node}
    assert {type(x).__name__ for x in FORMS} == {x.__name__ for x in every}
    for node in FORMS:
        assert write(node) != type(node).__name__, "a form without a rule"


I, A = n.Letter("i"), n.Symbol("A")
FORMS = (
    *(n.Number("1"), A, I, n.Whole(), n.Negative(A), n.Add(A, A), n.Subtract(A, A), n.Product(A, A), n.Hadamard(A, A)),
    *(n.Fraction(A, A), n.Power(A, A), n.Transpose(A), n.Entry(A, (I,)), n.Call("f", (A,)), n.Relation("=", A, A)),
    *(n.Big("sum", ("i",), A), n.Indicator((n.Relation("=", A, A),)), n.Case(A, ()), n.Cases(()), n.Norm(A)),
    *(n.Absolute(A), n.Derivative(A, (A,)), n.Gradient(n.Call("f", (A,))), n.Limit("h", A, "", A), n.Infinity()),
    *(n.Matrix(((A,),)), n.Inner(A, A), n.Expectation(Moment.MEAN, (A,)), n.Binomial(A, A), n.Factorial(A), n.Order(A)),
    *(n.Stack((A, A), True), n.Kronecker(A, A)),
    *(n.Rest(), n.Star(A, A, True), n.Times(A, A, True), n.Count(A), n.Domain("{}", (A,))),
    *(XI, n.Set("^c", (A,)), n.Event((n.Relation("=", A, A),), ()), n.Integral(A)),
    *(n.Mean(Moment.MEAN, (A,), XI, (r"\xi",)), n.Information(Measure.DIVERGENCE, A, A)),
    n.At(A, ("A",), (A,)),
)


@pytest.mark.long
def test_every_side_of_the_book_is_read_again_from_what_is_written():
    docs = Path(__file__).parents[2] / "docs"
    count = 0
    for path in sorted(docs.glob("[0-9][0-9]-*.md")):
        known = Assembly.of(path).analysis
        for display in (d for d in known.chapter.displays if not isinstance(d.mark, Unchecked)):
            steps = known.equation(display).steps
            text = ", \\quad ".join(f"{write(x.left)} {x.relation} {write(x.right)}" for x in steps)
            again = tex.read(text, PLACE, known.part(display).scope.names).steps
            assert [(x.left, x.right) for x in again] == [(x.left, x.right) for x in steps], text
            count += 1
    assert count > 500
