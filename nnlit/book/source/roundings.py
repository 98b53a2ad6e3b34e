"""How an example's output is compared with what the page shows: a printed decimal has to be a correct rounding."""

import doctest
import re

NUMBER = doctest.register_optionflag("NUMBER")  # the flag is pytest's and Sybil's, which let a whole unit pass
DECIMAL = re.compile(r"[+-]?(?:\d*\.(?P<after>\d+)|\d+\.|\d+(?=[eE][+-]?\d))(?:[eE](?P<power>[+-]?\d+))?")
UNITS = 0.52  # of the last printed digit: half of one, and what other processors add to a number at the edge


class RoundingChecker(doctest.OutputChecker):
    """With the flag NUMBER, a decimal on the page stands for every number that rounds to it, and for no other.

    Examples:
        >>> checker = RoundingChecker()
        >>> checker.check_output("[0.9, 3]", "[0.8960412, 3]", NUMBER)
        True
        >>> checker.check_output("[0.8, 3]", "[0.8960412, 3]", NUMBER)
        False
    """

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        """Whether the output is the one that is shown."""
        return super().check_output(want, rounded(want, got) if optionflags & NUMBER else got, optionflags)


def rounded(want: str, got: str) -> str:
    """The output with each decimal written as the page writes it, where the page's is a rounding of it.

    Whole numbers are left alone: they are compared digit by digit. Where the two hold different counts of decimals,
    nothing is changed.

    Examples:
        >>> rounded("0.9 of 4, 2.5e-03", "0.8960412 of 4, 0.0025133")
        '0.9 of 4, 2.5e-03'
        >>> rounded("0.8 of 4", "0.8960412 of 4")
        '0.8960412 of 4'
    """
    shown, found = list(DECIMAL.finditer(want)), list(DECIMAL.finditer(got))
    if len(shown) != len(found):
        return got
    for w, g in reversed(list(zip(shown, found, strict=True))):
        if abs(float(w[0]) - float(g[0])) <= UNITS * _unit(w):
            got = got[: g.start()] + w[0] + got[g.end() :]
    return got


def _unit(decimal: re.Match[str]) -> float:
    """What one more in the last printed digit of a decimal is worth."""
    return 10.0 ** (int(decimal["power"] or 0) - len(decimal["after"] or ""))
