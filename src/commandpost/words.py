"""Words in two languages, from gettext catalogues. Message ids are the English words."""

from __future__ import annotations

import gettext
import json
import os
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from commandpost.places import LOCALE

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Message:
    """Something to be said later, in the reader's language: a message id and what fills it.

    An argument that is itself a Message is said in the same language.
    """

    id: str
    args: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A place or a thing with a name of its own in each language; without an English one, the Chinese."""

    name: str
    english: str = ""


def message(id: str, /, **args: Any) -> Message:
    """`message("{n} rows", n=3)`."""
    return Message(id, tuple(args.items()))


def packed(said: Message) -> str:
    """A message as JSON, to be stored and said later in any language."""
    return json.dumps(_packed(said), ensure_ascii=False, separators=(",", ":"), default=str)


@lru_cache(4096)
def unpacked(text: str) -> Message:
    """What `packed` wrote; any other text is its own message id."""
    try:
        found = json.loads(text)
    except ValueError:
        return Message(text)
    return _unpacked(found) if isinstance(found, list) else Message(text)


def _packed(said: Message) -> list[Any]:
    return [said.id, {k: _packed(v) if isinstance(v, Message) else v for k, v in said.args}]


def _unpacked(found: list[Any]) -> Message:
    args = ((k, _unpacked(v) if isinstance(v, list) else v) for k, v in found[1].items())
    return Message(found[0], tuple(args))


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    return gettext.translation("commandpost", LOCALE, languages=[language], fallback=True)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: Language = "zh"

    def __call__(self, id: str, /, **args: Any) -> str:
        """The words for `id`, with `args` put in."""
        text = _catalogue(self.language).gettext(id) if id else ""
        if not args:
            return text
        return text.format(**{k: self._filled(v) for k, v in args.items()})

    def _filled(self, value: Any) -> Any:
        if isinstance(value, Message):
            return self.say(value)
        if isinstance(value, Named):
            return value.english if self.language == "en" and value.english else value.name
        return value

    def short(self, context: str, id: str) -> str:
        """A word whose translation depends on where it stands: `short("verdict", "held")`."""
        return _catalogue(self.language).pgettext(context, id)

    def say(self, said: Message) -> str:
        """A message in this language."""
        return self(said.id, **dict(said.args))


def locale_language() -> Language:
    """zh when the environment's locale is Chinese or says nothing, else en."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") or value in ("C", "C.UTF-8", "POSIX") else "en"
    return "zh"
