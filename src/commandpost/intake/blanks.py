"""What a cell that says nothing leaves: blanks, defaults, the first that is filled."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from pydantic_core import PydanticUndefined

from commandpost.contract.kind import Kind


def says(value: Any) -> bool:
    return value is not None and value != ""


def first_filled(columns: Sequence[list[Any]]) -> list[Any]:
    """Row by row the first of the columns that is filled; "" when none is."""
    if all(columns[0]):
        return columns[0]
    return [next(filter(None, row), "") for row in zip(*columns, strict=True)]


@cache
def default(kind: Kind, name: str) -> Any:
    default = kind.table.model_fields[name].default
    return None if default is PydanticUndefined else default
