"""The doors of the library: what people hand over is looked at once, and what does not fit is named with its repair.

A message says what was expected and what came. After its last `write` stands code that mends it.
"""

from __future__ import annotations

import inspect
import itertools
import math
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from nnlit.data import Array

CLASSES = "write classes, y = np.unique(y, return_inverse=True)"
GENERATOR = "write rng = np.random.default_rng(0)"


# --- arrays -----------------------------------------------------------------------------------------------------------


def array(caller: str, name: str, given: Any) -> Array:
    """What a person has as an array, if it says the same as an array.

    Args:
        caller: whom the message names.
        name: of the argument.
        given: an array, a list, a frame, a series, a tensor.

    Raises:
        ValueError: if it is nothing of the kind, such as None, a text or a generator, if entries are masked, or if rows
            are of unequal length.
    """
    if type(given) is np.ndarray:
        return given
    if isinstance(given, np.ma.MaskedArray) and np.ma.is_masked(given):
        text = f"{caller}: expected {name} without gaps, but {np.ma.getmaskarray(given).sum()} numbers are masked"
        rest = "to leave those examples out write X, y = np.asarray(X)[~y.mask], y.compressed()"
        zeros = f"to put 0 in their place write {name} = {name}.filled(0)"
        raise ValueError(f"{text}; {rest if name == 'y' and given.ndim == 1 else zeros}")
    for is_one, code in HELD:
        if is_one(given):
            raise ValueError(f"{caller}: expected {name} to be an array, but it is {described(given)}{code(name)}")
    try:
        found: Array = np.asarray(given)
    except ValueError:
        if not isinstance(given, list | tuple):
            raise
        sizes = [len(row) if hasattr(row, "__len__") else 1 for row in given]
        others = (f", but row 0 has {sizes[0]} and row {i} has {n}" for i, n in enumerate(sizes) if n != sizes[0])
        raise ValueError(f"{caller}: expected {name} with rows of one length{next(others, '')}") from None
    if not found.ndim and found.dtype == object:
        raise ValueError(f"{caller}: expected {name} to be an array, but it is {described(given)}")
    return found


def _is_tensor(given: Any) -> bool:
    """Whether it is a tensor that NumPy does not take as it is."""
    if not hasattr(given, "detach"):
        return False
    try:
        np.asarray(given)
    except (TypeError, RuntimeError):
        return True
    return False


def _from_file(name: str) -> str:
    more = "; write data = load_mnist(X); X, y = data.X_train, data.y_train"
    return f", which is a text{more if name == 'X' else ''}"


def _is_picture(given: Any) -> bool:
    """Whether it is the name of a picture."""
    return isinstance(given, str | os.PathLike) and str(given).lower().endswith(PICTURES)


PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".webp")
HELD: list[tuple[Callable[[Any], bool], Callable[[str], str]]] = [  # what is no array, and how it becomes one
    (lambda given: hasattr(given, "toarray"), "; write {0} = {0}.toarray()".format),
    (lambda given: hasattr(given, "X_train"), "; write X, y = X.X_train, X.y_train".format),
    (_is_tensor, "; write {0} = {0}.detach().cpu().double().numpy()".format),
    (lambda given: hasattr(given, "layers"), "; write {0} = {0}.predict(X)".format),
    (lambda given: isinstance(given, dict), "; write {0} = np.array(list({0}.values()))".format),
    (lambda given: isinstance(given, set | frozenset), "; write {0} = np.array(sorted({0}))".format),
    (_is_picture, "; write {0} = read_picture({0}).pixels[None]".format),
    (lambda given: isinstance(given, str | bytes | os.PathLike), _from_file),
    (lambda given: hasattr(given, "__next__"), "; write {0} = np.array(list({0}))".format),
]


def numbers(caller: str, name: str, given: Any) -> Array:
    """What a person has as an array of numbers; what text or objects hold is read only if its owner says so.

    Args:
        caller: whom the message names.
        name: of the argument.
        given: an array, a list, a frame, a series, a tensor.

    Raises:
        ValueError: as `array` does, or if it holds something else than numbers.
    """
    found = array(caller, name, given)
    if found.dtype.kind in "biufc":
        return found
    text = f"{caller}: expected numbers, but {name} is of type {found.dtype}"
    for code, way in READ:
        try:
            now = way(given)
        except (TypeError, ValueError, AttributeError):
            continue
        if now.dtype.kind in "biuf":
            raise ValueError(f"{text}; write {name} = {code.format(name)}")
    raise ValueError(f"{text}{_first_other(name, found)}")


def _seconds(X: Array) -> Array:
    """Times as seconds since the first of them."""
    if X.dtype.kind not in "mM":
        raise TypeError
    return np.asarray((X - X.min()) / np.timedelta64(1, "s"))


def _dummies(X: Any) -> Array:
    """Columns of words as columns of 0 and 1."""
    if not hasattr(X, "columns"):
        raise TypeError
    return np.asarray(sys.modules["pandas"].get_dummies(X).to_numpy(float))  # which has made the frame


READ: list[tuple[str, Callable[[Any], Array]]] = [  # ways to numbers; the first that succeeds is offered
    ("np.stack([{0}[n] for n in {0}.dtype.names], 1)", lambda X: np.stack([X[name] for name in X.dtype.names], 1)),
    ("(np.asarray({0}) - np.min({0})) / np.timedelta64(1, 's')", lambda X: _seconds(np.asarray(X))),
    ("{0}.to_numpy(float, na_value=np.nan)", lambda X: X.to_numpy(float, na_value=np.nan)),
    ("np.asarray({0}).astype(float)", lambda X: np.asarray(X).astype(float)),
    ("np.array([list(row) for row in {0}], float)", lambda X: np.array([list(row) for row in X], float)),
    ("pd.get_dummies({0}).to_numpy(float)", _dummies),
]


