"""A fever that is written without its number, or answered in a form, is called."""

from __future__ import annotations

import pytest
from tests.intake.clerking import Post
from tests.intake.test_fevers_said import fevers


@pytest.mark.parametrize(
    "said", ["≥37.3", ">37.3", "＞37.3℃", "37.3+", "38多", "38度多", "约38", "38左右", "38以上", "高于37.5"]
)
def test_at_a_gate_a_fever_without_its_exact_number_is_called(post: Post, said: str) -> None:
    told = post.take("a.csv", f"时间,门岗,方向,姓名,体温\n2022-03-28 19:10,北门,进,赵一,{said}\n")
    assert [one["code"] for one in told["warnings"]] == ["temperature"]
    assert fevers(post) == {"赵一": "warning"}


@pytest.mark.parametrize("said", [">36", "≥37", "约36.5", "36多", "<37.3", "36-37.5", ">50"])
def test_what_is_no_fever_for_certain_is_not_called(post: Post, said: str) -> None:
    post.take("a.csv", f"时间,门岗,方向,姓名,体温\n2022-03-28 19:10,北门,进,赵一,{said}\n")
    assert fevers(post) == {}


FORM = (
    "姓名,日期,体温,{asked}\n赵一,2022-03-28,,{yes}\n钱二,2022-03-28,36.6,{yes}\n孙三,2022-03-28,36.6,{no}\n"
)


@pytest.mark.parametrize(("yes", "no"), [("是", "否"), ("A.是", "B.否"), ("A、有", "B、无")])
@pytest.mark.parametrize(
    "asked",
    ["是否有发热、咳嗽等症状", "4、是否有发热、咳嗽等症状？", "是否有发热（咳嗽）", "有无发热咳嗽等症状"],
)
def test_the_answers_of_a_form_are_kept_and_called(post: Post, asked: str, yes: str, no: str) -> None:
    told = post.take("a.csv", FORM.format(asked=asked, yes=yes, no=no))
    assert (told["kind"], told["accepted"], told["rejected"]) == ("health-reports", 3, [])
    assert [(one["line"], one["code"]) for one in told["warnings"]] == [(3, "temperature")]
    assert fevers(post) == {"赵一": "warning"}
    assert post.ask("SELECT name, symptoms <> '' FROM health_report ORDER BY name") == [
        ("孙三", 0), ("赵一", 1), ("钱二", 1),
    ]  # fmt: skip
