r"""What the writing of a text alone shows of its letters: which are steps, functions, Kronecker's delta, members.

It is seen before names are resolved, because `f(x)` would be a product and `h_{t-1}` an entry where nothing says more.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from nnlit.book.evaluation.families import LABEL, carried
from nnlit.book.language.running import run_over

LETTER = r"[a-zA-Z]|\\(?:phi|varphi|psi|sigma|rho|kappa|ell|theta|eta|mu|Phi|Psi|Gamma)"
CALLED = re.compile(
    rf"(?<![a-zA-Z\\_^])({LETTER})((?:_\w|_\{{\w+\}})?)('*)\s*(?:\\left|\\[bB]ig+l?)?\s*\((?=([^()]*)\))?"
)
LONE = re.compile(rf"\s*(?:\\math\w+\s*\{{?)?(?:{LETTER})(?:_\w|_\{{[^{{}}]*\}})?\}}?\s*(?:[,;].*)?")
SHIFTED = re.compile(r"([a-zA-Z]|\})_\s*\{\s*([a-z])\s*[-+]\s*\d\s*\}")
LAYERED = re.compile(r"([a-zA-Z]|\\[a-z]+|\})\s*\^\s*(?:([lL])(?![a-zA-Z])|\{\s*([lL])\s*(?:([-+])\s*1)?\s*\})")
DELTA = re.compile(r"\\delta_\{?\s*[a-z]\s*,?\s*[a-z]\s*\}")
USUAL_FUNCTIONS = {"f", "g", "h", "F", "G", r"\phi", r"\varphi", r"\psi", r"\sigma"}
CHANCES = {"p", "P", "q", "Q", "E", "H", "I", "N"}  # in front of brackets: of which no row can be guessed
ON_ENTRIES = {r"\phi", r"\varphi", r"\psi", r"\sigma"}
STEPPED = re.compile(r"_\{[a-z](?:[-+]\d+)?\}")


def steps(texts: Iterable[str]) -> Iterator[str]:
    """The letters that count steps: `s` where `h_{s-1}` and `h_s` stand and no sum runs over it; `t` in any case."""
    whole = "\n".join(texts)
    over = bound([whole])
    for base, letter in dict.fromkeys(SHIFTED.findall(whole)):
        now = rf"{re.escape(base)}_\s*(?:{letter}(?![a-zA-Z])|\{{\s*{letter}\s*\}})"
        if letter not in over and (letter == "t" or re.search(now, whole)):
            yield letter


def layers(texts: Iterable[str]) -> Iterator[str]:
    """The letters l and L above names, where three names or more have one and one of them has the layer beside it."""
    found = [(m[1], m[2] or m[3], m[4] or "") for m in LAYERED.finditer("\n".join(texts))]
    whole = {name for name, _, shift in found if not shift}
    if len(whole) >= 3 and any(shift and name in whole for name, _, shift in found):
        yield from dict.fromkeys(letter for _, letter, _ in found)


def bound(texts: Iterable[str]) -> set[str]:
    """The small letters that sums and their kin run over."""
    return {letter for letter in run_over("\n".join(texts)) if letter.islower()}


def has_delta(texts: Iterable[str]) -> bool:
    r"""Whether `\delta_{ij}` stands in a text."""
    return any(map(DELTA.search, texts))


def functions(texts: Iterable[str]) -> dict[str, bool]:
    """The names that stand in front of brackets, and whether they are functions rather than factors or chances."""
    whole = "\n".join(texts)
    found, letters = dict[str, list[tuple[bool, bool]]](), Counter[str]()
    for call in CALLED.finditer(whole):
        letters[call[1]] += 1
        alone = call[4] is not None and bool(LONE.fullmatch(call[4]))
        found.setdefault(call[1] + spelled(call[2]), []).append((bool(call[3]), alone))
    uses = {letter: len(re.findall(rf"(?<![a-zA-Z\\]){re.escape(letter)}(?![a-zA-Z])", whole)) for letter in letters}
    always = {letter for letter, count in letters.items() if uses[letter] == count}
    return {name: _is_function(name, calls, always) for name, calls in found.items()}


def spelled(label: str) -> str:
    """A label below a name as names have it."""
    return f"_{{{label.strip('_{}')}}}" if label else ""


def _is_function(name: str, calls: list[tuple[bool, bool]], always: set[str]) -> bool:
    """Whether a name is a function: by its letter, by a prime, or because it never stands without a bracket."""
    letter = name.partition("_")[0]
    if letter in CHANCES:
        return False
    usual = letter in USUAL_FUNCTIONS or any(primed for primed, _ in calls)
    return usual or (letter in always and any(alone for _, alone in calls))


def multiplied(name: str, texts: Iterable[str]) -> bool:
    """Whether a letter stands behind or in front of a capital as a matrix does, or has a transpose or an inverse."""
    beside = rf"(?<![a-zA-Z\\_^{{])[A-Z]\s*{name}\s*(?:[A-Z]|\^)"
    turned = rf"(?<![a-zA-Z\\]){name}\s*\^\s*\{{?\s*(?:\\top|T|-1)(?![a-z])"
    return any(re.search(beside, one) or re.search(turned, one) for one in texts)


def members(names: Iterable[str], texts: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The names that are one of many, each with its letter and the name without it: `x^{(i)}` under a sum over i."""
    over = bound(texts)
    found = {name: letters for name in names if (letters := carried(name))}
    return {
        name: (letter, base)
        for name, letters in found.items()
        for letter, base in letters.items()
        if base and letter in over and not base.endswith("'")
    }


def stem(name: str) -> str:
    """A name without what changes from step to step, and from member to member."""
    if carried(name):
        return LABEL.sub("", name, count=1)
    return STEPPED.sub("", name)