def _first_other(name: str, X: Array) -> str:
    """Where the first entry stands that is no number."""
    for place, value in np.ndenumerate(X):
        try:
            float(value)
        except (TypeError, ValueError):
            where = f"{name}[{', '.join(map(str, place))}]"
            return f"; {where} is {str(value)[:40]!r}, which is no number"
    return ""


# --- examples ---------------------------------------------------------------------------------------------------------


def examples(caller: str, given: Any, n: int | None = None) -> Array:
    """Examples as an array with one of them per row, all finite numbers.

    Args:
        caller: whom the message names.
        given: what should be examples: an array, a list, a frame.
        n: numbers per example, if they are known.

    Returns:
        X as an array, unchanged.

    Raises:
        ValueError: if X holds something else than numbers, has another shape, or holds NaN or infinity.
    """
    X = numbers(caller, "X", given)
    if X.dtype.kind == "c" and caller != "Network":  # whose predict is differentiated by complex step
        text = f"{caller}: expected real numbers, but X is {X.dtype}"
        raise ValueError(f"{text}; for real and imaginary parts write X = np.hstack([np.real(X), np.imag(X)])")
    if X.ndim != 2 or n not in (None, X.shape[1]):
        text = f"{caller}: expected X of shape (m, {n or 'n'}), one example per row, but X is {X.shape}"
        raise ValueError(text + _other_shape(X.shape, n))
    _check_finite(caller, "X", X)
    return X


def _other_shape(shape: tuple[int, ...], n: int | None) -> str:
    """What is to be done with examples of another shape, as far as it can be known."""
    size = math.prod(shape)
    if len(shape) == 1 or (len(shape) == 2 and size == n):
        return "; one example alone is a row: write X = np.reshape(X, (1, -1))" if n in (None, size) else ""
    if len(shape) > 2 and n in (None, math.prod(shape[1:])):
        return "; to lay each image out as a row write X = np.reshape(X, (len(X), -1))"
    if len(shape) > 2 and n == math.prod(shape[:-1]):
        return "; to make rows of the last axis write X = np.reshape(X, (-1, np.shape(X)[-1])).T"
    if len(shape) == 2 and shape[0] == n:
        return "; examples stand in columns: write X = np.transpose(X)"
    if len(shape) == 2 and n is not None and shape[1] == n + 1:
        return "; if the first column holds the labels write X = np.asarray(X)[:, 1:]"
    return ""


def logits(caller: str, given: Any, m: int | None = None) -> Array:
    """Outputs as a matrix of numbers, one example per row; they may be complex or infinite.

    Args:
        caller: whom the message names.
        given: what should be outputs.
        m: the number of examples, if it is known.

    Returns:
        Z as an array, unchanged.

    Raises:
        ValueError: if they are something else, or there is no column.
    """
    Z = numbers(caller, "Z", given)
    if Z.ndim != 2 or not Z.shape[1]:
        text = f"{caller}: expected Z of shape (m, K), one example per row and one class per column, but Z is {Z.shape}"
        if Z.shape == (m,):
            text += "; one output alone is a column: write Z = np.reshape(Z, (-1, 1))"
        elif Z.ndim == 1 and Z.size:
            text += "; one example alone is a row: write Z = np.reshape(Z, (1, -1))"
        if Z.ndim > 2 and Z.shape[-1]:
            text += "; if the classes are the last axis write Z = np.reshape(Z, (-1, np.shape(Z)[-1]))"
        raise ValueError(text)
    return Z


def lines(caller: str, given: Any, width: Any) -> Array:
    """An image as an array of numbers that fill their lines; raises ValueError or TypeError if they do not."""
    x = numbers(caller, "x", given)
    if x.dtype.kind == "c":
        raise ValueError(f"{caller}: expected real numbers, but x is {x.dtype}; write x = np.real(x)")
    if x.size % count(caller, "width", width):
        text = f"expected lines of {width} pixels, but x has {x.size} numbers"
        raise ValueError(f"{caller}: {text}; is width right?")
    return x


def _check_finite(caller: str, name: str, X: Array) -> None:
    """Raise ValueError if there is NaN or infinity in a matrix, with its first row."""
    if X.dtype.kind not in "fc" or not X.size:
        return
    with np.errstate(invalid="ignore", over="ignore"):  # of infinities
        quick = X.dtype.kind == "f" and np.isfinite(X.min() + X.max())  # of complex numbers these are no bounds
    if quick or np.isfinite(X).all():
        return
    i, j = np.argwhere(~np.isfinite(X))[0].tolist()
    kind = "NaN" if np.isnan(X[i, j]) else "infinity"
    text = f"{caller}: {kind} in {name}, row {i}, column {j}; expected finite numbers"
    raise ValueError(f"{text}; to put 0 in its place write {name} = np.nan_to_num({name}, posinf=0, neginf=0)")


def pairs(caller: str, X: Any, y: Any) -> None:
    """Raise ValueError if there is no row, or not one label or target for each."""
    y = array(caller, "y", y)
    rows, labels = np.shape(X)[:1], np.shape(y)[:1]
    if rows != labels or rows in ((), (0,)):
        text = f"expected at least one row and a label for each; X is {np.shape(X)}, y is {np.shape(y)}"
        raise ValueError(f"{caller}: {text}" + ("; write y = np.ravel(y)" if rows == (np.size(y),) != (0,) else ""))


