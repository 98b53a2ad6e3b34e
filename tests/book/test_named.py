"""The names in listings that are links."""

import ast
import re
from pathlib import Path

import pytest

from nnlit.book.site.html import _highlight
from nnlit.book.site.named import inventory, known, linked

ROOT = Path(__file__).parents[2]
INVENTORY = ROOT / "docs" / "inventory.toml"
CHAPTERS = [ROOT / "nnlit" / f"{path.stem[3:]}.py" for path in sorted((ROOT / "docs").glob("[0-9][0-9]-*.md"))]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
@pytest.mark.long_but_one_in(4)
def test_every_name_of_numpy_and_pandas_that_a_chapter_uses_is_in_the_inventory(path: Path) -> None:
    nodes = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)]
    used = {ast.unparse(node) for node in nodes}
    used = {name for name in used if re.fullmatch(r"(np|pd)(\.\w+)+", name)}
    used -= {name.rpartition(".")[0] for name in used}  # np.random of np.random.default_rng
    listed = inventory(INVENTORY)
    assert [n for n in sorted(used) if not any(n == one or n.startswith(f"{one}.") for one in listed)] == []


def test_an_inventory_lists_addresses_of_one_site_each() -> None:
    assert len(inventory(INVENTORY)) > 50
    hosts = {url.split("/")[2] for url in inventory(INVENTORY).values()}
    assert hosts == {"numpy.org", "pandas.pydata.org"}


def test_a_listing_links_what_its_module_knows_and_nothing_else() -> None:
    names = known(ROOT / "nnlit" / "network.py")
    assert names["Network"] == "nnlit.network.Network"
    assert names["Layer"] == "nnlit.dense.Layer"
    assert not any(name.startswith("_") for name in names)
    line = linked(_highlight("Z = Layer(np.exp(x), layer.Network, xs.np.exp)")[0], names, inventory(INVENTORY))
    assert line.count("<autoref ") == 1
    assert line.count("<a ") == 1
    assert 'generated/numpy.exp.html"' in line
    assert re.sub("<[^>]*>", "", line) == "Z = Layer(np.exp(x), layer.Network, xs.np.exp)"
