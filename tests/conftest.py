"""The tiers of the tests; a made-up project of one chapter and one module, for the tests of the machinery."""

import gc
import importlib
import sys
from collections import Counter
from itertools import takewhile
from pathlib import Path

import pytest

CHAPTER = r"""
# Line

## Symbols

| symbol | shape | code | meaning |
| --- | --- | --- | --- |
| $X$ | $m \times n$ | `X` | inputs |
| $W$ | $n \times K$ | `W` | weights |
| $\frac{\partial L}{\partial Z}$ | $m \times K$ | `grad_Z` | from above |

$$
Z = XW \label{line:forward}
$$

$$
\frac{\partial L}{\partial W} = X^\top \frac{\partial L}{\partial Z} \label{line:grad-W}
$$

```pycon
>>> import numpy as np
>>> from toy.line import forward, grad_W
>>> rng = np.random.default_rng(0)
>>> X, W, grad_Z = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=(5, 3))
>>> forward(X, W).shape, grad_W(X, grad_Z).shape
((5, 3), (4, 3))
```
"""

MODULE = """
def forward(X, W):
    return X @ W  # eq line:forward


def grad_W(X, grad_Z):
    return X.T @ grad_Z  # eq line:grad-W
"""


LONGEST = (  # the files that take more than two seconds
    "15-regularization.md", "test_ledger.py", "10-scaling.md", "test_cli.py", "09-training.md", "test_plugin.py",
    "14-optimizers.md", "test_published.py", "11-softmax.md", "test_site.py", "test_guide.py", "05-losses.md",
    "test_mnist.py", "13-initialization.md", "17-parallel.md", "test_parallel.py", "test_meanings.py",
    "test_mutated_texts.py", "12-batches.md", "test_equations.py", "test_newcomer.py", "test_layouts.py",
    "test_authors.py", "test_package.py", "test_book.py", "test_transcripts.py", "test_sizes.py", "test_readings.py",
    "16-diagnosis.md", "test_estimator.py", "07-network.md", "test_tested.py", "test_pictures.py",
)  # fmt: skip
TOGETHER = (  # the files that import PyTorch or JAX, which takes seconds in every process that does
    "14-optimizers.md", "18-autodiff.md", "19-frameworks.md", "exchange.py", "frameworks.py", "test_calls.py",
    "test_exchange.py", "test_frameworks.py",
)  # fmt: skip


class Toy:
    """The folder of the project; `write` puts its two files there, with the given replacements in their text."""

    def __init__(self, root: Path) -> None:
        self.root, self.docs = root, root / "docs"
        self.chapter, self.module = self.docs / "01-line.md", root / "toy" / "line.py"

    def write(self, replace=()):
        """Write chapter and module anew; `replace` are pairs of text."""
        for path, text in ((self.module, MODULE), (self.chapter, CHAPTER), (self.module.with_name("__init__.py"), "")):
            path.parent.mkdir(exist_ok=True)
            for old, new in replace:
                text = text.replace(old, new)  # noqa: PLW2901
            path.write_text(text.lstrip("\n"), encoding="utf-8")
        importlib.invalidate_caches()
        return self


gc.set_threshold(50_000, 20, 20)  # what is collected are many objects, and hardly any is ever garbage

LEFT_OUT = pytest.StashKey[int]()  # how many long tests


def pytest_addoption(parser):
    """The option of those who run all tests, as .ci/run does."""
    text = "run the long tests, too, which a run of the whole suite leaves out; -m long runs no others"
    parser.addoption("--long", action="store_true", help=text)


