"""Pictures that nobody foresaw: strategies made from the types of the pictures themselves."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from scene import MOMENT

from commandpost.desks.shapes.common import Celsius
from commandpost.picture import Picture
from commandpost.words import Message, message

HOSTILE = (
    "\x1b[31m红\x1b[0m",
    "\x1b]52;c;cGF3bmVk\x07",
    "\x9b2J清\x85",
    "[@click=app.quit]x[/]",
    "[/]",
    "\u202egnp.exe",
    "a\u0301\u0301\u0301\u200b\ufe0f",
    "👨‍👩‍👧🇨🇳☎️",
    "ｱ한글\u1160\u11a8",
    "第一行\n第二行\t\r",
    "\ud83d",
    "很长很长很长很长很长很长很长很长很长很长很长很长的名字" * 4,
)
TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=12),
    st.text("王李张刘陈杨欧阳静怡A1·-\u0301", max_size=6),
)
MOMENTS = st.integers(-3 * 86_400, 3 * 86_400).map(lambda seconds: MOMENT + timedelta(seconds=seconds))
NUMBERS = st.one_of(st.integers(0, 20), st.integers(0, 10**7))
MESSAGES = st.one_of(
    TEXT.map(lambda text: message("{what}", what=text)), st.sampled_from(("child", "")).map(Message)
)


def of(kind: Any) -> st.SearchStrategy[Any]:
    """A strategy for a type as the pictures' dataclasses use them."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return st.one_of(*(st.none() if arg is type(None) else of(arg) for arg in get_args(kind)))
    if origin is Literal:
        return st.sampled_from(get_args(kind))
    if origin is tuple:
        args = get_args(kind)
        if len(args) == 2 and args[1] is Ellipsis:
            return st.lists(of(args[0]), max_size=4).map(tuple)
        return st.tuples(*map(of, args))
    if kind is Message:
        return MESSAGES
    if is_dataclass(kind):
        return dataclasses_of(kind)
    if kind is bool:
        return st.booleans()
    if kind is int:
        return NUMBERS
    if kind is datetime:
        return MOMENTS
    if kind is date:
        return MOMENTS.map(datetime.date)
    if kind in (float, Celsius):
        return st.floats(-5, 10_000).map(kind)
    if isinstance(kind, type) and issubclass(kind, str):
        return TEXT.map(kind)
    raise TypeError(f"no strategy for {kind}")


def dataclasses_of(kind: Any) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: of(hints[field.name]) for field in fields(kind)})


def pictures() -> st.SearchStrategy[Picture]:
    """Any picture of the post at the scene's moment."""
    hints = get_type_hints(Picture)
    fixed = {"moment": st.just(MOMENT), "zone": st.just("Asia/Shanghai")}
    return st.builds(
        Picture, **{f.name: fixed[f.name] if f.name in fixed else of(hints[f.name]) for f in fields(Picture)}
    )