class Range(NamedTuple):
    """What a network learned on: the kind of the numbers, and how far they run.

    Attributes:
        kind: `b`, `u`, `i` or `f`, as NumPy names the kinds of its types.
        low: the smallest number.
        high: the largest one.
    """

    kind: str
    low: float
    high: float

    @classmethod
    def checked(cls, given: Any) -> Range | None:
        """A range from a file; raises ValueError if it is none."""
        if given is None or isinstance(given, Range):
            return given
        kind, low, high = given
        if kind not in ("b", "u", "i", "f") or not -math.inf < low <= high < math.inf:
            raise ValueError(f"Network: expected a range as learned on, but it is {given!r}"[:200])
        return cls(kind, float(low), float(high))

    @classmethod
    def of(cls, X: Array) -> Range | None:
        """The range of an array of real numbers; None where there are none."""
        if not X.size or X.dtype.kind not in "biuf":
            return None
        blocks = [X[k : k + 1000] for k in range(0, len(X), 1000)] if X.ndim else [X]
        ends: list[tuple[Any, Any]] = []
        for block in blocks:  # a block stays in the cache for both
            ends.append((block.min(), block.max()))
            if X.dtype == np.uint8 and ends[-1] == (0, 255):
                break  # no byte lies outside
        lows, highs = zip(*ends, strict=True)
        return cls(X.dtype.kind, float(np.min(lows)), float(np.max(highs)))

    def differs(self, X: Array, now: Range) -> bool:
        """Whether numbers X of the range now are another kind of thing than those of this range.

        So they are if more than one in a hundred lies far outside, if bytes have become
        negative, or if all of them keep to a fiftieth of the range, which two or three
        may do by chance.
        """
        span = self.high - self.low
        if not span:
            return False
        low, high = self.low - span / 2, self.high + span / 2
        beyond = now.low < low or now.high > high
        outside = int(np.count_nonzero((low > X) | (high < X))) if beyond else 0
        negative = self.kind in "bu" and now.low < 0
        narrow = X.size > 3 and 0 < now.high - now.low < span / 50
        return bool(outside > X.size / 100 or negative or narrow)

    def __or__(self, other: Range | None) -> Range:
        """The smallest range that holds both, of the newer kind."""
        if other is None:
            return self
        return Range(self.kind, min(self.low, other.low), max(self.high, other.high))

    def __str__(self) -> str:
        whole = "bytes or whole numbers" if self.kind in "biu" else "numbers"
        return f"{whole} from {self.low:g} to {self.high:g}"


def compare(X: Array, learned: Range | None) -> Range | None:
    """Warn if examples run over another range than a network has learned on.

    Returns the range that it has learned on after training on X, too.
    """
    now = Range.of(X)
    if now is None or learned is None:
        return now
    if not learned.differs(X, now):
        return now | learned
    text = f"X holds {now}, but the network has learned on {learned}"
    warn(f"Network: {text}; its answers mean nothing unless both are alike")
    return now


def _without_parameters(layer: Any) -> bool:
    return not getattr(layer, "parameters", ()) and not hasattr(layer, "layers")


def scaled_twice(X: Array, layers: Sequence[Any]) -> None:
    """Warn if X has the range already that the layers in front of the first weights give it."""
    front = itertools.takewhile(_without_parameters, layers)
    found = [layer for layer in front if hasattr(layer, "factor")]
    if not found or X.dtype.kind not in "biuf":
        return
    ends = np.stack([X[:1000].min(axis=0), X[:1000].max(axis=0)])  # these layers keep the order of a column
    for layer in found:
        ends = layer.predict(ends)
    spread = np.ptp(ends, axis=0)
    typical = float(np.median(spread[spread > 0])) if spread.any() else 1.0
    if typical < 0.05:
        text = f"X holds {Range.of(X)}, and behind {found[-1]} a column of it differs by {typical:.2g}"
        warn(f"fit: {text}; is it scaled twice? Hand over what the layer is made for")


# --- labels -----------------------------------------------------------------------------------------------------------


def labels(given: Any, K: int) -> Array:
    """Labels as a vector of integers from 0 to K-1.

    Args:
        given: what should be labels: an array, a list, a series.
        K: the number of classes.

    Returns:
        y as an array, unchanged.

    Raises:
        ValueError: if y has another number of axes, is not of an integer type, or leaves 0..K-1.
    """
    y, K = array("labels", "y", given), count("labels", "K", K)
    if y.ndim != 1:
        raise ValueError(f"labels: expected one axis, (m,), but y has shape {y.shape}{_other_axes(y, K)}")
    if y.dtype.kind not in "iu":
        raise ValueError(f"labels: expected integers, but y is {y.dtype}; {_other_type(y)}")
    outside = np.flatnonzero((y < 0) | (y >= K))
    if outside.size:
        i = int(outside[0])
        text = f"labels: expected integers from 0 to {K - 1}, but y[{i}] is {y[i]}"
        raise ValueError(f"{text}; {_other_numbers(y, K)}")
    return y


def _other_axes(y: Array, K: int) -> str:
    """What is to be done with labels that are no vector."""
    if y.ndim == 2 and 1 in y.shape:
        return "; write y = np.ravel(y)"
    if y.ndim == 2 and y.shape[1] == K:
        return "; of one-hot rows write y = np.argmax(y, axis=1)"
    return ""


def _other_type(y: Array) -> str:
    """What is to be done with labels that are no integers."""
    if y.dtype.kind == "f":  # NaN, halves, whole numbers
        whole = np.isfinite(y) & (y == np.round(y))
        if not np.isfinite(y).all():
            i = int(np.flatnonzero(~np.isfinite(y))[0])
            text = f"y[{i}] is {y[i]}, which is no class; to leave such examples out write there = "
            return f"{text}np.isfinite(np.asarray(y, float)); X, y = np.asarray(X)[there], np.asarray(y, float)[there]"
        if not whole.all():
            i = int(np.flatnonzero(~whole)[0])
            text = f"y[{i}] is {y[i]:g}, which is no class"
            return f"{text}; measured numbers are target rows for squared_error: write y = np.asarray(y)[:, None]"
    if y.dtype.kind == "c":
        return "write y = np.real(y).astype(int)"
    if y.dtype.kind in "USTMm" or all(isinstance(v, str) for v in y):
        return CLASSES
    try:
        numbers = y.astype(float)
    except (TypeError, ValueError):
        return f"to take each as a word and number the words {CLASSES.replace('(y,', '(np.asarray(y).astype(str),')}"
    # objects may be None, and halves
    return _other_type(numbers) if y.dtype.kind == "O" else "write y = np.asarray(y).astype(int)"


