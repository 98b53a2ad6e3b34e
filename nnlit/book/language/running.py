r"""Which letters the sums, products and extremes of a formula run over, by its writing alone: it need not be parsed."""

import re

BELOW = re.compile(
    r"\\(?:sum|prod|max|min|bigcup|argmax|argmin)(?![a-zA-Z])(?:\s*\\(?:no)?limits)?\s*_\s*(?:\{([^{}]*)|([a-zA-Z]))"
)
FROM = re.compile(r"[=<>:]|\\(?:not)?in(?![a-zA-Z])|\\(?:neq?|leq?|geq?|sim|subset(?:eq)?)(?![a-zA-Z])")
LETTER = re.compile(r"(?<![a-zA-Z\\])[a-zA-Z](?![a-zA-Z])")


def run_over(tex: str) -> list[str]:
    r"""The letters, in order, each once; not those that say where a letter begins, or in what it is.

    Examples:
        >>> run_over(r"\sum_{i,j} a_{ij} + \max_k b_k + \sum_{u = s}^n c_u + \prod\limits_{v \in \mathcal{S}_t} d_v")
        ['i', 'j', 'k', 'u', 'v']
    """
    below = (FROM.split(more or one, maxsplit=1)[0] for more, one in BELOW.findall(tex))
    return list(dict.fromkeys(letter for text in below for letter in LETTER.findall(text)))
