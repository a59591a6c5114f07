"""A file that asks: what is proposed, how an answer is kept and used, what it never does by itself."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from tests.intake.clerking import RECEIVED, Post, sheet

from commandpost.contract.reading import Context
from commandpost.desks.aliases import check_aliases
from commandpost.desks.kinds import KINDS
from commandpost.errors import CommandpostError, UsageError
from commandpost.intake import answers, clerk, remembered
from commandpost.intake.assign import best_pairs
from commandpost.intake.looks import LOOKS, look_of
from commandpost.intake.peek import GONE, Seen, peek
from commandpost.intake.propose import Proposal, propose
from commandpost.intake.taught import Mapped, taught
from commandpost.intake.teamwork import Teamwork, teamwork
from commandpost.places import PostPlaces
from commandpost.settings import Settings, SettingsError, parse_settings
from commandpost.store.records import Drop
from commandpost.words import Message

NOBODY_KNOWS = "何时,何处,去向,何人,多少度,怎么办"
GATE = {0: "at", 1: "gate", 2: "direction", 3: "name", 4: "temperature", 5: "verdict"}


def _passes(n: int = 9, hour: int = 6) -> list[str]:
    return [f"2022-03-28 0{hour}:1{i}:21,东门,{'进出'[i % 2]},王伟,36.{i},放行" for i in range(n)]


def _proposed(header: str, *rows: str, settings: Settings | None = None) -> list[Proposal]:
    settings = settings or Settings()
    context = Context(RECEIVED, settings.zone, settings)
    return propose(header.split(","), [row.split(",") for row in rows], KINDS, context)


@pytest.mark.parametrize(
    ("kind", "header", "rows", "fields"),
    [
        ("gate-passes", NOBODY_KNOWS, _passes(), GATE),
        ("gate-passes", "A,B,C,D,E,F", _passes(), GATE),
        ("health-reports", "人,几号,早上多少,晚上多少,住哪", ["王伟,3.28,36.5,36.6,3-2-501", "李娜,3.28,36.4,36.9,3-2-502"],
         {0: "name", 1: "date", 2: "morning", 3: "evening", 4: "room"}),
        ("isolations", "人员,怎么管,从哪天,多少天", ["王伟,居家,3.20,14", "李娜,集中,3.21,14"],
         {0: "name", 1: "mode", 2: "start", 3: "days"}),
        ("gate-passes", "时间,门岗,方向,姓名,体温,体温", ["2022-03-28 06:13,东门,进,王伟,36.5,正常否"] * 3,
         {0: "at", 1: "gate", 2: "direction", 3: "name", 4: "temperature"}),
    ],
)  # fmt: skip
def test_what_is_in_the_columns_says_what_they_are(
    kind: str, header: str, rows: list[str], fields: dict[int, str]
) -> None:
    first = _proposed(header, *rows)[0]
    assert (first.kind.name, first.columns, first.lacking) == (kind, fields, ())
    assert all(guess.reason.id for guess in first.guesses)


def test_a_remark_says_nothing_and_a_table_of_remarks_is_nothing() -> None:
    assert _proposed("甲,乙", "今天下雨路滑", "明天再说吧没有别的") == []


def test_the_same_table_is_always_proposed_the_same() -> None:
    once, again = (_proposed(NOBODY_KNOWS, *_passes()) for _ in range(2))
    assert [(p.kind.name, p.columns, p.score) for p in once] == [
        (p.kind.name, p.columns, p.score) for p in again
    ]


def test_the_best_pairs_are_the_best_of_all() -> None:
    from itertools import permutations

    chance = random.Random(7)
    for _ in range(200):
        rows, columns = chance.randint(1, 4), chance.randint(1, 4)
        scores = [[chance.choice([-1, 0, 0.5, 1, 2, 3.5]) for _ in range(columns)] for _ in range(rows)]
        found = best_pairs(scores)
        assert len({row for row, _ in found}) == len({column for _, column in found}) == len(found)
        wide = [[max(s, 0) for s in row] + [0] * rows for row in scores]
        best = max(
            sum(wide[row][column] for row, column in enumerate(order))
            for order in permutations(range(columns + rows), rows)
        )
        assert sum(scores[row][column] for row, column in found) == pytest.approx(best)


def _drop(post: Post) -> Drop:
    ((drop,),) = post.ask("SELECT max(id) FROM \"drop\" WHERE verdict = 'asks'")
    from sqlmodel import Session

    with Session(post.engine, expire_on_commit=False) as session:
        found = session.get(Drop, drop)
    assert found is not None
    return found


def _into_drops(post: Post, name: str, content: str, team: str = "north") -> Path:
    path = post.places.drops / team / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return path


def _answer(post: Post, header: str = NOBODY_KNOWS, team: str = "north") -> int:
    return answers.give(post.engine, post.clock, team, header.split(","), "gate-passes", GATE)


def test_an_answer_holds_for_its_team_and_its_header_until_it_is_taken_back(post: Post) -> None:
    asked = post.take("one.csv", sheet(*_passes(), header=NOBODY_KNOWS))
    assert asked["verdict"] == "asks"
    answer = _answer(post)
    told = post.take("one.csv", sheet(*_passes(), header=NOBODY_KNOWS))
    assert (told["verdict"], told["kind"], told["accepted"]) == ("taken", "gate-passes", 9)
    assert post.ask("SELECT count(*) FROM \"drop\" WHERE verdict = 'asks'") == [(0,)]
    spelled = NOBODY_KNOWS.replace("何时", " 何 时（必填）")
    assert post.take("two.csv", sheet(*_passes(hour=7), header=spelled))["accepted"] == 9
    assert (
        post.take("three.csv", sheet(*_passes(hour=8), header=NOBODY_KNOWS), team="south")["verdict"]
        == "asks"
    )
    moved = NOBODY_KNOWS.replace("何时,何处", "何处,何时")
    assert post.take("four.csv", sheet(*_passes(hour=8), header=moved))["verdict"] == "asks"
    answers.forget(post.engine, post.clock, answer)
    assert post.take("five.csv", sheet(*_passes(hour=9), header=NOBODY_KNOWS))["verdict"] == "asks"
    with pytest.raises(CommandpostError):
        answers.forget(post.engine, post.clock, answer)


def test_a_second_answer_takes_the_place_of_the_first_and_both_stay_known(post: Post) -> None:
    first = _answer(post)
    header = NOBODY_KNOWS.split(",")
    second = answers.give(post.engine, post.clock, "north", header, "gate-passes", GATE | {4: ""})
    assert [one.id for one in answers.standing(post.engine)] == [second]
    assert post.ask("SELECT id, known_from, known_until FROM answer ORDER BY id") == [
        (first, 1, 2),
        (second, 2, None),
    ]
    post.take("one.csv", sheet(*_passes(2), header=NOBODY_KNOWS))
    assert post.ask("SELECT DISTINCT temperature FROM gate_pass") == [(None,)]


def test_an_answer_is_an_action_of_the_system_user_without_an_officer(post: Post) -> None:
    _answer(post)
    assert post.ask("SELECT sort, team, officer, \"user\" <> '' FROM source") == [("action", "north", "", 1)]


def test_a_column_twice_is_answered_by_its_number(post: Post) -> None:
    header = "时间,门岗,方向,姓名,体温,体温"
    rows = [f"2022-03-28 06:1{i}:21,东门,进,王伟,36.{i},37.{i}" for i in range(3)]
    assert post.check("twice.csv", sheet(*rows, header=header))["verdict"] == "asks"
    told = post.check(
        "twice.csv", sheet(*rows, header=header), values=True, mapped=Mapped("", (("#6", "体温"),))
    )
    assert [one["temperature"] for one in told["values"]] == [37.0, 37.1, 37.2]


def test_a_map_holds_for_its_run_alone(post: Post) -> None:
    mapped = Mapped(
        "gate-passes", tuple((column, GATE[n]) for n, column in enumerate(NOBODY_KNOWS.split(",")))
    )
    path = post.file("one.csv", sheet(*_passes(), header=NOBODY_KNOWS))
    (told,) = clerk.take(
        path, post.engine, post.places, post.settings, post.clock, team="north", mapped=mapped
    )
    assert (told["verdict"], told["accepted"]) == ("taken", 9)
    assert post.take("two.csv", sheet(*_passes(hour=7), header=NOBODY_KNOWS))["verdict"] == "asks"
    assert answers.standing(post.engine) == []


def test_a_map_of_a_column_that_is_not_there_asks_and_names_the_nearest(post: Post) -> None:
    content = sheet(*_passes(), header=NOBODY_KNOWS)
    told = post.check("one.csv", content, mapped=Mapped("gate-passes", (("何时刻", "时间"),)))
    assert (told["verdict"], told["why"]) == ("asks", "no column 何时刻; did you mean 何时 (#1)?")
    told = post.check("one.csv", content, mapped=Mapped("gate-passes", (("何时", "时间"),)))
    assert told["verdict"] == "asks"
    assert "门岗" in told["why"]


def test_a_load_that_was_broken_off_goes_on_by_the_map_it_began_with(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    from commandpost.intake import load, table

    monkeypatch.setattr(load, "CHUNK", 3)
    monkeypatch.setattr(table, "LOOK_AHEAD", 1)
    columns = tuple((column, GATE[n]) for n, column in enumerate(NOBODY_KNOWS.split(",")))
    path = post.file("one.csv", sheet(*_passes(), header=NOBODY_KNOWS))
    job = clerk.Job(
        post.engine, post.places, post.settings, post.clock,
        incoming=clerk.NamedFile(path, "north"), mapped=Mapped("gate-passes", columns),
    )  # fmt: skip
    while len(post.ask("SELECT 1 FROM tick")) < 2:
        assert job.step()
    job.close()
    (going,) = clerk.unfinished(post.engine, post.places, post.settings, post.clock)
    while going.step():
        pass
    assert (going.verdict, post.ask("SELECT count(*) FROM gate_pass")) == ("taken", [(9,)])


def test_the_waiting_file_is_looked_at_as_it_is_in_drops(post: Post) -> None:
    path = _into_drops(post, "早班.csv", sheet(*_passes(), header=NOBODY_KNOWS))
    clerk.take(
        path, post.engine, post.places, post.settings, post.clock, team="north", shown="north/早班.csv"
    )
    drop = _drop(post)
    known = taught(post.settings, "north", post.engine)
    seen = peek(post.places, drop, known, post.now)
    assert isinstance(seen, Seen)
    assert (seen.header, seen.header_line, len(seen.rows), seen.headless) == (
        tuple(NOBODY_KNOWS.split(",")), 1, 9, False,
    )  # fmt: skip
    assert seen.proposals[0].columns == GATE
    path.unlink()
    assert peek(post.places, drop, known, post.now) == GONE


def test_a_table_without_a_header_is_not_answered_for(post: Post) -> None:
    path = _into_drops(post, "无头.csv", "\n".join(_passes()) + "\n")
    clerk.take(
        path, post.engine, post.places, post.settings, post.clock, team="north", shown="north/无头.csv"
    )
    seen = peek(post.places, _drop(post), taught(post.settings, "north", post.engine), post.now)
    assert isinstance(seen, Seen)
    assert seen.headless


def test_a_word_of_the_data_that_is_also_a_header_does_not_make_its_row_the_header(post: Post) -> None:
    post.take("one.csv", sheet(*_passes(), header=NOBODY_KNOWS))
    assert json.loads(_drop(post).header) == NOBODY_KNOWS.split(",")


ALIASES = '[aliases.gate-passes]\n"何时" = "时间"\n"何处" = "gate"\n"去向" = "Direction"\n"何人" = "姓名"\n'


def test_aliases_of_the_settings_are_names_of_their_columns(post: Post) -> None:
    post.settings = parse_settings(ALIASES)
    told = post.take("one.csv", "北门今日记录\n" + sheet(*_passes(), header=NOBODY_KNOWS))
    assert (told["verdict"], told["kind"], told["accepted"]) == ("taken", "gate-passes", 9)


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ('[aliases.gate-pass]\n"何时" = "时间"', "aliases.gate-pass", "gate-passes"),
        ('[aliases.gate-passes]\n"何时" = "时刻表"', "aliases.gate-passes.何时", "时间 (at)"),
        ('[aliases.gate-passes]\n"何时" = "zzzz"', "aliases.gate-passes.何时", "门岗 (gate)"),
        ('[aliases.gate-passes]\n"门岗" = "时间"', "aliases.gate-passes.门岗", "门岗"),
        ('[aliases.gate-passes]\n"何时" = "时间"\n"何 时" = "门岗"', "aliases.gate-passes.何 时", "twice"),
        ('[aliases.gate-passes]\n"何时" = 3', "aliases.gate-passes.何时", "text"),
    ],
)
def test_an_alias_that_cannot_be_is_told_by_file_key_and_what_there_is(
    text: str, key: str, said: str
) -> None:
    with pytest.raises(SettingsError) as error:
        check_aliases(parse_settings(text), "post.toml")
    told = str(error.value)
    assert told.startswith(f"post.toml: {key}: ")
    assert said in told.removeprefix(f"post.toml: {key}: ")


HEADER = "时间,门岗,方向,姓名,体温"
GOOD = "2022-03-28 06:13:21,东门,进,王伟,36.5"
FAHRENHEIT = "2022-03-28 06:14:21,东门,进,李娜,98.6"
NO_DAY = "2022-02-30 06:15:21,东门,进,赵敏,36.6"


def _work(post: Post, team: str = "north") -> Teamwork:
    return next(work for work in teamwork(post.engine) if work.team == team)


def test_a_returned_file_that_was_mended_closes_what_went_back(post: Post) -> None:
    post.take("日志.csv", sheet(GOOD, FAHRENHEIT, NO_DAY, header=HEADER))
    work = _work(post)
    assert (work.drops, work.rows, work.returned, work.open) == (1, 3, 1, 1)
    assert {(f.code, f.column, f.warning, f.rows, f.open, f.line) for f in work.faults} == {
        ("temperature", "体温", True, 1, 1, 3), ("date", "时间", False, 1, 1, 4),
    }  # fmt: skip
    (back,) = post.returned()
    post.later(minutes=5)
    mended = back.read_text("utf-8-sig").replace("2022-02-30", "2022-03-28").replace("98.6", "37.0")
    told = post.take(back.name, mended)
    assert not told["rejected"]
    work = _work(post)
    assert (work.returned, work.open, [f.open for f in work.faults]) == (1, 0, [0, 0])
    from commandpost.desks import KEPT
    from commandpost.store import undo

    ((drop,),) = post.ask('SELECT max(id) FROM "drop"')
    undo.undo(post.engine, post.clock, drop, KEPT, "值班员", "错了")
    assert _work(post).open == 1


def test_a_row_mended_in_its_own_sheet_is_closed_too_and_an_unmended_one_stays_open(post: Post) -> None:
    other = NO_DAY.replace("赵敏", "孙丽").replace("06:15", "06:16")
    post.take("日志.csv", sheet(GOOD, NO_DAY, other, header=HEADER))
    assert (_work(post).returned, _work(post).open) == (2, 2)
    post.later(hours=1)
    post.take("日志.csv", sheet(GOOD, NO_DAY.replace("02-30", "03-28"), other, header=HEADER))
    assert (_work(post).returned, _work(post).open) == (2, 1)
    post.later(hours=1)
    post.take("日志.csv", sheet(*_passes(5), header=f"{HEADER},结果"))
    assert _work(post).open == 1, "another sheet of the same name mends nothing"


def test_who_has_most_rows_back_comes_first_and_old_ones_can_be_left_out(post: Post) -> None:
    post.take("日志.csv", sheet(GOOD, NO_DAY, header=HEADER), team="south")
    since = post.now
    post.later(hours=2)
    post.take("日志.csv", sheet(NO_DAY, NO_DAY.replace("赵敏", "孙丽"), header=HEADER))
    assert [(one.team, one.returned) for one in teamwork(post.engine)] == [("north", 2), ("south", 1)]
    late = datetime.fromtimestamp(since.timestamp() + 60, since.tzinfo)
    assert [one.team for one in teamwork(post.engine, None, late)] == ["north"]
    assert [one.team for one in teamwork(post.engine, "south")] == ["south"]


def test_what_goes_back_opens_in_a_spreadsheet_as_it_was_and_does_nothing_there(post: Post) -> None:
    row = "2022-02-30 06:15:21,东门,进,=HYPERLINK(1),36.6,3-2-501,420106199001011237"
    post.take("日志.csv", sheet(row, header=f"{HEADER},备注,证件号"))
    post.take("日志.csv", sheet(row, GOOD + ",,", header=f"{HEADER},备注,证件号"))
    (path,) = post.returned()
    assert path.name == "日志_退回.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, told = csv.reader(file)
    assert head[:7] == [*HEADER.split(","), "备注", "证件号"]
    assert len(head) == 11
    assert told[0] == "\t2022-02-30 06:15:21"
    assert told[3] == "'=HYPERLINK(1)"
    assert told[5] == "\t3-2-501"
    assert told[6] == "\t420106199001011237"
    assert told[7] == "2"
    assert told[8] == "时间"
    assert told[9]
    assert told[10]


def test_no_map_names_a_column_that_is_there_twice() -> None:
    with pytest.raises(UsageError) as error:
        Mapped("", (("体温", "at"),)).of(("体温", "体温"))
    assert "#1" in str(error.value)
    assert "#2" in str(error.value)


def test_on_postgresql_answers_are_kept_used_and_taken_back_and_mended_rows_are_closed(
    postgresql_engine: Callable[[], Engine], tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    post = Post(postgresql_engine(), PostPlaces(tmp_path / "elsewhere"))
    before = answers.stamp(post.engine)
    assert post.take("one.csv", sheet(*_passes(), header=NOBODY_KNOWS))["verdict"] == "asks"
    assert isinstance(
        peek(post.places, _drop(post), taught(post.settings, "north", post.engine), post.now), Message
    )
    first = _answer(post)
    answer = _answer(post)
    assert answers.stamp(post.engine) != before
    assert post.take("one.csv", sheet(*_passes(), header=NOBODY_KNOWS))["accepted"] == 9
    assert [(one.id, one.columns) for one in answers.standing(post.engine)] == [(answer, GATE)]
    answers.forget(post.engine, post.clock, answer)
    assert (first, answers.standing(post.engine)) == (1, [])
    post.take("日志.csv", sheet(GOOD, FAHRENHEIT, NO_DAY, header=HEADER))
    post.later(minutes=5)
    (back,) = post.returned()
    post.take(back.name, back.read_text("utf-8-sig").replace("2022-02-30", "2022-03-28"))
    work = _work(post)
    assert (work.returned, work.open, work.rows) == (1, 0, 9 + 3 + 2)
    since = datetime.fromtimestamp(post.now.timestamp() + 60, post.now.tzinfo)
    assert teamwork(post.engine, "north", since) == []


def test_every_reader_of_every_kind_has_a_word_for_what_it_reads() -> None:
    nameless = {look_of(column, False) for kind in KINDS for column in kind.columns} - LOOKS.keys()
    assert nameless <= {"text", "label", "in_and_out"}


def test_an_import_that_asks_waits_though_it_is_not_in_drops(post: Post) -> None:
    asking = sheet("1,2", "3,4", header="甲,乙")
    assert post.take("甲.csv", asking)["verdict"] == "asks"
    path = post.places.drops / "north" / "乙.csv"
    path.parent.mkdir(parents=True)
    path.write_text(asking, "utf-8")
    clerk.take(path, post.engine, post.places, post.settings, post.clock, team="north", shown="north/乙.csv")
    assert remembered.waiting(post.engine) == [("north/乙.csv", "north")], "the watch looks for it there"
