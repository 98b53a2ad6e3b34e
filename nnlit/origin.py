"""What a saved network learned from: enough to find its held-out images again, and images that it has seen."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field

import numpy as np

from nnlit.data import Array, split
from nnlit.files import DataError, FilePath, read_npz

KEPT = 1024  # hashes of images that are kept: 8 KB, and one image in forty is recognized among 42,000


@dataclass(frozen=True)
class Origin:
    """Where a network comes from, as the command saves it beside the network.

    Attributes:
        data: the SHA-256 of all images and labels, before any were held out.
        holdout: the part that was held out.
        seed: of the generator that chose it.
        seen: the smallest hashes of the images that were learned from, in order.
    """

    data: str
    holdout: float
    seed: int
    seen: Array = field(compare=False)

    def __post_init__(self) -> None:
        """Refuse what no training has left."""
        if self.seen.dtype != np.uint64 or self.seen.ndim != 1 or not 0 <= self.holdout < 1 or self.seed < 0:
            came = f"{self.seen.dtype}, {self.seen.shape}, {self.holdout}, {self.seed}"
            raise ValueError(f"expected hashes of 64 bits, a part below 1 and a seed, but it has {came}")

    @classmethod
    def of(cls, X: Array, y: Array, holdout: float, seed: int, X_train: Array) -> Origin:
        """The origin of a network that learned from X_train, a part of X."""
        return cls(digest(X, y), holdout, seed, np.unique(hashes(X_train))[:KEPT])

    def arrays(self) -> dict[str, Array]:
        """What is saved."""
        about = {name: value for name, value in asdict(self).items() if name != "seen"}
        return {"origin": np.frombuffer(json.dumps(about).encode(), np.uint8), "seen": self.seen}

    def held_out(self, X: Array, y: Array) -> tuple[Array, Array] | None:
        """The part of the images that was held out, if these are the images that some were held out from."""
        return holdout(X, y, self.holdout, self.seed)[2:] if self.holdout and digest(X, y) == self.data else None

    def part_seen(self, X: Array) -> float:
        """About what part of some images was learned from: 1 for the training images, 0 for others.

        Of the hashes of both sets those below a bound are compared, as A. Z. Broder did with documents (On the
        resemblance and containment of documents, Sequences 1997).
        """
        bound = self.seen[-1] if len(self.seen) == KEPT else np.iinfo(np.uint64).max
        comparable = hashes(X)
        comparable = comparable[comparable <= bound]
        return float(np.isin(comparable, self.seen).mean()) if len(comparable) else 0.0


def read_origin(path: FilePath) -> Origin | None:
    """The origin of a saved network, or None if the file has none.

    Raises:
        DataError: if it has one that is damaged.
    """
    arrays = read_npz(path)
    if "origin" not in arrays:
        return None
    try:
        about, seen = json.loads(arrays["origin"].tobytes()), arrays["seen"]
        return Origin(str(about["data"]), float(about["holdout"]), int(about["seed"]), seen)
    except (KeyError, TypeError, ValueError, RecursionError, OverflowError) as error:
        raise DataError(f"{path}: what it says of its origin cannot be read ({error}); train it again") from error


def holdout(X: Array, y: Array, fraction: float, seed: int) -> tuple[Array, Array, Array, Array]:
    """Images and labels in two parts; the same seed gives the same parts, and its other uses do not change them."""
    return split(X, y, fraction, np.random.default_rng([seed, 1]))


def digest(X: Array, y: Array) -> str:
    """The SHA-256 of images and labels."""
    return hashlib.sha256(np.ascontiguousarray(X).tobytes() + np.ascontiguousarray(y, np.int64).tobytes()).hexdigest()


def hashes(X: Array) -> Array:
    """A number of 64 bits for every image."""
    return np.frombuffer(b"".join(hashlib.blake2b(row, digest_size=8).digest() for row in X), np.uint64)
