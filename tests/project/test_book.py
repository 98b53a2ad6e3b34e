"""The book and the library mirror each other; what an author must do everywhere is asked for here."""

import ast
import json
import re
import runpy
import tokenize
from functools import cache
from pathlib import Path

import pytest

from nnlit.book.source import chapter, tags
from nnlit.book.source.digests import syntax
from nnlit.book.source.examples import Examples
from nnlit.book.source.markdown import markdown
from nnlit.book.source.marks import Unchecked

ROOT = Path(__file__).parents[2]
DOCS, PACKAGE, TESTS = ROOT / "docs", ROOT / "nnlit", ROOT / "tests"
FIGURES = DOCS / "figures"
STEMS = [
    *("data", "slopes", "descent", "dense", "losses", "activations", "network", "gradcheck", "training"),
    *("scaling", "softmax", "batches", "initialization", "optimizers", "regularization"),
    *("diagnosis", "parallel", "autodiff", "frameworks"),
]
HELPERS = {"checkpoints", "doors", "files", "layout", "mnist", "pictures", "results", "tables"}  # chapters import them
OUTSIDE = {"__init__", "__main__", "calls", "cli", "estimator", "exchange", "meant", "names", "origin", "recipes"}
FILES = sorted(DOCS.glob("[0-9][0-9]-*.md"))
CHAPTERS = [chapter.read(path) for path in FILES]
MODULES = [PACKAGE / f"{stem}.py" for stem in STEMS if (PACKAGE / f"{stem}.py").exists()]
PAGES = sorted(DOCS.rglob("*.md"))

each_chapter = pytest.mark.parametrize("page", CHAPTERS, ids=lambda page: page.stem)
each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


def without_fences(text):
    """The lines of a Markdown text, those of code fences empty."""
    blocks = markdown(text)
    return blocks.without(blocks.fences)


def functions(path):
    """Every function of a module with its qualified name, methods and inner functions included."""

    def walk(node, scope):
        for child in ast.iter_child_nodes(node):
            named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            name = f"{scope}{child.name}" if named else scope.rstrip(".")
            if isinstance(child, ast.FunctionDef):
                yield name, child
            yield from walk(child, f"{name}." if named else scope)

    return list(walk(syntax(path), ""))


# --- one chapter = one module = one test file ---------------------------------------------------------------------


def test_chapters_are_numbered_in_the_order_of_the_design():
    assert [path.name for path in FILES] == [f"{STEMS.index(c.stem) + 1:02}-{c.stem}.md" for c in CHAPTERS]


@each_chapter
def test_a_chapter_has_a_module_and_a_test_file_of_its_name(page):
    assert (PACKAGE / f"{page.stem}.py").is_file()
    assert (TESTS / f"test_{page.stem}.py").is_file()


def test_every_module_is_a_chapter_or_stands_outside():
    found = {path.stem for path in PACKAGE.glob("*.py")}
    assert found <= set(STEMS) | HELPERS | OUTSIDE


def test_every_module_has_its_chapter():
    assert {path.stem for path in MODULES} == {c.stem for c in CHAPTERS}


