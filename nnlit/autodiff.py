"""What libraries do under the hood: every operation is noted, and walked back."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from nnlit import doors
from nnlit.data import Array
from nnlit.losses import Loss
from nnlit.network import Network, leaves
from nnlit.training import Rows, Slopes

Rule = Callable[..., Array]  # of grad_C, C and the inputs: the gradient of one input


def _product_left(grad_C: Array, C: Array, A: Array, B: Array) -> Array:
    return grad_C * B  # eq autodiff:product-left


def _product_right(grad_C: Array, C: Array, A: Array, B: Array) -> Array:
    return grad_C * A  # eq autodiff:product-right


def _sum(grad_C: Array, C: Array, A: Array, B: Array) -> Array:
    return grad_C  # eq autodiff:sum-left


def _minus(grad_C: Array, C: Array, A: Array, B: Array) -> Array:
    return -grad_C  # eq autodiff:minus-right


def _negative(grad_C: Array, C: Array, A: Array) -> Array:
    return -grad_C  # eq autodiff:negative-slope


def _quotient_left(grad_C: Array, C: Array, A: Array, B: Array) -> Array:
    return grad_C / B  # eq autodiff:quotient-left


def _quotient_right(grad_C: Array, C: Array, A: Array, B: Array) -> Array:
    return -grad_C * C / B  # eq autodiff:quotient-right


def _power(grad_C: Array, C: Array, A: Array, p: float) -> Array:
    return grad_C * p * A ** (p - 1)  # eq autodiff:power-slope


def _exp(grad_C: Array, C: Array, A: Array) -> Array:
    return grad_C * C  # eq autodiff:exp-slope


def _log(grad_C: Array, C: Array, A: Array) -> Array:
    return grad_C / A  # eq autodiff:log-slope


def _log1p(grad_C: Array, C: Array, A: Array) -> Array:
    grad_A: Array = grad_C / (1 + A)  # eq autodiff:log1p-slope
    return grad_A


def _tanh(grad_C: Array, C: Array, A: Array) -> Array:
    grad_A: Array = grad_C * (1 - C**2)  # eq autodiff:tanh-slope
    return grad_A


def _larger_left(grad_C: Array, C: Array, A: Array, B: Array) -> Array:
    return grad_C * (A > B)  # eq autodiff:larger-left


def _larger_right(grad_C: Array, C: Array, A: Array, B: Array) -> Array:
    return grad_C * (A <= B)  # eq autodiff:larger-right


def _smaller_left(grad_C: Array, C: Array, A: Array, B: Array) -> Array:
    return grad_C * (A < B)  # eq autodiff:smaller-left


def _smaller_right(grad_C: Array, C: Array, A: Array, B: Array) -> Array:
    return grad_C * (A >= B)  # eq autodiff:smaller-right


def _matmul_left(grad_C: Array, C: Array, A: Array, B: Array) -> Array:
    return grad_C @ B.T  # eq autodiff:matmul-left


def _matmul_right(grad_C: Array, C: Array, A: Array, B: Array) -> Array:
    return A.T @ grad_C  # eq autodiff:matmul-right


RULES: dict[np.ufunc, tuple[Rule, ...]] = {  # one rule for each input
    np.add: (_sum, _sum), np.subtract: (_sum, _minus), np.negative: (_negative,),
    np.multiply: (_product_left, _product_right),
    np.divide: (_quotient_left, _quotient_right), np.power: (_power,),
    np.exp: (_exp,), np.log: (_log,), np.log1p: (_log1p,), np.tanh: (_tanh,),
    np.maximum: (_larger_left, _larger_right),
    np.minimum: (_smaller_left, _smaller_right),
    np.matmul: (_matmul_left, _matmul_right),
}  # fmt: skip


class Node(NDArrayOperatorsMixin):
    """An array that remembers what it was made of.

    It is used like an array: `+`, `-`, `*`, `/`, `@`, a power with a fixed exponent,
    `sum` and the functions in `RULES` make new nodes.

    Args:
        value: the array; whole numbers become float64.
        parents: the nodes it was made of; none for an input.
        pullbacks: for each parent, what makes the parent's part of its gradient from
            the gradient of this node.

    Attributes:
        level: 0 for an input, else one more than the highest level of a parent.

    Raises:
        TypeError: if an operation has no rule, or a plain array is wanted.
        ValueError: if a matrix product is asked for something that is no matrix.

    Examples:
        >>> u, v = Node(2.0), Node(3.0)
        >>> p = u * v
        >>> p, p.level
        (Node(6.0), 1)
        >>> np.sin(p)
        Traceback (most recent call last):
        TypeError: Node: sin of input 1 has no rule; there are rules for ...
    """

    __hash__ = object.__hash__

    def __init__(
        self,
        value: Any,
        parents: Sequence[Node] = (),
        pullbacks: Sequence[Callable[[Array], Array]] = (),
    ) -> None:
        value = np.asanyarray(value)
        kept = value if value.dtype.kind == "f" else value.astype(float)
        self.value: Array = kept
        self.parents, self.pullbacks = parents, pullbacks
        self.level: int = max((p.level + 1 for p in parents), default=0)

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any
    ) -> Node:
        nodes = [k for k, x in enumerate(inputs) if isinstance(x, Node)]
        _check_operation(ufunc, method, inputs, keywords)
        values = [x.value if isinstance(x, Node) else x for x in inputs]
        made, rules = (ufunc(*values), *values), RULES[ufunc]
        pulls = [partial(_pull, rules[k], values[k], made) for k in nodes]
        return Node(made[0], [inputs[k] for k in nodes], pulls)

    def sum(self, axis: int | None = None, keepdims: bool = False) -> Node:
        """The sum over an axis, or over all."""
        value = self.value.sum(axis=axis, keepdims=keepdims)
        kept = self.value.sum(axis=axis, keepdims=True).shape
        return Node(value, [self], [partial(_spread, self.value, kept)])

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value."""
        shape: tuple[int, ...] = self.value.shape
        return shape

    def __len__(self) -> int:
        return len(self.value)

    def __array__(self, *_: Any, **__: Any) -> Array:
        text = "write it with operations in RULES, or take its value, off the tape"
        raise TypeError(f"Node: a plain array is wanted here; {text}")

    def __repr__(self) -> str:
        return f"Node({np.array2string(self.value, separator=', ')})"


