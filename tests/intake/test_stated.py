"""What a sheet says once above its rows counts for each of them, and goes back with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.intake.clerking import Post, check, rows_of

from commandpost.desks.kinds import KINDS
from commandpost.intake.recognise import known_headers
from commandpost.intake.stated import stated_in

GATE = "SELECT gate, who FROM gate_pass WHERE known_until IS NULL ORDER BY event_at"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["门岗：南门"], {"门岗": "南门"}),
        (["Requested by: Block 3"], {"Requested by": "Block 3"}),
        (["申领单位：二号楼   申领日期：2022年3月28日"], {"申领单位": "二号楼", "申领日期": "2022年3月28日"}),
        (["Gate: Main Date: 28/03/2022 7:00"], {"Gate": "Main", "Date": "28/03/2022 7:00"}),
        (["门岗：", "南门", "", "日期：", "3月28日"], {"门岗": "南门", "日期": "3月28日"}),
        (["值守人员签到表 岗位：__南门岗__"], {"岗位": "南门岗"}),
        (["岗位：南门岗，天气：晴"], {"岗位": "南门岗"}),
        (["门岗： 南门（主）"], {"门岗": "南门（主）"}),
    ],
)
def test_a_label_that_is_a_name_of_a_column_says_what_stands_behind_it(
    cells: list[str], said: dict[str, str]
) -> None:
    assert dict(stated_in([cells], known_headers(KINDS))) == said


@pytest.mark.parametrize(
    "title",
    [
        "南校区南门 3月28日 门岗登记表",
        "门岗：________",
        "门岗：",
        "门岗：南门，北门",
        "所有门岗：南门",
        "记录：7:00-8:00 南门",
    ],
)
def test_a_title_that_does_not_say_it_plainly_says_nothing(title: str) -> None:
    assert stated_in([[title]], known_headers(KINDS)) == ()


def _asked(post: Post, *titles: str) -> str:
    content = "\n".join([*titles, "时间,方向,姓名,体温,备注", "2022-03-28 7:30,进,王伟,36.5,"])
    return str(post.take("a.csv", content)["verdict"])


def test_a_gate_that_is_named_twice_or_without_its_label_is_asked_for(post: Post) -> None:
    assert _asked(post, "门岗：南门", "门岗：北门") == "asks"
    assert _asked(post, "南门 门岗登记表") == "asks"
    assert _asked(post, "门岗：南门") == "taken"


def test_a_column_of_the_sheet_goes_before_a_title(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("门岗：南门\n时间,卡口,方向,姓名\n2022-03-28 7:30,北门,进,王伟\n")
    assert [one["gate"] for one in check(path, values=True)["values"]] == ["北门"]


PAGES = """门岗登记表,,,,
门岗：,南门,,日期：,3月27日
时间,方向,姓名,体温,备注
7:30,进,王伟,36.5,
25:99,进,李娜,36.5,
门岗：,北门,,日期：,3月27日
时间,方向,姓名,体温,备注
8:01,进,张敏,36.6,
8:99,进,赵强,36.6,
门岗：东门
3月28日
9:10,出,孙丽,36.1,
9:99,出,周杰,36.1,
"""


def test_a_later_page_says_it_anew_and_its_rows_go_back_under_it(post: Post) -> None:
    report = post.take("pages.csv", PAGES)
    assert [one["line"] for one in report["rejected"]] == [5, 9, 13]
    assert post.ask(GATE) == [("南门", "王伟"), ("北门", "张敏"), ("东门", "孙丽")]
    (returned,) = post.returned()
    told = "\n".join(",".join(row) for row in rows_of(returned))
    post.later(minutes=5)
    again = post.take("pages_退回.csv", told.replace("25:99", "7:45").replace(":99", ":30"))
    assert not again["rejected"]
    assert post.ask(GATE) == [
        ("南门", "王伟"), ("南门", "李娜"), ("北门", "张敏"), ("北门", "赵强"), ("东门", "孙丽"), ("东门", "周杰"),
    ]  # fmt: skip


def test_a_title_that_cannot_be_read_sends_its_rows_back_and_is_mended_there(post: Post) -> None:
    sheet = "管控方式：在家待着\n姓名,房号,开始日期\n张一,3-2-501,3月20日\n李二,3-2-502,3月21日\n"
    report = post.take("a.csv", sheet)
    assert [(one["line"], one["column"], one["code"]) for one in report["rejected"]] == [
        (3, "管控方式", "value"),
        (4, "管控方式", "value"),
    ]
    (returned,) = post.returned()
    told = returned.read_text("utf-8-sig")
    post.later(minutes=5)
    assert not post.take("a_退回.csv", told.replace("在家待着", "居家隔离"))["rejected"]
    assert post.ask("SELECT name, mode FROM isolation ORDER BY name") == [("张一", "HOME"), ("李二", "HOME")]


def test_a_sheet_that_grows_under_its_title_counts_only_what_is_new(post: Post) -> None:
    sheet = "Post: Main Gate\nName,Sign in,Sign out\nJohn Smith,2022-03-28 06:58,\n"
    assert post.take("a.csv", sheet)["accepted"] == 1
    post.later(minutes=5)
    grown = post.take("a.csv", f"{sheet}Jane Roe,2022-03-28 07:02,\n")
    assert (grown["accepted"], grown["duplicate"]) == (1, 1)
    assert post.ask("SELECT DISTINCT post FROM check_in") == [("Main Gate",)]