def test_the_navigation_has_the_chapters_in_order():
    listed = re.findall(r"\b\d\d-[a-z_]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert listed == [f"{number:02}-{stem}.md" for number, stem in enumerate(STEMS, 1)]


def test_the_public_names_stand_in_the_order_of_the_chapters():
    imported = [
        n.module.partition(".")[2] for n in ast.walk(syntax(PACKAGE / "__init__.py")) if isinstance(n, ast.ImportFrom)
    ]
    order = [STEMS.index(stem) for stem in imported if stem in STEMS]
    assert order == sorted(order)


@each_module
def test_a_module_imports_only_what_stands_before_it(path):
    allowed = {*STEMS[: STEMS.index(path.stem)], *HELPERS}
    for node in ast.walk(syntax(path)):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if names == ["nnlit"]:  # from nnlit import doors
            names = [f"nnlit.{alias.name}" for alias in node.names]
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            first, _, rest = name.partition(".")
            assert first != "nnlit" or rest.partition(".")[0] in allowed, f"{path.name}:{node.lineno}: {name}"


def test_the_top_level_has_three_folders_and_no_conftest():
    made = {"site", "dist", "build"}
    folders = {p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith((".", "_"))}
    assert {f for f in folders - made if not f.endswith(".egg-info")} == {"docs", "nnlit", "tests"}
    assert not (ROOT / "conftest.py").exists()


# --- labels ---------------------------------------------------------------------------------------------------------


@cache
def labels():
    """Every label of the book; chapter.chapters raises where one stands twice."""
    numbered = [d.label for c in chapter.chapters(DOCS) for d in c.displays]
    others = [d.label for path in PAGES if path not in FILES for d in chapter.read(path).displays]
    return [label for label in numbered + others if label]


def test_every_label_is_unique():
    assert len(labels()) == len(set(labels()))


def test_every_label_that_is_used_exists():
    known, used = set(labels()), []
    pending = set(STEMS) - {c.stem for c in CHAPTERS}
    for path in [*PAGES, *sorted(PACKAGE.rglob("*.py"))]:
        if (PACKAGE / "book") in path.parents:
            continue
        text = path.read_text(encoding="utf-8")
        plain = without_fences(text) if path.suffix == ".md" else text.split("\n")
        used += [
            (path, n, label) for n, line in enumerate(plain, 1) for label in re.findall(r"\\eqref\{([^}]*)\}", line)
        ]
    used += [
        (tag.place.path, tag.place.line, label) for path in MODULES for tag in tags.read(path) for label in tag.labels
    ]
    lost = [
        f"{p.name}:{n}: {label}"
        for p, n, label in used
        if label not in known and label.partition(":")[0] not in pending
    ]
    assert not lost


def test_every_displayed_equation_in_a_chapter_has_a_label_or_is_only_numbers():
    for display in (d for c in CHAPTERS for d in c.displays if not d.label):
        bare = re.sub(r"\\(begin|end)\{[a-z]+\}|\\[a-zA-Z]+", "", display.tex)
        assert not re.search("[a-zA-Z]", bare), f"{display.place}: an equation with symbols needs a label"


def test_at_most_one_equation_in_twenty_is_unchecked():
    displays = [d for c in CHAPTERS for d in c.displays]
    unchecked = [str(d.place) for d in displays if isinstance(d.mark, Unchecked)]
    assert len(unchecked) <= 0.05 * len(displays), unchecked


# --- the code of a chapter ------------------------------------------------------------------------------------------


@each_chapter
def test_every_function_and_class_is_shown_in_its_chapter(page):
    module = f"nnlit.{page.stem}"
    plain = without_fences(page.markdown.text)
    shown = {m[1] for line in plain if (m := re.match(rf"\s*::: {re.escape(module)}\.([\w.]+)\s*$", line))}
    missing = []
    for node in syntax(PACKAGE / f"{page.stem}.py").body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in shown:
            methods = [f"{node.name}.{n.name}" for n in node.body if isinstance(n, ast.FunctionDef)]
            missing += [name for name in methods or [node.name] if name not in shown]
    assert not missing, f"::: {module}.{missing[0]} and {len(missing) - 1} more"


@each_chapter
def test_what_is_shown_exists(page):
    known = {name for name, _ in functions(PACKAGE / f"{page.stem}.py")}
    known |= {n.name for n in ast.walk(syntax(PACKAGE / f"{page.stem}.py")) if isinstance(n, ast.ClassDef)}
    for line in without_fences(page.markdown.text):
        name = re.match(rf"\s*::: nnlit\.{page.stem}\.([\w.]+)\s*$", line)
        assert not name or name[1] in known, line


EQUATIONS = {"forward", "backward", "gradients", "gradient", "loss", "update"}
"""Functions and methods whose arithmetic is the book's: layers, losses and update rules."""

INTEGERS = {"len", "range", "int", "round"}
SHAPES = {"zeros", "ones", "empty", "full", "reshape", "broadcast_to", "arange", "integers"}  # they take whole numbers
QUOTED = {"frameworks"}  # says in the words of other libraries what earlier chapters derive


def computes(node):
    """Does an expression do arithmetic on arrays? Indices, lengths and counts are not looked into."""
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr | ast.BitAnd):
        return not (counts(node.left) and counts(node.right)) and not lists(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return not counts(node.operand)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in INTEGERS:
        return False
    if isinstance(node, ast.JoinedStr):
        return False
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = node.func.value
        if node.func.attr in SHAPES:
            return computes(owner)
        if isinstance(owner, ast.Name) and owner.id == "np" and node.func.attr in MATHEMATICS:
            return True
        if node.func.attr in REDUCTIONS:
            return True
    if isinstance(node, ast.Subscript):
        return computes(node.value)
    return any(computes(child) for child in ast.iter_child_nodes(node))


def lists(node):
    """Does it repeat or join lists?"""
    return isinstance(node, ast.List) or (isinstance(node, ast.BinOp) and (lists(node.left) or lists(node.right)))


def counts(node):
    """Is it an integer by its form: a number, a length, an entry of a shape?"""
    text = ast.unparse(node)
    return bool(re.fullmatch(r"-?\d+|len\(.*\)|[\w.]+\.(size|ndim|shape\[-?\d+\])", text))


REDUCTIONS = {"sum", "mean", "max", "min", "prod", "dot", "cumsum"}
MATHEMATICS = REDUCTIONS | {
    *("exp", "log", "log1p", "expm1", "sqrt", "square", "power", "tanh", "sin", "cos", "abs", "sign", "clip", "where"),
    *("add", "subtract", "multiply", "divide", "matmul", "einsum", "tensordot", "outer", "negative"),
    *("maximum", "minimum", "amax", "amin", "var", "std"),
}


def unlabelled(path):
    """Arithmetic in equation functions that no tag covers."""
    tagged = {line for tag in tags.read(path) for line in tag.lines}
    for name, function in functions(path):
        if name.rpartition(".")[2] not in EQUATIONS:
            continue
        for node in ast.walk(function):
            value = getattr(node, "value", None) if isinstance(node, tags.SIMPLE) else None
            in_place = isinstance(node, ast.AugAssign)
            if value is not None and (in_place or computes(value)) and node.lineno not in tagged:
                yield f"{path.name}:{node.lineno}: {name}: {ast.unparse(node)}"


@each_module
def test_arithmetic_in_equation_functions_carries_a_label(path):
    assert path.stem in QUOTED or not list(unlabelled(path))


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        ("Z = X @ W + b", True),
        ("p -= rate * g", True),
        ("return np.maximum(Z, 0), Z", True),
        ("return (P - Y) / m", True),
        ("s = Z.sum(axis=1)", True),
        ("return -g", True),
        ("m = len(X)", False),
        ("return Z, X", False),
        ("X = cache", False),
        ("n = X.shape[1] - 1", False),
        ("A, cache = layer.forward(A)", False),
        ("first = layers[k + 1:]", False),
        ("return {'W': grad_W}", False),
        ("return [{}] * first + [grads, *above]", False),
        ("P = np.zeros((m, s + 2 * d))", False),
        ("return W[rows].reshape(m, s * s), None", False),
        ("return (2 * W).reshape(m, s), None", True),
    ],
)
def test_what_counts_as_arithmetic(tmp_path, line, needs):
    path = tmp_path / "x.py"
    path.write_text(f"def forward(X):\n    {line}\n", encoding="utf-8")
    assert bool(list(unlabelled(path))) is needs


