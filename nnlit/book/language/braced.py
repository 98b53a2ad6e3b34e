r"""What braces over and under a formula say: `\underbrace{W x + b}_{= z}` claims that it is z, or gives z its value.

A label that begins with a relation is a side of an equation, and so is a lone 0. Any other label is a remark.
"""

from collections.abc import Iterator, Sequence

from nnlit.book.language.spelling import Token, bare, group

BRACES = {r"\underbrace", r"\overbrace"}
EQUAL = {"=", ":="}
BOUNDING = {r"\sum", r"\prod", r"\max", r"\min", r"\lim", r"\int", r"\mathbb"}  # inside of them a letter has bounds


def claims_of(tokens: Sequence[Token]) -> Iterator[tuple[list[Token], list[Token]]]:
    """Label and body of every brace whose label says what the body is; none in sums, whose letters have bounds."""
    labels = list(braces(tokens))
    counted = sum(len(label) == 1 and label[0].text.isdecimal() for label, _ in labels) > 1
    for label, body in labels:
        words = [t.text for t in label]
        if words[:1] and words[0] in EQUAL and not any(t.text.startswith(r"\text") for t in label):
            yield label[1:], body
        elif words == ["0"] and not counted:
            yield label, body


def braces(tokens: Sequence[Token]) -> Iterator[tuple[list[Token], list[Token]]]:
    """What stands at the braces outside of sums and their kin, and what they are put around."""
    for k, token in enumerate(tokens):
        if token.text in BOUNDING:
            return
        if token.text in BRACES:
            end = group(tokens, k + 1)
            if end < len(tokens) and tokens[end].text in {"_", "^"}:
                yield bare(tokens[end + 1 : group(tokens, end + 1)]), bare(tokens[k + 1 : end])
