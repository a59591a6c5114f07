"""A fever that is only said (是否发热 是) reaches the officer, whatever sheet says it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.intake.clerking import Post

from commandpost import picture
from commandpost.contract.values.symptoms import symptoms_of
from commandpost.words import Words

SHEETS = {
    "health-reports": ("日期,姓名,楼栋房号,体温,是否发热,症状", "2022-03-28,{name},3-2-501,{degrees},{said},{symptoms}"),
    "gate-passes": ("时间,门岗,方向,姓名,体温,是否发热,症状,结果", "2022-03-28 19:10,北门,进,{name},{degrees},{said},{symptoms},"),
    "check-ins": ("姓名,岗位,到岗时间,体温,是否发热,症状", "{name},北门,2022-03-28 19:05,{degrees},{said},{symptoms}"),
}  # fmt: skip
ROWS = (
    ("赵一", "", "是", ""), ("钱二", "/", "有", "咳嗽"), ("孙三", "发热", "", ""), ("李四", "正常", "", "发烧、乏力"),
    ("周五", "38.1", "是", ""), ("吴六", "38.2", "否", ""),
    ("郑七", "36.5", "是", ""), ("王八", "36.6", "否", "无"), ("冯九", "36.6", "", "无发热、咳嗽"), ("陈十", "正常", "", "咳嗽"),
    ("褚一", "36.4", "正常", "正常"),
)  # fmt: skip
CALLED = {
    "赵一": "warning",
    "钱二": "critical",
    "孙三": "warning",
    "李四": "critical",
    "周五": "warning",
    "吴六": "warning",
}


def sheet(kind: str, *rows: tuple[str, str, str, str]) -> str:
    header, row = SHEETS[kind]
    said = (dict(zip(("name", "degrees", "said", "symptoms"), each, strict=True)) for each in rows)
    return "\n".join([header, *(row.format(**one) for one in said), ""])


def fevers(post: Post, at: datetime | None = None, tick: int | None = None) -> dict[str, str]:
    """Name → how loudly its fever is called."""
    taken = picture.at(post.engine, at or post.now, post.settings, tick)
    return {dict(one.text.args)["name"]: one.severity for one in taken.todo if one.rule == "fever"}


@pytest.mark.parametrize("kind", SHEETS)
def test_a_fever_that_is_only_said_is_called_like_one_that_was_measured(post: Post, kind: str) -> None:
    told = post.take("a.csv", sheet(kind, *ROWS))
    assert (told["kind"], told["accepted"], told["rejected"]) == (kind, len(ROWS), [])
    assert fevers(post) == CALLED
    (tick,) = post.ask("SELECT max(n) FROM tick")
    assert fevers(post, tick=tick[0]) == CALLED


@pytest.mark.parametrize("header", ["时间,门岗,方向,姓名,体温,是否发热", "时间,门岗,方向,姓名,发热"])
def test_a_gate_that_only_asks_whether_is_read_column_by_column(post: Post, header: str) -> None:
    rows = [f"2022-03-28 19:{n:02},北门,进,甲{n},{'36.5,' if '体温' in header else ''}否" for n in range(30)]
    rows[7] = f"2022-03-28 19:07,北门,进,赵一,{',' if '体温' in header else ''}是"
    post.take("a.csv", "\n".join([header, *rows]))
    assert fevers(post) == {"赵一": "warning"}
    taken = picture.at(post.engine, post.now, post.settings)
    assert (taken.gate.fever, taken.gate.rows[0].name, taken.gate.rows[0].temperature) == (1, "赵一", None)
    (alert,) = [one for one in taken.todo if one.rule == "fever"]
    assert Words("zh").say(alert.text) == "赵一 未量体温 北门 19:07 进"


@pytest.mark.parametrize("kind", ["gate-passes", "check-ins"])
def test_a_fever_that_was_said_ends_with_a_normal_measure(post: Post, kind: str) -> None:
    post.take("a.csv", sheet(kind, ("赵一", "", "是", "")))
    post.later(minutes=20)
    header, _ = SHEETS["gate-passes"]
    post.take("b.csv", f"{header}\n2022-03-28 20:10,北门,进,赵一,36.5,,,放行\n")
    assert fevers(post) == {}


def test_a_reported_fever_without_a_number_ends_with_a_measured_report_only(post: Post) -> None:
    header = "日期,姓名,时段,体温,是否发热\n"
    post.take("a.csv", header + "2022-03-28,赵一,早,,是\n2022-03-28,赵一,午,正常,否\n")
    assert fevers(post) == {"赵一": "warning"}
    post.take("b.csv", header + "2022-03-28,赵一,晚,36.5,否\n")
    assert fevers(post) == {}


def test_who_is_isolated_and_says_a_fever_is_critical_once_and_held_back(post: Post) -> None:
    post.take("a.csv", "姓名,管控方式,开始日期,隔离天数,地点/房号\n赵一,居家,2022-03-15,14,3-2-501\n")
    post.take("b.csv", sheet("health-reports", ("赵一", "", "是", "")))
    assert fevers(post) == {"赵一": "critical"}
    (row,) = picture.at(post.engine, post.now, post.settings).isolation.rows
    assert (row.am.state, row.am.fever, row.stage) == ("reported", True, "blocked")
    assert row.febrile is not None
    assert row.febrile.temperature is None


def test_a_guard_who_says_a_fever_is_no_cover(post: Post) -> None:
    post.take("a.csv", "岗位,日期,开始,结束,姓名\n北门,2022-03-28,18:00,次日6:00,赵一\n")
    post.take("b.csv", sheet("check-ins", ("赵一", "", "是", "")))
    gaps = picture.at(post.engine, post.now, post.settings).duty.gaps
    assert [gap.post for gap in gaps] == ["北门"]


def test_no_fever_without_a_number_is_no_report(post: Post) -> None:
    told = post.take("a.csv", "日期,姓名,体温,是否发热\n2022-03-28,赵一,,否\n2022-03-28,钱二,,\n")
    assert [(one["line"], one["code"]) for one in told["rejected"]] == [(2, "empty"), (3, "empty")]
    assert "temperature" in told["rejected"][0]["reason"]


def test_several_with_one_said_fever_are_each_called(post: Post) -> None:
    post.take("a.csv", sheet("gate-passes", ("赵一、钱二", "", "是", ""), ("孙三、李四", "36.5", "否", "")))
    post.take("b.csv", sheet("check-ins", ("周五、吴六", "", "是", "")))
    assert set(fevers(post)) == {"赵一", "钱二", "周五", "吴六"}


def test_one_normal_temperature_of_several_goes_back_and_what_has_no_number_is_each_ones(post: Post) -> None:
    header = "日期,姓名,楼栋房号,时段,体温,是否发热\n"
    told = post.check(
        "a.csv",
        header + "2022-03-28,赵一、钱二,3-501,早,36.5,\n2022-03-28,赵一 钱二,3-501,午,正常,否\n",
        values=True,
    )
    (reject,) = told["rejected"]
    assert (reject["line"], reject["column"], reject["code"]) == (2, "姓名", "person")
    assert "one row for each" in reject["hint"]
    assert [(one["name"], one["slot"], one["temperature"]) for one in told["values"]] == [
        ("赵一", "NOON", None), ("钱二", "NOON", None),
    ]  # fmt: skip
    post.take(
        "b.csv",
        header
        + "2022-03-28,孙三/李四,3-501,晚,38.2,\n2022-03-28,周五，吴六,3-502,晚,,是\n".replace("，", "、"),
    )
    assert set(fevers(post)) == {"孙三", "李四", "周五", "吴六"}


def test_the_passes_of_a_day_with_many_coughs_do_not_hide_a_fever(post: Post) -> None:
    rows = [f"2022-03-28 18:{n // 60:02}:{n % 60:02},北门,进,甲{n},36.5,,咳嗽,拒入" for n in range(600)]
    rows.insert(0, "2022-03-28 10:00,北门,进,赵一,,是,,")
    post.take("a.csv", "\n".join([SHEETS["gate-passes"][0], *rows]))
    assert fevers(post) == {"赵一": "warning"}
    assert fevers(post, post.now + timedelta(hours=3)) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("发热", (True, False)), ("发烧38.2", (True, False)), ("有发热", (True, False)), ("发热咳嗽", (True, True)),
        ("咳嗽伴发热", (True, True)), ("低热、乏力", (True, True)), ("自述发热", (True, False)), ("Fever, cough", (True, True)),
        ("无咳嗽，有发热", (True, False)), ("无力、发热", (True, True)), ("没精神", (False, True)), ("不适", (False, True)),
        ("无发热", (False, False)), ("无发热、咳嗽等症状", (False, False)), ("未发热", (False, False)), ("否认发热咳嗽", (False, False)),
        ("发热：无", (False, False)), ("咳嗽（无）", (False, False)), ("正常", (False, False)), ("身体状况良好", (False, False)),
        ("已退烧", (False, False)), ("无", (False, False)), ("咳嗽", (False, True)), ("发热门诊复查", (False, True)), ("", (False, False)),
    ],
)  # fmt: skip
def test_symptoms_say_a_fever_and_others(text: str, found: tuple[bool, bool]) -> None:
    assert symptoms_of(text) == found