@cache
def lines_with_code(path):
    """The lines that hold code: blank lines, comments and docstrings do not count."""
    quiet = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    text = set()
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            text |= set(range(node.lineno, node.end_lineno + 1))
    with path.open("rb") as file:
        tokens = [t for t in tokenize.tokenize(file.readline) if t.type not in quiet and t.type != tokenize.ENCODING]
    return {n for t in tokens for n in range(t.start[0], t.end[0] + 1)} - text


def code_lines(path, first=1, last=10**9):
    return sum(first <= n <= last for n in lines_with_code(path))


@each_module
def test_functions_and_modules_are_short(path):
    assert {name: size for name, size in sizes(path).items() if size > 12} == {}
    assert code_lines(path) < 200


@each_module
def test_lines_are_no_wider_than_the_page(path):
    assert [f"{path.name}:{n}" for n, line in enumerate(lines_of(path), 1) if len(line) > 88] == []


def sizes(path):
    """Lines of code of every function; its signature counts as one, however it is set."""
    return {name: 1 + code_lines(path, f.body[0].lineno, f.end_lineno) for name, f in functions(path)}


def statements(node):
    """A node and all below it, but for what expressions are made of."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr):
            yield from statements(child)


def test_no_displayed_equation_stands_in_a_docstring():
    found, read = [], 0
    for path in (path for path in sorted(PACKAGE.rglob("*.py")) if re.search(r"\$\$|\\\[", path.read_text("utf-8"))):
        for node in statements(syntax(path)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and (text := ast.get_docstring(node)):
                read += 1
                # what an example writes to a file is none
                inline = re.sub(r"`[^`\n]*`|^ *(?:>>>|\.\.\.).*", "", text, flags=re.MULTILINE)
                if re.search(r"\$\$.*\$\$|^\s*\$\$|\\\[", inline, re.DOTALL | re.MULTILINE):
                    found.append(f"{path}:{getattr(node, 'lineno', 1)}")
    assert read > 200
    assert found == []


# --- the text of a chapter ------------------------------------------------------------------------------------------


@cache
def plain(path):
    """A page's lines with fences, displays and comments blanked."""
    text = "\n".join(without_fences(path.read_text(encoding="utf-8")))
    text = re.sub(r"<!--.*?-->", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL)
    return re.sub(r"^\s*\$\$\n.*?^\s*\$\$$", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL | re.MULTILINE)


