"""Names and entries: an index means one number of an array, a condition says where."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from nnlit.book.evaluation.chance import outcomes, positions
from nnlit.book.evaluation.environment import Env, Range, evaluate
from nnlit.book.evaluation.ranks import miswritten
from nnlit.book.evaluation.values import Array, Misfit, Mistake, OutsideError, Value, combine, real, spread, union
from nnlit.book.language import nodes as n
from nnlit.book.language.guide import see
from nnlit.book.language.totals import MEMBERS
from nnlit.book.language.unparse import write
from nnlit.book.language.vocabulary import Kind


@evaluate.register
def _(node: n.Letter, env: Env) -> Value:
    if node.name in env.ranges and env.world.scope.chances.variable(node.name):
        return outcomes(node.name, env)
    if node.name in env.ranges:
        found = env.ranges[node.name]
        return Value(np.arange(found.start, found.start + found.size, dtype=float), (node.name,))
    if env.world.knows(node.name):
        return env.world.value(node.name)
    raise Mistake(f"index {node.name} has no range here")


@evaluate.register
def _(node: n.Symbol, env: Env) -> Value:
    if env.world.scope.kind(node.name) == Kind.KRONECKER:
        return kronecker(node, env)
    value = env.world.value(node.name)
    if node.indices and node.name in env.world.scope.recurrent:
        return step(value, node, env)
    return entries(value, node.indices, node.name, env) if node.indices else value


@evaluate.register
def _(node: n.Entry, env: Env) -> Value:
    return entries(evaluate(node.body, env), node.indices, "the expression", env)


def entries(value: Value, indices: tuple[n.Node, ...], name: str, env: Env) -> Value:
    """The entries of an array at its indices, for all values of their letters."""
    indices = filled(indices, len(value.shape), name)
    if len(indices) != len(value.shape):
        raise miswritten(name, len(value.shape), indices, env.world.scope)
    plain = tuple(x.name for x in indices if isinstance(x, n.Letter))
    whole = [Range(r.base, size, r.base) == r for r, size in zip(map(env.ranges.get, plain), value.shape) if r]  # noqa: B905
    new = len(set(plain)) == len(indices) and not set(plain) & set(value.letters)
    if new and len(whole) == len(indices) and all(whole):
        return Value(value.data, value.letters + plain)
    return picked(value, indices, name, env)


def filled(indices: tuple[n.Node, ...], rank: int, name: str) -> tuple[n.Node, ...]:
    """Indices; of a member that a display defines, which may be an array, with its own axes behind them."""
    missing = rank - len(indices) if name.endswith(MEMBERS) else 0
    return (*indices, *(n.Whole(),) * missing)


def picked(value: Value, indices: tuple[n.Node, ...], name: str, env: Env) -> Value:
    """Entries at computed positions; outside the array they are zero where the Symbols table says so."""
    kept = [f"axis{k}" for k, index in enumerate(indices) if isinstance(index, n.Whole)]
    first = env.world.scope.bases.get(name, 1)
    sizes = enumerate(zip(indices, value.shape, strict=True))
    places = [position(x, env, f"axis{k}", size, first) for k, (x, size) in sizes]
    letters = tuple(x for x in union(value, *places) if x not in kept) + tuple(kept)
    index = [spread(p, letters, 0) for p in places]
    own = [spread(Value(np.arange(value.size(x)), (x,)), letters, 0) for x in value.letters]
    clipped = [np.clip(p, 0, size - 1) for p, size in zip(index, value.shape, strict=True)]
    found = Value(value.data[tuple(own + clipped)], letters)
    try:
        data = cleared(found, index, value, name, env)
    except Misfit as error:
        raise beyond(indices, name, env) or error from None
    return Value(data, letters[: len(letters) - len(kept)])


def beyond(indices: tuple[n.Node, ...], name: str, env: Env) -> Mistake | None:
    """What is said where a whole number of its own is an index, and was drawn larger than the array is."""
    symbols = (x for index in indices for x in index.walk() if isinstance(x, n.Symbol))
    number = next((x.name for x in symbols if env.world.scope.kind(x.name) in {Kind.INTEGER, Kind.NUMBER}), "")
    if shift := next((x for x in indices if is_shifted(x, env)), None):
        return Mistake(f"{write(n.Symbol(name, indices))} goes beyond {name}: {of_shift(name, shift)}")
    ask = f"to pick an entry of {name}, write y_i for it, with the row: labels, $m$, 'labels 0..K-1'"
    return Mistake(f"{number} is any whole number by its row, also one beyond {name}: {ask}") if number else None


def is_shifted(index: n.Node, env: Env) -> bool:
    """Whether an index is a letter that counts from 0, or has no written bounds, and a number."""
    letter = index.left if isinstance(index, n.Add | n.Subtract) and isinstance(index.right, n.Number) else None
    found = env.ranges.get(letter.name) if isinstance(letter, n.Letter) else None
    return found is not None and found.start == found.base == 0


def of_shift(name: str, index: n.Node) -> str:
    """What is asked of an index that goes beyond an array by a number."""
    (letter,) = (x.name for x in index.every if isinstance(x, n.Letter))
    row = f"say in the row of {name} that it is longer, $n + 1$, or 'zero outside'"
    return f"{row}; give {letter} its bounds; or, if {letter} counts from 0 and {name} from 1, write the sum from 1"


def cleared(found: Value, index: list[Array], value: Value, name: str, env: Env) -> Array:
    """The entries that were found, with zeros where an index lies outside the array, if it may."""
    inside = np.ones((1,) * len(found.letters), dtype=bool)
    for p, size in zip(index, value.shape, strict=True):
        inside = inside & (p >= 0) & (p < size)
    if inside.all():
        return found.data
    if name not in env.world.scope.padded:
        guard(Value(inside, found.letters), index, name, value, env)
    return np.where(inside, found.data, 0)


def guard(inside: Value, index: list[Array], name: str, value: Value, env: Env) -> None:
    """An index outside an array is an error unless a condition excludes it."""
    if env.domain is not None:
        both = union(inside, env.domain)
        outside = ~spread(inside, both, 0) & spread(env.domain, both, 0)
        if not outside.any():
            return
    axis = next(
        k for k, (p, size) in enumerate(zip(index, value.shape, strict=True)) if (p < 0).any() or (p >= size).any()
    )
    if len(index) == 1 and index[0].size == 1 and index[0].flat[0] == -1:
        ask = f"entries count from 1, so that {name} has no entry 0"
        raise Mistake(f"{ask}: if {name}_0 is a name of its own, such as a first value, give it a row")
    far = int(index[axis].max() if (index[axis] >= value.shape[axis]).any() else index[axis].min())
    at = "before the first" if far < 0 else f"up to the one with the number {far} counted from 0"
    raise Misfit(f"an index runs outside axis {axis} of {name}, which has {value.shape[axis]} entries: {at}")


WHOLE = 1e-9  # how far from a whole number an index may be


def position(index: n.Node, env: Env, axis: str, size: int, first: int) -> Value:
    """Positions along an axis, counted from zero; `first` is what a written number counts from."""
    if isinstance(index, n.Whole):
        return Value(np.arange(size), (axis,))
    if isinstance(index, n.Letter) and index.name in env.ranges and env.world.scope.chances.variable(index.name):
        return Value(positions(index.name, env), (index.name,))
    value = evaluate(index, env)
    if value.shape:
        raise Mistake("an index must be a number")
    if np.abs(value.data.real - np.rint(value.data.real)).max(initial=0.0) > WHOLE:
        raise Mistake(f"an index must be a whole number: {write(index)} is {float(value.data.real.flat[0]):.3g}")
    return Value(np.rint(value.data.real).astype(int) - base_of(index, env, first), value.letters)


def base_of(index: n.Node, env: Env, first: int = 1) -> int:
    """What an index counts from: as its letters do, class labels from zero, written numbers from `first`."""
    bases = [env.ranges[x.name].base for x in index.walk() if isinstance(x, n.Letter) and x.name in env.ranges]
    if any(isinstance(x, n.Symbol) and env.world.scope.kind(x.name) == Kind.LABELS for x in index.walk()):
        return 0
    return max(bases) if bases else first


def is_index(node: n.Node, env: Env) -> bool:
    """Whether something counts along an axis: an index letter, or a class label."""
    return any(
        (isinstance(x, n.Letter) and x.name in env.ranges)
        or (isinstance(x, n.Symbol) and env.world.scope.kind(x.name) == Kind.LABELS)
        for x in node.walk()
    )


def kronecker(node: n.Symbol, env: Env) -> Value:
    """One where both indices agree."""
    if len(node.indices) != 2:
        raise Mistake(f"the Kronecker delta {node.name} has two indices")
    return evaluate(n.Indicator((n.Relation("=", *node.indices),)), env)


COMPARE: dict[str, Callable[[Array, Array], Array]] = {
    "=": np.equal,
    r"\ne": np.not_equal,
    "<": np.less,
    ">": np.greater,
    r"\le": np.less_equal,
    r"\ge": np.greater_equal,
}


@evaluate.register
def _(node: n.Relation, env: Env) -> Value:
    if node.counts:
        counts = membership(node, env)
        return replace(counts, data=(counts.data > 0) == (node.operator == r"\in"))
    if node.operator not in COMPARE:
        raise Mistake(f"{node.operator} cannot be a condition")
    left, right = evaluate(node.left, env), evaluate(node.right, env)
    if is_index(node.left, env) and is_index(node.right, env):
        refuse_shifted(node, env)
        left = replace(left, data=left.data - base_of(node.left, env))
        right = replace(right, data=right.data - base_of(node.right, env))
    return combine(lambda a, b: COMPARE[node.operator](real(a), real(b)), left, right, node.operator)


def refuse_shifted(node: n.Relation, env: Env) -> None:
    """A letter that counts from 1 stands for the classes 0 to K-1 where it runs over K of them, from the first on."""
    symbols = [x for x in node.every if isinstance(x, n.Symbol) and env.world.scope.kind(x.name) == Kind.LABELS]
    letters = [x for x in (node.left, node.right) if isinstance(x, n.Letter) and x.name in env.ranges]
    for label, letter in ((x, y) for x in symbols for y in letters):
        found, classes = env.ranges[letter.name], env.world.scope.classes.get(label.name)
        if classes is not None and found.base and (found.start, found.size) != (1, env.world.integer(classes)):
            ask = f"{label.name} counts classes from 0 by its row, and {letter.name} from 1 here"
            raise Mistake(f"{ask}: write the sum from 0, or over all classes", letter.span)


@evaluate.register
def _(node: n.Indicator, env: Env) -> Value:
    mask = conjunction(node.relations, env)
    return replace(mask, data=mask.data.astype(float))


def conjunction(relations: Sequence[n.Relation], env: Env, *, whole: bool = False) -> Value:
    """Where all relations hold; those of arrays entry by entry, or of an array as a `whole`."""
    mask = Value(np.array(True))
    for relation in relations:
        own = evaluate(relation, env)
        own = as_a_whole(own, relation) if whole else own
        mask = combine(np.logical_and, mask, own, "a condition")
    return mask


def as_a_whole(mask: Value, relation: n.Relation) -> Value:
    """Whether a relation holds for all entries; that an array is not zero says so of one."""
    some = np.any if relation.operator == r"\ne" else np.all
    axes = tuple(range(len(mask.letters), mask.data.ndim))
    return Value(np.asarray(some(mask.data, axis=axes)), mask.letters)


@evaluate.register
def _(node: n.Cases, env: Env) -> Value:
    result, rest = Value(np.array(0.0)), Value(np.array(True))
    for case in node.rows:
        own = conjunction(case.condition, env)
        mask = combine(np.logical_and, rest, own, "a condition")
        reach = own if case.condition else mask
        value = evaluate(case.value, env.within(reach) if not reach.shape else env)
        if node.partial and own.shape and not value.shape:  # a number has one range
            own = conjunction(case.condition, env, whole=True)
            mask = combine(np.logical_and, rest, own, "a condition")
        if case.condition:
            refuse_overlap(case, value, result, combine(lambda o, r: o & ~r, own, rest, "cases"))
        shown = combine(lambda m, v: np.where(m, v, 0), mask, value, "cases")
        result = combine(np.add, result, shown, "cases")
        rest = combine(lambda r, m: r & ~m, rest, mask, "cases")
    left = rest if env.domain is None or rest.shape else combine(np.logical_and, rest, env.domain, "cases")
    if node.partial:
        return outside(node, result, left, env.world.outside)
    refuse_hole(node, left, env)
    return result


def outside(node: n.Cases, result: Value, rest: Value, value: complex | None) -> Value:
    """A value by cases with another one where none of them holds; OutsideError where there is none."""
    if not rest.data.any():
        return result
    if value is None:
        ranges = " or ".join(", ".join(map(write, case.condition)) for case in node.rows)
        raise OutsideError(f"what is displayed for {ranges} alone is used elsewhere", node.span)
    return combine(lambda m, v: np.where(m, value, v), rest, result, "cases")


def refuse_overlap(case: n.Case, value: Value, before: Value, twice: Value) -> None:
    """Where a second condition holds as well, its value must be the same: a reader may take the cases in any order."""
    apart = combine(lambda a, b: np.abs(a.real - b.real) > CLOSE * (1 + np.abs(a.real)), value, before, "cases")
    if combine(np.logical_and, twice, apart, "cases").data.any():
        ask = "two of these cases hold at once, with different values: write conditions that exclude each other"
        raise Mistake(ask + see("cases"), case.condition[0].span)


def refuse_hole(node: n.Cases, rest: Value, env: Env) -> None:
    """No case may be left out, but for the borders between them, where the value is 0."""
    for relation in (x for case in node.rows for x in case.condition if rest.data.any()):
        if relation.operator in {"<", ">"}:
            left, right = evaluate(relation.left, env), evaluate(relation.right, env)
            border = combine(lambda a, b: a.real == b.real, left, right)
            rest = combine(lambda r, b: r & ~b, rest, border, "cases")
    if rest.data.any():
        what = r"for some values none of these cases holds: add the one that is missing, or \text{otherwise}"
        raise Mistake(what, node.rows[-1].value.span)


CLOSE = 1e-9  # of two numbers that are meant to be one


def membership(condition: n.Relation, env: Env) -> Value:
    """How often each value of the letter is in a set."""
    if isinstance(condition.right, n.Domain):
        return listed(condition.left, condition.right, env)
    if not isinstance(condition.right, n.Symbol) or condition.right.name not in env.world.scope.sets:
        asked = "give it a row with the shape $s$ and a meaning such as 'every subset of size $s$ of $1..n$'"
        raise Mistake(f"{write(condition.right)} is no set that is known: {asked}", condition.right.span)
    return entries(env.world.value(condition.right.name), (condition.left,), condition.right.name, env)


def listed(left: n.Node, domain: n.Domain, env: Env) -> Value:
    """One where a value is among numbers that are written out, else zero."""
    value = evaluate(left, env)
    members = [evaluate(member, env).data.real for member in domain.members]
    return replace(value, data=np.isin(value.data.real, members).astype(float))


def step(value: Value, node: n.Symbol, env: Env) -> Value:
    """The value at a step, which is a number: 0 is the start."""
    place = evaluate(node.indices[0], env)
    positions = np.rint(place.data.real).astype(int)
    axis, last = len(value.letters), value.shape[0] - 1
    if place.shape or set(place.letters) & set(value.letters) or len(node.indices) > 1:
        raise Mistake(f"{node.name} is written with its step alone: an entry of a step is not read")
    if positions.min() < 0 or positions.max() > last:
        raise Mistake(f"{node.name} has steps 0 to {last}; here stands one before or behind them")
    data = np.take(value.data, positions, axis=axis)
    return Value(data, (*value.letters, *place.letters))