def _other_numbers(y: Array, K: int) -> str:
    """What is to be done with integers of which some are none of the classes."""
    low, high, n = y.min(), y.max(), np.unique(y).size
    if (low, high) == (1, K):
        return "labels from 1: write y = np.asarray(y) - 1"
    if n <= K:
        return f"to number the {n} labels from 0 {CLASSES}"
    return f"is K = {K} the number of classes? There are {n} labels, and the network needs an output for each"


def classes(caller: str, y: Any, K: int) -> Array:
    """Labels, or the labels of target rows of which every one is a probability for each class.

    Args:
        caller: whom the message names.
        y: labels of shape (m,), or rows of shape (m, K) that are not negative and sum to 1.
        K: the number of classes, at least 2.

    Returns:
        Labels, shape (m,).

    Raises:
        ValueError: as `labels` does, or if there is one output only, whose largest is always that one.
    """
    if K == 1:
        text = f"{caller}: expected an output for each class, but the network has one, which is always the largest"
        raise ValueError(f"{text}; of logits write right = ((network.predict(X)[:, 0] > 0) == np.ravel(y)).mean()")
    rows = array(caller, "y", y)
    if rows.ndim == 2 and rows.shape[1] == K and are_probabilities(rows):
        answers: Array = rows.argmax(axis=1)
        return answers
    return labels(rows, K)


def rows(caller: str, given: Any, K: int) -> Array:
    """Target rows, one for each example.

    Args:
        caller: whom the message names.
        given: what should be rows of shape (m, K).
        K: the number of outputs.

    Returns:
        Y as an array, unchanged.

    Raises:
        ValueError: if it is none, or holds something else than finite numbers.
    """
    Y = array(caller, "y", given)
    if Y.ndim == 1 and K == 1:
        text = f"{caller}: expected target rows of shape (m, 1), because there is one output, but y is {Y.shape}"
        raise ValueError(f"{text}; write y = np.asarray(y)[:, None]")
    if Y.ndim != 2 or Y.shape[1] != K:
        text = f"{caller}: expected labels of shape (m,) or target rows of shape (m, {K}), but y is {Y.shape}"
        raise ValueError(text + ("; write y = np.ravel(y)" if Y.ndim == 2 and 1 in Y.shape else ""))
    Y = numbers(caller, "y", Y)
    _check_finite(caller, "y", Y)
    return Y


def example_weights(given: Any, y: Any) -> Array:
    """A weight for every example.

    Args:
        given: weights of shape (m,), or a dictionary with the weights of classes.
        y: the labels, shape (m,); with weights of examples, target rows will do.

    Returns:
        Weights, shape (m,), not negative and not all zero.

    Raises:
        TypeError: if a name or a number came.
        ValueError: if there is not one weight for each example, or one is no weight.
    """
    mean_one = "write weights = len(y) / (len(np.unique(y)) * np.bincount(y)[y])"
    if isinstance(given, str | int | float):
        text = f"fit: expected weights of shape (m,) or a dictionary of classes, but it is {given!r}"
        raise TypeError(f"{text}; for classes that count alike {mean_one}")
    if isinstance(given, dict):
        found = sorted(set(given) - set(np.unique(np.asarray(y)).tolist()), key=str)
        if np.ndim(y) != 1 or found:
            what = f"no example has the label {found[0]!r}" if found else "y is no vector of labels"
            raise ValueError(f"fit: expected weights of classes that are there, but {what}")
        given = [given.get(label, 1.0) for label in np.asarray(y).tolist()]
    w = array("fit", "weights", given)
    if w.shape != np.shape(y)[:1]:
        text = f"fit: expected a weight for each of {len(y)} examples, but weights is {w.shape}"
        by_class = w.ndim == 1 and np.ndim(y) == 1
        raise ValueError(
            text + ("; for weights of classes write weights = dict(enumerate(weights))" if by_class else "")
        )
    if w.dtype.kind not in "biuf" or not (w >= 0).all() or not 0 < w.sum() < math.inf:
        odd = [str(v) for v in w.ravel().tolist() if not (isinstance(v, int | float) and 0 <= v < math.inf)]
        came = f"{odd[0]} is among them" if odd else "all are 0, or their sum is too large"
        text = f"fit: expected weights of at least 0 that are not all 0, but {came}"
        raise ValueError(f"{text}; {mean_one}" if np.ndim(y) == 1 else text)
    return w


def several(caller: str, K: int) -> None:
    """Raise ValueError if there is one class only."""
    if K == 1:
        text = "expected an output for each class; one output is always certain"
        raise ValueError(f"{caller}: {text}, so its loss is 0 whatever it is")


def sum_to_one(caller: str, Y: Array) -> Array:
    """Target rows, if each of them sums to one.

    Args:
        caller: whom the message names.
        Y: rows, shape (m, K).

    Returns:
        Y, unchanged.

    Raises:
        ValueError: if a row sums to something else.
    """
    sums = Y.sum(axis=1)
    odd = np.flatnonzero(~(abs(sums - 1) <= 1e-3))
    if odd.size:
        text = f"expected target rows that sum to 1, but row {odd[0]} sums to {sums[odd[0]]:g}"
        if ((Y == 0) | (Y == 1)).all() and sums.max() > 1:
            raise ValueError(f"{caller}: {text}; for any number of labels each write loss = binary_cross_entropy")
        raise ValueError(f"{caller}: {text}; write y = y / np.sum(y, axis=1, keepdims=True)")
    return Y