def _pull(rule: Rule, x: Array, made: Sequence[Array], grad_C: Array) -> Array:
    """One input's part of its gradient, in the input's shape."""
    return unbroadcast(rule(grad_C, *made), x)


def _spread(A: Array, kept: tuple[int, ...], grad_C: Array) -> Array:
    return np.broadcast_to(grad_C.reshape(kept), A.shape)  # eq autodiff:rows-slope


def unbroadcast(grad: Array, x: Array) -> Array:
    r"""Sum a gradient over the axes along which an array was repeated.

    See \eqref{autodiff:repeated-rows} and \eqref{autodiff:repeated-columns}.

    Args:
        grad: what came back to all copies.
        x: the array that was repeated.

    Returns:
        The sum, in the shape of x.

    Examples:
        >>> unbroadcast(np.ones((2, 3)), np.zeros(3)).tolist()
        [2.0, 2.0, 2.0]
        >>> unbroadcast(np.ones((2, 3)), np.zeros((2, 1))).tolist()
        [[3.0], [3.0]]
    """
    while np.ndim(grad) > x.ndim:
        grad = grad.sum(axis=0)  # eq autodiff:repeated-rows
    repeated = [k for k, n in enumerate(x.shape) if n < grad.shape[k]]
    for axis in repeated[::-1]:
        grad = grad.sum(axis=axis)  # eq autodiff:repeated-columns
    return grad.reshape(x.shape)


def order(result: Node) -> list[Node]:
    """The result and all that it was made of, the highest level first.

    Args:
        result: a node.

    Returns:
        Every node once; a node stands before all nodes that it was made of.

    Examples:
        >>> u, v = Node(2.0), Node(3.0)
        >>> p = u * v
        >>> [node.value.item() for node in order(p * (p + u))][:3]
        [48.0, 8.0, 6.0]
    """
    found, waiting = {result: None}, [result]  # a dict keeps its order
    while waiting:
        parents = waiting.pop().parents
        new = dict.fromkeys(p for p in parents if p not in found)
        found |= new
        waiting += new
    return sorted(found, key=lambda node: -node.level)