def pytest_configure(config):
    """The mark of a test with many cases of one kind, and the number of random examples, 100 in a long run.

    They are the same in every run, and may take their time; `--hypothesis-profile=default` tries others.
    """
    if config.pluginmanager.hasplugin("hypothesispytest"):
        from hypothesis import HealthCheck, settings

        same = {"derandomize": True, "deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
        settings.register_profile("same", max_examples=100 if with_long(config) else 25, **same)
        if config.getoption("hypothesis_seed") is None and not config.getoption("hypothesis_profile"):
            settings.load_profile("same")
    text = "long_but_one_in(count): of its cases one in so many is always run, from the first on; the others are long"
    config.addinivalue_line("markers", text)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Run the whole suite on all cores, file by file; what is named on the command line runs in this process.

    Examples of a chapter share a namespace, so a file stays together. Every process collects all tests, which takes
    seconds: more than four do not pay. `-n 0` runs all in this process. What is named runs whole, with its long tests.
    """
    option, named = config.option, config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    debugged = config.getoption("usepdb") or config.getoption("collectonly")
    if hasattr(config, "workerinput"):
        return
    option.long = option.long or named or "long" in option.markexpr
    if named or debugged or getattr(option, "numprocesses", 0) is not None:
        return
    option.numprocesses, option.maxprocesses, option.dist = "logical", option.maxprocesses or 4, "loadfile"
    option.loadscopereorder = False  # see below


@pytest.hookimpl(tryfirst=True)  # -m comes after it
def pytest_collection_modifyitems(config, items):
    """Leave out the long tests if nobody asks for them; where processes share the files, begin with the longest."""
    shared = getattr(config, "workerinput", None)
    mark_cases(items)
    long = [item for item in items if item.get_closest_marker("long")]
    if long and not with_long(config):
        items[:] = [item for item in items if not item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        config.stash[LEFT_OUT] = len(long)
    if shared:
        config.workeroutput["left out"] = config.stash.get(LEFT_OUT, 0)
        longest_first(items)


def pytest_collection_finish():
    """What was collected stays to the end: it is not walked through each time that memory is cleared."""
    gc.collect()
    gc.freeze()


def with_long(config):
    """Whether the long tests are run; a process that runs a share of the tests is told."""
    return getattr(config, "workerinput", vars(config.option))["long"]


def mark_cases(items):
    """Of a test that is marked so, mark all cases as long but the first and, from it on, one in so many.

    .ci/run measures branches with these, too: their mark says that they are of many.
    """
    cases = Counter()
    for item in items:
        if (mark := item.get_closest_marker("long_but_one_in")) and not item.get_closest_marker("long"):
            name = (item.parent, item.originalname)
            if cases[name] % mark.args[0]:
                item.add_marker(pytest.mark.long(of="many"))
            cases[name] += 1


def longest_first(items):
    """Sort the files, so that at the end no process waits for another that has one left."""
    place = {name: k for k, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONGEST)))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """A process that runs a share of the tests is told whether the long ones are among them."""
    node.workerinput["long"] = node.config.option.long


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """What was left out there is told here."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left out", 0)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable(report):
    """Of a test that passed nobody asks in another process for the names above it, which are half of what is told."""
    data = yield
    if isinstance(report, pytest.TestReport) and report.passed:
        data["keywords"] = {}
    return data


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Share the files out as pytest-xdist does, some of them together.

    And without a walk through all tests that are done after each test.
    """
    if config.option.dist != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Names(list):
        """What a process has collected."""

        def __init__(self, names):
            super().__init__(names)
            self.places = {name: k for k, name in enumerate(names)}

        def index(self, name):
            return self.places[name]

    class ByFile(LoadFileScheduling):
        """A process takes its files in their order, so behind one that has something left none is done."""

        def add_node_collection(self, node, collection):
            super().add_node_collection(node, collection)
            if node in self.registered_collections:
                self.registered_collections[node] = Names(collection)

        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return "together" if file.rpartition("/")[2] in TOGETHER else file

        def _pending_of(self, workload):
            counts = (list(tests.values()).count(False) for tests in reversed(workload.values()))
            return sum(takewhile(bool, counts))

    return ByFile(config, log)


def pytest_terminal_summary(terminalreporter, config):
    """Nothing is left out in silence."""
    if left := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{left} long tests left out; `pytest --long` runs them, too")


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """The made-up project, written and importable in this test only."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield Toy(tmp_path).write()
    for name in ("toy", "toy.line"):
        sys.modules.pop(name, None)
