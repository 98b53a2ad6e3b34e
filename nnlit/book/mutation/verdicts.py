"""What becomes of a wrong version: a check rejects it, or it means the same as the right one, or nobody notices."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from nnlit.book.source.place import Place


class Subject(StrEnum):
    """What was changed."""

    EQUATION = "equation"
    CODE = "code"


class By(StrEnum):
    """Which check rejects a wrong version, in the ledger's words."""

    SHAPE = "shape"  # its sides do not fit together
    VALUE = "value"  # its sides differ
    READING = "reading"  # it cannot be read
    ELSEWHERE = "another equation"  # a definition: a display that rests on it fails
    CODE = "code line"  # the line with its label, or the equation of a line


SEEN = {By.VALUE, By.ELSEWHERE, By.CODE}  # these compare values: a definition that none of them sees is not executed


@dataclass(frozen=True)
class Rejected:
    """A check fails."""

    by: By


@dataclass(frozen=True)
class Equivalent:
    """It agrees with the right version on every draw: it is not wrong."""


@dataclass(frozen=True)
class Unnoticed:
    """It differs, and no check fails."""


Verdict = Rejected | Equivalent | Unnoticed


@dataclass(frozen=True)
class Survivor:
    """A wrong version that no check rejects: of which label and where, what was changed, what it says then."""

    subject: Subject
    label: str
    place: Place
    kind: str
    source: str
    verdict: Equivalent | Unnoticed

    @property
    def equivalent(self) -> bool:
        """Whether it means the same."""
        return isinstance(self.verdict, Equivalent)

    def __str__(self) -> str:
        return f"{self.place}: {self.label}: {self.kind}: {self.source}"


@dataclass(frozen=True)
class Counts:
    """Wrong versions: how many were made, which check rejected how many, how many mean the same as the right one."""

    made: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict)
    equivalent: int = 0

    @classmethod
    def of(cls, verdicts: Sequence[Verdict]) -> "Counts":
        """The verdicts, counted."""
        rejected = Counter(str(verdict.by) for verdict in verdicts if isinstance(verdict, Rejected))
        return cls(len(verdicts), dict(rejected), sum(isinstance(verdict, Equivalent) for verdict in verdicts))

    @property
    def seen(self) -> bool:
        """Whether a check that compares values rejects any of them."""
        return bool(SEEN & set(self.rejected))
