"""What stands around the package: the README's promises, what an import costs, one version everywhere."""

import ast
import doctest
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import nnlit
from nnlit import cli
from nnlit.book import __main__ as book

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def fences(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_set_up_commands():
    """They are the first two shell lines: the first serves the book, the second, which .ci/run runs, tests all."""
    serve, test = "".join(fences("sh")).splitlines()[:2]
    venv = "python3 -m venv .venv && .venv/bin/pip install -e "
    assert serve == f"{venv}'.[book]' && .venv/bin/mkdocs serve"
    assert test == f"{venv}'.[book,test]' && .venv/bin/pytest"
    for line in (serve, test):
        windows = line.replace("python3", "py").replace(".venv/bin/", ".venv\\Scripts\\").replace("'", '"')
        assert f"On Windows: `{windows}`" in README


def test_the_library_in_ten_lines():
    (source,) = fences("pycon")
    examples = doctest.DocTestParser().get_doctest(source, {}, "README.md", "README.md", 0)
    results = doctest.DocTestRunner(verbose=False).run(examples)
    assert results.attempted == source.count(">>>")
    assert results.failed == 0
    assert len(source.splitlines()) - source.count("True\n") <= 10


def test_commands_of_the_readme_exist(capsys):
    for line in fences("sh")[2].splitlines():
        words = line.split()
        main, command = (cli.main, words[1]) if words[0] == "nnlit" else (book.main, words[3])
        with pytest.raises(SystemExit) as end:
            main([command, "--help"])
        assert (end.value.code, capsys.readouterr().err) == (0, "")


def test_links_of_the_readme():
    targets = re.findall(r"\]\((?!https?:)([^)]+)\)|(?:src|srcset)=\"([^\"]+)\"", README)
    assert targets
    for target in targets:
        assert (ROOT / "".join(target)).exists()


def modules_after(code):
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_import_is_light():
    """`import nnlit` costs little more than `import numpy`: what is heavy loads when it is used."""
    loaded = modules_after("import nnlit") - modules_after("import numpy, numpy.random")
    foreign = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names) - {"nnlit"}
    assert {name for name in foreign if "cython" not in name} <= {"numpy"}
    heavy = ("nnlit.book", "nnlit.cli", "argparse", "csv", "gzip", "hashlib", "multiprocessing", "tempfile", "zipfile")
    assert not loaded & set(heavy)
    assert len(loaded) < 80


def test_pandas_and_tqdm_load_when_used():
    code = (
        "import numpy as np, nnlit, nnlit.cli; [getattr(nnlit, name) for name in nnlit.__all__]; nnlit.load_mnist(); "
        "nnlit.Dense.start(2, 2, np.random.default_rng(0))"
    )
    assert not modules_after(code) & {"pandas", "tqdm", "threadpoolctl", "pooch", "PIL", "matplotlib"}


def test_imports_stand_in_the_order_of_the_chapters():
    tree = ast.parse((ROOT / "nnlit" / "__init__.py").read_text(encoding="utf-8"))
    assert all(isinstance(node, ast.ImportFrom | ast.Assign | ast.Expr) for node in tree.body), "imports are plain"
    stems = [node.module.removeprefix("nnlit.") for node in tree.body if isinstance(node, ast.ImportFrom)]
    chapters = [path.stem[3:] for path in sorted((ROOT / "docs").glob("[0-9][0-9]-*.md"))]
    assert [stem for stem in stems if stem in chapters] == chapters


def test_one_version():
    assert nnlit.__version__ == PROJECT["version"]
    assert f"version: {nnlit.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {nnlit.__version__} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_short_contributing():
    lines = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 60
    assert lines.count("```sh") == 4


def test_public_names():
    """What `nnlit/__init__.py` imports is public, in the order of the chapters; types checkers read `__all__` only."""
    tree = ast.parse((ROOT / "nnlit" / "__init__.py").read_text(encoding="utf-8"))
    froms = (
        node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and str(node.module).startswith("nnlit.")
    )
    imported = [alias.name for node in froms for alias in node.names]
    assert all(getattr(nnlit, name) is not None for name in imported)
    assert set(imported) <= set(dir(nnlit))
    assert nnlit.__all__ == imported
    assert len(set(imported)) == len(imported)
