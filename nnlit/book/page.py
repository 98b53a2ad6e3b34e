r"""The page check: every displayed equation of a chapter on random data, with no code of the library.

A Symbols table says what is random. Its shapes are products of sizes (`$m \times n$`, `$K$`, `$(H - h + 1) \times 2$`),
or one of the words `number`, `size`, `integer`, `labels, $m$`, `function`, `index`. Its meanings may hold conditions, set
off by commas or semicolons:

    one-hot rows; rows sum to one; entries sum to one; positive; between 0 and 1; 0 or 1; holds exact zeros;
    all ones; all zeros; identity; symmetric; symmetric positive definite; orthogonal; labels 0..K-1; Kronecker delta; zero outside;
    the imaginary unit; counts from 0; counts from 1; runs over $m$

and, for the expectation `\mathbb E`, `\operatorname{Var}` and `\operatorname{Cov}`, which go through all outcomes:

    1 with probability $p$                       every entry is one or zero, independently
    $-a$ or $a$ with equal chances               every entry is one of the values, independently
    labels 0..m-1 with equal chances             every entry of a vector of labels is any of them, independently
    every subset of size $b$ of $1..m$           a batch without replacement: \sum_{i \in B}
    every sequence of length $b$ from $1..m$     a batch with replacement: repeated members count as often
"""

import itertools
import math
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace

import numpy as np

from nnlit.book import nodes as n
from nnlit.book import tex
from nnlit.book.chapter import BookError, Chapter, Display, Place, Row, Table
from nnlit.book.evaluate import (
    BUILTIN,
    CONSTANTS,
    PLAIN,
    Array,
    Definition,
    Env,
    Mistake,
    Outcomes,
    Scope,
    Value,
    World,
    evaluate,
    spread,
    union,
)

TOLERANCE = 1e-10
LOOSE = 1e-6
WRONG = 1e-3
DRAWS = 20
KNOWN = frozenset(BUILTIN) | frozenset(PLAIN)
INEQUALITIES = {"<", ">", r"\le", r"\ge", r"\ne"}
WORDS = ("number", "size", "integer", "function", "index")
POOLS = ((5, 4, 3, 6, 7, 2, 8, 9, 10, 11), (7, 5, 4, 3, 6, 8, 2, 9, 11, 10))
CODE = {"__builtins__": {"len": len, "float": float, "int": int, "abs": abs, "sum": sum}, "np": np}


class EquationError(BookError):
    """A displayed equation that is not true, or that cannot be evaluated; the message names label, file and line."""

    def __init__(self, label: str, place: Place, message: str, difference: float = math.inf) -> None:
        super().__init__(place, f"{label}: {message}")
        self.label, self.difference = label, difference


@dataclass(frozen=True)
class Result:
    """How a display was checked; `error` is the largest relative error, `difference` how far a wrong one is off."""

    label: str
    place: Place
    steps: int
    error: float
    how: str
    sizes: Mapping[str, int]
    difference: float = 0.0


@dataclass(frozen=True)
class Declared:
    """A row of a Symbols table, read."""

    row: Row
    name: str
    kind: str
    axes: tuple[n.Node, ...] = ()
    conditions: frozenset[str] = frozenset()
    gradient: n.Derivative | None = None


@dataclass(frozen=True)
class Part:
    """What one part of a chapter knows: its rows, its displays as read, what they define."""

    tables: tuple[Table, ...]
    rows: Mapping[str, Declared]
    scope: Scope
    equations: Mapping[Place, n.Equation | BookError]
    sources: Mapping[str, Display]
    zeros: frozenset[str] = frozenset()
    error: BookError | None = None
    sizes: dict[int, dict[str, int]] = field(default_factory=dict)


# reading the Symbols tables


def declared(row: Row, sizes: frozenset[str] = frozenset()) -> Declared:
    """A row's symbol, kind, axes and conditions."""
    try:
        symbol = tex.parse_symbol(row.symbol, _line_before(row.place))
    except BookError as error:
        raise BookError(row.place, f"symbol {row.symbol}: {error.message}") from None
    conditions = frozenset(
        p.strip().rstrip(".").strip() for p in re.split(r"[,;]", row.meaning.lower().replace("$", ""))
    )
    if isinstance(symbol, n.Derivative):
        return Declared(row, gradient_name(symbol, row), "gradient", axes(row.shape, row), conditions, symbol)
    if isinstance(symbol, n.Entry | n.Symbol | n.Letter):
        name = symbol.name if not isinstance(symbol, n.Entry) else ""
        kind, shape = kind_of(row, conditions)
        return Declared(
            row, name.partition("_")[0] if kind == "kronecker" else name, kind, axes(shape, row), conditions
        )
    raise BookError(row.place, f"{row.symbol} is neither a symbol nor a derivative of one in another")


def _line_before(place: Place) -> Place:
    return Place(place.path, place.line - 1)


def gradient_name(symbol: n.Derivative, row: Row) -> str:
    top = symbol.numerator
    if not isinstance(top, n.Symbol | n.Letter) or len(symbol.denominators) != 1:
        raise BookError(row.place, f"{row.symbol}: an upstream gradient is the derivative of one symbol in another")
    return n.upstream(top.name, symbol.denominators[0].name)


def kind_of(row: Row, conditions: frozenset[str]) -> tuple[str, str]:
    """The kind of a row and what its shape cell leaves to be read as axes."""
    word, _, rest = row.shape.partition(",")
    if "kronecker delta" in conditions:
        return "kronecker", ""
    if word.strip() == "labels":
        if not rest.strip():
            raise BookError(row.place, "labels need a shape: labels, $m$")
        return "labels", rest
    if row.shape in WORDS:
        return row.shape, ""
    return "array", row.shape


def axes(shape: str, row: Row) -> tuple[n.Node, ...]:
    """The axes of a shape, each an expression in sizes."""
    if not shape.strip() or shape in WORDS:
        return ()
    if re.search(r"(?<![\\{a-zA-Z])[a-zA-Z]{3,}", shape):
        raise BookError(row.place, f"shape {shape!r} is neither mathematics nor one of {', '.join(WORDS)}, labels")
    try:
        pieces = tex.split(tex.lex(shape, _line_before(row.place)), {r"\times"})
        read = [tex.parse_expression(" ".join(t.text for t in p), _line_before(row.place)) for p in pieces]
    except BookError as error:
        raise BookError(row.place, f"shape ${shape}$ cannot be read: {error.message}") from None
    return tuple(bare(x) for x in read)


