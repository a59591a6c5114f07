"""Compiles the gettext catalogues: `data/locale/LANG/*.po` → `LC_MESSAGES/commandpost.mo`.

Run by every install and build; `python hatch_build.py` does the same by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand where only babel is installed
    BuildHookInterface = object  # type: ignore[assignment,misc]


def compile_catalogues(root: Path) -> None:
    """Merge and compile each language's parts. ValueError when two parts disagree on one message."""
    for folder in sorted((root / "data" / "locale").iterdir()):
        if not folder.is_dir():
            continue
        whole = Catalog(locale=folder.name)
        for part in sorted(folder.glob("*.po")):
            with part.open("rb") as file:
                for message in read_po(file, locale=folder.name):
                    if not message.id:
                        continue
                    known = whole.get(message.id, context=message.context)
                    if known is not None and known.string != message.string:
                        raise ValueError(f"{part}: {message.id!r} is translated differently elsewhere")
                    whole.add(message.id, message.string, context=message.context)
        target = folder / "LC_MESSAGES" / "commandpost.mo"
        target.parent.mkdir(exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, whole)


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_catalogues(Path(self.root))


if __name__ == "__main__":
    compile_catalogues(Path(__file__).resolve().parent)
