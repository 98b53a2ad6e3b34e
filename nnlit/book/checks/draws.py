r"""How many draws a claim is compared on: two for a smooth one, twenty for one that bends or counts.

Two smooth functions that agree at one point drawn at random agree. Of `\lvert x \rvert` and $x$ this is not so: they
agree wherever a positive number happens to be drawn. So a claim with a bend, or with whole numbers, is compared on
numbers of both signs, and on some that are far larger and smaller than others.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

from nnlit.book.checks.comparison import LOOSE, differential, twice, verdict
from nnlit.book.checks.rounding import BESIDE, settled, with_digits, with_more_digits
from nnlit.book.checks.sides import INEQUALITIES, Difference, InfiniteError, Nowhere
from nnlit.book.evaluation.definitions import Part
from nnlit.book.evaluation.differences import BentError
from nnlit.book.evaluation.environment import World
from nnlit.book.evaluation.extremes import FAREST
from nnlit.book.evaluation.sampling import DRAWS, ONES, WITHOUT_ZEROS
from nnlit.book.evaluation.values import Mistake
from nnlit.book.language import nodes as n
from nnlit.book.language.vocabulary import Condition, Kind

FACTORS = (1.0, 1.0, 4.0, 16.0, 1 / 16)  # of the numbers in one draw after the other
FEW = 12  # draws of a claim that costs much, and holds a name which is one of few numbers
FAR = (*[FAREST] * 6, *[1 / FAREST] * 2)  # of those in further draws, where a claim sets bounds
GROWING = {r"\exp", r"\cosh", r"\sinh", r"\tanh", "softmax", "logsumexp", "sigmoid", "softplus"}
BOUNDS = INEQUALITIES | {r"\in"}
BENDING = {r"\max", r"\min", "ReLU", "relu", "abs", "sign", "clip", r"\lambda_{\max}", r"\lambda_{\min}"}
BENDING |= {"floor", "ceil"}
BENT = n.Absolute | n.Cases | n.Indicator | n.Relation | n.Norm | n.Factorial | n.Binomial
OPEN = {"()", "(]", "[)"}
SOFT = {"<": r"\le", ">": r"\ge", r"\prec": r"\preceq", r"\succ": r"\succeq"}
EXTREMES = ("max", "min", "argmax", "argmin")


def largest(step: n.Step, part: Part, world: Callable[[int, float], World]) -> float:
    """The largest error of a claim on some draws, those with a number and a factor; it is comparable on one of them.

    Raises:
        Difference: it is false on a draw.
        Mistake: it has no value.
    """
    found, nowhere, apart = list[float](), Nowhere(""), has_zeros(step, part)
    for k, factor in draws(step, part):
        try:
            found += on_draw(step, part, world, k, factor)
        except Nowhere as mistake:
            nowhere = mistake
        except (Mistake, ArithmeticError) as mistake:
            at_zero = apart and isinstance(mistake, InfiniteError | BentError) and k not in WITHOUT_ZEROS
            if factor == 1.0 and k != ONES and not at_zero:
                raise  # what has no value for large numbers is compared elsewhere
    for k in WITHOUT_ZEROS if not found and apart else ():
        with suppress(Nowhere):
            found.append(verdict(step, world(k, 1.0)))
        if len(found) > 1:
            break
    if not found:
        raise nowhere
    return max(found)


def on_draw(step: n.Step, part: Part, world: Callable[[int, float], World], k: int, factor: float) -> Iterator[float]:
    """The error of a claim on one draw; nothing where it differs for large or small numbers by rounding."""
    claim = step if factor == 1.0 else softened(step)
    try:
        yield verdict(claim, world(k, factor))
    except InfiniteError as error:
        error.world = world(k, factor)
        size = None if part.strict else with_more_digits(claim, with_digits(error.world))
        if size is None:
            raise
        yield size
    except Difference as difference:
        is_told = part.strict or not difference.measured
        size = None if is_told else settled(claim, lambda beside: world(k, factor * beside), difference.size)
        if size is not None:
            yield size
        elif factor == 1.0 or shows(step, world(k, factor * BESIDE[0]), difference.size):
            seen = numbers(step, world(k, factor))
            asked = seen and count(step, part) > 2
            told = seen if asked and (step.relation == r"\approx" or holds_elsewhere(step, world, k)) else ""
            raise Difference(f"{difference}{told}", difference.size) from None


def holds_elsewhere(step: n.Step, world: Callable[[int, float], World], but: int) -> bool:
    """Whether a claim that is false on a draw is true on another one: then its numbers say why."""
    for k in (k for k in range(DRAWS) if k != but):
        with suppress(Difference, Mistake, ArithmeticError):
            verdict(step, world(k, 1.0))
            return True
    return False


def has_zeros(step: n.Step, part: Part) -> bool:
    """Whether a name of a claim is 0 in the first draws because another display of the text bends there."""
    names = part.scope.uses(step.left) | part.scope.uses(step.right) if part.zeros else frozenset[str]()
    return not part.strict and bool(names & part.zeros)


def draws(step: n.Step, part: Part) -> Iterator[tuple[int, float]]:
    """The draws of a claim, each with its factor; how many they are is asked for once it has passed the first one."""
    yield 0, FACTORS[0]
    needed = count(step, part)
    is_scaled = needed == DRAWS and step.relation != r"\ne" and not loses_its_step(step, part)  # e^{-1000} is 0
    for k in range(1, needed):
        yield k, FACTORS[k % len(FACTORS)] if is_scaled and k != ONES else 1.0
    yield from enumerate(FAR if is_scaled and step.relation in BOUNDS else (), needed)


def loses_its_step(step: n.Step, part: Part) -> bool:
    """Whether exponentials are differentiated: of a number that is small enough the step rounds to nothing."""
    sides = (step.left, step.right, *bodies(step, part))
    grows = (
        isinstance(x, n.Call) and part.scope.aliases.get(x.function, x.function) in GROWING
        for s in sides
        for x in s.every
    )
    return any(map(differential, sides)) and (any(grows) or any("e" in side.names for side in sides))


def shows(step: n.Step, beside: World, size: float) -> bool:
    """Whether a difference for large or small numbers is more than rounding: then it is the same right beside."""
    try:
        verdict(softened(step), beside)
    except Difference as other:
        return size > LOOSE and abs(other.size - size) < size / 1000
    except (Mistake, ArithmeticError):
        return False
    return False


def count(step: n.Step, part: Part) -> int:
    """How many draws a claim needs."""
    if step.relation in BOUNDS or step.where:
        return DRAWS
    if step.relation == r"\approx":
        return 4
    nodes = [x for node in (step.left, step.right, *bodies(step, part)) for x in node.every]
    if any(isinstance(x, n.Limit | n.Order) or twice(x) for x in nodes):  # these are differences of a fixed width
        return FEW if any(isinstance(x, n.Symbol) and is_one_of_few(x.name, part) for x in nodes) else 2
    return DRAWS if any(is_bent(x, part) for x in nodes) else 2


def bodies(step: n.Step, part: Part) -> Iterator[n.Node]:
    """What the names are that a claim rests on."""
    names = part.scope.uses(step.left) | part.scope.uses(step.right)
    yield from (found.body for name in sorted(names) if (found := part.scope.definitions.get(name)))


def is_bent(node: n.Node, part: Part) -> bool:
    """Whether a node has a bend or a branch, or is one of few values."""
    if isinstance(node, n.Power):
        return not is_whole(node.exponent) and node.base != n.Symbol("e")
    if isinstance(node, n.Call):
        return part.scope.aliases.get(node.function, node.function) in BENDING
    if isinstance(node, n.Big):
        return node.operator in EXTREMES
    return is_one_of_few(node.name, part) if isinstance(node, n.Symbol) else isinstance(node, BENT)


def is_one_of_few(name: str, part: Part) -> bool:
    """Whether a name is a whole number, a label, a zero or a one."""
    row = part.rows.get(name)
    if row is None or row.axes:
        return False
    few = {Condition.BINARY, Condition.SIGNS} & row.conditions
    return row.kind in {Kind.INTEGER, Kind.LABELS} or bool(few) or name in part.scope.random


def is_whole(node: n.Node) -> bool:
    """Whether an exponent is a whole number that is written out."""
    node = node.body if isinstance(node, n.Negative) else node
    return isinstance(node, n.Number) and "." not in node.text


def softened(step: n.Step) -> n.Step:
    """A claim without its strictness, which large numbers round away: a sigmoid of forty is one."""
    if isinstance(step.right, n.Domain) and step.right.kind in OPEN:
        return replace(step, right=replace(step.right, kind="[]"))
    return replace(step, relation=SOFT.get(step.relation, step.relation))


def numbers(step: n.Step, world: World) -> str:
    """The numbers on which a claim was found false, of the first three names that stand for one."""
    names = dict.fromkeys(x for side in (step.left, step.right) for x in side.names)
    values = [(x, world.lookup(x)) for x in names if world.scope.kind(x) not in {Kind.SIZE, Kind.FUNCTION}]
    shown = [f"{x} = {float(v.data.real):.3g}" for x, v in values if v is not None and v.data.ndim == 0]
    return f"; it is false where {', '.join(shown[:3])}" if shown else ""