def bare(node: n.Node) -> n.Node:
    """Letters in a shape are names of sizes."""
    return n.Symbol(node.name) if isinstance(node, n.Letter) else node.map(bare)


def size_names(rows: Mapping[str, Declared]) -> list[str]:
    """All sizes, in the order in which the table mentions them."""
    found: dict[str, None] = {}
    for row in rows.values():
        if row.kind == "size":
            found[row.name] = None
        for axis in row.axes:
            found.update((x.name, None) for x in axis.walk() if isinstance(x, n.Symbol))
    return [x for x in found if x not in rows or rows[x].kind == "size"]


# what the displays of a part define


def functions(displays: list[Display], names: tex.Names) -> set[str]:
    """Names that some display defines as functions: `f(x) = ...`."""
    found: set[str] = set()
    for display in displays:
        try:
            found |= set(tex.function_names(display.tex, display.place, names))
        except BookError:
            continue
    return found


def definition_of(step: n.Step) -> Definition | None:
    """What a claim defines, if its left side is a bare name, a name with index letters, or a function's."""
    left, letters = step.left, ()
    if isinstance(left, n.Entry) and isinstance(left.body, n.Call):
        left, letters = left.body, left.indices
    if step.relation != "=":
        return None
    if isinstance(left, n.Symbol) and plain(left.indices) and left.name not in CONSTANTS:
        return Definition(left.name, step.right, step.place, tuple(x.name for x in left.indices))
    if isinstance(left, n.Call) and not left.primes and plain(letters) and left.arguments:
        parameters = tuple(x.name for x in left.arguments if isinstance(x, n.Symbol | n.Letter))
        whole = len(set(parameters)) == len(left.arguments) and not any(
            getattr(x, "indices", ()) for x in left.arguments
        )
        if whole and left.function not in KNOWN:
            names = tuple(x.name for x in letters if isinstance(x, n.Letter))
            return Definition(left.function, step.right, step.place, names, parameters, function=True)
    return None


def plain(indices: tuple[n.Node, ...]) -> bool:
    """Whether indices are letters, each another."""
    return all(isinstance(x, n.Letter) for x in indices) and len(set(indices)) == len(indices)


def gradients_on_the_left(equations: list[n.Equation]) -> set[str]:
    """The derivatives that stand on a left side, by name."""
    found = set()
    for step in (s for e in equations for s in e.steps):
        left = step.left
        if isinstance(left, n.Derivative) and isinstance(left.numerator, n.Symbol) and len(left.denominators) == 1:
            found.add(n.upstream(left.numerator.name, left.denominators[0].name))
    return found