def from_0_to_1(caller: str, Y: Array) -> Array:
    """Target rows, if all numbers lie between 0 and 1."""
    odd = np.argwhere(~((Y >= 0) & (Y <= 1)))
    if len(odd):
        i, j = odd[0].tolist()
        text = f"{caller}: expected targets from 0 to 1, but row {i}, column {j} is {Y[i, j]:g}"
        raise ValueError(f"{text}; for no below zero and yes above write y = (np.asarray(y) > 0).astype(int)")
    return Y


def are_probabilities(Y: Array) -> bool:
    """Whether every row is a probability for each of several classes."""
    if Y.ndim != 2 or Y.shape[1] < 2 or Y.dtype.kind not in "biuf":
        return False
    return bool((Y >= 0).all() and (abs(Y.sum(axis=1) - 1) < 1e-3).all())


# --- warnings ---------------------------------------------------------------------------------------------------------


def warn(message: str | Warning) -> None:
    """Warn, and name the line outside the library that led here."""
    level, frame = 1, inspect.currentframe()
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] == "nnlit":
        level, frame = level + 1, frame.f_back
    warnings.warn(message, stacklevel=level)


# --- arguments --------------------------------------------------------------------------------------------------------


def generator(caller: str, rng: Any) -> np.random.Generator:
    """A generator of random numbers; a seed, None, `np.random` or a RandomState is none."""
    if not isinstance(rng, np.random.Generator):
        seed = rng if isinstance(rng, int) and not isinstance(rng, bool) and rng >= 0 else 0
        text = f"{caller}: expected rng to be a generator, but it is {described(rng)}"
        raise TypeError(f"{text}; write rng = np.random.default_rng({seed})")
    return rng


def nodes(caller: str, L: Any, inputs: Any) -> None:
    """Raise TypeError if a number is not on the tape, or one node came where a list of them belongs."""
    if not hasattr(L, "parents"):
        raise TypeError(f"{caller}: expected a node, but L is {described(L)}; make L from nodes, such as Node(2.0)")
    if hasattr(inputs, "parents"):
        raise TypeError(f"{caller}: expected a list of nodes, but it is one node; write inputs = [inputs]")


def function(x: str, f: Any) -> Callable[..., Any]:
    """A function whose gradient in x is looked at; raises TypeError if something else came."""
    if not callable(f) or hasattr(f, "forward"):
        raise TypeError(f"gradient of {x}: expected a function of {x}, but it is no function: {f!r}"[:200])
    given: Callable[..., Any] = f
    return given


def start(caller: str, n_in: Any, n_out: Any, rng: Any, dtype: Any) -> None:
    """Raise TypeError or ValueError if a dense layer cannot begin with these sizes, this generator and this type."""
    count(caller, "n_in", n_in)
    count(caller, "n_out", n_out)
    generator(caller, rng)
    try:
        kind = np.dtype(dtype).kind
    except TypeError:
        text = f"{caller}: expected dtype to be a floating-point type, but it is {described(dtype)}"
        raise TypeError(f"{text}; write dtype = np.float32") from None
    if kind not in "fc":
        text = f"{caller}: expected dtype to be a floating-point type, but it is {np.dtype(dtype)}"
        raise ValueError(f"{text}; write dtype = np.float32")


def weights(W: Any, b: Any) -> None:
    """Raise TypeError or ValueError if W is no matrix with a number of b for each column, of one type."""
    if isinstance(W, int | np.integer):
        n_out = b if isinstance(b, int | np.integer) else 10
        text = f"Dense: expected W to be a matrix of weights, but it is {W}"
        raise TypeError(
            f"{text}; write rng = np.random.default_rng(0); W, b = (p := Dense.start({W}, {n_out}, rng)).W, p.b"
        )
    for name, value in (("W", W), ("b", b)):
        if isinstance(value, list | tuple):
            text = f"Dense: expected {name} to be an array, but it is {described(value)}"
            raise TypeError(f"{text}; write {name} = np.array({name}, float)")
    if np.ndim(W) != 2 or np.shape(b) != np.shape(W)[1:]:
        sizes = f"W is {np.shape(W)}, b is {np.shape(b)}"
        mend = "; write b = np.ravel(b)" if np.shape(W)[1:] == (np.size(b),) else ""
        if np.ndim(W) == 2 and np.shape(b) == np.shape(W)[:1]:
            mend = "; if W is as PyTorch keeps it write W = W.T"
        raise ValueError(f"Dense: expected W of shape (n_in, n_out) and b of shape (n_out,); {sizes}{mend}")
    if W.dtype.kind not in "fc":
        raise ValueError(f"Dense: expected W in floating point, but it is {W.dtype}; write W = W.astype(float)")
    if b.dtype.kind not in "fc":
        raise ValueError(f"Dense: expected b in floating point, but it is {b.dtype}; write b = b.astype(W.dtype)")


def constants(shift: Any, factor: Any) -> None:
    """Raise TypeError or ValueError if the constants of Standardize are not two vectors of finite numbers."""
    for name, value in (("shift", shift), ("factor", factor)):
        if not isinstance(value, np.ndarray):
            text = f"Standardize: expected {name} to be an array, but it is {described(value)}"
            raise TypeError(f"{text}; write {name} = np.array({name}, float)")
        if value.dtype.kind not in "fc":
            text = f"Standardize: expected {name} in floating point, but it is {value.dtype}"
            raise ValueError(f"{text}; write {name} = {name}.astype(float)")
    if shift.ndim != 1 or shift.shape != factor.shape:
        text = f"shift is {shift.shape}, factor is {factor.shape}"
        raise ValueError(f"Standardize: expected shift and factor of one shape (n,); {text}")
    if not (np.isfinite(shift).all() and np.isfinite(factor).all()):
        raise ValueError("Standardize: expected finite numbers, but shift or factor holds NaN or infinity")


