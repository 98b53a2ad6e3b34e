"""What rests on rows that a draft has guessed, and nobody has confirmed, is not called false."""

from functools import partial

from nnlit.book.checks.verdicts import EquationError, GuessError, Result, Verdict
from nnlit.book.evaluation.analysis import Analysis
from nnlit.book.source.chapter import Display


def undecided(display: Display, found: Result | EquationError, analysis: Analysis) -> Result | EquationError:
    """What is found of a display; one that rests on guessed rows is not called false."""
    steps = (found, *found.also) if isinstance(found, EquationError) else ()
    false = [step for step in steps if step.verdict is Verdict.FALSE]
    guesses = guessed_for(display, analysis) if false else []
    if not guesses or not isinstance(found, EquationError):
        return found
    also = tuple(map(partial(as_guessed, guesses=guesses), found.also))
    one = as_guessed(found, guesses)
    one.also = also
    return one


def as_guessed(found: EquationError, guesses: list[str]) -> EquationError:
    """An error that is no verdict as long as rows are guesses; any other error as it is."""
    if found.verdict is not Verdict.FALSE:
        return found
    several = len(guesses) > 1
    said = found.message.removeprefix(f"{found.label}: ")
    names = ", ".join(guesses)
    who = f"the rows of {names} are guesses" if several else f"the row of {names} is a guess"
    right = "these rows are right, take the word 'guessed' out of their meanings; else correct them"
    if not several:
        right = "this row is right, take the word 'guessed' out of its meaning; else correct it"
    message = f"not checked, because {who}, with which it is false ({said}): if {right}"
    return GuessError(found.label, found.place, message, found.difference, found.excerpt)


def guessed_for(display: Display, analysis: Analysis) -> list[str]:
    """The symbols that a display rests on whose rows say that they are guessed."""
    part, steps = analysis.part(display), analysis.equation(display).steps
    sides = [side for step in steps for side in (step.left, step.right)]
    used = frozenset().union(*map(part.scope.uses, sides))
    axes = {name: frozenset().union(*(axis.names for axis in row.axes)) for name, row in part.rows.items()}
    rows = (row.row for name, row in part.rows.items() if name in used or used & axes[name])
    return [row.symbol for row in rows if row.is_guessed]