class Page:
    """A chapter ready to be executed."""

    def __init__(self, chapter: Chapter, seed: int = 0) -> None:
        self.chapter, self.seed = chapter, seed
        self.parts: dict[tuple[Table, ...], Part] = {}
        self.worlds: dict[tuple[tuple[Table, ...], int], World] = {}
        self.samples: dict[tuple[tuple[Table, ...], int], World] = {}
        self.before: tuple[Page, str] | None = None
        self.by_label = {d.label: d for d in chapter.displays if d.label}

    @property
    def labels(self) -> list[str]:
        """All labels of the chapter, in order."""
        return list(self.by_label)

    def name(self, display: Display) -> str:
        """A display's label, or where it stands."""
        return display.label or f"{self.chapter.stem}, line {display.place.line}"

    def display(self, label: str) -> Display:
        """The display with a label; KeyError where there is none."""
        return self.by_label[label]

    def tables(self, display: Display) -> tuple[Table, ...]:
        """The Symbols tables that are valid for a display, the outermost first."""
        return tuple(self.chapter.tables_at(display.place.line))

    def part(self, display: Display) -> Part:
        """What is known where a display stands."""
        key = self.tables(display)
        if key not in self.parts:
            self.parts[key] = self.read(key)
        part = self.parts[key]
        if part.error:
            raise part.error
        return part

    def equation(self, display: Display) -> n.Equation:
        """A display as read, or BookError."""
        read = self.part(display).equations[display.place]
        if isinstance(read, BookError):
            raise read
        return read

    # reading

    def read(self, tables: tuple[Table, ...]) -> Part:
        """Everything that is known in the part of the chapter where these tables are valid."""
        try:
            rows = {d.name: d for table in tables for d in map(declared, table.rows)}
            return self.defined(tables, rows)
        except BookError as error:
            return Part(tables, {}, Scope(tex.Names()), {}, {}, error=error)

    def visible(self, tables: tuple[Table, ...]) -> list[Display]:
        """The displays whose equations hold here: those of this part and of the parts around it, innermost last."""
        found = [(len(own), d) for d in self.chapter.displays if (own := self.tables(d)) == tables[: len(own)]]
        return [d for _, d in sorted(found, key=lambda pair: (pair[0], pair[1].place))]

    def defined(self, tables: tuple[Table, ...], rows: dict[str, Declared]) -> Part:
        displays = [d for d in self.visible(tables) if not (d.mark and d.mark.kind == "unchecked")]
        right = [d for d in displays if not d.mark]
        kinds = {r.name: "set" if is_set(r) else r.kind for r in rows.values() if r.kind != "gradient"}
        kinds |= dict.fromkeys((x for x in size_names(rows) if x not in kinds), "size")
        kinds |= {
            name: "function" for name in functions(right, tex.Names(kinds)) if kinds.get(name, "") in {"", "function"}
        }
        first = readings(displays, tex.Names(kinds))
        for name, definition in definitions(right, first, self, rows)[0].items():
            kinds.setdefault(name, "function" if definition.function else "array")
        equations = readings(displays, tex.Names(kinds))
        found, sources = definitions(right, equations, self, rows)
        shown = [e for d in right if isinstance(e := equations[d.place], n.Equation)]
        found |= probes(rows, found, gradients_on_the_left(shown))
        zeros = at_kinks(found, equations)
        return Part(tables, rows, scope_of(rows, kinds, found), equations, sources, zeros)

    # data

    def world(self, display: Display, seed: int) -> World:
        """Random data for the part where a display stands."""
        key = self.tables(display), seed
        if key not in self.worlds:
            part = self.part(display)
            if self.before:
                page, name = self.before
                self.worlds[key] = fresh(page.world(display, seed), part.scope, name)
            else:
                self.worlds[key] = drawn(part, seed)
        return self.worlds[key]

    def with_side(self, display: Display, number: int, node: n.Node) -> "Page":
        """The same page with one right-hand side exchanged; data and everything that does not rest on it are kept."""
        page = copy(self)
        part = self.part(display)
        step = self.equation(display).steps[number - 1]
        old = definition_of(step) if is_definition(part, step) else None
        for key in {self.tables(d) for d in self.chapter.displays} - set(self.parts):
            self.parts[key] = self.read(key)
        page.parts = {k: exchanged(p, display, number, node, old) for k, p in self.parts.items()}
        if old is not None:
            page.worlds, page.before = {}, (self, old.name)
        return page

    # checking

    def check(self, display: Display) -> Result:
        """Evaluate a display and compare its sides.

        Raises:
            BookError: the display or its Symbols table cannot be read.
            EquationError: it is not true, or does not fit together.
        """
        name = self.name(display)
        if display.mark and display.mark.kind == "unchecked":
            return Result(name, display.place, 0, 0.0, "unchecked", {})
        equation = self.equation(display)
        world = self.world(display, self.seed)
        if display.mark:
            return self.wrong(display, equation, world)
        with np.errstate(all="ignore"):
            errors = [self.step(display, equation, step, world) for step in equation.steps]
        return Result(name, display.place, len(errors), max(errors), self.how(display, equation), sizes(world))

    def check_all(self) -> list[Result | EquationError]:
        """Every display of the chapter, the failures as values."""
        found: list[Result | EquationError] = []
        for display in self.chapter.displays:
            try:
                found.append(self.check(display))
            except EquationError as error:
                found.append(error)
            except BookError as error:
                found.append(EquationError(self.name(display), error.place, error.message))
        return found

    def how(self, display: Display, equation: n.Equation) -> str:
        """What the sides of a display are held against."""
        part = self.part(display)
        if any(differential(step.left) for step in equation.steps):
            return "complex step"
        return "definition" if all(is_definition(part, step) for step in equation.steps) else "rewrite"

    def step(self, display: Display, equation: n.Equation, step: n.Step, world: World) -> float:
        """The error of one claim."""
        name = self.name(display) + (f", step {step.number}" if len(equation.steps) > 1 else "")
        try:
            if is_definition(self.part(display), step) or step.relation == r"\leftarrow":
                checked_letters(step)
                return settled(step, world)
            draws = DRAWS if step.relation in INEQUALITIES else 2
            return max(verdict(step, self.world(display, self.seed + k)) for k in range(draws))
        except Mistake as mistake:
            raise EquationError(name, step.place, str(mistake)) from None
        except Difference as difference:
            message = str(difference) + self.note(display, step)
            raise EquationError(name, step.place, message, difference.size) from None
        except (np.linalg.LinAlgError, ValueError, OverflowError, ZeroDivisionError) as error:
            raise EquationError(name, step.place, f"it cannot be evaluated: {error}") from None

    def note(self, display: Display, step: n.Step) -> str:
        """What may be behind a left side that is not what the equation says."""
        definition = definition_of(step)
        if definition is None:
            return ""
        other = self.part(display).scope.definitions.get(definition.name)
        if other is not None:
            return f"; {other.name} is defined at {other.place}: a second meaning needs a section with its own Symbols table"
        if definition.name in step.right.names:
            return rf"; {definition.name} stands on both sides: give the new value another name, or write \leftarrow"
        return ""

    def wrong(self, display: Display, equation: n.Equation, world: World) -> Result:
        """A display that is meant to be wrong has to be."""
        name = self.name(display)
        assert display.mark is not None
        right = self.by_label.get(display.mark.of)
        with np.errstate(all="ignore"):
            size = max(self.distance(step, right, world) for step in equation.steps)
        if not size > WRONG:
            message = f"is marked wrong but differs from {display.mark.of} by {size:.3g} only"
            raise EquationError(name, display.place, message, size)
        how = "wrong, as it should be"
        return Result(name, display.place, len(equation.steps), 0.0, how, sizes(world), size)

    def distance(self, step: n.Step, right: Display | None, world: World) -> float:
        """How far a wrong claim is from the right one it names, or from its own left side."""
        try:
            mine = side_value(step.right, step, world)
            if right is not None and right.label:
                good = self.equation(right).steps[-1]
                return apart(side_value(good.right, good, world), mine)
            return apart(side_value(step.left, step, world), mine)
        except Mistake:
            return math.inf

    # for the code check

    def value(self, label: str, variables: Mapping[str, object]) -> Array:
        """The last side of an equation, with its symbols bound to a code line's variables."""
        display = self.by_label[label]
        part = self.part(display)
        step = self.equation(display).steps[-1]
        world = CodeWorld(part, variables)
        try:
            with np.errstate(all="ignore"):
                return np.asarray(side_value(step.right, step, world).data)
        except Mistake as mistake:
            raise EquationError(label, step.place, str(mistake)) from None

    def dependencies(self, label: str) -> list[str]:
        """The normalized text of all that an equation rests on: itself, definitions, rows of Symbols tables."""
        display = self.by_label[label]
        part, equation = self.part(display), self.equation(display)
        names = set().union(*(part.scope.uses(s.left) | part.scope.uses(s.right) for s in equation.steps))
        names |= {
            x.name
            for s in names
            for d in [part.rows.get(s)]
            if d
            for a in d.axes
            for x in a.walk()
            if isinstance(x, n.Symbol)
        }
        texts = [" ".join(part.sources[x].tex.split()) for x in sorted(names) if x in part.sources]
        rows = [part.rows[x].row for x in sorted(names) if x in part.rows]
        cells = [" | ".join((r.symbol, r.shape, r.code, r.meaning)) for r in rows]
        return list(dict.fromkeys([" ".join(display.tex.split()), *texts, *cells]))


