"""One drop through all steps: counted once, mended, corrected, held, killed in between."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from tests.intake.clerking import BAD, HEADER, LI, RECEIVED, WANG, ZHANG, Post, balances, rows_of, sheet

from commandpost.clock import FixedClock
from commandpost.desks import KEPT
from commandpost.errors import CommandpostError
from commandpost.intake import clerk, giveback, load
from commandpost.settings import Gate, Settings
from commandpost.store import undo
from commandpost.store.records import Drop


def test_a_drop_sent_twice_counts_once(post: Post) -> None:
    post.take("a.csv", sheet(WANG, LI))
    ticks = post.ask("SELECT count(*) FROM tick")
    post.later(hours=1)
    again = post.take("renamed.csv", sheet(WANG, LI))
    assert (again["accepted"], again["duplicate"], again["rows"]) == (0, 2, 2)
    assert post.ask("SELECT count(*) FROM gate_pass") == [(2,)]
    assert post.ask("SELECT count(*) FROM tick") == ticks


def test_the_same_bytes_of_another_team_are_its_own_drop(post: Post) -> None:
    post.take("a.csv", sheet(WANG, LI), team="north")
    other = post.take("a.csv", sheet(WANG, LI), team="south")
    assert (other["accepted"], other["duplicate"]) == (0, 2)
    assert post.ask("SELECT team FROM 'drop' ORDER BY id") == [("north",), ("south",)]


def test_of_a_growing_sheet_only_the_new_rows_count(post: Post) -> None:
    post.take("a.csv", sheet(WANG, LI))
    post.later(minutes=30)
    grown = post.take("a.csv", sheet(WANG, LI, ZHANG))
    assert (grown["accepted"], grown["duplicate"]) == (1, 2)


def test_a_correction_supersedes_and_a_sheet_sent_again_does_not_flip_it_back(post: Post) -> None:
    post.take("a.csv", sheet(WANG, LI))
    post.later(minutes=30)
    corrected = post.take("b.csv", sheet(WANG.replace("36.5", "36.9")), team="office")
    assert corrected["superseding"] == 1
    post.later(minutes=30)
    post.take("a.csv", sheet(WANG, LI, ZHANG))
    assert post.ask("SELECT temperature FROM gate_pass WHERE who = '王伟' AND known_until IS NULL") == [
        (36.9,)
    ]


def test_one_bad_row_never_holds_back_a_file(post: Post) -> None:
    report = post.take("a.csv", sheet(WANG, BAD, LI))
    assert (report["accepted"], [r["line"] for r in report["rejected"]]) == (2, [3])
    assert balances(report)


def test_the_bad_row_goes_back_with_line_column_reason_and_hint(post: Post) -> None:
    post.take("a.csv", sheet(WANG, BAD, LI))
    (path,) = post.returned()
    assert path == post.places.returned / "north" / "a_退回.csv"
    head, row = rows_of(path)
    assert head == [*HEADER.split(","), "行号", "列", "原因", "建议"]
    assert row[:8] == BAD.split(",")
    assert row[8:10] == ["3", "登记时间"]
    assert all(row[10:])


def test_a_returned_file_mended_closes_its_rejects(post: Post) -> None:
    post.take("a.csv", sheet(WANG, BAD, LI))
    (path,) = post.returned()
    mended = path.read_text("utf-8-sig").replace("2022-02-30", "2022-03-28")
    report = post.take(path.name, mended)
    assert (report["accepted"], report["rejected"]) == (1, [])
    post.later(minutes=5)
    again = post.take("a.csv", sheet(WANG, BAD, LI, ZHANG))
    assert (again["accepted"], again["duplicate"], len(again["rejected"])) == (1, 2, 1)
    assert post.returned() == [path], "a reject that comes again is not given back again"


def test_an_unreadable_optional_cell_counts_now_and_goes_back_as_a_warning(post: Post) -> None:
    report = post.take("a.csv", sheet(WANG.replace("13812345678", "1.38E+10")))
    assert (report["accepted"], report["rejected"]) == (1, [])
    assert [(w["column"], w["code"]) for w in report["warnings"]] == [("手机号", "lost-digits")]
    (path,) = post.returned()
    mended = path.read_text("utf-8-sig").replace("1.38E+10", "13812345678")
    post.later(minutes=5)
    assert post.take(path.name, mended)["superseding"] == 1
    assert post.ask("SELECT phone FROM gate_pass WHERE known_until IS NULL") == [("13812345678",)]


def test_the_same_bytes_count_again_after_an_undo(post: Post) -> None:
    post.take("a.csv", sheet(WANG, LI))
    ((drop,),) = post.ask("SELECT id FROM 'drop'")
    undo.undo(post.engine, post.clock, drop, KEPT, "王值班", "wrong team")
    assert post.ask("SELECT count(*) FROM gate_pass WHERE known_until IS NULL") == [(0,)]
    assert post.take("a.csv", sheet(WANG, LI))["accepted"] == 2


def test_the_same_bytes_count_again_when_settings_that_rejected_rows_changed(post: Post) -> None:
    post.settings = Settings(gate=(Gate(name="东门"),))
    first = post.take("a.csv", sheet(WANG, LI))
    assert [r["code"] for r in first["rejected"]] == ["unknown-place"]
    post.settings = Settings(gate=(Gate(name="东门"), Gate(name="西门")))
    second = post.take("a.csv", sheet(WANG, LI))
    assert (second["accepted"], second["duplicate"], second["rejected"]) == (1, 1, [])


def test_the_original_is_kept_by_its_content(post: Post) -> None:
    content = sheet(WANG, BAD)
    post.take("a.csv", content)
    sha = hashlib.sha256(content.encode()).hexdigest()
    assert giveback.archived(post.places, sha).read_bytes() == content.encode()
    assert [p.name for p in post.places.archive.rglob("*") if p.is_file()] == [f"{sha}.bin"]


def test_the_raw_line_of_a_fact_is_read_from_the_original(post: Post) -> None:
    post.take("a.csv", sheet(WANG, LI).encode("gb18030"))
    ((line, sha),) = post.ask(
        "SELECT line, sha256 FROM gate_pass p JOIN 'drop' d ON d.id = p.source_id WHERE who = '李娜'"
    )
    drop = Drop(id=1, sha256=sha, name="a.csv", received_at=RECEIVED)
    assert giveback.raw_line(post.places, drop, line) == LI
    with pytest.raises(CommandpostError, match="no line 99"):
        giveback.raw_line(post.places, drop, 99)


def test_a_held_file_has_one_row_however_often_it_is_looked_at(post: Post) -> None:
    for _ in range(5):
        assert post.take("a.csv", "")["verdict"] == "held"
        post.later(seconds=20)
    assert post.ask("SELECT verdict FROM 'drop'") == [("held",)]
    post.later(minutes=10)
    assert post.take("a.csv", "")["verdict"] == "asks"
    assert post.ask("SELECT verdict FROM 'drop'") == [("asks",)]
    assert post.take("a.csv", sheet(WANG))["verdict"] == "taken"
    assert post.ask("SELECT verdict FROM 'drop'") == [("taken",)]


def test_the_same_bytes_count_again_though_the_load_that_was_undone_never_ended(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "CHUNK", 200)
    path = post.file("a.csv", _many(900))
    job = clerk.begin(post.engine, clerk.NamedFile(path, "north"), post.places, post.settings, post.clock)
    while not post.ask("SELECT 1 FROM tick"):
        assert job.step()
    job.close()
    undo.undo(post.engine, post.clock, 1, KEPT, "王值班", "wrong team")
    assert post.take_path(path)["accepted"] == 891
    (left,) = clerk.unfinished(post.engine, post.places, post.settings, post.clock)
    while left.step():
        pass
    assert post.ask("SELECT count(*), count(DISTINCT line) FROM gate_pass WHERE known_until IS NULL") == [
        (891, 891)
    ]


def test_a_file_of_no_kind_asks(post: Post) -> None:
    report = post.take("a.csv", "甲,乙,丙\r\n1,2,3\r\n")
    assert (report["verdict"], report["kind"], report["rows"]) == ("asks", None, 0)
    assert report["why"]


@pytest.mark.parametrize("chunks", [1, 2, 3])
def test_a_load_broken_off_goes_on_where_it_was_and_nothing_twice(
    post: Post, monkeypatch: pytest.MonkeyPatch, chunks: int
) -> None:
    monkeypatch.setattr(load, "CHUNK", 200)
    content = _many(900)
    path = post.file("a.csv", content)
    job = clerk.begin(post.engine, clerk.NamedFile(path, "north"), post.places, post.settings, post.clock)
    while len(post.ask("SELECT 1 FROM tick")) < chunks:
        assert job.step()
    job.close()
    del job
    path.unlink()
    post.later(minutes=1)
    (going_on,) = clerk.unfinished(post.engine, post.places, post.settings, post.clock)
    while going_on.step():
        pass
    assert going_on.verdict == "taken"
    assert post.ask("SELECT rows, accepted, rejected, done, verdict FROM 'drop'") == [
        (900, 891, 9, 1, "taken")
    ]
    assert post.ask("SELECT count(*), count(DISTINCT line) FROM gate_pass") == [(891, 891)]
    assert post.ask("SELECT count(*), count(DISTINCT line) FROM reject") == [(9, 9)]
    assert len(rows_of(post.returned()[0])) == 10
    assert clerk.unfinished(post.engine, post.places, post.settings, post.clock) == []


def test_small_drops_go_between_the_chunks_of_a_large_one(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "CHUNK", 200)
    large = clerk.begin(
        post.engine, clerk.NamedFile(post.file("a.csv", _many(600)), "south"),
        post.places, post.settings, post.clock,
    )  # fmt: skip
    while not post.ask("SELECT 1 FROM gate_pass LIMIT 1"):
        large.step()
    assert post.take("small.csv", sheet(ZHANG))["accepted"] == 1
    while large.step():
        pass
    assert post.ask("SELECT verdict, accepted FROM 'drop' ORDER BY id") == [("taken", 594), ("taken", 1)]


def test_a_returned_file_written_before_a_crash_is_not_written_twice(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(clerk.ledger, "finish", power_cut)
        with pytest.raises(KeyboardInterrupt):
            post.take("a.csv", sheet(WANG, BAD))
    assert len(post.returned()) == 1
    (job,) = clerk.unfinished(post.engine, post.places, post.settings, post.clock)
    while job.step():
        pass
    assert len(post.returned()) == 1
    assert post.ask("SELECT verdict, accepted, rejected FROM 'drop'") == [("taken", 1, 1)]


def test_a_file_written_while_it_is_read_is_left_for_the_next_look(post: Post) -> None:
    path = post.file("a.csv", sheet(WANG))

    class Growing(clerk.NamedFile):
        def still(self, file: object) -> bool:
            with path.open("a") as more:
                more.write(LI)
            return super().still(file)  # type: ignore[arg-type]

    job = clerk.Job(post.engine, post.places, post.settings, post.clock, incoming=Growing(path, "north"))
    while job.step():
        pass
    assert job.verdict == "changed"
    assert post.ask("SELECT count(*) FROM 'drop'") == [(0,)]
    assert list(post.places.archive.rglob("*.bin")) == []


def test_a_snapshot_withdraws_who_is_no_longer_on_it(post: Post) -> None:
    head = "岗位,日期,开始,结束,姓名"
    day = "北门,2022-03-29,07:00,15:00,"
    post.take("r.csv", sheet(day + "张三", day + "李四", header=head))
    post.later(hours=1)
    post.take("r.csv", sheet(day + "张三", day + "王五", header=head))
    assert post.ask("SELECT name FROM shift WHERE known_until IS NULL ORDER BY name") == [
        ("张三",),
        ("王五",),
    ]


def test_a_roster_with_a_rejected_row_withdraws_nobody(post: Post) -> None:
    head = "岗位,日期,开始,结束,姓名"
    day = "北门,2022-03-29,07:00,15:00,"
    post.take("r.csv", sheet(day + "张三", day + "李四", header=head))
    post.later(hours=1)
    post.take("r.csv", sheet(day + "张三", "北门,2022-02-30,07:00,15:00,王五", header=head))
    assert len(post.ask("SELECT name FROM shift WHERE known_until IS NULL")) == 2


def test_a_request_without_a_date_says_nothing_new_the_next_day(post: Post) -> None:
    head = "物资,申请单位,数量"
    post.take("s.csv", sheet("口罩,北门,500", header=head))
    post.later(days=1)
    report = post.take("s.csv", sheet("口罩,北门,500", "手套,北门,100", header=head))
    assert (report["accepted"], report["duplicate"], report["superseding"]) == (1, 1, 0)
    asked = RECEIVED.timestamp()
    assert post.ask("SELECT event_at FROM supply_request WHERE item = '口罩'") == [(int(asked),)]


def test_a_state_never_runs_backwards(post: Post) -> None:
    head = "单号,物资,申请单位,数量,状态,申请时间"
    row = "SL-1,口罩,北门,500,{},2022-03-28 08:00"
    post.take("s.csv", sheet(row.format("已送达"), header=head))
    post.later(hours=1)
    report = post.take("t.csv", sheet(row.format("已批准"), header=head))
    assert [(r["line"], r["code"]) for r in report["rejected"]] == [(2, "state")]
    assert balances(report)


def test_check_writes_nothing(post: Post) -> None:
    post.take("a.csv", sheet(WANG))
    before = post.places.database.read_bytes(), sorted(post.places.root.rglob("*"))
    report = post.check("b.csv", sheet(WANG, LI))
    assert (report["accepted"], report["duplicate"]) == (1, 1)
    after = sorted(p for p in post.places.root.rglob("*") if p.name != "b.csv")
    assert (post.places.database.read_bytes(), after) == before
    assert post.ask("SELECT count(*) FROM tick") == [(1,)]


def test_a_sheets_own_day_says_how_new_it_is(post: Post) -> None:
    post.take("b.csv", sheet(WANG.replace("36.5", "36.9")))
    post.later(days=2)
    old = "南大街道通行登记,2022-03-27,,,,,,\r\n" + sheet(WANG.replace("36.5", "36.1"))
    assert post.take("old.csv", old)["outdated"] == 1


def test_a_missing_file_is_one_line(post: Post) -> None:
    with pytest.raises(CommandpostError, match=r"none\.csv"):
        post.take_path(post.places.root / "none.csv")


def _many(rows: int) -> str:
    start = RECEIVED - timedelta(hours=11)
    made = []
    for n in range(rows):
        at = (start + timedelta(seconds=20 * n)).strftime("%Y-%m-%d %H:%M:%S")
        made.append(f"{'2022-02-30' if n % 100 == 50 else at},东门,进,张{n % 7},,,36.5,放行")
    return sheet(*made)


def test_the_drop_is_the_clocks_of_the_post(post: Post) -> None:
    post.take("a.csv", sheet(WANG))
    assert post.ask("SELECT received_at FROM 'drop'") == [(int(FixedClock(RECEIVED).now().timestamp()),)]
