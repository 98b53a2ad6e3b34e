r"""Two definitions of one family: `h_{t+1} = \tanh(W h_t + U x_{t+1})` says what `h_t = ...` says, one step further.

The second one is compared with the first one in which the letter is moved. What the text gives at another step only,
such as `x_{t+1}` beside a row for `x_t`, is drawn anew.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial

from nnlit.book.checks.draws import largest
from nnlit.book.checks.larger import Worlds
from nnlit.book.checks.rounding import UNDECIDED
from nnlit.book.checks.sides import Difference
from nnlit.book.checks.verdicts import AmbiguityError, EquationError, How, RestsError, Result, Verdict
from nnlit.book.evaluation.analysis import Analysis
from nnlit.book.evaluation.data import Data
from nnlit.book.evaluation.definitions import Part, definition_of
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.moved import Move, at_a_number, families, members, shifted
from nnlit.book.evaluation.sampling import WITHOUT_ZEROS, generator, sample, sizes
from nnlit.book.evaluation.scope import Definition, Scope
from nnlit.book.evaluation.values import Mistake, Value
from nnlit.book.language import nodes as n
from nnlit.book.language.declarations import Declared
from nnlit.book.language.unparse import write
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.chapter import Display
from nnlit.book.source.marks import Checked
from nnlit.book.source.place import line_words

DRAWN = {Kind.ARRAY, Kind.NUMBER, Kind.LABELS}


@dataclass(frozen=True)
class Again:
    """A claim that an earlier definition makes too, of another member of the family."""

    step: n.Step
    part: Part
    first: Definition
    move: Move

    def error(self, worlds: Worlds) -> float:
        """How far the two are apart at most; Difference where they are not the same."""
        part = replace(self.part, scope=self.scope)
        return largest(self.step, part, lambda k, factor: self.world(worlds(k, factor), part, k, factor))

    @cached_property
    def moved(self) -> Definition:
        """What the first definition says of the name on the left."""
        return self.at_this_step(self.first)

    def at_this_step(self, definition: Definition) -> Definition:
        """A definition moved as the first one is."""
        return replace(definition, name=self.move.name(definition.name), body=self.move.node(definition.body))

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        """Those of the text, with those that are moved in the place of what it does not give at this step."""
        given = self.part.scope.definitions
        found, names = {**given, self.moved.name: self.moved}, [*self.step.right.names, *self.moved.body.names]
        while names:
            name = names.pop()
            back = replace(self.move, letter=self.move.to, to=self.move.letter, by=-self.move.by).name(name)
            if (
                name not in found
                and name not in self.part.rows
                and back in given
                and back not in {name, self.moved.name}
            ):
                found[name] = self.at_this_step(given[back])
                names += found[name].body.names
        return found

    @cached_property
    def scope(self) -> Scope:
        """The names of the claim with these definitions."""
        return self.part.scope.but(definitions=self.definitions)

    @cached_property
    def drawn(self) -> dict[str, str]:
        """The names that have no value, each with another one of its family that has one."""
        names = {x for d in self.reached for x in d.names} - set(self.definitions) - set(self.part.rows)
        known = [*(x for x, row in self.part.rows.items() if row.kind in DRAWN), *self.part.scope.definitions]
        pairs = ((name, other) for name in sorted(names) for other in known if are_alike(name, other))
        return dict(reversed(list(pairs)))

    @property
    def reached(self) -> list[n.Node]:
        """What the claim rests on."""
        used = self.scope.uses(self.step.left) | self.scope.uses(self.step.right)
        return [self.step.right, *(self.definitions[x].body for x in used if x in self.definitions)]

    def world(self, world: World, part: Part, k: int, factor: float) -> World:
        """Some data with what is drawn anew."""
        own = World(part.scope, dict(world.bound))
        own.bound |= {name: self.anew(name, other, world, k, factor) for name, other in self.drawn.items()}
        return own

    def anew(self, name: str, other: str, world: World, k: int, factor: float) -> Value:
        """Numbers for a name, of the shape and under the conditions of another one of its family."""
        row = self.part.rows.get(other)
        if row is None:
            return Value(factor * generator(name, k).normal(size=world.value(other).shape))
        refuse_shapes(row, self.part.rows)
        zero = other in self.part.zeros and k not in WITHOUT_ZEROS
        value = sample(replace(row, name=name), world, k, zero=zero)
        return value if row.conditions or row.kind == Kind.LABELS else replace(value, data=factor * value.data)

    def told(self) -> str:
        """What the first definition says of the name, and where."""
        where = line_words(self.first.place.line)
        return f"{where} gives {self.first.name}, and so {self.moved.name} = {write(self.moved.body)}"


def are_alike(name: str, other: str) -> bool:
    """Whether two names are of one family."""
    return name != other and any(a.family == b.family for a in members(name) for b in members(other))


def refuse_shapes(row: Declared, rows: Mapping[str, Declared]) -> None:
    """Mistake where the members of a family have shapes of their own: those of others are not known."""
    letters = {one.letter for one in members(row.name)}
    others = [x for x in rows.values() if are_alike(x.name, row.name)]
    counted = {one.letter for axis in row.axes for x in axis.names for one in members(x)} & letters
    if counted or any(x.axes != row.axes for x in others):
        raise Mistake(f"{row.name} has another shape at each step, and no row says which")


def again(step: n.Step, part: Part) -> Again | None:
    """The earlier definition of another member of the family whose member a claim defines, if there is one."""
    own = definition_of(step)
    if own is None or part.strict or not members(own.name):
        return None
    for first in sorted(part.scope.definitions.values(), key=lambda one: one.place):
        if first.place.path != own.place.path or not first.place < own.place or first.name == own.name:
            continue
        if (first.letters, first.parameters, first.function) != (own.letters, own.parameters, own.function):
            continue
        if found := next(moves(own, first), None):
            return Again(step, part, first, found)
    return None


def moves(own: Definition, first: Definition) -> Iterator[Move]:
    """How the letter of a definition is moved so that it becomes one of another name; to another letter of a step."""
    for one in members(first.name):
        for other in members(own.name):
            if one.family == other.family and (
                one.letter == other.letter or (is_step(own, other.family) and is_step(first, one.family))
            ):
                yield Move(one.letter, other.letter, other.offset - one.offset)


def is_step(definition: Definition, family: str) -> bool:
    """Whether a definition rests on another member of the family whose member it defines."""
    others = (name for name in definition.body.names if name != definition.name)
    return any(family in {one.family for one in members(name)} for name in others)


def made_of(node: n.Node) -> frozenset[str]:
    """The names in an expression, of members their families, without letters: two methods differ in these."""
    letters = {one.letter for name in node.names for one in members(name)}
    return families(node) - letters


class Repeated:
    """What is found of displays that claim again what another display of the text says.

    Args:
        analysis: the chapter as read.
        data: its random data.
    """

    def __init__(self, analysis: Analysis, data: Data) -> None:
        self.analysis, self.data = analysis, data
        self.false: dict[str, int] = {}  # names whose definition says something else than another one, with its line

    def outcome(self, display: Display, found: Result | EquationError) -> Result | EquationError:
        """What is found of a display; of one that only defines, or holds a name that has no value, by comparison."""
        part = self.analysis.parts[self.analysis.chapter.tables_of(display)]
        equation = part.equations.get(display.place)
        if part.strict or not isinstance(equation, n.Equation) or not isinstance(display.mark, Checked):
            return found
        claims = [claim for step in equation.steps if (claim := again(step, part))]
        if not claims:
            return self.rests(display, self.step_by_step(display, found))
        if isinstance(found, EquationError):
            is_open = found.verdict is Verdict.FALSE or bool(found.unknown) or isinstance(found, RestsError)
            return self.instead(display, found, claims) if is_open and len(claims) == len(equation.steps) else found
        return self.compared(display, found, claims) if found.verdict is Verdict.DEFINED else found

    def compared(self, display: Display, found: Result, claims: list[Again]) -> Result | EquationError:
        """What is found of a display that only defines as it stands."""
        errors, told = list[float](), list[str]()
        for claim in claims:
            try:
                errors.append(claim.error(self.worlds(display)))
            except Difference as difference:
                self.false[claim.moved.name] = claim.step.place.line
                return self.disagreement(display, claim.step, claim.first, claim.told(), difference)
            except UNDECIDED as reason:
                where = line_words(claim.first.place.line)
                told.append(f"{where} gives {claim.first.name}; this is not compared with it: {reason}")
        if told:
            return replace(found, said="; ".join(filter(None, [found.said, *told])))
        return replace(found, how=How.REWRITE, error=max(errors))

    def instead(self, display: Display, found: EquationError, claims: list[Again]) -> Result | EquationError:
        """What is found of a display that has no value by itself, or is false by another definition of its name."""
        try:
            worst = max(claim.error(self.worlds(display)) for claim in claims)
        except Difference as difference:
            if found.verdict is Verdict.FALSE:
                return found
            one = claims[0]
            return self.disagreement(display, one.step, one.first, one.told(), difference)
        except UNDECIDED:
            return found
        drawn = sizes(self.data.world(display, 0))
        return Result(self.analysis.name(display), display.place, len(claims), worst, How.REWRITE, drawn)

    def step_by_step(self, display: Display, found: Result | EquationError) -> Result | EquationError:
        """What is found of a display; of a recurrence that has no value at its ends, by all steps that it has."""
        part, steps = self.analysis.part(display), self.analysis.equation(display).steps
        left = steps[0].left
        if not isinstance(found, EquationError) or len(steps) > 1 or not isinstance(left, n.Symbol):
            return found
        at = shifted(left.indices[0]) if found.verdict is Verdict.NOT_CHECKED and len(left.indices) == 1 else None
        if at is None or left.name not in part.scope.recurrent:
            return found
        world, errors = self.data.world(display, 0), list[float]()
        first, (letter, ahead) = part.scope.definitions[left.name], at
        for number in (k - ahead for k in range(1, world.value(left.name).shape[0])):
            sides = (at_a_number(side, letter, number) for side in (left, steps[0].right))
            one = replace(steps[0], left=next(sides), right=next(sides))
            try:
                errors.append(largest(one, part, self.worlds(display)))
            except Difference as difference:
                told = (
                    f"{line_words(first.place.line)} gives {left.name}, and this another value for {letter} = {number}"
                )
                return self.disagreement(display, steps[0], first, told, difference)
            except UNDECIDED:
                errors.append(math.nan)
        if not errors or any(map(math.isnan, errors)):
            return found
        return Result(self.analysis.name(display), display.place, 1, max(errors), How.REWRITE, sizes(world))

    def worlds(self, display: Display) -> Worlds:
        """The data of a display."""
        return partial(self.data.world, display)

    def disagreement(
        self, display: Display, step: n.Step, first: Definition, told: str, difference: Difference
    ) -> EquationError:
        """What is said of two definitions that are not the same; it may be a second meaning, or another method."""
        name, part = self.analysis.name(display), self.analysis.part(display)
        place, excerpt = self.analysis.culprit(step.right.span, step)
        same = part.sources[first.name].heading == display.heading
        if same and made_of(step.right) == made_of(first.body):
            return EquationError(name, place, f"{difference}; {told}", difference.size, excerpt)
        ask = f"is this another claim of it, then it is false ({difference}), or a second meaning? then give it a name"
        return AmbiguityError(name, place, f"{told}: {ask} of its own", excerpt=excerpt)

    def rests(self, display: Display, found: Result | EquationError) -> Result | EquationError:
        """What is found of a display; one that is decided by a definition that is not right is not checked."""
        if not self.false or found.verdict not in {Verdict.TRUE, Verdict.FALSE}:
            return found
        for name in sorted(self.analysis.uses(display) & set(self.false)):
            line = self.false[name]
            what = f"not checked, because of {line_words(line)}: what it gives {name} is not what another display gives"
            return RestsError(found.label, display.place, what)
        return found
