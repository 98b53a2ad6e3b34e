r"""Matrices that are made of others: blocks, `\begin{bmatrix} A & b \\ c^\top & d \end{bmatrix}`, and `[h; x]`."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from nnlit.book.evaluation.environment import Env
from nnlit.book.evaluation.rules import evaluate
from nnlit.book.evaluation.values import Array, Misfit, Mistake, Value, bounded_size, product, sized, spread, union
from nnlit.book.language import nodes as n
from nnlit.book.language.unparse import write

Rows = Sequence[Sequence[n.Node]]


def blocks(rows: Rows, env: Env) -> Value:
    """Numbers, vectors and matrices as one; a 0 is as large as its row and its column of blocks."""
    values = [[evaluate(cell, env) for cell in row] for row in rows]
    letters = union(*(value for row in values for value in row))
    if any(len(value.shape) > 2 for row in values for value in row):
        raise Mistake("blocks of a matrix have two axes at most")
    sizes = [[size_of(value) for value in row] for row in values]
    zero = [[cell == n.Number("0") for cell in row] for row in rows]
    lines = zip(sizes, zero, strict=True)
    heights = [one([s[0] for s, z in zip(*pair, strict=True) if not z], "row") for pair in lines]
    columns = list(zip(zip(*sizes, strict=True), zip(*zero, strict=True), strict=True))
    widths = [one([s[1] for s, z in zip(*pair, strict=True) if not z], "column") for pair in columns]
    shown = [
        [np.zeros((heights[i], widths[j])) if zero[i][j] else two_axes(value, letters) for j, value in enumerate(row)]
        for i, row in enumerate(values)
    ]
    ahead = np.broadcast_shapes(*(x.shape[:-2] for row in shown for x in row))
    put = [np.concatenate([np.broadcast_to(x, (*ahead, *x.shape[-2:])) for x in row], axis=-1) for row in shown]
    return thinned(np.concatenate(put, axis=-2), letters)


def thinned(data: Array, letters: tuple[str, ...]) -> Value:
    """A matrix; one with a single column or row as a vector."""
    if data.shape[-1] == 1:
        return Value(data[..., 0], letters, upright=True)
    return Value(data[..., 0, :], letters, row=True) if data.shape[-2] == 1 else Value(data, letters)


def size_of(value: Value) -> tuple[int, int]:
    """How many rows and columns a block has; a vector is a column unless it is laid down."""
    if len(value.shape) == 1:
        return (1, value.shape[0]) if value.row else (value.shape[0], 1)
    return cast("tuple[int, int]", value.shape or (1, 1))


def one(sizes: Sequence[int], what: str) -> int:
    """The size that all blocks of a row or of a column have."""
    if len(set(sizes)) > 1:
        side = "high" if what == "row" else "wide"
        raise Misfit(f"the blocks of a {what} are {' and '.join(map(str, sorted(set(sizes))))} {side}")
    return sizes[0] if sizes else 1


def two_axes(value: Value, letters: tuple[str, ...]) -> Array:
    """A block with both axes behind those of its letters."""
    data = spread(value, letters, len(value.shape))
    return data.reshape((*data.shape[: len(letters)], *size_of(value)))


@evaluate.register
def _(node: n.Matrix, env: Env) -> Value:
    cells = [evaluate(cell, env) for row in node.rows for cell in row]
    if any(cell.shape for cell in cells):
        return blocks(node.rows, env)
    letters = union(*cells)
    arrays = np.broadcast_arrays(*(spread(cell, letters, 0) for cell in cells))
    rows, columns = len(node.rows), len(node.rows[0])
    shape = (len(cells),) if 1 in {rows, columns} else (rows, columns)
    data = np.stack(arrays, axis=-1)
    return Value(data.reshape((*data.shape[:-1], *shape)), letters, row=rows == 1 and columns > 1)


@evaluate.register
def _(node: n.Stack, env: Env) -> Value:
    values = [evaluate(item, env) for item in node.items]
    shapes = [value.shape for value in values]
    if not any(shapes):
        raise Mistake(f"is {write(node)} a vector, or a range? write \\begin{{pmatrix}} ... \\end{{pmatrix}}")
    if node.below:
        return blocks([[item] for item in node.items], env)
    if all(len(shape) < 2 for shape in shapes) and not any(value.row for value in values):
        if len(set(shapes)) == 1:
            ask = "are these vectors the columns of a matrix, or one below the other? write [a; b] for the second"
            raise Mistake(f"{write(node)}: {ask}")
        return blocks([[item] for item in node.items], env)  # of different lengths they make one long vector
    return blocks([node.items], env)


@evaluate.register
def _(node: n.Kronecker, env: Env) -> Value:
    left, right = evaluate(node.left, env), evaluate(node.right, env)
    if not left.shape or not right.shape:
        return product(left, right)
    if left.shape == right.shape or len(left.shape) == len(right.shape) == 1:
        ask = r"the Kronecker product, an outer product, or entry by entry? write u v^\top, or \odot"
        raise Mistake(f"is {write(node)} {ask}")
    if max(len(left.shape), len(right.shape)) > 2:
        raise Mistake(f"a Kronecker product is that of matrices, and here of what is {sized(left.shape)}")
    letters = union(left, right)
    a, b = two_axes(left, letters), two_axes(right, letters)
    bounded_size(a.size, b.size)
    data = a[..., :, None, :, None] * b[..., None, :, None, :]
    shape = data.shape
    return thinned(data.reshape((*shape[:-4], shape[-4] * shape[-3], shape[-2] * shape[-1])), letters)
