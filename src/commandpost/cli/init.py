"""`commandpost init`: a new post."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from commandpost.cli.options import Parser
from commandpost.errors import UsageError
from commandpost.places import DATA, PostPlaces, default_post, expanded
from commandpost.words import Words


def parser(words: Words, command: str) -> Parser:
    made = Parser(
        words,
        command,
        words("Make a post: post.toml, drops/, returned/, archive/. Nothing is ever overwritten."),
        "commandpost init ~/post",
    )
    made.own.add_argument(
        "dir", metavar="DIR", nargs="?", type=Path, help=words("where (else as --post says)")
    )
    return made


def run(options: argparse.Namespace, words: Words) -> int:
    root: Path = expanded(options.dir or options.post or default_post()).absolute()
    make_post(root, (DATA / "examples" / f"post.{words.language}.toml").read_text("utf-8"))
    print(root)
    where = "" if root == default_post().absolute() else f" --post {root}"
    for line in (
        words("A post was made. What next:"),
        "  1 " + words("say in {file} which gates, posts and teams there are", file=root / "post.toml"),
        "  2 " + words("let the teams save their sheets in {folder}", folder=root / "drops"),
        "  3 " + words("open the board: {command}", command=f"commandpost{where}"),
    ):
        print(line, file=sys.stderr)
    return 0


def make_post(root: Path, settings: str) -> PostPlaces:
    """The folders and post.toml of a new post. UsageError when there is a post already."""
    places = PostPlaces(root)
    if places.settings.exists() or places.database.exists():
        raise UsageError("{folder} is a post already: nothing was changed", folder=root)
    for folder in (root, places.drops, places.returned, places.archive):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise UsageError("{folder}: a file is in the way: name another folder", folder=folder) from None
    with places.settings.open("x", encoding="utf-8") as file:
        file.write(settings)
    return places
