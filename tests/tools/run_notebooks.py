"""Run notebooks from top to bottom, each in a process and a folder of its own, and compare what they show.

    python tests/tools/run_notebooks.py SITE

runs every `SITE/NN-name/NN-name.ipynb`. A cell is run as a notebook runs it: the value of its last expression is shown,
and no other. Two at a time.
"""

import ast
import contextlib
import doctest
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nnlit.book.source.roundings import NUMBER, RoundingChecker

CHECKER = RoundingChecker()
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | NUMBER
ERROR = doctest.DocTestParser._EXCEPTION_RE
SECONDS = 600
AT_ONCE = 2


def shown(source: str, names: dict[str, object], raises: bool) -> str:
    """What a cell prints, the value of its last expression included; of an error its last line."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 - it is our own code
            if last:
                exec(compile(ast.Interactive([last]), "<cell>", "single"), names)  # noqa: S102
    except Exception as error:
        if not raises:
            raise
        return "".join(traceback.format_exception_only(error))
    if raises:
        raise AssertionError("no error was raised")
    return out.getvalue()


def faults(path: Path) -> tuple[int, list[str]]:
    """How many cells were compared, and where one shows something else."""
    names: dict[str, object] = {"__name__": "__main__"}
    compared, told = 0, []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        source, want = "".join(cell["source"]), "".join(t for one in cell["outputs"] for t in one["text"])
        raises = "raises-exception" in cell["metadata"].get("tags", [])
        try:
            got = shown(source, names, raises)
        except Exception:  # noqa: BLE001 - whatever a cell raises is a fault
            told.append(f"{cell['id']}:\n{source}\n{traceback.format_exc(limit=-2)}")
            continue
        if raises and (error := ERROR.match(want)):
            want = error["msg"]
        compared += bool(want)
        if want and not CHECKER.check_output(want, got, FLAGS):
            told.append(f"{cell['id']}:\n{source}\nexpected:\n{want}\ngot:\n{got}")
    return compared, told


def run(path: Path) -> tuple[Path, float, subprocess.CompletedProcess[str]]:
    """One notebook, in a process of its own."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(Path(__file__).resolve()), "--one", str(path.resolve())]
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
        env = {**os.environ, **threads, "MPLBACKEND": "Agg"}
        done = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    return path, time.perf_counter() - start, done


def main(site: Path) -> int:
    """Run all; 0 if each shows what it says."""
    paths = sorted(site.glob("[0-9][0-9]-*/*.ipynb"))
    if not paths:
        print(f"no notebooks in {site}: run python -m nnlit.book publish {site} first")
        return 2
    wrong = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for path, seconds, done in pool.map(run, paths):
            print(f"{path.name}: {done.stdout.strip()} ({seconds:.0f} s)\n{done.stderr[-3000:]}".rstrip(), flush=True)
            wrong += bool(done.returncode)
    return int(wrong > 0)


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        compared, told = faults(Path(sys.argv[2]))
        print("\n\n".join([f"{compared} outputs compared, {len(told)} cells wrong", *told]))
        sys.exit(bool(told) or not compared)
    sys.exit(main(Path(sys.argv[1])))