def exchanged(part: Part, display: Display, number: int, node: n.Node, old: Definition | None) -> Part:
    """A part with one right-hand side of a display exchanged, also where it is a definition."""
    equation = part.equations.get(display.place)
    if not isinstance(equation, n.Equation):
        return part
    steps = tuple(replace(s, right=node) if s.number == number else s for s in equation.steps)
    equations = {**part.equations, display.place: n.Equation(steps, equation.place)}
    if old is None or part.scope.definitions.get(old.name) != old:
        return replace(part, equations=equations)
    return replace(part, equations=equations, scope=part.scope.with_definition(replace(old, body=node)))


def fresh(world: World, scope: Scope, name: str) -> World:
    """A world in another scope, without the values that rest on a name."""
    if scope is world.scope:
        return world
    kept = {k: v for k, v in world.memo.items() if isinstance(k, str) and name not in world.scope.depends(k)}
    return World(scope, world.bound, kept)


def readings(displays: list[Display], names: tex.Names) -> dict[Place, n.Equation | BookError]:
    """Every display as read, or why it cannot be."""
    found: dict[Place, n.Equation | BookError] = {}
    for display in displays:
        try:
            found[display.place] = tex.parse(display.tex, display.place, names)
        except BookError as error:
            found[display.place] = error
    return found


def definitions(
    displays: list[Display], equations: Mapping[Place, n.Equation | BookError], page: Page, rows: Mapping[str, Declared]
) -> tuple[dict[str, Definition], dict[str, Display]]:
    """The first display of the innermost part that has a name on its left defines it; an inner row hides outer ones."""
    found: dict[str, Definition] = {}
    sources: dict[str, Display] = {}
    for display in displays:
        equation = equations[display.place]
        for step in equation.steps if isinstance(equation, n.Equation) else ():
            definition = definition_of(step)
            if definition is None or hidden(definition.name, display, page, rows):
                continue
            if definition.name in rows and reaches(definition, found):
                continue
            inner = definition.name in sources and page.tables(display) != page.tables(sources[definition.name])
            if definition.name not in found or inner:
                found[definition.name], sources[definition.name] = definition, display
    return found, sources


def reaches(definition: Definition, found: Mapping[str, Definition]) -> bool:
    """Whether a definition would use itself; it is then a consequence of those before it, and its row gives the data."""
    trial = Scope(tex.Names(), {**found, definition.name: definition})
    return any(definition.name in trial.depends(x) for x in definition.body.names)


def hidden(name: str, display: Display, page: Page, rows: Mapping[str, Declared]) -> bool:
    """Whether a table further in declares the name anew."""
    row = rows.get(name)
    return (
        row is not None
        and all(row.row not in table.rows for table in page.tables(display))
        and bool(page.tables(display))
    )


def probes(rows: Mapping[str, Declared], found: Mapping[str, Definition], left: set[str]) -> dict[str, Definition]:
    """For upstream gradients, L as the linear probe that has exactly these gradients."""
    bodies: dict[str, tuple[n.Node, Place]] = {}
    for row in rows.values():
        if row.gradient is None or row.name in left:
            continue
        top, denominator = _name(row.gradient.numerator), row.gradient.denominators[0]
        if top in found:
            message = (
                f"{row.row.symbol} is an upstream gradient, but {top} has a displayed definition at {found[top].place}"
            )
            raise BookError(row.row.place, f"{message}: keep one of the two")
        probe = n.Inner(n.Symbol(row.name), denominator)
        before = bodies.get(top)
        bodies[top] = (n.Add(before[0], probe) if before else probe), row.row.place
    return {top: Definition(top, body, place) for top, (body, place) in bodies.items()}


def _name(node: n.Node) -> str:
    assert isinstance(node, n.Symbol | n.Letter)
    return node.name


def scope_of(rows: Mapping[str, Declared], kinds: Mapping[str, str], found: Mapping[str, Definition]) -> Scope:
    """What the evaluator has to know."""
    shaped = {
        r.name: r.axes for r in rows.values() if r.kind in {"array", "labels", "number", "gradient"} and not is_set(r)
    }
    shaped = {_name(r.gradient.denominators[0]): r.axes for r in rows.values() if r.gradient} | shaped
    ranges = {}
    for row in rows.values():
        match = re.search(r"runs over \$([^$]+)\$", row.row.meaning)
        if row.kind == "index" and match:
            ranges[row.name] = bare(tex.parse_expression(match[1], row.row.place))
    bases = {r.name: k for r in rows.values() for k in (0, 1) if f"counts from {k}" in r.conditions}
    padded = frozenset(r.name for r in rows.values() if "zero outside" in r.conditions)
    sets = frozenset(r.name for r in rows.values() if is_set(r))
    random = {r.name: outcomes for r in rows.values() if (outcomes := outcomes_of(r))}
    counts = {r.name: node for r in rows.values() if r.kind == "labels" and (node := classes(r))}
    return Scope(tex.Names(kinds), found, shaped, ranges, bases, padded, sets, counts, random, tables=bool(rows))


# random data

SUBSET = re.compile(r"every subset of size \$([^$]+)\$ of \$1\s*(?:\.\.|\\[lc]?dots)\s*([^$]+)\$")
SEQUENCE = re.compile(r"every sequence of length \$([^$]+)\$ from \$1\s*(?:\.\.|\\[lc]?dots)\s*([^$]+)\$")
BERNOULLI = re.compile(r"1 with probability \$([^$]+)\$")
CHANCES = re.compile(r"((?:\$[^$]+\$(?: or |, )?)+) with equal chances")


def is_set(row: Declared) -> bool:
    """Whether a row is a random batch of indices."""
    return bool(SUBSET.search(row.row.meaning) or SEQUENCE.search(row.row.meaning))


def outcomes_of(row: Declared) -> Callable[[World], Outcomes] | None:
    """How to list all outcomes of a random symbol."""
    meaning, place = row.row.meaning, row.row.place

    def number(text: str, world: World) -> float:
        return float(evaluate(bare(tex.parse_expression(text, place)), Env(world, {}, ())).data)

    if row.kind == "labels" and "with equal chances" in meaning:
        return lambda world: independent(row, world, uniform(world.integer(classes(row))))
    if match := SUBSET.search(meaning) or SEQUENCE.search(meaning):
        ways = itertools.combinations if SUBSET.search(meaning) else lambda pool, k: itertools.product(pool, repeat=k)
        return lambda world: batches(
            ways(range(round(number(match[2], world))), round(number(match[1], world))), round(number(match[2], world))
        )
    if found := BERNOULLI.search(meaning):
        return lambda world: independent(row, world, {1.0: number(found[1], world), 0.0: 1 - number(found[1], world)})
    if found := CHANCES.search(meaning):
        texts = re.findall(r"\$([^$]+)\$", found[1])
        return lambda world: independent(row, world, {number(t, world): 1 / len(texts) for t in texts})
    return None


