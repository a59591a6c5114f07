"""The recipe "Adding a kind of sheet" of CONTRIBUTING.md, followed to the letter in a copy of the program."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from commandpost.store.migrate import HEAD

ROOT = Path(__file__).resolve().parent.parent
NEXT = f"{int(HEAD) + 1:04}"


def _page() -> str:
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    recipe = page.split("## Adding a kind of sheet\n")[1].split("\n## ")[0]
    assert f'down_revision = "{HEAD}"' in recipe
    return recipe


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy's root, with every step of the page done."""
    root = tmp_path_factory.mktemp("recipe")
    ignore = shutil.ignore_patterns("__pycache__", "_files")
    for name in ("src", "data"):
        shutil.copytree(ROOT / name, root / name, ignore=ignore)
    shutil.copy(ROOT / "hatch_build.py", root)
    package, page = root / "src" / "commandpost", _page()
    steps = re.findall(r"^\d\. \*\*.*?`([\w/.]+\.py)`.*?\n   ```python\n(.*?)\n   ```$", page, re.M | re.S)
    assert [Path(name).name for name, _ in steps] == ["tables.py", f"r{NEXT}_patrol.py", "drops.py"]
    for name, code in steps:
        file = package / name
        before = file.read_text("utf-8") + "\n\n" if file.exists() else ""
        file.write_text(before + textwrap.dedent(code) + "\n", "utf-8")
    lines = re.findall(r"^   - `(.+?)` in `(\w+)` of `([\w/.]+)`", page, re.M)
    assert len(lines) == 4
    for item, where, name in lines:
        file = package / name
        text = file.read_text("utf-8")
        made, n = re.subn(
            rf"^({where}\b[^\n]*?[(\[])(.*?)(,?)(\n?[)\]])$",
            rf"\1\2, {item}\4",
            text,
            count=1,
            flags=re.M | re.S,
        )
        assert n == 1, where
        if item == "PATROLS":
            made = "from commandpost.desks.duty.drops import PATROLS\n" + made.replace(
                '"""What', "'''What", 0
            )
        if item.startswith("Kept"):
            made = "from commandpost.desks.duty.tables import Patrol\n" + made
        made = _future_first(made)
        file.write_text(made, "utf-8")
    words = root / "data" / "locale" / "zh" / "desks.po"
    words.write_text(words.read_text("utf-8") + '\nmsgid "patrols"\nmsgstr "巡查"\n', "utf-8")
    subprocess.run([sys.executable, "hatch_build.py"], cwd=root, check=True)
    return root


def _future_first(text: str) -> str:
    future = "from __future__ import annotations\n"
    return future + text.replace(future, "", 1) if future in text else text


_MANY = """
import json, sys
from commandpost.cli.main import main
for command in json.loads(sys.argv[1]):
    if main([*command, "--lang", "zh"]):
        sys.exit(f"{command} failed")
"""


def _run(root: Path, *commands: list[str]) -> str:
    """Their output, from one process: the copy has no byte-code, so that each start is slow."""
    done = subprocess.run(
        [sys.executable, "-c", _MANY, json.dumps(commands)],
        env={**os.environ, "PYTHONPATH": str(root / "src")}, cwd=root, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_recipe_makes_a_kind_whose_template_is_taken_stored_and_listed(followed: Path) -> None:
    file, post = str(followed / "巡查.csv"), followed / "post"
    Path(file).write_text(_run(followed, ["template", "巡查"]), "utf-8")
    post.mkdir()
    (post / "post.toml").write_text("[[team]]\nname = '值守'\nkinds = ['patrols']\n", "utf-8")
    take = ["import", file, "--post", str(post), "--json"]
    said = _run(followed, ["check", file, "--json", "--values"], take, take, ["drops", "--post", str(post)])
    checked, first, again, *drops = said.splitlines()
    told = json.loads(checked)
    assert (told["kind"], told["accepted"], told["warnings"]) == ("patrols", 1, [])
    assert told["values"][0]["name"] == "张某"
    assert (json.loads(first)["accepted"], json.loads(again)["duplicate"]) == (1, 1)
    assert "巡查" in drops[-1]
