"""What goes back: harmless in a spreadsheet, readable again, never over what a team is mending."""

from __future__ import annotations

import resource

import pytest
from tests.intake.clerking import BAD, HEADER, WANG, Post, rows_of, sheet

from commandpost.intake import giveback
from commandpost.words import Words


@pytest.mark.parametrize(
    "cell", ["=HYPERLINK(1)", "+cmd|x", "@SUM(A1)", "-张敏", "\t=1", "＝1+1", "＠SUM(A1)"]
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert not giveback.harmless(cell).startswith(("=", "+", "-", "@", "\t", "＝", "＠"))


@pytest.mark.parametrize("cell", ["-5", "+36.5", "36.5", "9.8", "120", "-", "－", "张三", "3栋", "7:30", ""])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert giveback.harmless(cell) == cell


def test_a_name_made_harmless_comes_back_as_it_was(post: Post) -> None:
    post.take("a.csv", sheet(BAD.replace("赵六", "-赵六")))
    (path,) = post.returned()
    assert rows_of(path)[1][3] == "'-赵六"
    post.take(path.name, path.read_text("utf-8-sig").replace("2022-02-30", "2022-03-28"))
    assert post.ask("SELECT who FROM gate_pass") == [("-赵六",)]


def test_it_opens_in_excel(post: Post) -> None:
    post.take("a.csv", sheet(BAD))
    (path,) = post.returned()
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data


def test_a_later_return_does_not_overwrite_one_being_mended(post: Post) -> None:
    post.take("a.csv", sheet(BAD))
    post.later(minutes=5)
    post.take("a.csv", sheet(BAD, BAD.replace("赵六", "钱七")))
    first, second = post.returned()
    assert [row[3] for row in rows_of(first)[1:]] == ["赵六"]
    assert [row[3] for row in rows_of(second)[1:]] == ["钱七"]


def test_the_day_in_a_title_goes_back_with_the_rows(post: Post) -> None:
    post.take(
        "a.csv", "通行登记 2022年3月27日,,,,,,,\r\n" + sheet(WANG.replace("2022-03-28 06:13:21", "25:99"))
    )
    (path,) = post.returned()
    assert rows_of(path)[0][0] == "通行登记 2022年3月27日"
    mended = path.read_text("utf-8-sig").replace("25:99", "6:13")
    assert post.take(path.name, mended)["accepted"] == 1
    assert post.ask("SELECT event_at FROM gate_pass") == [(1648332780,)]


def test_it_speaks_the_teams_language(post: Post) -> None:
    from commandpost.settings import Settings, Team

    post.settings = Settings(team=(Team(name="north", language="en"),))
    post.take("a.csv", sheet(BAD))
    assert rows_of(post.returned()[0])[0] == [*HEADER.split(","), "Line", "Column", "Reason", "Hint"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_returned_header_is_known_again(language: str) -> None:
    words = Words(language)  # type: ignore[arg-type]
    head = [*HEADER.split(","), *map(words, ("Line", "Column", "Reason", "Hint"))]
    assert giveback.is_mended(head)
    assert not giveback.is_mended(HEADER.split(","))


def test_filled_down_cells_go_back_written_out(post: Post) -> None:
    head = "岗位,日期,开始,结束,姓名"
    post.take("r.csv", sheet("北门,2022-03-28,7:00,15:00,张三", ",,25:00,23:00,李四", header=head))
    assert rows_of(post.returned()[0])[1][:2] == ["北门", "2022-03-28"]


LOST = [
    "420106199001011234",
    "001",
    "2.10",
    "36,5",
    "1,200",
    "1E5",
    "(5)",
    "2-17",
    "2/17",
    "3-2-501",
    "3-4 07:20",
]
DATES = [
    "2022-03-28",
    "2022-03-28 06:13:21",
    "2022.3.28",
    "2022年3月28日",
    "3月28日",
    "3月28日 7:30",
    "28 Mar",
    "5-Mar-22",
]


@pytest.mark.parametrize("cell", [*LOST, *DATES])
def test_a_spreadsheet_loses_nothing_of_what_goes_back(cell: str) -> None:
    kept = giveback.harmless(cell)
    assert kept == "\t" + cell
    assert giveback.clean(kept) == cell


def test_a_copy_the_disk_refuses_leaves_nothing_behind(post: Post) -> None:
    """Its first byte is refused when the buffer is emptied, and once more when the file is closed."""
    source = post.places.root / "small.csv"
    source.write_text(HEADER)
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    with source.open("rb") as file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, most[1]))
        try:
            with pytest.raises(OSError, match="large"):
                giveback.copy(post.places, file)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert not [path for path in post.places.archive.rglob("*") if path.is_file()]