def count(caller: str, name: str, n: Any, least: int = 1) -> int:
    """A whole number of at least 1, or of at least `least`."""
    if isinstance(n, bool) or not isinstance(n, int | np.integer):
        whole = isinstance(n, float | np.floating) and n == round(n) if not _is_odd(n) else False
        whole = whole or (isinstance(n, str) and n.isdecimal())
        mend = f"; write {name} = {int(n)}" if whole else _usual(name)
        raise TypeError(f"{caller}: expected {name} to be a whole number, but it is {described(n)}{mend}")
    if n < least:
        text = f"{caller}: expected {name} of at least {'one' if least else 'zero'}, but it is {n}"
        raise ValueError(f"{text}{_usual(name)}")
    return int(n)


def _usual(name: str, known: Any = None) -> str:
    """A value to begin with, if one is known."""
    usual = ARGUMENTS.get(name) if known is None else known
    return "" if usual is None else f"; write {name} = {usual}"


def _is_odd(n: Any) -> bool:
    return isinstance(n, float | np.floating) and not math.isfinite(n)


def number(caller: str, name: str, value: Any, usual: Any = None) -> float:
    """A real number, not a text that looks like one; a usual one is offered instead of what cannot be read."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        try:
            mend = f"; write {name} = {float(value)!r}"
        except (TypeError, ValueError):
            mend = _usual(name, usual)
        raise TypeError(f"{caller}: expected {name} to be a number, but it is {described(value)}{mend}")
    return float(value)


def factor(value: Any) -> float:
    """The constant of Scale, rounded to float32; 0, as 1 // 255 is, and what float32 makes of it would lose all."""
    with np.errstate(over="ignore"):
        rounded = float(np.float32(number("Scale", "factor", value)))
    if not rounded or not math.isfinite(rounded):
        text = f"Scale: expected a factor that float32 can hold and that is not 0, but it is {value!r}"
        raise ValueError(f"{text}; write factor = 1 / 255")
    return rounded


LIMITS = {  # what the numbers of a rule stay below; all are at least 0
    "learning_rate": math.inf,
    "mu": 1.0,
    "rho": 1.0,
    "beta1": 1.0,
    "beta2": 1.0,
    "epsilon": math.inf,
    "decay": math.inf,
}


def rates(rule: Any) -> None:
    """Raise TypeError or ValueError if a number of a rule is none, or one with which it does not work."""
    caller = type(rule).__name__
    for name, value in vars(rule).items():
        limit = LIMITS.get(name)
        if limit is None or (type(value) is float and 0 <= value < limit):
            continue
        usual = getattr(type(rule), name, None)
        if not 0 <= number(caller, name, value, usual) < limit:
            words = "a learning rate" if name == "learning_rate" else name
            text = f"expected {words} of at least 0{f' and below {limit:g}' if limit < math.inf else ''}"
            sign = "; the minus sign is in the rule" if name == "learning_rate" and value < 0 else ""
            mend = f": write {name} = {-value}" if sign and value > -math.inf else _usual(name, usual)
            raise ValueError(f"{caller}: {text}, but it is {value}{sign}{mend}")