def backward(result: Node, grad: Array) -> dict[Node, Array]:
    r"""From the gradient of a result those of everything it was made of.

    Where a node was used more than once, its parts add up,
    \eqref{autodiff:accumulate}.

    Args:
        result: a node.
        grad: the gradient of the result, in its shape.

    Returns:
        The gradient of every node that the result was made of. Nothing is stored in the
        nodes.

    Examples:
        >>> u = Node(3.0)
        >>> grads = backward(u * u, np.array(1.0))
        >>> grads[u].item()
        6.0
    """
    grads = {result: grad}
    for node in order(result):
        for parent, pull in zip(node.parents, node.pullbacks, strict=True):
            part = pull(grads[node])
            if parent in grads:
                grads[parent] = grads[parent] + part  # eq autodiff:accumulate
            else:
                grads[parent] = part
    return grads


def gradients(L: Node, inputs: Sequence[Node]) -> list[Array]:
    """The slopes of a number in all entries of some inputs.

    Args:
        L: a node that holds a number.
        inputs: the nodes whose gradients are wanted.

    Returns:
        For each of them its gradient, in its shape; zeros if L was not made of it.

    Raises:
        TypeError: if L is no node, or inputs is one instead of a list.
        ValueError: if L is no number.

    Examples:
        >>> u, v = Node(3.0), Node(2.0)
        >>> [g.item() for g in gradients(u * u * v, [u, v])]
        [12.0, 9.0]
    """
    doors.nodes("gradients", L, inputs)
    if L.shape:
        text = f"expected a number, but L is {L.shape}; multiply it by the gradient"
        raise ValueError(f"gradients: {text} from above and sum, or use backward")
    grads = backward(L, np.ones_like(L.value))
    return [np.array(grads.get(x, np.zeros_like(x.value))) for x in inputs]


def on_tape(layer: Any) -> Any:
    """A copy of a layer or a network whose parameters are nodes.

    Args:
        layer: a layer or a network; it is not changed.

    Returns:
        The copy. `forward` is the layer's own, so what it computes is noted; `leaves`
        lists its nodes.

    Examples:
        >>> from nnlit import Dense
        >>> layer = on_tape(Dense(np.array([[2.0], [3.0]]), np.array([1.0])))
        >>> layer.forward(np.array([[10.0, 1.0]]))[0]
        Node([[24.]])
    """
    noted = copy.copy(layer)
    for name in layer.parameters:
        object.__setattr__(noted, name, Node(getattr(layer, name)))
    if isinstance(layer, Network):
        object.__setattr__(noted, "layers", tuple(map(on_tape, layer.layers)))
    return noted


def taped(network: Network, X: Array, Y: Array, loss: Loss) -> Slopes:
    """How the gradient of a batch is computed: forward on the tape, and back along it.

    It is a value for `fit`'s argument `gradient`, and does what `whole` does without
    any layer's `backward`.

    Args:
        network: the network that is trained.
        X: all examples, shape (m, n_in).
        Y: all targets, shape (m, K).
        loss: a loss whose `loss` is written with operations in `RULES`.

    Returns:
        A function of rows and a generator, as that of `whole`: it gives the loss of a
        batch and the gradients of all parameters.

    Examples:
        >>> from nnlit import Dense, squared_error
        >>> network = Network([Dense(W=np.array([[3.0]]), b=np.zeros(1))])
        >>> slopes = taped(network, np.array([[2.0]]), np.array([[4.0]]), squared_error)
        >>> slopes(slice(0, 1), np.random.default_rng(0))
        (2.0, [array([[4.]]), array([2.])])
    """

    def slopes(rows: Rows, rng: np.random.Generator) -> tuple[float, list[Array]]:
        noted: Network = on_tape(network)
        L: Any = loss.loss(noted.forward(X[rows], rng)[0], Y[rows])
        return L.value.item(), gradients(L, leaves(noted))  # type: ignore[arg-type]

    return slopes


def _check_operation(
    ufunc: np.ufunc, method: str, inputs: Sequence[Any], keywords: Any
) -> None:
    if method != "__call__" or keywords:
        text = "a node is not changed in place, and sum is written as a method"
        raise TypeError(f"Node: expected a plain call of {ufunc.__name__}; {text}")
    for k, x in enumerate(inputs):
        if isinstance(x, Node) and k >= len(RULES.get(ufunc, ())):
            names = ", ".join(sorted(rule.__name__ for rule in RULES))
            text = f"{ufunc.__name__} of input {k + 1} has no rule"
            raise TypeError(f"Node: {text}; there are rules for {names}")
        if ufunc is np.matmul and len(np.shape(x)) != 2:
            text = f"matrices, but an input is {np.shape(x)}; reshape it"
            raise ValueError(f"Node: @ expects {text}")
