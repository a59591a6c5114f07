"""A column read at a stroke says what its cells say one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_case import here, reading

from commandpost.contract.reading import ByColumn, Reader
from commandpost.contract.values.dates import moment
from commandpost.contract.values.people import phone
from commandpost.contract.values.text import name
from examples import examples

CELLS = {
    "name": ("李建国", "王芳", "", "无", "王某等3人", "不详", "John Li", "李 建国", "张三\n李四", "同上", "欧阳建国"),
    "phone": ("13800000001", "", "138-0000-0001", "1.38E+10", "无", "13800000001\n13800000002", "1380000000"),
    "moment": ("2022-03-28 06:13:21", "2022-03-28 06:13", "2022-02-30 06:13:21", "2022/3/28 6:13", "3月28日 7:30",
               "2022-03-28 06:13:60", "06:13", "", "2022-03-28", "2030-01-01 00:00", "2022-03-28T06:13:21"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("reader", "of"),
    [(name(), "name"), (phone(), "phone"), (moment(), "moment")],
    ids=["name", "phone", "moment"],
)
@given(data=st.data())
def test_a_column_says_what_its_cells_say_one_by_one(reader: Reader, of: str, data: st.DataObject) -> None:
    usual = CELLS[of][0]
    odd = data.draw(st.lists(st.tuples(st.integers(0, 99), st.sampled_from(CELLS[of])), max_size=6))
    texts = [usual] * data.draw(st.integers(1, 100))
    for place, text in odd:
        texts[place % len(texts)] = text
    read: Any = reading(reader, here())
    assert isinstance(read, ByColumn)
    alone = reading(reader, here())
    assert read.many(texts, read) == [alone(text) for text in texts]


def test_a_column_that_is_mostly_unusual_says_the_same() -> None:
    texts = [text for text in CELLS["name"] for _ in range(20)]
    read: Any = reading(name(), here())
    assert read.many(texts, read) == [read(text) for text in texts]


@examples(200)
@given(
    st.sampled_from([name, phone]),
    st.lists(
        st.text("张三丰不详等人 \u3000\t\xa0\x1f·199０１２345678９-－86+()\u200b", max_size=16)
        | st.sampled_from(
            [
                "张　三",
                " 李四",
                "１３８００００００００",
                "138-0000-0000",
                "不 详",
                "王某 等3人",
                "1380000000０ ",
            ]
        ),
        min_size=1,
        max_size=40,
    ),
)
def test_a_column_that_is_loosened_says_what_its_cells_say_alone(of: Any, texts: list[str]) -> None:
    read = of()(here())
    assert read.many(texts, read) == [read(text) for text in texts]