def batches(ways: Iterator[tuple[int, ...]], size: int) -> Outcomes:
    """Batches as counts: how often each of `size` examples is in one."""
    counts = np.array([np.bincount(way, minlength=size) for way in ways], dtype=float)
    return Outcomes(counts, np.full(len(counts), 1 / len(counts)))


def uniform(count: int) -> dict[float, float]:
    """The chances of labels that are all equally likely."""
    return {float(k): 1 / count for k in range(count)}


def independent(row: Declared, world: World, chances: Mapping[float, float]) -> Outcomes:
    """All arrays whose entries are drawn one by one."""
    shape = tuple(world.integer(axis) for axis in row.axes)
    size = math.prod(shape)
    if len(chances) ** size > 200_000:
        raise Mistake(f"{row.name} has {len(chances)}^{size} outcomes, too many to enumerate: give it fewer entries")
    picks = np.array(list(itertools.product(chances, repeat=size)))
    weights = np.array([math.prod(way) for way in itertools.product(chances.values(), repeat=size)])
    return Outcomes(picks.reshape(-1, *shape), weights)


def drawn(part: Part, seed: int) -> World:
    """Bind every row that no displayed equation defines."""
    world = World(part.scope, {})
    world.bound |= {name: Value(np.array(float(size))) for name, size in sizes_of(part, seed).items()}
    for row in part.rows.values():
        if (
            row.name in world.bound
            or row.name in part.scope.definitions
            or row.kind in {"function", "index", "kronecker"}
        ):
            continue
        rng = np.random.default_rng((seed, zlib.crc32(row.name.encode())))
        world.bound[row.name] = sample(row, world, rng, zero=row.name in part.zeros)
    for name in parameters(part) - set(world.bound) - set(part.scope.definitions):
        rng = np.random.default_rng((seed, zlib.crc32(name.encode())))
        world.bound[name] = several(rng)
    return world


def parameters(part: Part) -> set[str]:
    """Names that stand only for a function's argument, or under a differential."""
    return {p for d in part.scope.definitions.values() for p in d.parameters if part.scope.kind(p) in {"", "number"}}


def several(rng: np.random.Generator) -> Value:
    """Several numbers at once, one of them exactly zero."""
    return Value(np.concatenate([rng.normal(size=5), [0.0]]), ("sample",))


def sample(row: Declared, world: World, rng: np.random.Generator, *, zero: bool) -> Value:
    """Random data for a row, under its conditions."""
    if row.name in world.scope.random:
        outcomes = world.scope.random[row.name](world)
        return Value(outcomes.values[rng.integers(len(outcomes.weights))])
    if row.kind == "integer":
        return Value(np.array(float(rng.integers(2, 5))))
    shape = tuple(world.integer(axis) for axis in row.axes)
    if row.kind == "labels":
        return Value(labels(shape, world.integer(classes(row)), rng).astype(float))
    data = conditioned(row, shape, rng)
    if data is not None:
        return Value(data)
    if zero and row.kind == "number":
        return several(rng)
    data = rng.normal(size=shape) if shape else np.array(rng.choice([-1, 1]) * rng.uniform(0.5, 1.5))
    if shape and (zero or "holds exact zeros" in row.conditions):
        data.flat[rng.integers(data.size)] = 0.0
    return Value(data)


def labels(shape: tuple[int, ...], count: int, rng: np.random.Generator) -> Array:
    """Labels in which every class stands at least once, where there is room."""
    size = math.prod(shape)
    every = np.concatenate([np.arange(count), rng.integers(0, count, size)])[:size]
    return np.asarray(rng.permutation(every).reshape(shape))


def classes(row: Declared) -> n.Node:
    """The number of classes that `labels 0..K-1` says."""
    match = re.search(r"labels \$?0\s*(?:\.\.|\\[lc]?dots)\s*([^,;$]+?)\s*-\s*1\$?(?:$|[,;.]| with)", row.row.meaning)
    if not match:
        raise BookError(row.row.place, f"how many classes has {row.row.symbol}? write labels 0..K-1 in its meaning")
    return bare(tex.parse_expression(match[1], row.row.place))