def described(value: Any) -> str:
    """A value as a message names it: short, and a class as a class."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__}"
    if isinstance(value, str | int | float | bool | None):
        return repr(value)
    return f"a {type(value).__name__}"


SUCH = {  # what is right for an argument, and for the words that people know it by
    "loss": (
        "squared_error",
        {"binary": "binary_cross_entropy", "bce": "binary_cross_entropy"}
        | {"softmax": "softmax_cross_entropy", "crossentropy": "softmax_cross_entropy", "nll": "softmax_cross_entropy"},
    ),
    "rule": (
        "GradientDescent(0.1)",
        {
            "adamw": "AdamW(0.001)",
            "adam": "Adam(0.001)",
            "momentum": "Momentum(0.01)",
            "nesterov": "Nesterov(0.01)",
            "rmsprop": "RMSProp(0.001)",
            "adagrad": "AdaGrad(0.01)",
        },
    ),
    "batches": ("full_batch", {"mini": "MiniBatches(64)"}),
    "gradient": ("whole", {"block": "Blocks()", "thread": "Blocks(threads=2)"}),
    "schedule": ("Cosine(1000)", {}),
    "callback": ("EarlyStopping(patience=5)", {}),
    "layer": ("ReLU()", {}),
    "layers": (
        "ReLU()",
        {"sigmoid": "Sigmoid()", "logistic": "Sigmoid()", "tanh": "Tanh()", "dropout": "Dropout(0.2)"},
    ),
}
VALUES = {  # classes of which one value is enough, and its name
    "SquaredError": "squared_error",
    "SoftmaxCrossEntropy": "softmax_cross_entropy",
    "BinaryCrossEntropy": "binary_cross_entropy",
    "Generator": "np.random.default_rng(0)",
}
ARGUMENTS = {  # values to begin with
    "learning_rate": "0.01",
    "epochs": "10",
    "every": "1",
    "n_in": "784",
    "n_out": "10",
    "K": "10",
    "steps": "1000",
    "fraction": "0.2",
    "size": "64",
    "patience": "5",
    "rate": "0.2",
    "pixels": "1",
    "epsilon": "0.1",
    "strength": "0.0001",
    "factor": "1 / 255",
    "rule": "GradientDescent(0.1)",
    "loss": "squared_error",
    "schedule": "Cosine(1000)",
}


def has(caller: str, name: str, value: Any, *methods: str) -> None:
    """Raise TypeError if a value lacks a method, or is a class, a word or a number where a value belongs.

    Args:
        caller: whom the message names.
        name: of the argument, one of those in `SUCH`.
        value: what came.
        *methods: what it must have.
    """
    other = methods == ("__call__",) and hasattr(value, "forward")  # a layer, whose call only says that it is none
    if isinstance(value, type) or other or not all(callable(getattr(value, method, None)) for method in methods):
        such = instead(name, value)
        text = f"expected {name} to be a value such as {such}, but it is {described(value)}"
        lacks = [m for m in methods if m != "__call__" and not isinstance(value, type) and not hasattr(value, m)]
        more = f", which has no {lacks[0]}" if lacks and not isinstance(value, str | int | float | None) else ""
        raise TypeError(f"{caller}: {text}{more}; write {name} = {such}")


def instead(name: str, value: Any) -> str:
    """Code for what was probably meant by a class, a word or a number."""
    usual, words = SUCH[name]
    if isinstance(value, type):
        return _instance(value) or usual
    if name == "rule" and isinstance(value, float) and 0 < value < math.inf:
        return f"GradientDescent({value})"
    if name == "batches" and isinstance(value, int) and value > 0:
        return f"MiniBatches({value})"
    word = (value if isinstance(value, str) else getattr(value, "__name__", "")).lower()
    word = "".join(c for c in word if c.isalpha())
    return next((code for known, code in words.items() if known in word), usual)


def _instance(kind: type) -> str | None:
    """Code that makes a value of a class, if what its constructor needs is known."""
    if kind.__name__ == "Dense":
        return "Dense.start(784, 10, rng)"
    if kind.__name__ in VALUES:
        return VALUES[kind.__name__]
    try:
        given = inspect.signature(kind).parameters.values()
    except ValueError:
        return None
    needed = [p.name for p in given if p.default is p.empty and p.kind in (p.POSITIONAL_OR_KEYWORD, p.POSITIONAL_ONLY)]
    if not set(needed) <= set(ARGUMENTS):
        return None
    return f"{kind.__name__}({', '.join(ARGUMENTS[n] for n in needed)})"


def layers(given: Any) -> tuple[Any, ...]:
    """The layers of a network, each of which has `forward`, `backward`, `predict` and `width`."""
    if hasattr(given, "forward"):
        raise TypeError(f"Network: expected a list of layers, but it is {described(given)}; write layers = [layers]")
    try:
        found = tuple(given)
    except TypeError:
        text = f"Network: expected a list of layers, but it is {described(given)}"
        raise TypeError(f"{text}; {_dense([784, 10])}") from None
    if found and all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in found):
        text = f"Network: expected layers, but these are numbers, {list(map(int, found))}"
        raise TypeError(f"{text}; {_dense([int(n) for n in found])}")
    for k, layer in enumerate(found):
        if isinstance(layer, type) or not all(hasattr(layer, m) for m in ("forward", "backward", "predict", "width")):
            raise TypeError(_no_layer(k, layer))
    return found


def _dense(sizes: list[int]) -> str:
    """Code for dense layers of these sizes with a ReLU between each two."""
    pairs = [f"Dense.start({n}, {k}, rng)" for n, k in itertools.pairwise([*sizes, 10][: max(len(sizes), 2)])]
    return f"write rng = np.random.default_rng(0); layers = [{', ReLU(), '.join(pairs)}]"


def _no_layer(k: int, layer: Any) -> str:
    """What is wrong with layer k, and its repair."""
    text = f"Network: expected a layer, but layers[{k}] is {described(layer)}"
    mended = instead("layers", layer)
    if hasattr(layer, "forward") and not isinstance(layer, type):
        lacks = next(m for m in ("backward", "predict", "width") if not hasattr(layer, m))
        return f"{text}, which has no {lacks}; derive its class from nnlit.Layer, which brings what it lacks"
    if isinstance(layer, list | tuple) and layer and all(hasattr(one, "forward") for one in layer):
        mended = f"Network(layers[{k}])"
    first = "rng = np.random.default_rng(0); " if "rng" in mended else ""
    return f"{text}; write {first}layers = list(layers); layers[{k}] = {mended}"


METHODS = {  # of a layer, and what each of them returns
    "forward": "forward(self, X, rng=None), which returns the output and a cache, whatever backward needs",
    "backward": "backward(self, cache, grad_A), which returns the gradient of the input and those of the parameters",
}


def lacking(layer: Any, method: str) -> str:
    """What a layer of one's own has to bring."""
    return f"{type(layer).__name__}: a layer of one's own needs {METHODS[method]}; check_layer compares the two"


def network(caller: str, given: Any) -> None:
    """Raise TypeError if something else than a network is handed over, such as what `fit` returned."""
    if isinstance(given, tuple) and len(given) == 2 and hasattr(given[0], "layers"):
        text = f"{caller}: expected a network, but this is what fit returns, a network and its history"
        raise TypeError(f"{text}; write network, history = network")
    if isinstance(given, type) or not hasattr(given, "layers"):
        more = _other_than_a_network(caller, given)
        raise TypeError(f"{caller}: expected a network, but it is {described(given)}{more}")


FOREIGN = {  # what models of other kinds have, and how a network is made of them
    "network_": "network.network_",
    "named_parameters": "nnlit.from_torch(network)",
    "coefs_": "nnlit.from_sklearn(network)",
}


