r"""The numbers of docs/public-texts.md: which public documents are drawn, and what `nnlit check` says of them.

    python tests/tools/public_texts.py draw CLONES     the documents that the page's rule draws from clones
    python tests/tools/public_texts.py draw CLONES again    a second draw, of others
    python tests/tools/public_texts.py count FOLDER    a row of the page's table for every document of a folder
    python tests/tools/public_texts.py seen CLONES     of all displays in all documents of clones, how many are seen

CLONES holds a git repository `owner+name` for each name in REPOSITORIES. FOLDER holds documents with their Symbols
tables, in the file or beside it. Neither belongs to this project, and nothing of them is kept here.
"""

import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

SEED, DRAWN = 20261125, 12
FEWEST, MOST = 10, 60  # displays of a document
FEW, LARGE = 3, 1_000_000  # displays, and characters, of a document whose displays are counted
SIGNS = re.compile(r"[\\^_=+<>]")
ENDINGS = (".md", ".markdown", ".qmd", ".rmd", ".ipynb", ".tex", ".py")
REPOSITORIES = """
CXianRen/MyNN Ingenjoy/SelectedTopicsOptimization SandAI-org/MagiAttention SciML/SciMLBook Stevring/cs224n-2019-projects
WangcsShuai/kevinzakka.github.io YikangGui/YikangGui.github.io aws-samples/aws-mlu-explain chrismbryant/backpropagation
cs231n/cs231n.github.io d2l-ai/d2l-en ddbourgin/numpy-ml dennybritz/nn-from-scratch distillpub/post--momentum
harvard-ml-courses/cs181-textbook jaketae/jaketae.github.io jli05/jli05.github.io john-waczak/DataAssimilation.jl
labmlai/annotated_deep_learning_paper_implementations maxim5/cs229-2018-autumn mayank31398/kernel-hyperdrive
numpy/numpy-tutorials peterroelants/peterroelants.github.io phlippe/uvadlc_notebooks
stanfordnlp/cs224n-winter17-notes talwarabhimanyu/talwarabhimanyu.github.io udlbook/udlbook ufal/npfl114
whitead/dmol-book
""".split()  # noqa: SIM905 - a list to be read
KNOWN = """
d2l-en: multivariable-calculus.md softmax-regression.md backprop.md batch-norm.md gd.md momentum.md word2vec.md
approx-training.md gp-inference.md linear-regression.md calculus.md
peterroelants.github.io: cross-entropy-logistic.ipynb linear-regression-four-ways.ipynb rnn-implementation-part01.ipynb
neural-network-implementation-part04.ipynb
udlbook: CM20315_Gradients_I.ipynb 7_1_Backpropagation_in_Toy_Model.ipynb 17_2_Reparameterization_Trick.ipynb
jaketae.github.io: 2019-12-31-logistic-regression.md 2020-06-02-dissecting-lstm.md 2020-02-22-vae.md
2020-01-20-bayesian-regression.md
cs224n-winter17-notes: gradient-notes.tex notes1.tex notes3.tex
others: logistic.md 2015-06-01-Simplest-word2vec.markdown cnn.md 2016-09-14-batch_normalization.markdown
rmsnorm/README.md 2022-05-23-policy-gradient.md 2017-06-01-batchnorm-calculus.md fa2_math_derivation.md kalman.md
NeuralNetworks.tex a2_writing_part.md
""".split()  # noqa: SIM905 - the language was developed on these
DERIVATIVE = re.compile(r"\\partial|\\nabla|\\frac\s*\{\s*d\s*[^{}]*\}\s*\{\s*d")
CHANCE = re.compile(
    r"\\mathbb\s*\{?\s*[EP]\b|\\operatorname\*?\{?(?:E|Var|Cov|KL)\b|\\Pr\b|\\sim\b|\\mathcal\s*\{?\s*N\b|\\mid\b|"
    r"(?<![\\a-zA-Z])[pPq](?:_\{?[^{}\s()]*\}?)?\s*(?:\\left|\\[bB]igg?l?)?\s*\(|KL|\\mathrm\{(?:Var|Cov|E)\}|"
    r"\\text(?:bf)?\{(?:Var|Cov|E|P)\}|(?<![\\a-zA-Z])E_?\{?[^{}]*\}?\s*(?:\\left)?\["
)
ENVIRONMENT = r"equation|align|alignat|flalign|gather|multline|eqnarray|displaymath"
SHOWN = re.compile(
    rf"\$\$.*?\$\$|\\\[.*?\\\]|\\begin\{{({ENVIRONMENT})(\*?)\}}.*?\\end\{{\1\2\}}|```\s*\{{?math\}}?\n.*?\n\s*```",
    re.DOTALL,
)
OTHER = re.compile(r"\\includegraphics|\\begin\{tabular|\\label\{added:")  # no formula, or none of the author's
CODE = re.compile(r"^(```|~~~)(?!\s*\{?math).*?^\1|<!--.*?-->|(?<!`)`[^`\n]+`", re.DOTALL | re.MULTILINE)


def shown(name: str, text: str) -> list[str]:
    """The displays of a document, counted without the project's own reader; pictures and tables among them."""
    if name.endswith(".ipynb"):
        text = text.replace("\\n", "\n").replace("\\\\", "\\")
    if name.endswith(".tex"):
        text = re.sub(r"(?<!\\)%.*", "", text)
    return [match[0] for match in SHOWN.finditer(text if name.endswith(".tex") else CODE.sub("", text))]


def git(folder: Path, *words: str) -> bytes:
    """What git says in a clone; nothing of a file that is not stored, as where large ones are left out."""
    return subprocess.run(["git", "-C", str(folder), *words], check=False, capture_output=True).stdout  # noqa: S607


