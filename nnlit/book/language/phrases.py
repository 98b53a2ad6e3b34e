"""Words of a meaning that say that an array is a constant, or one of two numbers, as authors put it."""

import re

_WHAT = r"(?:(?:(?:column|row|square|constant|\w|\w \\times \w|\w x \w|\w-dimensional) ){0,4}(?:vector|matrix|array)s?)"
_OF = r"(?: of (?:size|order|dimension|length|rank|shape) [^,;]+| in [^,;]+)?"
_THE = r"(?:the |an? )?"


def _all(word: str, digit: str) -> re.Pattern[str]:
    """An array of one number everywhere."""
    once = "one" if word == "ones" else "zero"
    part = r"(?:entry|entries|component|components|elements?)"
    forms = (
        rf"(?:{_WHAT} )?of (?:all |only |\w )?(?:{word}|{digit}'?s)",
        rf"(?:all[- ])?(?:{word}|{once}|{digit}'?s?)[- ]{_WHAT}",
        rf"(?:all |only )?(?:{word})",
        rf"\w {word}",
        rf"(?:all[- ])(?:{word}|{once}|{digit}'?s?)",
        rf"(?:all|every|each)(?: of its)? {part}(?: is| are)?(?: equal to)? (?:{word}|{once}|{digit})",
    )
    return re.compile(rf"{_THE}(?:{'|'.join(forms)}){_OF}")


CONSTANTS = {
    "all ones": _all("ones", "1"),
    "all zeros": _all("zeroe?s", "0"),
    "identity": re.compile(
        rf"{_THE}(?:{_WHAT} )?(?:(?:\w|\w \\times \w|\w x \w)[- ](?:by[- ]\w[- ])?)?"
        rf"(?:identity(?:[- ]matrix)?|unit[- ]matrix|eye(?: matrix)?){_OF}"
    ),
}
EITHER = {
    "0 or 1": re.compile(r"(?:either )?(?:1 or 0|zero or one|0 or 1)"),
    "-1 or 1": re.compile(r"(?:either )?(?:[-−]1 or \+?1|\+?1 or [-−]1|\\pm ?1|plus or minus (?:one|1))"),
}
SAID = re.compile(r"\b(?:(?:of|all|only)[- ](?:ones|zeros|1s|0s)|(?:identity|unit) matrix|ones (?:vector|matrix))\b")


def canonical(phrase: str) -> str:
    """The condition that a phrase means which says that an array is a constant, or one of two; any other as it is."""
    known = {**CONSTANTS, **EITHER}
    return next((said for said, form in known.items() if form.fullmatch(phrase)), phrase)


def nearly_constant(phrase: str) -> str:
    """The condition that a phrase may mean which speaks of ones or of the identity among other words, or nothing."""
    found = SAID.search(phrase)
    if found is None or re.search(r"\b(?:not|no|near|like|close)\b", phrase):
        return ""
    if "matrix" in found[0] and "ones" not in found[0]:
        return "identity"
    return "all ones" if re.search("1|one", found[0]) else "all zeros"