def inline(path):
    """Inline formulas with their lines."""
    for number, line in enumerate(plain(path).split("\n"), 1):
        for formula in re.findall(r"(?<![\\$])\$([^$]+)\$", re.sub(r"`[^`]*`", "", line)):
            yield number, formula


RELATION = r"=|\\approx|\\leftarrow|\\gets|\\propto|\\le\b|\\ge\b|<|>"
ACCENTED = r"\\(?:hat|bar|tilde|vec|mathbf|mathbb|mathcal)\s*(?:\{[^}]*\}|\\?[a-zA-Z]+)"


def refused(formula):
    """Why a formula has to be displayed; empty if it may stand in a line of text.

    Sums, products and integrals are always displayed. So are equations that hold a derivative, or a product in which a
    symbol takes part (`W x`, `\\eta g`, `2 n`, `a \\cdot b`, `A \\odot B`). A derivative alone is a symbol, sizes
    (`m \\times n`) and arithmetic of numbers (`1 \\cdot 3 - 1 \\cdot 4`) are values, `f(x)` is a value.
    """
    big = re.search(r"\\(sum|prod|int|lim|iint|oint)(?![a-zA-Z])", formula)
    if big:
        return f"{big[0]} stands in a line of text"
    if not re.search(RELATION, formula):
        return ""
    if re.search(r"\\(partial|nabla)\b|\\mathrm\{d\}", formula):
        return "an equation with a derivative stands in a line of text"
    bare = re.sub(r"\\(?:mathrm|text|operatorname|mathtt)\s*\{[^}]*\}", "", formula)
    while (stripped := re.sub(r"[_^](?:\{[^{}]*\}|\\?[a-zA-Z]+|.)", "", bare)) != bare:
        bare = stripped
    bare = re.sub(r"\\frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"(\1)/(\2)", bare)
    bare = re.sub(r"\\(?:frac|sqrt)\b|\\[,;!: ]|[{}]", " ", bare)
    bare = re.sub(r"\\(?:cdot|odot|times)\b", "*", bare)
    bare = re.sub(r"\\(?:log|exp|max|min|tanh|sin|cos|ln|text|left|right|quad|ldots|dots)\b", "@", bare)
    bare = re.sub(r"\\[a-zA-Z]+", " x ", re.sub(ACCENTED, " x ", re.sub(RELATION, "=", bare)))
    if re.search(r"[A-Za-z]\s*\*?\s*[A-Za-z]|[\d)]\s*\*?\s*[A-Za-z]|[A-Za-z]\s*\*", bare):
        return "an equation with a product stands in a line of text"
    return ""


@pytest.mark.parametrize(
    ("formula", "fine"),
    [
        (r"X", True),
        (r"\frac{\partial L}{\partial Z}", True),
        (r"m \times n_{\mathrm{in}}", True),
        (r"n_{\mathrm{in}} = n_{\mathrm{out}}", True),
        (r"h = 10^{-5}", True),
        (r"x = (10, 1)", True),
        (r"f(x) = x^2", True),
        (r"1 \cdot 3 - 1 \cdot 4 = -1", True),
        (r"Z > 0", True),
        (r"m = 5, n = 4", True),
        (r"1/\sqrt{n_{\mathrm{in}}}", True),
        (r"v = \frac{2}{n}", True),
        (r"\eta \lambda = 0.05", False),
        (r"X^\top r = 0", False),
        (r"Z = XW + b", False),
        (r"y = 2x", False),
        (r"\kappa = \eta", True),
        (r"\lambda_{\max} = 100", True),
        (r"0.99^t \le 1/1000", True),
        (r"a = \eta g", False),
        (r"\eta \hat\lambda = 2", False),
        (r"A = B \odot C", False),
        (r"\frac{\partial L}{\partial b} = 1", False),
        (r"\sum_i x_i", False),
        (r"L = \prod_i p_i", False),
        (r"Z = X V^\top + b", False),
    ],
)
def test_which_formulas_must_be_displayed(formula, fine):
    assert (not refused(formula)) is fine


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_inline_mathematics_holds_symbols_sizes_and_values(path):
    assert not [f"{path.name}:{n}: ${f}$: {why}" for n, f in inline(path) if (why := refused(f))]


@each_chapter
def test_a_chapter_has_its_parts_in_order(page):
    headings = [line[3:].strip() for line in plain(page.path).split("\n") if line.startswith("## ")]
    parts = ["Symbols", "Where it goes wrong", "Exercises", "Sources"]
    assert [h for h in headings if h in parts] == parts
    assert [line for line in plain(page.path).split("\n") if line.startswith("# ")] == [f"# {page.title}"]
    foot = [line for line in lines_of(page.path) if line.strip()][-1]
    assert foot == f"Check this chapter: `pytest docs/{page.path.name}`"
    assert page.tables, "no Symbols table"


@each_chapter
def test_a_chapter_opens_with_words_and_a_picture(page):
    opening = plain(page.path).partition("\n## ")[0]
    assert "](figures/" in opening
    assert len(re.findall(r"[.?](\s|$)", re.sub(r"!\[.*?\]\(.*?\)", "", opening))) >= 3


def exercises(page):
    """Title and text of every exercise."""
    text = plain(page.path).partition("\n## Exercises\n")[2].partition("\n## ")[0]
    return [part.partition("\n")[::2] for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]]


