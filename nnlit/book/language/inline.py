r"""Several values in one sentence: `f(x) = x \text{ if } x > 0 \text{ and } 0 \text{ otherwise}`."""

from dataclasses import replace

from nnlit.book.language.remarks import IF, REST, Piece, is_condition, is_rest, trimmed
from nnlit.book.language.spelling import Token
from nnlit.book.language.tokens import CONDITIONS, depths

JOINTS = {"", "and", "but", "else"}


def spelled_out(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a line, in which every value behind a condition has its left side."""
    left, out, conditional = list[Token](), list[Piece](), False
    pieces = [part for k, piece in enumerate(pieces) for part in parted(piece, pieces[k + 1 : k + 2])]
    for k, piece in enumerate(pieces):
        words = trimmed(piece.words)
        level = depths(words)
        signs = [j for j, token in enumerate(words) if token.text in CONDITIONS and not level[j]]
        behind = next((x for x in pieces[k + 1 :] if trimmed(x.words) or x.cut == "text"), Piece([]))
        if left and conditional and words and not signs and is_value(piece, behind):
            out.append(Piece([*left, Token("=", words[0].span), *words], "gap"))
            out += [Piece([], "text", "otherwise")] if piece.word in REST and not is_rest(behind) else []
            conditional = False
            continue
        same = bool(signs) and [t.text for t in words[: signs[0]]] == [t.text for t in left]
        out.append(replace(piece, cut="gap", word="") if same and piece.word == "and" else piece)
        left = words[: signs[0]] if signs and words[signs[0]].text == "=" and not is_condition(piece) else left
        conditional = is_condition(piece) if words else conditional
    return out


def parted(piece: Piece, behind: list[Piece]) -> list[Piece]:
    r"""A condition and the value behind its comma: the `0` of `\text{if } x > 0, 0 \text{ otherwise}`."""
    words = trimmed(piece.words)
    level = depths(words)
    commas = [j for j, token in enumerate(words) if token.text == "," and not level[j]]
    followed = any(is_rest(x) or is_condition(x) for x in behind)
    if not (commas and followed and is_condition(piece)) or any(t.text in CONDITIONS for t in words[commas[-1] :]):
        return [piece]
    return [replace(piece, words=words[: commas[-1]]), Piece(words[commas[-1] + 1 :], "gap")]


def is_value(piece: Piece, behind: Piece) -> bool:
    """Whether a piece without a relation is a value: a condition stands behind it, or it holds otherwise."""
    followed = is_rest(behind) or (is_condition(behind) and bool(IF.fullmatch(behind.word)))
    return piece.word in JOINTS and (followed or piece.word == "else")
