"""Words in two languages, from gettext catalogues. Message ids are the English words."""

from __future__ import annotations

import gettext
import os
from dataclasses import dataclass
from functools import cache
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


def message(id: str, **args: Any) -> Message:
    """`message("{n} rows", n=3)`."""
    return Message(id, tuple(args.items()))


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
        return text.format(**{k: self.say(v) if isinstance(v, Message) else v for k, v in args.items()})

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
