"""Sheets of several pages or days: a title among the rows names the day of those below it."""

from __future__ import annotations

import pytest
from tests.intake.clerking import Post, rows_of

from commandpost.contract.values.text import fold
from commandpost.intake import load
from commandpost.intake.marginal import heads_a_day

HEAD = "时间,门岗,方向,姓名,体温"
PAGES = f"""门岗登记表（第1页）2022年3月26日,,,,
{HEAD}
25:99,北门,进,王伟,36.5
登记人：孙某,,审核：周某,,
门岗登记表（第2页）2022年3月27日,,,,
{HEAD}
7:30,北门,进,李娜,36.5
25:99,北门,进,张强,36.5
"""
WHEN = "SELECT who, datetime(event_at, 'unixepoch', '+8 hours') FROM gate_pass ORDER BY event_at"


@pytest.mark.parametrize(
    "said",
    [
        "3月28日",
        "2022-03-28",
        "3月28日（周一）",
        "2022年3月28日 门岗登记表",
        "门岗登记表（第2页）2022.3.28",
        "日期：3月28日 早班",
        "20220328",
    ],
)
def test_a_title_that_names_a_day_heads_the_rows_below_it(said: str) -> None:
    assert heads_a_day(fold(said).lower())


@pytest.mark.parametrize(
    "said",
    [
        "2022-03-28 07:30",
        "3月25日起执行新规定",
        "3月21日-3月27日",
        "王伟",
        "3月28日王伟发热",
        "13800000000",
        "1-2",
        "3-2-501",
    ],
)
def test_what_says_more_or_less_than_a_day_heads_nothing(said: str) -> None:
    assert not heads_a_day(fold(said).lower())


def test_rows_go_back_under_the_title_that_names_their_day(post: Post) -> None:
    report = post.take("a.csv", PAGES)
    assert [one["line"] for one in report["rejected"]] == [3, 8]
    (path,) = post.returned()
    assert [row[0] for row in rows_of(path)] == [
        "门岗登记表（第1页）2022年3月26日", "时间", "25:99", "门岗登记表（第2页）2022年3月27日", "25:99",
    ]  # fmt: skip
    mended = path.read_text("utf-8-sig").replace("25:99", "6:13")
    assert post.take(path.name, mended)["accepted"] == 2
    assert post.ask(WHEN) == [
        ("王伟", "2022-03-26 06:13:00"),
        ("张强", "2022-03-27 06:13:00"),
        ("李娜", "2022-03-27 07:30:00"),
    ]


@pytest.mark.parametrize("lines", [200, 4000])
def test_a_day_holds_until_the_next_wherever_reading_breaks_off_or_begins(
    post: Post, monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    """Of a sheet that grows, above 64 kB, only what is new is read; it is still of its page's day."""
    monkeypatch.setattr(load, "CHUNK", lines)
    rows = [f"{i // 60 % 24}:{i % 60:02},北门,进,王{i}号来访的送货维修人员,36.5" for i in range(1200)]
    text = "\n".join(["登记 2022年3月26日,,,,", HEAD, *rows[:700], "3月27日,,,,", *rows[700:], ""])
    assert len(text.encode()) > 1 << 16
    assert post.take("a.csv", text)["accepted"] == 1200
    post.later(minutes=5)
    more = "20:05,北门,出,李娜,36.5\n3月28日,,,,\n0:05,北门,进,李娜,36.5\n"
    report = post.take("a.csv", text + more)
    assert (report["accepted"], report["duplicate"]) == (2, 1200)
    assert post.ask(WHEN.replace("ORDER", "WHERE who = '李娜' ORDER")) == [
        ("李娜", "2022-03-27 20:05:00"),
        ("李娜", "2022-03-28 00:05:00"),
    ]
    days = "SELECT date(event_at, 'unixepoch', '+8 hours'), count(*) FROM gate_pass GROUP BY 1"
    assert post.ask(days) == [("2022-03-26", 700), ("2022-03-27", 501), ("2022-03-28", 1)]
