r"""Texts without a table: with the draft as it is their right displays are true, and planted errors are found."""

import json
from pathlib import Path

import pytest

from nnlit.book.checks.verdicts import Verdict
from nnlit.book.drafts import draft
from nnlit.book.report import Report, checked

TEXTS = Path(__file__).parent / "texts"
PLANTED = {
    "network.tex": [
        (r"\pd{\loss}{\pre{2}} = \hat{\vy} - \vy", r"\pd{\loss}{\pre{2}} = \vy - \hat{\vy}"),
        (r"\hat{y}_i (\delta_{ij} - \hat{y}_j)", r"\hat{y}_i (\delta_{ij} + \hat{y}_j)"),
        (r"\pd{\loss}{\W{1}} = \dl{1} \vx^\top", r"\pd{\loss}{\W{1}} = \vx (\dl{1})^\top"),
        (r"\sigma(u) \, (1 - \sigma(u))", r"\sigma(u) \, (1 + \sigma(u))"),
        (r"1 - \tanh^2 u", r"1 - \tanh u"),
    ],
    "densities.md": [
        (r"-\frac{n}{2\sigma^2} + \frac{1}{2\sigma^4}", r"-\frac{n}{2\sigma^2} + \frac{1}{\sigma^4}"),
        (r"\frac{\sigma_1}{\sigma_2^2} - \frac{1}{\sigma_1}", r"\frac{\sigma_1}{\sigma_2^2} - \frac{1}{\sigma_2}"),
        (r"\left( \Sigma_2^{-1} - \Sigma_1^{-1} \right)", r"\left( \Sigma_2^{-1} + \Sigma_1^{-1} \right)"),
        (r"\sigma_j - \frac{1}{\sigma_j}", r"\sigma_j - \frac{1}{\sigma_j^2}"),
        (r"x_i^2 - \hat\mu^2", r"x_i^2 + \hat\mu^2"),
    ],
    "recurrent.ipynb": [
        (r"(1 - \mathbf{h}_t \odot \mathbf{h}_t)", r"(1 - \mathbf{z}_t \odot \mathbf{z}_t)"),
        (r"\operatorname{diag}(1 - \mathbf{h}_t^2) W_{hh}", r"\operatorname{diag}(1 - \mathbf{h}_t^2) W_{hh}^\top"),
        (r"= \operatorname{diag}(c_{t-1})", r"= \operatorname{diag}(c_t)"),
        (r"- \sum_{l} A_{il} \frac", r"- \sum_{l} A_{lj} \frac"),
        (r"= \frac{1}{\sqrt{d_k}} \frac{\partial L}{\partial S} K", r"= \frac{1}{d_k} \frac{\partial L}{\partial S} K"),
    ],
}
LEFT = {"network.tex": 1, "densities.md": 3, "recurrent.ipynb": 0}  # a step for all layers; divergences of densities
CASES = [(name, *pair) for name, pairs in PLANTED.items() for pair in pairs]


def with_tables(folder: Path, name: str, text: str) -> Report:
    """What is found where the drafted tables stand where the draft says, and are called right."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    said = draft.table(path).replace("guessed: ", "")
    head, *tables = [piece for piece in said.split("\n\n") if piece.startswith("| symbol")]
    if path.suffix == ".tex":
        path.with_name(f"{name}.symbols.md").write_text(head, encoding="utf-8")
    elif path.suffix == ".ipynb":
        whole = json.loads(text)
        whole["cells"].insert(1, {"cell_type": "markdown", "metadata": {}, "source": head})
        path.write_text(json.dumps(whole), encoding="utf-8")
    else:
        title, rest = text.split("\n", 1)
        for heading, table in zip([x.split("'")[1] for x in said.split("\n") if "below the" in x], tables, strict=True):
            rest = rest.replace(f"## {heading}\n", f"## {heading}\n\n{table}\n")
        path.write_text(f"{title}\n\n{head}\n{rest}", encoding="utf-8")
    return checked(path)


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.long_but_one_in(3)
def test_right_displays_are_true_or_defined_with_the_draft_as_it_is(tmp_path, name):
    report = with_tables(tmp_path, name, (TEXTS / name).read_text(encoding="utf-8"))
    assert report.faults == ()
    assert not report.false, [(str(one.place), one.said) for one in report.false]
    assert len(report.of(Verdict.TRUE, Verdict.DEFINED)) == len(report.judged) - LEFT[name]


@pytest.mark.parametrize(("name", "right", "wrong"), CASES)
@pytest.mark.long_but_one_in(15)
def test_a_planted_error_is_found_and_nothing_else_is_called_false(tmp_path, name, right, wrong):
    text = (TEXTS / name).read_text(encoding="utf-8")
    old, new = (json.dumps(x)[1:-1] if name.endswith("ipynb") else x for x in (right, wrong))
    assert text.count(old) == 1
    report = with_tables(tmp_path, name, text.replace(old, new))
    assert len(report.false) == 1, [(str(one.place), one.said) for one in report.false]


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.long_but_one_in(3)
def test_nothing_is_called_false_before_there_is_a_table(name):
    assert not checked(TEXTS / name).false
    assert not checked(TEXTS / name, (TEXTS / name).read_text(encoding="utf-8")).false