@each_chapter
def test_a_chapter_has_exercises_with_solutions(page):
    found = exercises(page)
    assert [title.partition(".")[0] for title, _ in found] == [str(k + 1) for k in range(len(found))]
    assert len(found) >= 4
    assert all(re.search(r'^\?\?\? success "Solution"\n(\n|    )', text, re.MULTILINE) for _, text in found)


@each_chapter
def test_a_chapter_asks_to_find_an_error(page):
    asked = [
        t
        for t, text in exercises(page)
        if re.search(r"\b(error|mistake|wrong)\b", t + text.partition("???")[0], re.IGNORECASE)
    ]
    assert asked


@each_chapter
def test_a_chapter_asks_to_predict_and_leaves_a_question_open(page):
    titles = [title.partition(". ")[2] for title, _ in exercises(page)]
    assert [title for title in titles if title.startswith("Predict, run")]
    assert [title for title in titles if title.startswith("Open")]


def prose(page):
    """The words of a chapter without code, formulas, tables, pictures, listings and solutions."""
    text = re.sub(r"^\?\?\? .*\n(?:\n|    .*\n)*", "", plain(page.path) + "\n", flags=re.MULTILINE)
    text = "\n".join(line for line in text.split("\n") if not re.match(r"\s*(\||!\[|:::|#)", line))
    return re.findall(r"[A-Za-z][\w'-]*", re.sub(r"\$[^$]+\$|`[^`]*`|\\eqref\{[^}]*\}", " ", text))


@each_chapter
def test_a_chapter_is_neither_a_note_nor_a_book(page):
    assert 1200 <= len(prose(page)) <= 4000


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_chapters_are_named_and_not_numbered(path):
    found = [line for line in plain(path).split("\n") if re.search(r"\bchapters? \d", line, re.IGNORECASE)]
    assert not found


@each_chapter
def test_every_line_that_looks_like_an_example_is_one(page):
    lines = lines_of(page.path)
    quoted = {n for b in page.markdown.fences if len(b.fence) > 3 for n in range(b.first, b.last + 1)}
    prompts = {n for n, line in enumerate(lines, 1) if re.match(r"\s*>>>(?!\s*(#|$))", line)} - quoted
    examples = {e.line for e in Examples(page.path, page.markdown).all}
    assert prompts == {n for n in examples if ">>>" in lines[n - 1]}


