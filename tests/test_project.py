"""Promises about the project as a whole: words, sizes, floors, the wheel, every command's help."""

from __future__ import annotations

import ast
import re
import string
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from commandpost.cli.main import COMMANDS, main
from commandpost.cli.options import COMPLAINTS
from commandpost.settings import NOT_TOML, parse_settings

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
COMMAND_LINES = [[], *([name] for name in COMMANDS)]


def _catalogue(language: str) -> Catalog:
    whole = Catalog(locale=language)
    for part in sorted((ROOT / "data" / "locale" / language).glob("*.po")):
        with part.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    whole.add(message.id, message.string, context=message.context)
    return whole


def _said(path: Path) -> Iterator[tuple[int, str | None, str]]:
    """(line, context, message id) of every literal handed to a function that says something."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        callee = node.func
        name = callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")
        first = node.args[0]
        if name == "short" and len(node.args) > 1:
            second = node.args[1]
            if isinstance(first, ast.Constant) and isinstance(second, ast.Constant):
                yield node.lineno, str(first.value), str(second.value)
        elif name in _speakers() and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield node.lineno, None, first.value


def _errors() -> set[str]:
    """Names of the exceptions whose first argument is a message id."""
    known = {"CommandpostError"}
    classes = [
        n for p in SOURCES for n in ast.walk(ast.parse(p.read_text("utf-8"))) if isinstance(n, ast.ClassDef)
    ]
    while True:
        more = {c.name for c in classes if any(getattr(b, "id", "") in known for b in c.bases)} - known
        if not more:
            return known
        known |= more


@cache
def _speakers() -> set[str]:
    return {"words", "_words", "message", "Message", "w", "_NotUnderstood"} | _errors()


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_the_catalogue_has_chinese_for_every_message() -> None:
    chinese = _catalogue("zh")
    missing = []
    for path in SOURCES:
        for line, context, id in _said(path):
            found = chinese.get(id, context=context)
            if id.strip() and (found is None or not found.string):
                missing.append(f"{path.relative_to(ROOT)}:{line}: {context or ''} {id!r}")
    for id in (
        [line for _, line in COMMANDS.values()] + [said for _, said in COMPLAINTS] + [*NOT_TOML.values()]
    ):
        if id not in chinese:
            missing.append(f"cli: {id!r}")
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_catalogue_keeps_the_fields_of_every_message(language: str) -> None:
    for message in _catalogue(language):
        # A short word in its context may be filled by whoever draws it.
        if message.id and message.string and not message.context:
            extra = _fields(str(message.string)) - _fields(str(message.id))
            assert not extra, f"{message.id!r}: {extra}"


def test_no_source_file_is_much_longer_than_400_lines() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in SOURCES if (n := len(p.read_text("utf-8").splitlines())) > 420
    }
    assert not long


def _tracked() -> list[Path]:
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return [
            p for p in ROOT.rglob("*") if p.is_file() and ".venv" not in p.parts and ".git" not in p.parts
        ]
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_this_machine_or_a_package_index() -> None:
    here = {str(folder) for folder in (ROOT, ROOT.parent, Path.home()) if len(folder.parts) > 1}
    paths = "|".join(re.escape(f"{folder}/") for folder in sorted(here))
    unwanted = re.compile(
        rf"{paths}|/home/\w+/|index-url|https?://[\w.-]*(pypi|mirror|nexus|artifactory)".encode()
    )
    found = [
        str(path.relative_to(ROOT))
        for path in _tracked()
        if path != Path(__file__).resolve() and unwanted.search(path.read_bytes())
    ]
    assert not found


def test_constraints_are_exact_and_cover_every_dependency() -> None:
    pins = {}
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            pins[re.sub(r"[-_.]+", "-", name).lower()] = version
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in project["project"]["optional-dependencies"].values():
        wanted += extra
    names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", one)[0]).lower() for one in wanted}  # type: ignore[index]
    assert names <= set(pins)


def test_every_dependency_is_justified() -> None:
    decisions = (ROOT / "docs" / "decisions.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in project["project"]["optional-dependencies"].values():
        wanted += extra
    names = {re.match(r"[\w-]+", one)[0] for one in wanted}  # type: ignore[index]
    assert [name for name in sorted(names) if f"`{name}`" not in decisions] == []


def _python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_intake_loads_neither_textual_nor_rich() -> None:
    code = "import commandpost.intake.clerk, sys; print([m for m in ('textual', 'rich') if m in sys.modules])"
    assert _python(code) == "[]"


def test_only_who_meets_a_workbook_loads_what_reads_it() -> None:
    code = "import commandpost.intake.clerk, sys; print([m for m in ('python_calamine', 'commandpost.intake.xlsx') if m in sys.modules])"
    assert _python(code) == "[]"


def test_the_boards_picture_loads_no_readers_of_sheets_and_no_other_database() -> None:
    code = (
        "import commandpost.picture, commandpost.store.engine, sys;"
        "print([m for m in sys.modules if 'postgresql' in m or m.startswith('alembic')"
        " or m.startswith('commandpost') and m.endswith(('.drops', '.intake'))])"
    )
    assert _python(code) == "[]"


def test_help_loads_no_database_no_settings_and_no_screen() -> None:
    code = (
        "import sys; from commandpost.cli.main import main; sys.stdout = sys.stderr; main(['--help']);"
        "sys.stdout = sys.__stdout__;"
        "print([m for m in ('textual', 'sqlalchemy', 'pydantic', 'alembic') if m in sys.modules])"
    )
    assert _python(code) == "[]"


def test_files_are_found_in_a_checkout() -> None:
    code = "from commandpost.places import DATA, STYLES; print(DATA.is_dir(), STYLES.is_dir())"
    assert _python(code) == "True True"


@pytest.mark.parametrize("arguments", COMMAND_LINES, ids=lambda a: a[0] if a else "board")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_explains_itself_with_an_example(
    arguments: list[str], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--help", "--lang", language]) == 0
    captured = capsys.readouterr()
    assert f"commandpost {' '.join(arguments)}".strip() in captured.out
    assert ("例" in captured.out) if language == "zh" else ("example" in captured.out)
    assert captured.err == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_example_settings_are_right_as_they_are_and_with_every_example_taken(language: str) -> None:
    text = (ROOT / "data" / "examples" / f"post.{language}.toml").read_text("utf-8")
    parse_settings(text)
    settings = parse_settings(re.sub(r"^#(?! )", "", text, flags=re.MULTILINE))
    assert len(settings.gate) == 2
    assert settings.intake.move is False


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True, capture_output=True,
    )  # fmt: skip
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_styles_data_migrations_and_catalogues(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    held = "commandpost/_files/"
    assert f"{held}data/scenarios/residential-park.toml" in names
    assert f"{held}data/locale/zh/LC_MESSAGES/commandpost.mo" in names
    assert f"{held}data/examples/post.zh.toml" in names
    assert any(name.startswith(f"{held}styles/") and name.endswith(".tcss") for name in names)
    assert any(name.startswith("commandpost/store/migrations/versions/") for name in names)


@pytest.mark.long
def test_the_installed_wheel_finds_its_files(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", system_site_packages=False, with_pip=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", wheel], check=True)
    code = "from commandpost.places import DATA, STYLES; print(DATA.is_dir(), STYLES.is_dir(), DATA)"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.startswith("True True")
    assert str(tmp_path) in done.stdout