def candidates(clone: Path) -> list[str]:
    """The files of a repository that the rule admits, in order of their names."""
    names = git(clone, "ls-tree", "-r", "--name-only", "-z", "HEAD").decode(errors="replace").split("\0")
    return sorted(name for name in names if name.lower().endswith(ENDINGS) and is_admitted(clone, name))


def is_admitted(clone: Path, name: str) -> bool:
    """Ten to sixty displays, a derivative in one of them, and not one of those that the language was developed on."""
    if any(part.startswith(".") for part in Path(name).parts):  # what an editor keeps
        return False
    if any(f"/{Path(known).with_suffix('')}." in f"/{name}" for known in KNOWN) or "PS1-1" in name:
        return False
    found = shown(name, git(clone, "show", f"HEAD:{name}").decode(errors="replace"))
    return FEWEST <= len(found) <= MOST and any(DERIVATIVE.search(tex) for tex in found)


def draw(clones: Path, seed: int = SEED, known: frozenset[tuple[str, str]] = frozenset()) -> list[tuple[str, str]]:
    """One document of each repository that is not known, in a shuffled order; the first twelve are run."""
    chosen, rng = list[tuple[str, str]](), random.Random(seed)  # noqa: S311
    for repository in sorted(REPOSITORIES):
        found = candidates(clones / repository.replace("/", "+"))
        names = [name for name in found if (repository, name) not in known]
        print(f"{repository}: {len(names)} documents", file=sys.stderr)
        if names:
            chosen.append((repository, rng.choice(names)))
    rng.shuffle(chosen)
    return chosen


def count(folder: Path) -> str:
    """The table of the page: a row for every document, and their sum."""
    from nnlit.book.checks.verdicts import Verdict
    from nnlit.book.command import _timed
    from nnlit.book.report import checked
    from nnlit.book.source.lines import text_of

    rows, total = list[tuple[str, Counter[str]]](), Counter[str]()
    for path in sorted(p for p in folder.iterdir() if p.suffix in ENDINGS and ".symbols" not in p.name):
        counts = Counter[str](displays=sum(not OTHER.search(tex) for tex in shown(path.name, text_of(path))))
        for one in (one for one in checked(path, None, _timed).judged if not one.label.startswith("added:")):
            kind = "chance" if CHANCE.search(one.tex) else "plain"
            read = one.verdict is not Verdict.NOT_READ
            silent = read and "claims nothing" in one.said
            tags = ["read", f"{kind} read", *(["silent"] if silent else [])] if read else []
            for name in ("seen", kind, *tags, str(one.verdict)):
                counts[name] += 1
        rows.append((path.stem, counts))
        total += counts
    return "\n".join(line(name, counts) for name, counts in [*rows, ("together", total)])


def line(name: str, c: Counter[str]) -> str:
    """A document's row; what claims nothing stands apart from what is not checked though it claims something."""
    numbers = [c["displays"], c["seen"], f"{c['plain read']} of {c['plain']}", f"{c['chance read']} of {c['chance']}"]
    claims = c["read"] - c["defined"] - c["silent"]
    numbers += [c["defined"], c["silent"], f"{c['true'] + c['false']} of {claims}", c["true"], c["false"]]
    numbers += [c["conditional"] + c["not checked"] - c["silent"]]
    return f"| {name} | {' | '.join(map(str, numbers))} |"


def seen(clones: Path) -> str:
    """For each kind of file the displays that are counted here and those that the checker sees; what it misses."""
    from nnlit.book.source import documents

    counts, missed = Counter[str](), list[str]()
    for repository in sorted(REPOSITORIES):
        clone = clones / repository.replace("/", "+")
        names = git(clone, "ls-tree", "-r", "--name-only", "-z", "HEAD").decode(errors="replace").split("\0")
        for name in (name for name in sorted(names) if name.lower().endswith(ENDINGS)):
            text = git(clone, "show", f"HEAD:{name}").decode(errors="replace")
            own = sum(is_formula(tex) for tex in shown(name, text))
            if own < FEW or len(text) > LARGE:
                continue
            chapter = documents.read(Path(name), text)
            found, kind = len(chapter.displays) + len(chapter.unread), Path(name).suffix.lower()
            counts += Counter({f"{kind} files": 1, f"{kind} displays": own, f"{kind} seen": min(own, found)})
            missed += [f"{own - found} of {own} are missed in {repository} {name}"] if found < own else []
    kinds = sorted({key.partition(" ")[0] for key in counts})
    rows = [[kind, *(counts[f"{kind} {what}"] for what in ("files", "displays", "seen"))] for kind in kinds]
    rows += [["together", *(sum(row[k] for row in rows) for k in (1, 2, 3))]]
    return "\n".join([*("| " + " | ".join(map(str, row)) + " |" for row in rows), *missed])


def is_formula(tex: str) -> bool:
    """Whether something is between the signs of a display, and is neither a picture nor words in escaped brackets."""
    body = tex.strip("$").removeprefix(r"\[").removesuffix(r"\]").strip()
    return bool(body) and not OTHER.search(tex) and (not tex.startswith(r"\[") or bool(SIGNS.search(body)))


if __name__ == "__main__":
    if sys.argv[1] == "seen":
        print(seen(Path(sys.argv[2])))
    elif sys.argv[1] == "draw":
        drawn = draw(Path(sys.argv[2]))
        if sys.argv[3:] == ["again"]:
            drawn = draw(Path(sys.argv[2]), SEED + 1, frozenset(drawn[:DRAWN]))
        for k, (repository, name) in enumerate(drawn, 1):
            print(k if k <= DRAWN else "-", repository, name)
    else:
        print(count(Path(sys.argv[2])))