# --- glossary and bibliography --------------------------------------------------------------------------------------


def entries(name, pattern):
    """The entries of a list: one line each, of the form that the pattern asks for."""
    lines = [line for line in lines_of(DOCS / name) if line.startswith("- ")]
    found = [re.fullmatch(pattern, line) for line in lines]
    assert all(found), [line for line, match in zip(lines, found, strict=True) if not match]
    return [match.groups() for match in found]


def in_order(words):
    return [re.sub(r"[^\w\s'-]", "", word).casefold() for word in words]


def test_the_glossary_is_in_order_and_names_chapters_that_have_the_term():
    found = entries("glossary.md", r"- \*\*(.+?)\*\*.*[:.] .+\. \[(.+?)\]\((.+?\.md)\)")
    terms = in_order(term for term, _, _ in found)
    assert terms == sorted(set(terms))
    titles = {page.path.name: page.title for page in CHAPTERS}
    texts = {page.path.name: " ".join(plain(page.path).casefold().replace("*", "").split()) for page in CHAPTERS}
    assert [title for _, title, _ in found] == [titles[file] for _, _, file in found]
    assert not [(file, term) for term, _, file in found if term.casefold() not in texts[file]]


def sources(page):
    """The titles, set in italics, of a chapter's sources."""
    return re.findall(r"\*(.+?)\*", plain(page.path).partition("\n## Sources\n")[2])


def test_the_bibliography_is_in_order_and_holds_what_the_chapters_cite():
    found = entries("bibliography.md", r"- (.+?), (?:.*, )?\*(.+?)\*, .+\. Cited in (.+)\.")
    surnames = in_order(name for name, _, _ in found)
    assert surnames == sorted(surnames)
    listed = {title.casefold(): re.findall(r"\[(.+?)\]\((.+?)\)", chapters) for _, title, chapters in found}
    assert len(listed) == len(found)
    cited = {title: [] for title in listed}
    for page in CHAPTERS:
        for source in sources(page):
            title = next((t for t in listed if t.partition(":")[0] == source.casefold().partition(":")[0]), None)
            assert title, f"{page.path.name} cites {source}, which docs/bibliography.md does not have"
            cited[title].append((page.title, page.path.name))
    assert cited == listed


# --- figures --------------------------------------------------------------------------------------------------------


def test_every_figure_is_drawn_from_its_present_source():
    pytest.importorskip("matplotlib")
    drawing = runpy.run_path(str(FIGURES / "draw.py"))
    noted = json.loads((FIGURES / "hashes.json").read_text(encoding="utf-8"))
    stale = [path.stem for path in drawing["sources"]() if noted.get(path.stem) != drawing["rests_on"](path)]
    assert not stale, f"python docs/figures/draw.py {' '.join(stale)}"
    assert set(noted) == {path.stem for path in drawing["sources"]()}


def test_every_figure_has_two_files_and_every_file_a_figure():
    drawn = {path.name for path in FIGURES.glob("*.svg")}
    names = {path.stem for path in FIGURES.glob("*.py")} - {"draw"}
    assert drawn == {f"{name}-{scheme}.svg" for name in names for scheme in ("light", "dark")}


PICTURE = re.compile(r"\s*!\[([^\]]+)\]\(figures/([a-z0-9_-]+)-(light|dark)\.svg#only-(light|dark)\)$")


@each_chapter
def test_every_picture_comes_in_two_schemes_and_says_what_it_shows(page):
    lines = plain(page.path).split("\n")
    pictures = [n for n, line in enumerate(lines) if "](figures/" in line]
    found = [PICTURE.match(lines[n]) for n in pictures]
    assert all(found), [lines[n] for n, match in zip(pictures, found, strict=True) if not match]
    for light, dark in zip(found[::2], found[1::2], strict=True):
        assert (light[1], light[2], light[3], light[4]) == (dark[1], dark[2], "light", "light")
        assert dark[3] == dark[4] == "dark"
        assert (FIGURES / f"{light[2]}.py").is_file()
        assert len(light[1].split()) >= 4, "the text for readers who do not see it says what the picture shows"
