r"""The values of a recurrence, `h_t = f(h_{t-1}, x_t)`, step by step; the start is step 0."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nnlit.book.evaluation.values import Value, spread, union


def without(value: Value, letter: str) -> Value:
    """A value at the one step that its letter has."""
    if letter not in value.letters:
        return value
    axis = value.letters.index(letter)
    return replace(value, data=np.take(value.data, 0, axis), letters=tuple(x for x in value.letters if x != letter))


def stacked(values: Sequence[Value]) -> Value:
    """Values of all steps as one array, whose first axis counts the steps."""
    letters, rank = union(*values), len(values[0].shape)
    arrays = np.broadcast_arrays(*(spread(value, letters, rank) for value in values))
    return Value(np.stack(arrays, axis=len(letters)), letters)