def _other_than_a_network(caller: str, given: Any) -> str:
    """How a network is made of what came, as far as it can be."""
    if isinstance(given, str | os.PathLike) and caller.startswith("save"):
        return ", the name of a file, which comes second; write network, path = path, network"
    if isinstance(given, type):
        return ", which holds no weights; hand over a network itself, such as the first of the two that fit returns"
    if isinstance(given, str | os.PathLike):
        return ", the name of a file; write network = load(network)"
    if isinstance(given, list | tuple) and given and all(hasattr(layer, "forward") for layer in given):
        return "; write network = Network(network)"
    for mark, code in FOREIGN.items():
        if hasattr(given, mark):
            return f"; write network = {code}"
    return "; write network = Network([network])" if hasattr(given, "forward") else ""


def fit(given: Any, values: tuple[Any, ...], epochs: Any, rng: Any) -> None:
    """Raise TypeError or ValueError if an argument of `fit` is not what it must be."""
    loss, rule, batches, gradient, callback = values
    network("fit", given)
    has("fit", "loss", loss, "value_and_gradient", "targets")
    has("fit", "rule", rule, "init", "update")
    has("fit", "batches", batches, "__call__")
    has("fit", "gradient", gradient, "__call__")
    called("batches", batches, "m, rng")
    if callback is not None:
        has("fit", "callback", callback, "__call__")
        called("callback", callback, "epoch, network, record")
    count("fit", "epochs", epochs)
    generator("fit", rng)


def called(name: str, function: Callable[..., Any], takes: str) -> None:
    """Raise TypeError, before anything is trained, if `fit` cannot call a function as it will."""
    try:
        signature = inspect.signature(function)
    except ValueError:  # some functions written in C have none
        return
    try:
        signature.bind(*takes.split(", "))
    except TypeError:
        text = f"fit: expected {name} to be called as {name}({takes}), but it takes {signature}"
        raise TypeError(f"{text}; write def {name}({takes}): ...") from None


class NothingLearnedWarning(UserWarning):
    """Training seems to have learned nothing.

    Attributes:
        what: shows it.
        growth: how many times as large the loss is as it was; 1 where that is not what shows it.
    """

    def __init__(self, what: str, growth: float = 1.0) -> None:
        super().__init__(f"fit: {what}; diagnose(network, X, y, loss) looks for the reason")
        self.what, self.growth = what, growth


def learned_something(run: Any, X: Array, Y: Array, after: float) -> None:
    """Warn if training seems to have learned nothing.

    Args:
        run: the training: its network, records and more.
        X: the examples.
        Y: the target rows.
        after: the loss of the last batch after its step.
    """
    if not after:
        return
    losses = fallen(run.first, [record["loss"] for record in run.records], run.values, after)
    if losses:
        before, now = losses
        text = f"the loss did not fall: it was {before:.4g} and is {now:.4g}"
        warn(NothingLearnedWarning(text, now / before if before else 1.0))
    elif run.values and stands_still(run):  # not where no epoch was left
        text = "no parameter moved in the last epoch; is the learning rate 0, or a schedule at its end?"
        warn(NothingLearnedWarning(text))
    elif run.t >= 50 and (k := one_answer(run.network, X, Y)) is not None:
        warn(NothingLearnedWarning(f"the answer to every example is class {k}"))


def stands_still(run: Any) -> bool:
    """Whether the last epoch has left all parameters as they were."""
    return all(np.array_equal(p, before) for p, before in zip(run.parameters, run.good, strict=True))


def fallen(first: float, epochs: list[float], batches: list[float], after: float) -> tuple[float, float] | None:
    """What the loss was and is, if it did not fall: from epoch to epoch or, with one epoch, within it.

    A first epoch may end far above the loss before the first step; ten times that is no fall, whatever came between.

    Args:
        first: the loss of the first batch before its step.
        epochs: the loss of each epoch.
        batches: the losses of the last epoch's batches.
        after: the loss of the last batch after its step.

    Examples:
        >>> fallen(2.5, [900.0, 80.0], [], after=80.0)
        (2.5, 80.0)
        >>> fallen(2.5, [2.4, 0.5], [], after=0.5) is None
        True
    """
    third = len(batches) // 3
    if len(epochs) > 1:
        before, now = epochs[0], epochs[-1]
    elif len(batches) == 1:
        before, now = batches[0], after
    elif third > 1:
        before, now = float(np.mean(batches[:third])), float(np.mean(batches[-third:]))
    else:
        return None
    before = min(before, first) if now > 10 * first else before
    return None if now < before else (before, now)


def one_answer(network: Any, X: Array, Y: Array) -> int | None:
    """The class that a classifier answers to every example, although they are of several; a thousand are looked at."""
    for few in (20, 1000):  # mostly two answers among the first twenty differ
        some = slice(None, None, -(-len(X) // few))
        Z = network.predict(X[some])
        answers = Z.argmax(axis=1)
        if np.ptp(answers):
            return None
    Y = Y[some, : Z.shape[1]]  # behind it may stand a weight
    several = are_probabilities(Y) and np.ptp(Y.argmax(axis=1))
    return int(answers[0]) if several else None


def pair(name: str, given: Any, m: int) -> Any:
    """Examples and labels, or nothing; or a fraction that leaves some of m examples on both sides."""
    known = given is None or isinstance(given, float)
    if not known and not (isinstance(given, tuple | list) and len(given) == 2):
        text = f"fit: expected {name} to be a pair, {name}=(X, y), or a fraction such as {name}=0.1"
        raise TypeError(f"{text}, but it is {described(given)}")
    if isinstance(given, float) and not (0 < given < 1 and 0 < round(given * m) < m):
        text = f"expected a fraction of {m} examples that leaves some to train on and some to validate on"
        raise ValueError(f"fit: {text}, but {name} is {given}; write {name} = 0.1")
    return given
