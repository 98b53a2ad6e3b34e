"""The picture of the arc on the first page shows the recorded numbers."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = json.loads((ROOT / "docs" / "arc.json").read_text(encoding="utf-8"))["tables"][0]["rows"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_is_drawn_from_the_recorded_run(scheme: str) -> None:
    drawn = (ROOT / "docs" / "figures" / f"arc-{scheme}.svg").read_text(encoding="utf-8")
    mark = "-".join(["arc", *(row[2] for row in ROWS)])
    assert f'id="{mark}"' in drawn, "docs/arc.json has other numbers: python docs/figures/draw.py arc"


def test_its_words_say_the_same_numbers() -> None:
    page = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    (alt,) = set(re.findall(r"!\[(Ten dots[^\]]*)\]", page))
    said = dict(re.findall(r"(\w+) (\d+\.\d)", alt))
    assert said == {row[0].strip("`"): f"{100 - float(row[2]):.1f}" for row in ROWS}
