"""Downhill from several points at once: a method of secants (BFGS), slopes by differences, steps of many lengths."""

from collections.abc import Callable

import numpy as np

from nnlit.book.evaluation.values import Array

STEP = 1e-7  # of a difference
LENGTHS = 4.0 ** np.arange(2, -9, -1)  # of steps that are tried, of the one that secants suggest
GAIN = 1e-13  # of a step relative to the value: less is none
FLAT = 1e-30
Heights = Callable[[Array], Array]


class Descent:
    """Points that go downhill, each in one of two heights.

    Args:
        heights: two heights for every point of a list.
        within: points whose coordinates are not too large.
        points: where the descents begin, one a row.
        goals: for each of them which height it goes down.
    """

    def __init__(self, heights: Heights, within: Heights, points: Array, goals: Array) -> None:
        self.heights, self.within, self.goals = heights, within, goals
        self.points, self.both = points, heights(points)
        self.slopes = np.zeros_like(points)
        self.curves = np.zeros((*points.shape, points.shape[1]))
        self.fresh = np.ones(len(points), dtype=bool)  # whose next step goes down the slope
        self.ended = ~np.isfinite(self.height)

    @property
    def height(self) -> Array:
        """The heights that are made small."""
        return np.asarray(self.both[self.goals, np.arange(len(self.goals))])

    def step(self) -> bool:
        """A step of every point that can go on; whether there was one."""
        live = np.flatnonzero(~self.ended)
        if not len(live):
            return False
        if self.fresh[live].any():
            self.renew(live[self.fresh[live]])
        ways = -np.einsum("sij,sj->si", self.curves[live], self.slopes[live])
        trials = self.within(self.points[live, None] + LENGTHS[:, None] * ways[:, None])
        both = self.heights(trials.reshape(-1, trials.shape[-1])).reshape(2, len(live), len(LENGTHS))
        found = both[self.goals[live], np.arange(len(live))]
        best = found.argmin(axis=1)
        least = found[np.arange(len(live)), best]
        lower = least < self.height[live] - GAIN * np.abs(self.height[live])
        self.ended[live[~lower & self.fresh[live]]] = True
        self.fresh[live[~lower]] = True
        rows, chosen = live[lower], best[lower]
        if len(rows):
            self.moved(rows, trials[lower, chosen], both[:, lower, chosen])
        return True

    def renew(self, rows: Array) -> None:
        """Forget what is known of some points, but for their slopes."""
        self.slopes[rows] = self.slope(rows)
        size = np.linalg.norm(self.slopes[rows], axis=1)
        self.ended[rows[size < FLAT]] = True
        self.curves[rows] = np.eye(self.points.shape[1]) / np.maximum(size, FLAT)[:, None, None]

    def moved(self, rows: Array, points: Array, both: Array) -> None:
        """Take a step, and learn from it how the slope changes along it."""
        steps, before = points - self.points[rows], self.slopes[rows]
        self.points[rows], self.both[:, rows] = points, both
        self.slopes[rows] = self.slope(rows)
        bends = self.slopes[rows] - before
        along = np.einsum("si,si->s", steps, bends)
        scale = np.linalg.norm(steps, axis=1) * np.linalg.norm(bends, axis=1)
        curved = along > 1e-10 * scale + FLAT
        first = curved & self.fresh[rows]
        if first.any():
            eased = along[first] / np.einsum("si,si->s", bends[first], bends[first])
            self.curves[rows[first]] = np.eye(points.shape[1]) * eased[:, None, None]
        self.fresh[rows] = ~curved
        if curved.any():
            self.learn(rows[curved], steps[curved], bends[curved], along[curved])

    def learn(self, rows: Array, steps: Array, bends: Array, along: Array) -> None:
        """The formula of Broyden, Fletcher, Goldfarb and Shanno for the inverse of the second derivative."""
        part = np.eye(steps.shape[1]) - steps[:, :, None] * bends[:, None, :] / along[:, None, None]
        outer = steps[:, :, None] * steps[:, None, :] / along[:, None, None]
        self.curves[rows] = part @ self.curves[rows] @ np.swapaxes(part, -1, -2) + outer

    def slope(self, rows: Array) -> Array:
        """The slopes at some points, by differences; zero where there are none."""
        points, height = self.points[rows], self.height[rows]
        count, size = points.shape
        widths = STEP * np.maximum(1.0, np.abs(points))
        beside = points[:, None] + widths[..., None] * np.eye(size)
        both = self.heights(beside.reshape(-1, size)).reshape(2, count, size)
        found = (both[self.goals[rows], np.arange(count)] - height[:, None]) / widths
        return np.where(np.isfinite(found), found, 0.0)