def one_hot(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Rows with a single one; every class stands at least once, where there is room."""
    return np.asarray(np.eye(shape[-1])[labels(shape[:-1], shape[-1], rng)])


def simplex(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Positive rows that sum to one."""
    data = rng.uniform(0.1, 1.0, size=shape)
    return np.asarray(data / data.sum(axis=-1, keepdims=True))


def definite(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """A symmetric matrix with positive eigenvalues."""
    a = rng.normal(size=shape)
    return np.asarray(a @ a.T / shape[0] + 0.5 * np.eye(shape[0]))


def symmetric(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """A symmetric matrix."""
    a = rng.normal(size=shape)
    return np.asarray((a + a.T) / 2)


def orthogonal(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """A matrix whose columns are orthonormal."""
    return np.asarray(np.linalg.qr(rng.normal(size=shape))[0])


CONDITIONS: dict[str, Callable[[tuple[int, ...], np.random.Generator], Array]] = {
    "one-hot rows": one_hot,
    "one-hot": one_hot,
    "rows sum to one": simplex,
    "entries sum to one": simplex,
    "symmetric positive definite": definite,
    "symmetric": symmetric,
    "symmetric matrix": symmetric,
    "a symmetric matrix": symmetric,
    "orthogonal": orthogonal,
    "positive": lambda shape, rng: np.asarray(rng.uniform(0.3, 1.7, size=shape)),
    "between 0 and 1": lambda shape, rng: np.asarray(rng.uniform(0.1, 0.9, size=shape)),
    "0 or 1": lambda shape, rng: np.asarray(labels(shape, 2, rng).astype(float)),
    "all ones": lambda shape, _: np.ones(shape),
    "all zeros": lambda shape, _: np.zeros(shape),
    "identity": lambda shape, _: np.eye(*shape),
    "the imaginary unit": lambda shape, _: np.full(shape, 1j),
}


def conditioned(row: Declared, shape: tuple[int, ...], rng: np.random.Generator) -> Array | None:
    """Data under the first condition that the meaning holds."""
    for condition, make in CONDITIONS.items():
        if condition in row.conditions:
            try:
                return make(shape, rng)
            except (ValueError, IndexError, TypeError):
                raise BookError(row.row.place, f"{row.row.symbol} of shape {shape} cannot be {condition}") from None
    return None


def sizes_of(part: Part, seed: int) -> dict[str, int]:
    """Sizes for a draw: one set for even seeds, another for odd ones."""
    if seed % 2 not in part.sizes:
        part.sizes[seed % 2] = chosen_sizes(part, seed)
    return part.sizes[seed % 2]


def chosen_sizes(part: Part, seed: int) -> dict[str, int]:
    """Sizes such that all axes differ, every class has a row, and no axis is empty."""
    names = size_names(part.rows)
    pool = POOLS[seed % 2]
    best: dict[str, int] = {}
    score = -1
    for k, pick in enumerate(itertools.permutations(pool[: max(len(names) + 3, 6)], len(names))):
        trial = dict(zip(names, pick, strict=True))
        found = quality(part, trial)
        if found > score:
            best, score = trial, found
        if score == 2 or k > 3000:
            break
    if score < 0:
        raise BookError(next(iter(part.rows.values())).row.place, "no sizes fit all shapes of this table")
    return best


def quality(part: Part, trial: Mapping[str, int]) -> int:
    """2 where all axes differ and all classes fit, 1 where some axes agree, 0 where classes do not fit, -1 if impossible."""
    bound = {name: Value(np.array(float(size))) for name, size in trial.items()}
    bound |= {r.name: Value(np.array(3.0)) for r in part.rows.values() if r.kind == "integer"}
    world = World(part.scope, bound)
    seen: dict[n.Node, int] = {}
    fits = True
    for row in part.rows.values():
        try:
            shape = [world.integer(axis) for axis in row.axes]
        except Mistake as mistake:
            raise BookError(row.row.place, f"shape of {row.row.symbol}: {mistake}") from None
        if any(s < 1 for s in shape):
            return -1
        seen |= dict(zip(row.axes, shape, strict=True))
        if row.kind == "labels":
            fits &= math.prod(shape) >= world.integer(classes(row))
        if "one-hot rows" in row.conditions and len(shape) == 2:
            fits &= shape[0] > shape[1]
        if match := SUBSET.search(row.row.meaning):
            fits &= 1 < trial.get(match[1], 2) < trial.get(match[2].strip(), 99) < 7
    distinct = len(set(seen.values())) == len(seen) and all(s > 1 for s in seen.values())
    return 0 if not fits else 2 if distinct else 1


def at_kinks(
    definitions: Mapping[str, Definition], equations: Mapping[Place, n.Equation | BookError]
) -> frozenset[str]:
    """Names that stand directly inside a maximum, a comparison or an absolute value."""
    found: set[str] = set()
    bent = {d.name for d in definitions.values() if d.function and kinked(d.body)}
    sides = [x for e in equations.values() if isinstance(e, n.Equation) for x in e.sides]
    for node in (y for x in sides for y in x.walk()):
        if isinstance(node, n.Call) and node.function in bent | {r"\max", r"\min", "ReLU", "relu"}:
            found |= {x.name for x in node.arguments if isinstance(x, n.Symbol)}
        elif isinstance(node, n.Relation) and node.operator not in {"=", r"\in"}:
            found |= {x.name for x in (node.left, node.right) if isinstance(x, n.Symbol)}
        elif isinstance(node, n.Absolute) and isinstance(node.body, n.Symbol):
            found.add(node.body.name)
    return frozenset(found)


def kinked(node: n.Node) -> bool:
    """Whether an expression bends."""
    calls = any(isinstance(x, n.Call) and x.function in {r"\max", r"\min", "ReLU"} for x in node.walk())
    return calls or any(isinstance(x, n.Relation | n.Absolute) for x in node.walk())


def sizes(world: World) -> dict[str, int]:
    """The sizes that were drawn."""
    kinds = world.scope.names.kinds
    return {k: int(v.data) for k, v in world.bound.items() if kinds.get(k) == "size" and not v.shape}


# comparing


class Difference(Exception):
    """Two sides that are not equal."""

    def __init__(self, message: str, size: float) -> None:
        super().__init__(message)
        self.size = size


def is_definition(part: Part, step: n.Step) -> bool:
    """Whether a claim is the one that defines its left side."""
    definition = definition_of(step)
    return definition is not None and part.scope.definitions.get(definition.name) == definition


def differential(node: n.Node) -> bool:
    """Whether an expression holds a derivative."""
    return any(
        isinstance(x, n.Derivative | n.Gradient) or (isinstance(x, n.Call) and x.primes > 0) for x in node.walk()
    )


def free(node: n.Node, bound: frozenset[str] = frozenset()) -> dict[str, None]:
    """The index letters of an expression that no sum binds, in order."""
    if isinstance(node, n.Letter):
        return {} if node.name in bound else {node.name: None}
    if isinstance(node, n.Big):
        bound |= frozenset(node.letters)
    found: dict[str, None] = {}
    for child in node.children():
        found |= free(child, bound)
    return found


def checked_letters(step: n.Step) -> list[str]:
    """The letters of the left side; the right side may not have more."""
    letters = free(step.left)
    extra = [x for x in free(step.right) if x not in letters]
    if extra:
        raise Mistake(f"index {extra[0]} is free on the right but not on the left")
    return list(letters)


def environment(step: n.Step, world: World, letters: list[str]) -> Env:
    """Ranges for the letters of a claim, from all its sides."""
    definition = definition_of(step)
    known = definition is not None and world.scope.definitions.get(definition.name) == definition
    context = (step.right,) if known else (step.left, step.right)
    start = world.declared(definition) if definition else {}
    env = Env(world, start, context)
    return env.with_letters([x for x in letters if x not in env.ranges])


def side_value(node: n.Node, step: n.Step, world: World) -> Value:
    """One side of a claim, with the left side's letters as its first axes."""
    letters = checked_letters(step)
    return environment(step, world, letters).gathered(node, letters)


def settled(step: n.Step, world: World) -> float:
    """A definition is evaluated; what it gives must be numbers."""
    definition = definition_of(step)
    if definition and not definition.function:
        value = world.value(definition.name)
    else:
        value = side_value(step.right, step, world)
    if not np.isfinite(value.data).all():
        raise Mistake(
            "the right side is not a finite number everywhere: a logarithm, root or quotient needs a condition"
        )
    return 0.0


def verdict(step: n.Step, world: World) -> float:
    """The relative error of a claim that is true; Difference if it is not."""
    if any(isinstance(x, n.Order) for x in step.right.walk()):
        return order(step, world)
    left, right = side_value(step.left, step, world), side_value(step.right, step, world)
    left, right = matched(left, right, step)
    for word, value in (("left", left), ("right", right)):
        if not np.isfinite(value.data).all():
            raise Mistake(
                f"the {word} side is not a finite number everywhere: a logarithm, root or quotient needs a condition"
            )
    if step.relation not in {"=", r"\approx"}:
        return compared(step.relation, left, right)
    size = apart(left, right)
    if size > allowed(step, left, world):
        raise Difference(report(left, right, size, world), size)
    return size


def matched(left: Value, right: Value, step: n.Step) -> tuple[Value, Value]:
    """Two sides of one shape; zero fits every shape, and a written-out row or column fits a matrix of one row or column."""
    if left.shape == right.shape:
        return left, right
    thin = tuple(s for s in left.shape if s != 1) == tuple(s for s in right.shape if s != 1)
    if thin and any(isinstance(x, n.Matrix) for side in (step.left, step.right) for x in side.walk()):
        return left, Value(right.data.reshape(*right.data.shape[: len(right.letters)], *left.shape), right.letters)
    if step.right == n.Number("0"):
        return left, Value(np.zeros(left.shape))
    raise Mistake(f"the left side is {words(left.shape)}, the right side {words(right.shape)}")


def words(shape: tuple[int, ...]) -> str:
    """A shape in words."""
    return f"of shape {shape}" if shape else "a number"


def arrays(left: Value, right: Value) -> tuple[Array, Array]:
    """Both sides with the same axes."""
    letters = tuple(dict.fromkeys(left.letters + right.letters))
    rank = max(len(left.shape), len(right.shape))
    a, b = np.broadcast_arrays(spread(left, letters, rank), spread(right, letters, rank))
    return a, b


def apart(left: Value, right: Value) -> float:
    """The largest difference of two sides, relative to the largest entry where that is more than one."""
    if left.shape != right.shape:
        raise Mistake(f"the left side is {words(left.shape)}, the right side {words(right.shape)}")
    a, b = arrays(left, right)
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return math.inf
    return float(np.max(np.abs(a - b), initial=0.0) / max(1.0, float(np.max(np.abs(a), initial=0.0))))


def allowed(step: n.Step, left: Value, world: World) -> float:
    """How far apart two sides may be."""
    scale = max(1.0, float(np.max(np.abs(left.data), initial=0.0)))
    if step.relation == r"\approx":
        digits = half_digit(step.right)
        if digits is None:
            raise Mistake(
                r"after \approx stand printed digits; for an approximation with a remainder write = ... + O(h^2)"
            )
        return 1.0001 * digits / scale
    used = [step.left, step.right, *(d.body for x in used_names(step, world) if (d := world.scope.definitions.get(x)))]
    loose = any(isinstance(x, n.Limit) or twice(x) for side in used for x in side.walk())
    return LOOSE if loose else TOLERANCE


def used_names(step: n.Step, world: World) -> frozenset[str]:
    """Every name that a claim rests on."""
    return world.scope.uses(step.left) | world.scope.uses(step.right)


def twice(node: n.Node) -> bool:
    """Whether a node is a second derivative or a derivative of one."""
    if isinstance(node, n.Derivative):
        return len(node.denominators) > 1 or differential(node.numerator)
    return (isinstance(node, n.Gradient) and node.order > 1) or (isinstance(node, n.Call) and node.primes > 1)


def half_digit(node: n.Node) -> float | None:
    r"""Half of the last printed digit; for a power of ten `1.5 \cdot 10^{-3}` as well, and the coarsest of a matrix."""
    if isinstance(node, n.Negative):
        return half_digit(node.body)
    if isinstance(node, n.Number):
        return 0.5 * 10.0 ** -len(node.text.partition(".")[2])
    if isinstance(node, n.Product) and isinstance(node.right, n.Power) and node.right.base == n.Number("10"):
        left, scale = half_digit(node.left), evaluate(node.right, Env(World(Scope(tex.Names()), {}), {}, ()))
        return None if left is None else left * float(scale.data)
    if isinstance(node, n.Matrix):
        halves = [half_digit(cell) for row in node.rows for cell in row]
        return None if None in halves else max(h for h in halves if h is not None)
    return None


def compared(relation: str, left: Value, right: Value) -> float:
    """An inequality, entry by entry."""
    a, b = arrays(left, right)
    gap = {"<": a - b, r"\le": a - b, ">": b - a, r"\ge": b - a, r"\ne": 1e-12 - np.abs(a - b)}[relation]
    worst = float(gap.max())
    if worst > 1e-12 or (relation in {"<", ">"} and worst >= 0):
        raise Difference(f"{relation} does not hold: it fails by {worst:.3g}", worst)
    return 0.0


def order(step: n.Step, world: World) -> float:
    """`... + O(h^p)`: halving h must divide the remainder by 2^p."""
    found = next(x for x in step.right.walk() if isinstance(x, n.Order))
    name, exponent = order_of(found)
    remainders = []
    for h in (0.02, 0.01) if exponent < 5 else (0.2, 0.1):  # large enough for h^p to stand out from rounding
        moved = world.replaced(name, Value(np.array(h)))
        left, right = side_value(step.left, step, moved), side_value(without_order(step.right), step, moved)
        if left.shape != right.shape:
            raise Mistake(f"the left side is {words(left.shape)}, the right side {words(right.shape)}")
        a, b = arrays(left, right)
        remainders.append(float(np.max(np.abs(a - b))))
    large, small = remainders
    if small > 1e-12 and small > 1.25 * large * 0.5**exponent:
        message = f"halving {name} divides the remainder by {large / small:.3g}, but O({name}^{exponent:g}) needs {2**exponent:g}"
        raise Difference(message, small)
    return 0.0


def order_of(node: n.Order) -> tuple[str, float]:
    """The symbol and the exponent in O(h^p)."""
    base, exponent = (
        (node.body.base, node.body.exponent) if isinstance(node.body, n.Power) else (node.body, n.Number("1"))
    )
    if not isinstance(base, n.Symbol) or not isinstance(exponent, n.Number):
        raise Mistake("a remainder is written O(h), O(h^2), ... with a symbol h of the Symbols table")
    return base.name, float(exponent.text)


def without_order(node: n.Node) -> n.Node:
    """The same with the remainder left out."""
    return n.Number("0") if isinstance(node, n.Order) else node.map(without_order)


def report(left: Value, right: Value, size: float, world: World) -> str:
    """What a reviewer would say about two sides that differ."""
    a, b = arrays(left, right)
    gap = np.abs(a - b)
    where = np.unravel_index(int(np.argmax(gap)), gap.shape) if gap.ndim else ()
    place = f" at entry {tuple(int(i) for i in where)}" if where else ""
    text = (
        f"the two sides differ by {float(gap.max()):.3g}{place}: left {a[where]:.6g}, right {b[where]:.6g} "
        f"(left {words(a.shape)}, right {words(b.shape)}; relative error {size:.2g})"
    )
    return text + remark(a, b, world)


def remark(a: Array, b: Array, world: World) -> str:
    """Whether the right side is the left one up to a sign or a factor."""
    if np.iscomplexobj(a) or np.iscomplexobj(b):
        return ""
    big = np.abs(a) > 1e-9
    ratio = b[big] / a[big] if big.any() else np.array([])
    if not ratio.size or not np.allclose(ratio, ratio[0], rtol=1e-8) or not np.allclose(b[~big], 0):
        square = a.ndim == 2 and a.shape[0] == a.shape[1] and np.allclose(a.T, b)
        return "; the right side is the transpose of the left" if square else ""
    factor = float(ratio[0])
    if math.isclose(factor, -1):
        return "; only the sign is wrong"
    names = [k for k, v in sizes(world).items() if math.isclose(abs(factor), v) or math.isclose(abs(factor), 1 / v)]
    return f"; the right side is {factor:.6g} times the left" + (f": a factor {names[0]}?" if names else "")


# a code line's variables


class CodeWorld(World):
    """A world whose names are bound to the variables of a code line, through the `code` column."""

    def __init__(self, part: Part, variables: Mapping[str, object]) -> None:
        super().__init__(part.scope, {})
        self.part, self.variables = part, variables
        self.found: dict[str, Value | None] = {}
        self.loose: frozenset[str] = frozenset()

    def replaced(self, name: str, value: Value) -> "World":
        """Names that rest on a replaced one come from their definitions, no longer from the variables."""
        world = super().replaced(name, value)
        assert isinstance(world, CodeWorld)
        world.loose = self.loose | {x for x in self.scope.definitions if name in self.scope.depends(x)}
        return world

    def lookup(self, name: str) -> Value | None:
        """A bound name, or what its expression in code gives."""
        if name in self.bound or name in self.loose:
            return self.bound.get(name)
        if name not in self.found:
            self.found[name] = self.variable(name)
        return self.found[name]

    def variable(self, name: str) -> Value | None:
        row = self.part.rows.get(name)
        if self.scope.kind(name) in {"function", "kronecker", "index"}:
            return None
        data = evaluated(row.row.code if row and row.row.code else transliterate(name), self.variables)
        if data is not None:
            return Value(data)
        return self.inferred(name) if self.scope.kind(name) == "size" else None

    def function(self, name: str) -> Callable[[list[Value]], Value] | None:
        """The function that a row of kind `function` names in its code column, if the code line has it."""
        row = self.part.rows.get(name)
        given = self.variables.get(row.row.code) if row and row.kind == "function" else None
        if not callable(given):
            return None

        def apply(arguments: list[Value]) -> Value:
            if union(*arguments):
                raise Mistake(f"{name} is a function of the code: it has no index form")
            return Value(np.asarray(given(*(x.data for x in arguments))))

        return apply

    def inferred(self, name: str) -> Value | None:
        """A size, from an array that has it as an axis."""
        for row in self.part.rows.values():
            for k, axis in enumerate(row.axes):
                value = self.lookup(row.name) if axis == n.Symbol(name) else None
                if value is not None and len(value.shape) == len(row.axes):
                    return Value(np.array(float(value.shape[k])))
        return None


def evaluated(code: str, variables: Mapping[str, object]) -> Array | None:
    """A code expression as an array of numbers, if it has such a value."""
    try:
        data = np.asarray(eval(code, dict(CODE), dict(variables)))  # noqa: S307 (the author's own expression)
    except Exception:  # noqa: BLE001 (whatever the expression raises: it has no value here)
        return None
    return data.astype(float) if data.dtype.kind in "biuf" else data if data.dtype.kind == "c" else None


def transliterate(name: str) -> str:
    r"""A symbol as a name in code: `\hat{m}_{t}` to `m_hat`, `W^{(1)}` to `W1`, `\partial L/\partial W` to `grad_W`.

    >>> [transliterate(x) for x in (r"\hat{Y}", "W^{(1)}", "m_{t-1}", r"\beta_{1}", r"\partial L/\partial Z", r"\lambda")]
    ['Y_hat', 'W1', 'm_prev', 'beta1', 'grad_Z', 'lambda_']
    """
    if name.startswith(r"\partial"):
        return "grad_" + transliterate(name.partition(r"/\partial ")[2])
    accent = re.match(r"\\(hat|bar|tilde|dot|mathbf|mathcal|vec)\{(.*?)\}(?=[_^']|$)", name)
    if accent:
        inner = accent[2] if accent[1].startswith("math") else f"{transliterate(accent[2])}_{accent[1]}"
        name = inner + name[accent.end() :]
    name = re.sub(r"_\{[a-z]-1\}", "_prev", re.sub(r"_\{[a-z]\+1\}", "_next", re.sub(r"_\{[a-z]\}", "", name)))
    name = re.sub(r"[_^]\{\(?(\d+)\)?\}", r"\1", name)
    name = re.sub(r"\W+", "_", re.sub(r"\\(?:mathrm|text)?", "", name)).strip("_")
    return name + "_" if name in {"lambda", "in", "is", "if", "or", "as"} else name
