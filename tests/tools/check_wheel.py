"""`python tests/tools/check_wheel.py FILE.whl [PYTHON ...]`: the wheel holds the package, the sample and nothing else.

With interpreters, such as python3.11 and python3.13, it is installed for each of them, with what it needs and no extra:
Kaggle's two files become a submission, a training goes on, and every part that needs an extra names it.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
KINDS = {
    ".py",
    ".npz",
    ".typed",
    ".js",
    ".css",
    ".woff2",
    ".html",
    ".jinja",
    ".xml",
    ".md",
    "",
}  # no kind: KaTeX's LICENSE


def problems(wheel: Path) -> list[str]:
    """What is missing in the wheel, and what does not belong into it."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    inside = {name for name in names if ".dist-info/" not in name.partition("/")[0] + "/"}
    files = (path for path in (ROOT / "nnlit").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    tree = {path.relative_to(ROOT).as_posix() for path in files} | {"nnlit_command.py"}
    return [
        *(f"{name} is not in the wheel" for name in sorted(tree - inside)),
        *(f"{name} does not belong into the wheel" for name in sorted(inside - tree)),
        *(f"{name} is of a kind that is not expected" for name in sorted(inside) if Path(name).suffix not in KINDS),
        *([] if "nnlit/sample.npz" in names else ["the sample is not in the wheel"]),
    ]


FILES = """
from pathlib import Path
import numpy as np
from nnlit import load_mnist
X, y, X_test, _ = load_mnist()
names = ",".join(f"pixel{k}" for k in range(784))
way = {"fmt": "%d", "delimiter": ",", "comments": ""}
np.savetxt("train.csv", np.column_stack([y, X])[:1000], header="label," + names, **way)
np.savetxt("test.csv", X_test[:50], header=names, **way)
Path("photo.png").write_bytes(b"\\x89PNG\\r\\n\\x1a\\n")
Path("notes.md").write_text("$$ 1 = 1 $$")
"""
COMMANDS = [  # what is typed, its status, and what is said
    ("train --data train.csv --epochs 5 --checkpoint run.npz --out model.npz", 0, "written to model.npz"),
    ("train --resume run.npz --out again.npz", 0, "written to again.npz"),
    ("evaluate model.npz --data train.csv", 0, "of 100 images (holdout)"),
    ("predict model.npz test.csv --out submission.csv", 0, "50 labels written to submission.csv"),
    ("info model.npz", 0, "parameters"),
    ("predict model.npz photo.png", 2, "pip install 'nnlit[png]'"),
    ("check notes.md", 2, "pip install 'nnlit[check]'"),
]
EXTRAS = {  # what needs more than the library does, and the extra that brings it
    "import nnlit.estimator": "sklearn",
    "nnlit.read_picture('photo.png')": "png",
    "nnlit.load_mnist('pictures')": "png",
    "nnlit.load_mnist('train.parquet')": "parquet",
    "nnlit.fetch_mnist('mnist')": "mnist",
    "nnlit.save_safetensors(network, 'a.safetensors')": "exchange",
    "nnlit.load_safetensors('a.safetensors')": "exchange",
    "nnlit.to_torch(network)": "compare",
    "nnlit.to_jax(network)": "compare",
    "nnlit.to_sklearn(network, X, y, 0.1)": "sklearn",
    "nnlit.Cluster(None)": "dask",
    "from nnlit.book import check; check('notes.md')": "check",
}
ALONE = f"""
from pathlib import Path
import numpy as np, nnlit
for k in range(2):
    Path(f"pictures/{{k}}").mkdir(parents=True)
    Path(f"pictures/{{k}}/a.png").write_bytes(Path("photo.png").read_bytes())
Path("train.parquet").write_bytes(b"PAR1" + bytes(20) + b"PAR1")
rng, X, y = np.random.default_rng(0), np.eye(4), np.arange(4) % 3
network = nnlit.Network([nnlit.Dense.start(4, 5, rng), nnlit.ReLU(), nnlit.Dense.start(5, 3, rng)])
for code, extra in {EXTRAS!r}.items():
    try:
        exec(code)
    except Exception as error:
        text = f"{{type(error).__name__}}: {{error}}"
        if f"pip install 'nnlit[{{extra}}]'" not in text:
            print(f"{{code}}: {{text}}")
    else:
        print(f"{{code}}: it needs no extra")
"""


def tried(wheel: Path, python: str) -> list[str]:
    """What goes wrong where the wheel is installed for an interpreter, without extras."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        subprocess.run([python, "-m", "venv", place / "venv"], check=True)
        here = place / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
        subprocess.run([here / "python", "-m", "pip", "install", "--quiet", wheel.resolve()], check=True)
        subprocess.run([here / "python", "-I", "-W", "error", "-c", FILES], cwd=place, check=True)
        alone = [here / "python", "-I", "-W", "error", "-c", ALONE]
        done = subprocess.run(alone, cwd=place, capture_output=True, text=True, check=False)
        found = [f"{python}: {line}" for line in (done.stdout + done.stderr).splitlines()]
        for words, status, said in COMMANDS:
            command = [here / "python", "-I", "-m", "nnlit_command", *words.split()]
            done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
            if done.returncode != status or said not in done.stdout + done.stderr:
                found.append(f"{python}: nnlit {words}: {done.returncode}\n{done.stdout}{done.stderr}")
        if not found and (place / "model.npz").read_bytes() != (place / "again.npz").read_bytes():
            found.append(f"{python}: a training that goes on does not end where it would have ended")
    return found


if __name__ == "__main__":
    found = problems(Path(sys.argv[1]))
    for python in sys.argv[2:]:
        found += tried(Path(sys.argv[1]), python)
    print("\n".join(found) or f"{Path(sys.argv[1]).name} holds the package and nothing else")
    sys.exit(1 if found else 0)
