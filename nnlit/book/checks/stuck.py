r"""`dV = P^\top dO` as the claim that its names make: that dV is the gradient in V of what has the gradient dO in O.

Where nothing that stands in the text gives a gradient, or the name has no value, such a display only defines. So it
does where the names may mean something else, as the means `\bar x` and `\bar y` do, and the claim would be false.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import cast

import numpy as np

from nnlit.book.checks.comparison import apart, verdict
from nnlit.book.checks.sides import Difference, side_value
from nnlit.book.evaluation.definitions import Part, fresh, is_definition
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.sampling import sizes
from nnlit.book.evaluation.scope import Definition, Scope
from nnlit.book.evaluation.values import UNCOMPUTED, Value
from nnlit.book.language import nodes as n
from nnlit.book.language.unparse import write
from nnlit.book.language.vocabulary import Kind
from nnlit.book.source.place import line_words

LOSS = "what the gradients are of"  # a name that no text has
CLOSE = 1e-9
NAMES = re.compile(r"d(?:_\{(?P<below>[^{}]+)\})?(?P<behind>.*)")  # dW, and d_W
WORDS = re.compile(r"(?:grad|\\mathrm\{grad\})(?:_\{|\\_|_)?(?P<of>[^{}]+)\}?(?P<behind>.*)")
OTHERS = re.compile(r"(?:\\bar\{(?P<above>[^{}]+)\}|(?:g|G|\\delta)_\{(?P<below>[^{}]+)\})(?P<behind>.*)")
GRADIENT = re.compile(r"\b(?:gradient|adjoint|derivative|sensitivity|cotangent)", re.IGNORECASE)


@dataclass(frozen=True)
class Claimed:
    """What a display claims of a name such as dV: a derivative of a loss that has the gradients `given`."""

    step: n.Step
    scope: Scope
    given: tuple[str, ...]
    loss: str
    is_sure: bool = True  # whether its names have no other meaning

    def error(self, world: World) -> float:
        """How far its sides are apart on some data; Difference where it is false."""
        return verdict(self.step, self.inside(world))

    def size(self, worlds: Sequence[World]) -> str:
        """The size that the right side is so many times the gradient; empty where there is none."""
        try:
            found = [self.multiple(self.inside(world)) for world in worlds]
        except UNCOMPUTED:
            return ""
        for name in sizes(worlds[0]):
            drawn = [sizes(world)[name] for world in worlds]
            for shown, factors in ((name, drawn), (f"1/{name}", [1 / size for size in drawn])):
                if np.allclose(found, factors, rtol=CLOSE, atol=0.0):
                    return shown
        return ""

    def multiple(self, world: World) -> float:
        """The same on some data; not a number where it is none."""
        left, right = (side_value(side, self.step, world) for side in (self.step.left, self.step.right))
        square = float(np.sum(left.data.real**2))
        factor = float(np.sum(left.data.real * right.data.real)) / square if left.shape == right.shape and square else 0
        scaled = Value(factor * left.data, left.letters)
        return factor if factor and apart(scaled, right) < CLOSE else math.nan

    def told(self) -> str:
        """Of what it is the gradient, in words."""
        left = self.step.left
        of = write(left.denominators[0]) if isinstance(left, n.Derivative) else ""
        given = " and ".join(self.given)
        loss = f"what has the gradient {given}" if given else self.loss
        return f"as the gradient of {loss} in {of} it is not right:"

    def may_be(self, size: str, world: World) -> bool:
        """Whether a text may leave the factor of a size to another line: that of a mean over so many examples.

        It stands in the loss, or the examples are an axis of the gradient that is given, and summed over.
        """
        if not self.given:
            return size in self.scope.definitions[self.loss].body.names
        left, count = self.step.left, sizes(world)[size.removeprefix("1/")]
        own = world.value(left.denominators[0].name).shape if isinstance(left, n.Derivative) else ()
        return size.startswith("1/") and count not in own and any(count in world.value(x).shape for x in self.given)

    def inside(self, world: World) -> World:
        """Some data with the gradients that are given held fixed."""
        held = fresh(world, self.scope, LOSS)
        for name in self.given:
            held = held.replaced(name, world.value(name))
        return held


def claimed(step: n.Step, part: Part, world: World) -> Claimed | None:
    """What the name on the left of a definition claims; None where it claims nothing.

    The loss is the one that the gradients are of that the text gives; where it displays them too, the loss that it
    displays.
    """
    left = step.left
    if not isinstance(left, n.Symbol) or not is_definition(part, step) or not is_gradient(left.name, part):
        return None
    of, scope = gradient_of(left.name, part), part.scope
    given = tuple(sorted(x for x in scope.rests(step.right) if is_gradient(x, part) and is_source(x, part)))
    if not is_plain(left.name) and not any(is_gradient(x, part) for x in step.right.names):
        return None  # the mean of x, or the g of x
    loss = displayed(of, part, world) if any(x in scope.definitions for x in given) or not given else ""
    if loss:
        return of_loss(step, loss, part, ())
    if not given or left.name in given or not any(of in scope.depends(gradient_of(x, part)) for x in given):
        return None
    return from_given(step, part, given)


def from_given(step: n.Step, part: Part, given: tuple[str, ...]) -> Claimed:
    """The claim that the left side is the vector-Jacobian product with gradients that are given."""
    inner = (n.Inner(n.Symbol(x), n.Symbol(gradient_of(x, part))) for x in given)
    body = reduce(n.Add, inner, cast("n.Node", n.Number("0")))
    with_loss = part.scope.with_definition(Definition(LOSS, body, step.place))
    return of_loss(step, LOSS, replace(part, scope=with_loss), given)


def culprit(step: n.Step, part: Part, worlds: Sequence[World]) -> str:
    """What is said of a gradient that follows rightly from another one that is not right; empty where that is not so.

    With that one held fixed the claim is true.
    """
    given = tuple(dict.fromkeys(x for x in step.right.names if is_gradient(x, part) and x in part.scope.definitions))
    for name in given if holds(from_given(step, part, given), worlds) else ():
        found = part.scope.definitions[name]
        left = n.Symbol(name, tuple(map(n.Letter, found.letters)))
        own = n.Step(left, "=", found.body, 1, found.place)
        claim = claimed(own, part, worlds[0])
        if claim is not None and not holds(claim, worlds):
            return f"because of {line_words(found.place.line)}: what it gives {name} is not that gradient"
    return ""


def holds(claim: Claimed, worlds: Sequence[World]) -> bool:
    """Whether a claim is true; a claim that cannot be compared is not."""
    try:
        return all(math.isfinite(claim.error(world)) for world in worlds)
    except (Difference, *UNCOMPUTED):
        return False


def of_loss(step: n.Step, loss: str, part: Part, given: tuple[str, ...]) -> Claimed:
    """The claim that the left side is the gradient of a loss."""
    assert isinstance(step.left, n.Symbol)
    name = step.left.name
    slope = n.Derivative(n.Symbol(loss), (replace(step.left, name=gradient_of(name, part)),))
    said = (part.rows[x].row.meaning for x in (name, *given) if x in part.rows)
    return Claimed(
        replace(step, left=slope), part.scope, given, loss, is_plain(name) or any(map(GRADIENT.search, said))
    )


def displayed(of: str, part: Part, world: World) -> str:
    """The one displayed number that rests on a name and on which no other rests; empty where there is none."""
    scope = part.scope
    own = [x for x, d in scope.definitions.items() if not (d.function or d.letters or is_gradient(x, part))]
    resting = [x for x in own if x != of and of in scope.depends(x) and is_number(x, world)]
    last = [x for x in resting if not any(x != y and x in scope.depends(y) for y in resting)]
    return last[0] if len(last) == 1 else ""


def is_number(name: str, world: World) -> bool:
    """Whether a name is a number on some data."""
    try:
        value = world.value(name)
    except UNCOMPUTED:
        return False
    return not value.shape and not value.letters


def is_gradient(name: str, part: Part) -> bool:
    """Whether a name is that of a gradient in something that has a value."""
    return bool(gradient_of(name, part))


def gradient_of(name: str, part: Part) -> str:
    r"""In which name a name is a gradient, `W` of `dW`, `d_W`, `\bar W`, `g_W` and `grad_W`; empty where it is none."""
    found = next((match for notation in (NAMES, WORDS, OTHERS) if (match := notation.fullmatch(name))), None)
    of = "".join(filter(None, found.groups())) if found else ""
    known = bool(of) and (of in part.rows or of in part.scope.definitions) and of not in part.lost
    return of if known and part.scope.kind(of) != Kind.FUNCTION else ""


def is_plain(name: str) -> bool:
    """Whether a name has hardly another meaning than that of a gradient: a bar is that of a mean as well."""
    return OTHERS.fullmatch(name) is None


def is_source(name: str, part: Part) -> bool:
    """Whether a gradient is given, or comes from no other one."""
    found = part.scope.definitions.get(name)
    others = part.scope.rests(found.body) - {name} if found else frozenset[str]()
    return not any(is_gradient(x, part) for x in others)


@dataclass(frozen=True)
class Judgement:
    """What is found of such claims: how far the sides of one that is true are apart, or what is said, or asked."""

    error: float = math.inf
    said: str = ""
    ask: str = ""

    @property
    def is_true(self) -> bool:
        """Whether one of the claims is true."""
        return math.isfinite(self.error)


def judged(step: n.Step, part: Part, claim: Claimed | None, worlds: Sequence[World]) -> Judgement:
    """What is found of the claim that a definition makes by its name.

    A multiple by a size is said to be one: a mean over examples may be meant in another line.
    """
    try:
        return Judgement(max(claim.error(world) for world in worlds)) if claim else Judgement()
    except Difference as difference:
        assert claim is not None  # it was compared
        size = claim.size(worlds)
        if size and claim.may_be(size, worlds[0]):
            return Judgement(said=f"{claim.told()} it is {size} times that")
        if not claim.is_sure:
            return Judgement(said=f"{claim.told()} {f'it is {size} times that' if size else difference}")
        if because := culprit(step, part, worlds):
            return Judgement(ask=f"not checked, {because}")
        name = step.left.name if isinstance(step.left, n.Symbol) else ""
        ask = f"is {name} that gradient, or something else? then give it another name"
        return Judgement(ask=f"{claim.told()} {f'it is {size} times that' if size else difference}: {ask}")
    except UNCOMPUTED:
        return Judgement()
