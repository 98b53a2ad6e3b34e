r"""What is printed in one way and written in many: style, colour, stacked signs, sizes of brackets, fonts, old TeX.

Each rule takes the words of a display and gives words that mean the same. What a rule does not know stays as it is,
and is refused where it is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nnlit.book.language.spans import Source, Span

STYLE = frozenset(
    {
        *(r"\displaystyle", r"\textstyle", r"\scriptstyle", r"\scriptscriptstyle", r"\limits", r"\nolimits", r"\/"),
        *(r"\mathstrut", r"\strut", r"\notag", r"\nonumber", r"\boxed", r"\fbox", r"\smash", r"\mathinner", r"\-"),
        *(r"\mathord", r"\mathopen", r"\mathclose", r"\mathpunct", r"\underline", r"\ensuremath", r"\hline", r"\:"),
        *(r"\tiny", r"\small", r"\normalsize", r"\large", r"\Large", r"\LARGE", r"\huge", r"\Huge", r"\mathclap"),
        *(r"\space", r"\thinspace", r"\medspace", r"\thickspace", r"\negthinspace", r"\negmedspace", r"\mathllap"),
        *(r"\negthickspace", r"\relax", r"\noindent", r"\centering", r"\allowbreak", r"\nobreak", r"\mathrlap"),
        *(r"\,", r"\;", r"\!", r"\>", r"\ ", "~", "$", r"\qty", r"\quantity", r"\pqty", r"\bqty", r"\Bqty"),
        *(r"\cancel", r"\bcancel", r"\xcancel", r"\sout", r"\underbar", r"\uline", r"\Tiny"),
    }
)
SIZES = frozenset(rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")) | {
    r"\left",
    r"\right",
    r"\middle",
}
UNPRINTED = {r"\phantom", r"\hphantom", r"\require", r"\cssId", r"\bookmark"}  # with their argument
DRESSED = {r"\textcolor", r"\colorbox", r"\href", r"\class", r"\style", r"\enclose"}  # with their first argument
DRESSED |= {rf"\html{what}" for what in ("Class", "Id", "Style", "Data")}
UNWRAPPED = {r"\mathrel", r"\mathop", r"\mathbin"}  # and without the braces of the argument
SWITCHES = {
    r"\rm": r"\mathrm",
    r"\bf": r"\mathbf",
    r"\it": r"\mathit",
    r"\cal": r"\mathcal",
    r"\sf": r"\mathsf",
    r"\mit": r"\mathit",
    r"\bold": r"\mathbf",
}
UPRIGHT = {r"\mathrm", r"\mathsf", r"\text", r"\mathtt", r"\mathit", r"\textrm", r"\textsf", r"\mathbf"}
NEGATED = {"=": r"\ne", r"\in": r"\notin"}
ASKED = {"?", "!"}
SIGNS = {"=", "<", ">", r"\le", r"\ge", r"\ne", r"\approx", r"\sim", ":=", r"\leftarrow", r"\to"}


@dataclass(frozen=True)
class Token:
    """A word of TeX, and where it stands."""

    text: str
    span: Span


def respelled(tokens: list[Token], source: Source) -> list[Token]:
    """The same words in one spelling."""
    for rule in (without_cells, delimited, switched, dressed, stacked, over, transposed, assigned, negated, lined):
        tokens = rule(tokens, source)
    return [t for t in tokens if t.text not in STYLE | SIZES]


def negated(tokens: list[Token], source: Source) -> list[Token]:
    r"""`\not=` and `\not\in` as one word."""
    out = list[Token]()
    for token in tokens:
        if out and out[-1].text == r"\not" and token.text in NEGATED:
            out[-1] = Token(NEGATED[token.text], out[-1].span.to(token.span))
        else:
            out.append(token)
    return out


def lined(tokens: list[Token], source: Source) -> list[Token]:
    r"""The lines of `\substack{i \in A \\ i \ne j}` with commas between them."""
    out, k = list[Token](), 0
    while k < len(tokens):
        end = group(tokens, k + 1) if tokens[k].text == r"\substack" else k
        inside = bare(tokens[k + 1 : end]) if end > k else tokens[k : k + 1]
        out += [replace(t, text=",") if end > k and t.text == r"\\" else t for t in inside]
        k = max(end, k + 1)
    return out


def group(tokens: Sequence[Token], start: int) -> int:
    """Where the argument ends that begins at a word: behind its closing brace, or behind the word."""
    if start >= len(tokens) or tokens[start].text != "{":
        return min(start + 1, len(tokens))
    depth = 0
    for k in range(start, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[k].text, 0)
        if not depth:
            return k + 1
    return len(tokens)


def bare(tokens: Sequence[Token]) -> list[Token]:
    """An argument without the braces around it."""
    found = list(tokens)
    while len(found) > 1 and found[0].text == "{" and group(found, 0) == len(found):
        found = found[1:-1]
    return found


def braced(tokens: Sequence[Token]) -> list[Token]:
    """Words as one group."""
    inner = bare(tokens)
    at = inner[0].span if inner else tokens[0].span
    return [Token("{", at), *inner, Token("}", inner[-1].span if inner else at)]


# brackets


def without_cells(tokens: list[Token], source: Source) -> list[Token]:
    r"""`array` without what it says of its columns, and under the name of what it is."""
    out = list[Token]()
    k = 0
    while k < len(tokens):
        out.append(tokens[k])
        k += 1
        if out[-1].text in {r"\begin{array}", r"\begin{tabular}"}:
            if k < len(tokens) and tokens[k].text == "[":
                k = next((j + 1 for j in range(k, len(tokens)) if tokens[j].text == "]"), k)
            k = group(tokens, k) if k < len(tokens) and tokens[k].text == "{" else k
    return out


def delimited(tokens: list[Token], source: Source) -> list[Token]:
    r"""`\left` and `\right` that have no bracket, bars that are told apart by them, and cases behind a brace."""
    found, opened = list(tokens), list[int]()
    for k, token in enumerate(tokens):
        if token.text == r"\left":
            opened.append(k)
        elif token.text == r"\right" and opened:
            _pair(found, opened.pop(), k)
    return [t for t in found if t.text]


def _pair(tokens: list[Token], left: int, right: int) -> None:
    """Rewrite one pair of brackets in place; an empty word stands for nothing."""
    if right + 1 >= len(tokens):
        return
    opening, closing = tokens[left + 1], tokens[right + 1]
    if opening.text == "|" and closing.text == "|":
        double = [t.text for t in tokens[left + 2 : left + 4]] == [r"\left", r"\lvert"]
        if double and [t.text for t in tokens[right - 2 : right]] == [r"\right", r"\rvert"]:
            tokens[left + 3], tokens[right - 1] = replace(opening, text=r"\|"), replace(closing, text=r"\|")
            tokens[left + 1], tokens[right + 1] = replace(opening, text=""), replace(closing, text="")
            return
        tokens[left + 1], tokens[right + 1] = replace(opening, text=r"\lvert"), replace(closing, text=r"\rvert")
    elif opening.text == r"\{" and closing.text == "." and _is_environment(tokens[left + 2 : right]):
        _rename(tokens, left, right, "cases")
        tokens[left + 1], tokens[right + 1] = replace(opening, text=""), replace(closing, text="")
    elif opening.text == "." and closing.text == r"\}" and _is_environment(tokens[left + 2 : right]):
        tokens[left + 1], tokens[right + 1] = replace(opening, text=""), replace(closing, text="")
    elif opening.text == "." and closing.text in {"|", r"\rvert"}:
        tokens[left + 1], tokens[right + 1] = replace(opening, text="{"), replace(closing, text="}")
        tokens[right] = replace(tokens[right], text="")
        tokens.insert(right + 2, replace(closing, text="|"))
    else:
        for k in (left, right):
            if tokens[k + 1].text == ".":
                tokens[k + 1] = replace(tokens[k + 1], text="")


def _is_environment(tokens: Sequence[Token]) -> bool:
    """Whether some words are an array, a matrix or lines, from the beginning to the end."""
    words = [t.text for t in tokens if t.text and t.text not in STYLE | SIZES]
    return len(words) > 1 and words[0] in ROWS and words[-1] == words[0].replace("begin", "end")


ROWS = {rf"\begin{{{name}}}" for name in ("array", "matrix", "aligned", "align", "split", "gathered")}


def _rename(tokens: list[Token], left: int, right: int, name: str) -> None:
    """Another name for the environment between two words."""
    words = [k for k in range(left, right) if tokens[k].text.startswith((r"\begin{", r"\end{"))]
    for k, mark in ((words[0], "begin"), (words[-1], "end")):
        tokens[k] = replace(tokens[k], text=rf"\{mark}{{{name}}}")


# dress


def dressed(tokens: list[Token], source: Source) -> list[Token]:
    """Without colour, boxes with options, invisible words."""
    out = list[Token]()
    k = 0
    while k < len(tokens):
        word = tokens[k].text
        if word == r"\bbox":
            k += 1
            if k < len(tokens) and tokens[k].text == "[":
                k = next((j + 1 for j in range(k, len(tokens)) if tokens[j].text == "]"), k)
        elif word in UNPRINTED | DRESSED:
            k = group(tokens, k + 1)
        elif word in UNWRAPPED:
            end = group(tokens, k + 1)
            out += dressed(bare(tokens[k + 1 : end]), source)
            k = end
        else:
            out.append(tokens[k])
            k += 1
    return out


def stacked(tokens: list[Token], source: Source) -> list[Token]:
    r"""`\underset{j}{\max}` as `\max_{j}`; a remark above or below a relation goes, a question there is refused."""
    out = list[Token]()
    k = 0
    while k < len(tokens):
        if tokens[k].text not in {r"\underset", r"\overset", r"\stackrel"}:
            out.append(tokens[k])
            k += 1
            continue
        middle = group(tokens, k + 1)
        end = group(tokens, middle)
        beside, base = bare(tokens[k + 1 : middle]), stacked(bare(tokens[middle:end]), source)
        out += _stack(tokens[k], beside, base, source)
        k = end
    return out


def _stack(command: Token, beside: list[Token], base: list[Token], source: Source) -> list[Token]:
    """One sign with what stands above or below it."""
    words = [t.text for t in base if t.text not in STYLE]
    if (len(words) == 1 and words[0] in SIGNS) or words == [":", "="]:
        asked = next((t for t in beside if t.text in ASKED), None)
        if asked:
            raise source.error(asked.span, "a relation that is asked for or demanded claims nothing: mark it unchecked")
        return base
    operator = words[:1] in ([r"\arg"], [r"\max"], [r"\min"], [r"\sum"], [r"\prod"], [r"\operatorname"], [r"\lim"])
    operator = operator or words[:1] in ([r"\operatorname*"], [r"\mathrm"], [r"\operatornamewithlimits"])
    operator = operator or (len(words) == 1 and words[0].startswith(r"\text"))
    if command.text == r"\underset" and operator and beside:
        return [*base, Token("_", beside[0].span), *braced(beside)]
    raise source.error(command.span, f"{command.text} here is neither an operator with its index nor a relation")


def switched(tokens: list[Token], source: Source) -> list[Token]:
    r"""`{\rm tr}` as `\mathrm{tr}`: old commands that change the font of the group they stand in."""
    out = list[Token]()
    k = 0
    while k < len(tokens):
        second = tokens[k + 1].text if k + 1 < len(tokens) else ""
        if tokens[k].text == "{" and second in SWITCHES:
            end = group(tokens, k)
            inside = switched(tokens[k + 2 : end - 1], source)
            out += [replace(tokens[k + 1], text=SWITCHES[second]), *braced(inside or tokens[k : k + 1])]
            k = end
        else:
            out.append(tokens[k])
            k += 1
    return out


def over(tokens: list[Token], source: Source) -> list[Token]:
    r"""`{a \over b}` as `\frac{a}{b}`."""
    while any(t.text == r"\over" for t in tokens):
        tokens = _divided(tokens, source)
    return tokens


def _divided(tokens: list[Token], source: Source) -> list[Token]:
    """The first fraction of old TeX in the new form."""
    words, opened = [t.text for t in tokens], list[int]()
    at = words.index(r"\over")
    for k in range(at):
        if words[k] == "{":
            opened.append(k)
        elif words[k] == "}" and opened:
            opened.pop()
    start = opened[-1] + 1 if opened else 0
    end = group(tokens, start - 1) - 1 if opened else len(tokens)
    top, bottom = tokens[start:at], tokens[at + 1 : end]
    if not top or not bottom or (not opened and {"=", "&", r"\\"} & set(words)):
        raise source.error(tokens[at].span, r"\over has no group of its own: write \frac{a}{b}")
    fraction = [replace(tokens[at], text=r"\frac"), *_whole(top), *_whole(bottom)]
    return [*tokens[:start], *fraction, *tokens[end:]]


def _whole(tokens: Sequence[Token]) -> list[Token]:
    """Words as one group, braces of their own kept."""
    return [Token("{", tokens[0].span), *tokens, Token("}", tokens[-1].span)]


# scripts and signs


def transposed(tokens: list[Token], source: Source) -> list[Token]:
    r"""An upright T as an exponent is a transpose; `^\prime` is a prime."""
    out = list[Token]()
    k = 0
    while k < len(tokens):
        if tokens[k].text != "^":
            out.append(tokens[k])
            k += 1
            continue
        end = group(tokens, k + 1)
        words = [t.text for t in tokens[k + 1 : end] if t.text not in {"{", "}"}]
        if end < len(tokens) and words in ([x] for x in UPRIGHT):
            end = group(tokens, end)
            words += [t.text for t in tokens[k + 2 : end] if t.text not in {"{", "}"}]
        inside = bare(tokens[k + 1 : end])
        if words and set(words) == {"'"}:
            out += [t for t in inside if t.text == "'"]
        elif _is_upright(words):
            out += [tokens[k], replace(tokens[k + 1], text=r"\top")]
        elif words[:1] == ["-"] and _is_upright(words[1:]):
            out += [tokens[k], *braced([inside[0], replace(inside[1], text=r"\top")])]
        else:
            out += [tokens[k], *transposed(list(tokens[k + 1 : end]), source)]
        k = end
    return out


def _is_upright(words: Sequence[str]) -> bool:
    r"""Whether words are a T in upright letters: `\mathrm{T}`, `\mathsf T`, `\text{T}`."""
    if len(words) == 1:
        return words[0] in {rf"{font}{{{letter}}}" for font in UPRIGHT for letter in ("T", " T", "T ")}
    return len(words) == 2 and words[0] in UPRIGHT and words[1] == "T"


def assigned(tokens: list[Token], source: Source) -> list[Token]:
    r"""`:=` as one word, also with a space in it; `=:` is an equation."""
    words = [t for t in tokens if t.text not in STYLE]
    out = list[Token]()
    for token in words:
        before = out[-1].text if out else ""
        if token.text == "=" and before == ":":
            out[-1] = Token(":=", out[-1].span.to(token.span))
        elif not (token.text == ":" and before == "="):
            out.append(token)
    return out
