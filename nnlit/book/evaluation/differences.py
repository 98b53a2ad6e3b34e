"""Slopes by differences, where a complex step is taken already, with a bound on what they are wrong by.

Eight values around a point give a slope of eighth order, the inner six of them one of sixth order. Of a smooth function
both agree; where they do not, it bends between the values, or changes too fast, and narrower ones are taken.
"""

from collections.abc import Callable

import numpy as np

from nnlit.book.evaluation.values import Array, Mistake, Value, weighed

STEP = 1e-30  # of a complex step
AROUND = np.array([-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0])
EIGHTH = np.array([1 / 280, -4 / 105, 1 / 5, -4 / 5, 4 / 5, -1 / 5, 4 / 105, -1 / 280])
SIXTH = np.array([0, -1 / 60, 3 / 20, -3 / 4, 3 / 4, -3 / 20, 1 / 60, 0])
WIDTHS = (0.02, 0.001)  # between neighbouring values
OFFSETS, WEIGHTS = AROUND * WIDTHS[0], EIGHTH / WIDTHS[0]
SMOOTH = 1e-8  # by which the orders may differ, relative to the slope, before narrower values are taken
ROUGH = 1e-7  # by which they may differ at all


class BentError(Mistake):
    """A function that has no slope at a point, or none that can be computed."""


def step_slopes(data: Array) -> Array:
    """The slopes that a complex step leaves in imaginary parts; none where a value is not finite.

    What is left of an exponential beyond the largest number may look like a slope: that of log(1 + e^z) would be 1e16.
    """
    return np.asarray(np.where(np.isfinite(data.real), data.imag / STEP, np.nan))


def differences(moved: Callable[[Array], Value], letter: str, said: Callable[[], str]) -> Value:
    """The slope of what is moved by some offsets, which are the axis with a letter of the values.

    Raises:
        BentError: with what is `said` of the function, where it bends or changes too fast.
    """
    best, least, last = None, np.inf, None
    for width in WIDTHS:
        try:
            values = moved(AROUND * width)
        except BentError as error:
            last = error
            continue
        slope, other = (weighed(values, letter, weights / width) for weights in (EIGHTH, SIXTH))
        gap = disagreement(slope.data, other.data)
        if best is None or gap < least:
            best, least = slope, gap
        if gap <= SMOOTH:
            break
    if best is None and last is not None:
        raise last
    if best is None or ROUGH < least < np.inf:
        raise BentError(f"{said()} bends, or changes too fast, near a number that is drawn: its slope is not computed")
    return best


def disagreement(one: Array, other: Array) -> float:
    """How far two slopes are apart, relative to the larger numbers; infinite where one is no number.

    The step of a derivative around this one is the imaginary part, which is compared for itself.
    """
    parts = [(one.real, other.real, 1.0)]
    parts += [(one.imag, other.imag, STEP)] if np.iscomplexobj(one) else []
    return max(parted(a, b, least) for a, b, least in parts)


def parted(one: Array, other: Array, least: float) -> float:
    """The largest difference of two arrays, relative to the largest number where that is more than the least."""
    gap = np.abs(one - other) / np.maximum(least, np.max(np.abs(one), initial=0.0))
    return float(np.max(np.where(np.isfinite(gap), gap, np.inf), initial=0.0))
