r"""Signs and letters of Unicode as TeX writes them: `∑ᵢ wᵢ²`, `α`, `𝐰ᵀ`, `ŷ`, `ℝ`; each knows where it stood."""

import re
import unicodedata
from functools import lru_cache

UPPER = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱʲᵏˡᵐᵗʰ", "0123456789+-=()nijklmth", strict=True)) | {"ᵀ": r"\top "}
LOWER = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ", "0123456789+-=()aeoxhklmnpstijruv", strict=True))
SIGNS = {
    "∑": r"\sum", "∏": r"\prod", "∂": r"\partial", "∇": r"\nabla", "⊙": r"\odot", "∘": r"\circ", "⊤": r"\top",
    "⟨": r"\langle", "⟩": r"\rangle", "∈": r"\in", "∉": r"\notin", "∞": r"\infty", "→": r"\to", "√": r"\sqrt",
    "←": r"\leftarrow", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow", "∝": r"\propto", "≪": r"\ll", "≫": r"\gg",
    "…": r"\dots", "⋯": r"\cdots", "∀": r"\forall", "⊗": r"\otimes", "∪": r"\cup", "∩": r"\cap", "ℓ": r"\ell",
    "∫": r"\int", "≡": r"\equiv", "≔": r"\coloneqq", "∼": r"\sim", "⋅": r"\cdot", "ϵ": r"\epsilon", "ϕ": r"\phi",
    "½": r"\frac{1}{2}", "¼": r"\frac{1}{4}", "¾": r"\frac{3}{4}", "⅓": r"\frac{1}{3}", "⅔": r"\frac{2}{3}",
    "‖": r"\|", "∥": r"\|", "∣": "|", "∗": "*", "÷": "/", "∕": "/", "±": r"\pm", "·": r"\cdot",
    "⪯": r"\preceq", "⪰": r"\succeq", "≼": r"\preceq", "≽": r"\succeq", "≺": r"\prec", "≻": r"\succ",
    "⩽": r"\le", "⩾": r"\ge", "≦": r"\le", "≧": r"\ge",
    "×": r"\times", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx", "’": "'", "′": "'",
    "ε": r"\varepsilon", "φ": r"\varphi", "ϑ": r"\vartheta", "ς": r"\varsigma", "ο": "o",
}
ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u0307": "dot", "\u0308": "ddot", "\u20d7": "vec"}
FONTS = {"BOLD": "mathbf", "SCRIPT": "mathcal", "DOUBLE-STRUCK": "mathbb", "FRAKTUR": "mathfrak"}
UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]")
PROSE = r"\\(?:text\w*|mbox|hbox|label|tag\*?|operatorname\*?|mathrm)\s*\{[^{}]*\}"
PIECE = re.compile(rf"{PROSE}|[{''.join(UPPER)}]+|[{''.join(LOWER)}]+|.[{''.join(ACCENTS)}]?", re.DOTALL)


def in_tex(text: str) -> tuple[str, list[int]]:
    """A text as TeX writes it, and of each of its characters where it stood."""
    out, places = list[str](), list[int]()
    for piece in PIECE.finditer(text):
        word = piece[0] if piece[0].isascii() or piece[0].startswith("\\") else _word(piece[0])
        out.append(word)
        places += range(piece.start(), piece.end()) if word == piece[0] else [piece.start()] * len(word)
    return "".join(out), [*places, len(text)]


@lru_cache(4096)
def _word(piece: str) -> str:
    """What TeX has for some characters that stand together; what it does not have stays as it is."""
    if piece[0] in UPPER or piece[0] in LOWER:
        inside = "".join((UPPER if piece[0] in UPPER else LOWER)[letter] for letter in piece)
        return f"{'^' if piece[0] in UPPER else '_'}{{{inside}}}"
    if UNSEEN.fullmatch(piece):
        return " "
    if piece[0] in SIGNS:
        sign = SIGNS[piece[0]]
        return f"{sign} " if sign[-1:].isalpha() else sign
    letter, *marks = list(unicodedata.normalize("NFD", piece))
    if marks and set(marks) <= set(ACCENTS) and len(marks) == 1:
        inside = letter if letter.isascii() else _word(letter)
        return rf"\{ACCENTS[marks[0]]}{{{inside}}}"
    return _letter(piece) if len(piece) == 1 else piece


def _letter(letter: str) -> str:
    """A Greek letter, one of mathematical fonts, or one of full width."""
    name = unicodedata.name(letter, "")
    greek = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (LAMDA|[A-Z]+)", name)
    if greek:
        word = greek[2].lower().replace("lamda", "lambda")
        plain = unicodedata.normalize("NFKC", letter)
        is_known = greek[1] == "SMALL" or plain in "ΓΔΘΛΞΠΣΥΦΨΩ"
        return f"\\{word if greek[1] == 'SMALL' else word.capitalize()} " if is_known else letter
    plain = unicodedata.normalize("NFKC", letter)
    if len(plain) != 1 or plain == letter:
        return letter
    inside = plain if plain.isascii() else _letter(plain)
    font = next((tex for word, tex in FONTS.items() if f"{word} " in f"{name} "), "")
    return rf"\{font}{{{inside}}}" if font and plain.isalpha() else inside
