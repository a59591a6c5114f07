"""Times that run over midnight under one day: after it they are of the next, and that is said."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from tests.intake.clerking import Post, rows_of

from commandpost.contract.reading import Context
from commandpost.contract.values.shifts import shift_words
from commandpost.intake import load
from commandpost.intake.marginal import date_in, night_until
from commandpost.settings import Settings

HEAD = "时间,门岗,方向,姓名,体温"
PLAIN = "门岗登记表 2022年3月26日,,,,"
NIGHT = "3月26日夜班,,,,"


def rows(*times: str, gate: str = "北门") -> list[str]:
    return [f"{time},{gate},进,王{n}某,36.5" for n, time in enumerate(times)]


def sheet(title: str, *of: str, head: str = HEAD) -> str:
    return "\n".join([title, head, *of, ""])


def days(post: Post, table: str = "gate_pass") -> list[str]:
    """The moments in order of lines, as day of the month and time: 27T00:15."""
    sql = f"SELECT strftime('%dT%H:%M', event_at, 'unixepoch', '+8 hours') FROM {table} ORDER BY line, id"
    return [one[0] for one in post.ask(sql)]


def told(report: dict[str, object]) -> list[tuple[int, str]]:
    return [(one["line"], one["code"]) for one in report["warnings"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("title", "times", "as_known", "warned"),
    [
        # A night in order: what falls from evening to the small hours is over midnight, to the end.
        (PLAIN, "22:10 23:50 00:15 06:00", "26T22:10 26T23:50 27T00:15 27T06:00", [(5, "next-day")]),
        (PLAIN, "23:50 00:15", "26T23:50 27T00:15", [(4, "next-day")]),
        (PLAIN, "22:10 24:00 0:15", "26T22:10 27T00:00 27T00:15", [(5, "next-day")]),
        (PLAIN, "23:50 次日0:10 0:20", "26T23:50 27T00:10 27T00:20", [(5, "next-day")]),
        # Kept from morning to morning.
        (
            PLAIN,
            "8:05 12:00 20:00 23:50 0:15 7:55",
            "26T08:05 26T12:00 26T20:00 26T23:50 27T00:15 27T07:55",
            [(7, "next-day")],
        ),
        # Written a moment too late, before midnight and over it.
        (
            PLAIN,
            "20:00 21:00 22:15 22:10 23:00 23:58 0:02 23:59 0:05",
            "26T20:00 26T21:00 26T22:15 26T22:10 26T23:00 26T23:58 27T00:02 26T23:59 27T00:05",
            None,
        ),
        # A quiet night: nobody came before the morning.
        (PLAIN, "20:10 21:00 6:30", "26T20:10 26T21:00 27T06:30", [(5, "next-day")]),
        # A day's sheet in its order says nothing of a night.
        (PLAIN, "0:15 6:00 12:00 23:50", "26T00:15 26T06:00 26T12:00 26T23:50", []),
        # Newest first.
        (
            PLAIN,
            "23:50 22:10 20:00 18:05 5:30 0:15",
            "26T23:50 26T22:10 26T20:00 26T18:05 26T05:30 26T00:15",
            [],
        ),
        # Unsorted, or more than a day, or a fall that may be anything: nothing is guessed, and it is said.
        (PLAIN, "9:00 19:00 8:00 21:00 0:15", "26T09:00 26T19:00 26T08:00 26T21:00 26T00:15", "unclear"),
        (PLAIN, "0:05 12:00 23:50 0:10", "26T00:05 26T12:00 26T23:50 26T00:10", "unclear"),
        (PLAIN, "9:00 17:30 0:30", "26T09:00 26T17:30 26T00:30", "unclear"),
        # The title says a night: no order is needed.
        (NIGHT, "0:15 5:40 22:10 23:50", "27T00:15 27T05:40 26T22:10 26T23:50", [(3, "next-day")]),
        (NIGHT, "22:10 0:15", "26T22:10 27T00:15", [(4, "next-day")]),
        ("3月26日 22:00-6:00,,,,", "5:40 23:50", "27T05:40 26T23:50", [(3, "next-day")]),
        ("北门 3月26日22:00—3月27日6:00,,,,", "23:50 0:10", "26T23:50 27T00:10", [(4, "next-day")]),
        ("3月26日早班、夜班,,,,", "7:10 0:15", "26T07:10 26T00:15", []),
    ],
)  # fmt: skip
def test_times_after_midnight_are_of_the_day_they_are_of(
    post: Post, title: str, times: str, as_known: str, warned: object
) -> None:
    text = sheet(title, *rows(*times.split()))
    assert told(post.check("b.csv", text))[:1] == told(report := post.take("a.csv", text))[:1]
    assert " ".join(days(post)) == as_known
    if warned == "unclear":
        assert [code for _, code in told(report)] == ["date"]
    elif warned is not None:
        assert told(report) == warned


def test_another_gate_begins_its_own_day(post: Post) -> None:
    both = [*rows("6:10", "12:00", "23:50", gate="东门"), *rows("6:05", "12:10", "23:40", gate="西门")]
    assert told(post.take("a.csv", sheet(PLAIN, *both))) == []
    assert days(post) == ["26T06:10", "26T12:00", "26T23:50", "26T06:05", "26T12:10", "26T23:40"]


def test_two_gates_of_one_night_go_over_midnight_together(post: Post) -> None:
    both = [*rows("22:10", gate="东门"), *rows("23:50", gate="西门"), *rows("0:15", "0:20", gate="南门")]
    assert told(post.take("a.csv", sheet(PLAIN, *both))) == [(5, "next-day")]
    assert days(post) == ["26T22:10", "26T23:50", "27T00:15", "27T00:20"]


def test_what_would_lie_ahead_of_its_arrival_is_of_the_day_itself(post: Post) -> None:
    """Received on the 28th at noon: 0:15 of the 29th cannot be."""
    post.now = datetime.fromisoformat("2022-03-28T22:30+08:00")
    report = post.take("a.csv", sheet("2022年3月28日,,,,", *rows("22:10", "0:15")))
    assert (days(post), told(report)) == (["28T22:10", "28T00:15"], [])


def test_a_day_filled_down_runs_over_midnight_too(post: Post) -> None:
    head = "日期,时间,门岗,方向,姓名"
    text = "\n".join(
        [
            head,
            "2022-03-26,22:10,北门,进,王一",
            ",0:15,北门,进,王二",
            "2022-03-27,21:00,北门,进,王三",
            "同上,23:00,北门,进,王四",
            "2022-03-27,0:30,北门,进,王五",
            "",
        ]
    )
    report = post.take("a.csv", text)
    assert days(post) == ["26T22:10", "27T00:15", "27T21:00", "27T23:00", "27T00:30"]
    assert [one for one in told(report) if one[1] != "filled"] == [(3, "next-day")]


def test_visits_counts_and_arrivals_run_over_midnight(post: Post) -> None:
    visits = "进入时间,离开时间,门岗,姓名\n22:10,22:40,北门,王一\n23:50,0:20,北门,王二\n0:30,0:50,北门,王三\n,1:10,北门,王四\n"
    post.take("visits.csv", "2022年3月26日,,,\n" + visits)
    assert days(post) == [
        "26T22:10", "26T22:40", "26T23:50", "27T00:20", "27T00:30", "27T00:50", "27T01:10",
    ]  # fmt: skip
    tallies = "门岗,起,止,进,出\n北门,20:00,22:00,3,1\n北门,22:00,24:00,2,0\n北门,0:00,2:00,1,0\n北门,2:00,4:00,0,0\n"
    post.take("tallies.csv", "2022年3月26日,,,,\n" + tallies)
    assert days(post, "gate_tally") == ["26T20:00", "26T22:00", "27T00:00", "27T02:00"]
    spans = "门岗,时段,进,出\n南门,20:00-22:00,3,1\n南门,22:00-24:00,2,0\n南门,0:00-2:00,1,0\n"
    post.take("spans.csv", "2022年3月26日,,,,\n" + spans)
    assert days(post, "gate_tally")[-1:] == ["27T00:00"] or "27T00:00" in days(post, "gate_tally")
    arrivals = "姓名,岗位,到岗时间,离岗时间\n王一,北门,21:50,6:05\n王二,北门,23:55,\n王三,北门,0:05,6:10\n"
    post.take("arrivals.csv", "2022年3月26日,,,\n" + arrivals)
    assert days(post, "check_in") == ["26T21:50", "26T23:55", "27T00:05"]


def test_a_row_after_midnight_goes_back_with_its_day_and_comes_back_on_it(post: Post) -> None:
    text = sheet(
        NIGHT, *rows("22:10"), "0:15,北门,进,李娜,98.6x", "0:99,北门,进,张强,36.5", ",北门,进,赵敏,36.5"
    )
    post.take("a.csv", text)
    (path,) = post.returned()
    body = [row[0] for row in rows_of(path)][2:]
    assert body == ["2022-03-27 0:15", "2022-03-27 0:99", "2022-03-27"]
    mended = path.read_text("utf-8-sig").replace("98.6x", "36.6").replace("0:99", "0:59")
    report = post.take(path.name, mended.replace("2022-03-27,", "2022-03-27 1:05,"))
    assert (report["rejected"], report["accepted"], report["superseding"]) == ([], 2, 1)
    assert sorted(days(post))[:1] == ["26T22:10"]
    assert {"27T00:15", "27T00:59", "27T01:05"} <= set(days(post))


@pytest.mark.parametrize("lines", [200, 4000])
@pytest.mark.parametrize("titled", [True, False])
def test_a_night_goes_on_wherever_reading_breaks_off_or_begins(
    post: Post, monkeypatch: pytest.MonkeyPatch, lines: int, titled: bool
) -> None:
    """Also of a sheet that grows, above 64 kB, whose known rows are not read again."""
    monkeypatch.setattr(load, "CHUNK", lines)
    long = "送货维修人员和其他来访的人"
    times = [f"{i // 60 % 24}:{i % 60:02}" for i in range(17 * 60, 17 * 60 + 1300, 1)]
    body = [f"{time},北门,进,王{n}号{long},36.5" for n, time in enumerate(times)]
    above = [PLAIN, HEAD] if titled else [HEAD, "2022-03-26,,,,"]
    text = "\n".join([*above, *body, ""])
    assert len(text.encode()) > 1 << 16
    assert told(post.take("a.csv", text)) == [(423, "next-day")]
    post.later(minutes=5)
    report = post.take("a.csv", text + "14:45,北门,出,李娜,36.5\n")
    assert (report["accepted"], report["duplicate"]) == (1, 1300)
    assert days(post)[-1:] == ["27T14:45"] or "27T14:45" in days(post)
    of = "SELECT date(event_at, 'unixepoch', '+8 hours'), count(*) FROM gate_pass GROUP BY 1"
    assert post.ask(of) == [("2022-03-26", 420), ("2022-03-27", 881)]


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("2月16日夜班", 10 * 3600),
        ("2月16日晚班", 10 * 3600),
        ("2月16日 22:00-6:00", 9 * 3600),
        ("2月16日20:00至次日8:00", 11 * 3600),
        ("2月16日8:00至次日8:00", 8 * 3600),
        ("2月16日 早班 7:00-15:00", None),
        ("2月16日早/中/夜班", None),
        ("2月16日昼夜值守", None),
        ("2月16日大夜班登记", None),
        ("2022-02-16 门岗登记表", None),
    ],
)
def test_a_title_says_until_when_its_rows_are_of_the_next_day(said: str, until: int | None) -> None:
    assert night_until([said], {}) == until


def test_the_posts_own_hours_of_a_shift_go_before_the_words_use() -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Shanghai")
    received = datetime(2022, 2, 17, 9, tzinfo=zone)
    early = Settings.model_validate({"shifts": {"夜": "00:00-08:00"}})
    assert night_until(["2月16日夜班"], shift_words(Context(received, zone, early))) is None
    late = Settings.model_validate({"shifts": {"夜": "20:00-08:00"}})
    assert night_until(["2月16日夜班"], shift_words(Context(received, zone, late))) == 11 * 3600


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2月16日22:00—2月17日6:00", date(2022, 2, 16)),
        ("2022年2月16日22:00至2022年2月17日6:00", date(2022, 2, 16)),
        ("2月16日—2月17日", None),
        ("2月16日8:00—2月18日8:00", None),
        ("2月16日8:00—2月17日20:00", None),
    ],
)
def test_one_night_that_is_written_with_two_days_is_of_its_first(said: str, day: date | None) -> None:
    assert date_in([said], date(2022, 2, 20)) == day
