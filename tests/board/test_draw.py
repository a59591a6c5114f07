"""The board's drawing: what the design's pictures show, at every size, in every language, without colour.

`WRITE_GOLDEN=1 pytest tests/board/test_draw.py` writes the golden texts anew: read the difference.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pictures import HOSTILE, pictures
from scene import MOMENT, at, gate, isolation, scene, stale_scene, supply

from commandpost.board import lines, tones
from commandpost.board.frame import PANES, View, draw, four_panes, layout, pane_rows, whole
from commandpost.board.panes import coverage
from commandpost.board.panes.common import Pen
from commandpost.board.panes.edges import IntakeState, Key
from commandpost.desks.duty.picture import DutyPicture
from commandpost.desks.shapes.common import Freshness, Name, Private
from commandpost.picture import Picture, masked
from commandpost.words import Words, message

GOLDEN = Path(__file__).parent / "golden"
KEYS = {
    "zh": (("0", "待办8"), ("1-4", "窗格"), ("↑↓", "选行"), ("⏎", "详情"), ("F4", "出处"), ("F8", "筛选"), ("F9", "遮名"), ("F1", "帮助")),
    "en": (("0", "todo 8"), ("1-4", "pane"), ("↑↓", "row"), ("⏎", "open"), ("F4", "source"), ("F8", "filter"), ("F9", "mask"), ("F1", "help")),
}  # fmt: skip
SIZES = ((80, 24), (120, 36), (200, 60))


def view(language: str = "zh", **changes: object) -> View:
    return replace(View(keys=tuple(Key(*key) for key in KEYS[language])), **changes)  # type: ignore[arg-type]


def text(picture: Picture, size: tuple[int, int], seen: View, language: str = "zh") -> str:
    return lines.as_text(whole(picture, size, seen, Words(language)))  # type: ignore[arg-type]


BOARDS = {
    "zh80": (scene(narrow=True), (80, 24), view(), "zh"),
    "zh120": (scene(), (120, 36), view(), "zh"),
    "zh120stale": (stale_scene(), (120, 36), view(focus="coverage"), "zh"),
    "zh200kiosk": (masked(scene()), (200, 60), view(kiosk=True), "zh"),
    "zh80kiosk": (masked(scene()), (80, 24), view(kiosk=True, rotate=1, rotate_in=12), "zh"),
    "zh80past": (scene(narrow=True), (80, 24), view(focus="term", now=MOMENT + timedelta(hours=3)), "zh"),
    "zh80ascii": (scene(narrow=True), (80, 24), view(focus="coverage", ascii=True), "zh"),
    "zh120todo": (scene(), (120, 36), view(focus="todo", cursors={"todo": 1}), "zh"),
    "zh100x30": (scene(), (100, 30), view(focus="request", cursors={"request": 3}), "zh"),
    "en80": (scene(narrow=True, english=True), (80, 24), view("en"), "en"),
    "en120": (scene(english=True), (120, 36), view("en", focus="request"), "en"),
    "en200kiosk": (masked(scene(english=True)), (200, 60), view("en", kiosk=True), "en"),
}


@pytest.mark.parametrize("name", BOARDS)
def test_the_board_is_drawn_as_its_golden_text(name: str) -> None:
    picture, size, seen, language = BOARDS[name]
    drawn = text(picture, size, seen, language) + "\n"
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("WRITE_GOLDEN"):
        golden.write_text(drawn, "utf-8")
    assert drawn == golden.read_text("utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("focus", [*PANES, "todo"])
def test_every_line_is_exactly_the_width(language: str, size: tuple[int, int], focus: str) -> None:
    drawn = whole(scene(), size, view(language, focus=focus), Words(language))  # type: ignore[arg-type]
    assert [lines.length(line) for line in drawn] == [size[0]] * size[1]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # Shrinking a whole picture takes minutes and says little more.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(
    picture=pictures(),
    size=st.tuples(st.integers(1, 260), st.integers(1, 80)),
    language=st.sampled_from(["zh", "en"]),
    focus=st.sampled_from([*PANES, "todo", "intake"]),
    cursor=st.integers(0, 5),
    flags=st.tuples(*[st.booleans()] * 4),
)
def test_any_picture_fills_any_window_exactly(picture, size, language, focus, cursor, flags) -> None:  # type: ignore[no-untyped-def]
    kiosk, readonly, ascii_, past = flags
    seen = view(
        language,
        focus=focus,
        cursors={focus: cursor},
        offsets={focus: cursor},
        kiosk=kiosk,
        readonly=readonly,
        ascii=ascii_,
        now=MOMENT + timedelta(hours=9) if past else None,
        folder="/post/\x1b[2Jdrops",
    )
    drawn = whole(picture, size, seen, Words(language))
    assert [lines.length(line) for line in drawn] == [size[0]] * size[1]
    for line in drawn:
        for span in line:
            assert span.text.isprintable(), span
            for colours in ("256", "16", "none"):
                tones.look(span.tone, span.ground, colours)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.integers(0, 30))
def test_cut_and_padded_text_has_its_cells(raw: str, cells: int) -> None:
    clean = lines.safe(raw)
    assert lines.width(lines.pad(clean, cells)) == cells
    assert lines.width(lines.cut(clean, cells)) <= cells


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_cleaned_text_is_as_wide_as_the_terminal_library_says(raw: str) -> None:
    from rich.cells import cell_len

    clean = lines.safe(raw)
    assert lines.width(clean) == cell_len(clean)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_leaves_no_control_character(name: str) -> None:
    gate_picture = gate()
    rows = tuple(replace(row, name=Name(name), purpose=Private(name), gate=name) for row in gate_picture.rows)
    picture = replace(
        scene(), name=name, gate=replace(gate_picture, rows=rows), drops=replace(
            scene().drops, rows=tuple(replace(row, name=Private(name)) for row in scene().drops.rows)
        )
    )  # fmt: skip
    drawn = text(picture, (120, 36), view(folder=name))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", drawn)
    assert "cGF3bmVk" not in drawn
    assert "[31m" not in drawn


def test_a_window_too_small_says_what_it_needs() -> None:
    assert text(scene(), (70, 20), view()).strip() == "窗口太小：需 80×24，现 70×20"
    assert text(scene(), (70, 20), view("en"), "en").startswith("Window too small: needs 80×24, is 70×20")


def test_the_focused_band_has_six_lines_and_the_others_three() -> None:
    for pane in PANES:
        regions = layout(80, 24, focus=pane).regions
        assert {name: region.height - 1 for name, region in regions.items() if name in PANES} == {
            **dict.fromkeys(PANES, 3), pane: 6
        }  # fmt: skip


def test_panes_of_the_grid_and_the_wall_are_as_wide_as_designed() -> None:
    assert layout(120, 36).regions["flow"].width == layout(120, 36).regions["request"].width == 60
    wall = layout(200, 60).regions
    assert (wall["flow"].width, wall["request"].width, wall["todo"].width) == (74, 74, 52)


def test_severity_focus_stale_past_and_read_only_are_told_apart_without_colour() -> None:
    drawn = {
        "normal": text(scene(), (120, 36), view()),
        "focus elsewhere": text(scene(), (120, 36), view(focus="term")),
        "stale": text(stale_scene(), (120, 36), view()),
        "past": text(scene(), (120, 36), view(now=MOMENT + timedelta(hours=1))),
        "read-only": text(scene(), (120, 36), view(readonly=True)),
        "kiosk": text(scene(), (120, 36), view(kiosk=True)),
    }
    assert len(set(drawn.values())) == len(drawn)
    plain = {name: text(scene(), (80, 24), view(ascii=True, focus=name)) for name in PANES}
    assert len(set(plain.values())) == len(PANES)
    assert "!!危急" in drawn["normal"]
    assert "! 警告" in drawn["normal"]
    assert "旧 47分" in drawn["stale"]
    assert "只读" in drawn["read-only"]
    assert "大屏 只读" in drawn["kiosk"]
    assert "╔" in drawn["past"]
    assert "当时所知" in drawn["past"]


def test_a_pane_is_stale_in_word_frame_and_tone_and_its_signs_keep_their_colour() -> None:
    where = layout(120, 36, focus="term")
    drawn = draw("flow", where, stale_scene(), view(focus="term"), Words("zh")).lines
    assert lines.text_of(drawn[0]).startswith("╭ 1 门岗通行  旧 47分 ")
    assert {lines.text_of(line)[0] for line in drawn[1:-1]} == {"┆"}
    body = [span for line in drawn[1:-1] for span in line if span.text.strip() and span.text != "┆"]
    assert {span.tone for span in body if span.text not in ("!!", "! ")} == {"stale"}
    assert {span.tone for span in body if span.text == "!!"} == {"critical-block"}


def test_a_zero_is_grey_and_a_critical_count_a_block() -> None:
    where = layout(120, 36)
    term = draw("term", where, scene(), view(), Words("zh")).lines[0]
    assert [span.tone for span in term if span.text == "0"] == ["muted"]
    flow = draw("flow", where, scene(), view(), Words("zh")).lines[0]
    assert [span.tone for span in flow if span.text == "发热 1"] == ["critical-block"]


def test_unknown_is_never_drawn_as_zero() -> None:
    empty = Picture(moment=MOMENT, tick=0, name="某指挥部", short="", english="", zone="Asia/Shanghai")
    drawn = text(empty, (120, 36), view(folder="…/drops"))
    assert "进 ?  出 ?  在内 ?  发热 ?" in drawn
    assert "在管 ?  今日解除 ?" in drawn
    heads = [line for line in drawn.splitlines() if "╭" in line or "┏" in line]
    assert len(heads) == 2
    assert not [head for head in heads if "0" in head]
    assert drawn.count("未接入") == 4
    assert "尚未收到任何台账。请将表格放入 …/drops。" in drawn
    assert "无待办 · 最近核对 20:14" in drawn


def test_an_hour_that_is_not_known_is_a_question_mark() -> None:
    hours = tuple(hour for hour in gate().hours if hour.start.hour not in (3, 4))
    drawn = text(replace(scene(), gate=replace(gate(), hours=hours)), (80, 24), view())
    assert "▁·▁??▂" in drawn


def test_nobody_at_night_is_drawn_with_its_hours_and_no_name_is_cut() -> None:
    drawn = text(scene(), (120, 36), view())
    row = next(line for line in drawn.splitlines() if "监控室   ▌" in line)
    assert "░ 缺岗 22–06 ░" in row


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["刘洋", "赵铁柱", "欧阳静怡", "Zhang Wei", "马*"]), min_size=1, max_size=4),
    st.integers(0, 30),
)
def test_a_name_in_a_strip_is_full_or_a_surname_or_a_count_or_nothing(people: list[str], cells: int) -> None:
    surnames = {"刘洋": "刘", "赵铁柱": "赵", "欧阳静怡": "欧阳", "Zhang Wei": "Zhang Wei", "马*": "马"}
    shown = coverage.names(tuple(people), cells, Pen(Words("zh"), MOMENT))
    whole_names, short = " ".join(people), " ".join(surnames[person] for person in people)
    assert shown in (whole_names, short, f"{len(people)}人", "")
    assert lines.width(shown) <= cells
    assert shown == whole_names or lines.width(whole_names) > cells


def test_a_roster_that_was_not_received_is_unknown_not_a_gap() -> None:
    duty = scene().duty
    rows = tuple(
        replace(row, spans=(replace(row.spans[0], people=(), gap=False, unknown=True),)) for row in duty.rows
    )
    drawn = text(replace(scene(), duty=replace(duty, rows=rows)), (80, 24), view())
    assert "░" not in drawn
    assert "????????" in drawn


def test_the_cursor_stays_in_sight_and_lines_know_their_rows() -> None:
    where = layout(80, 24, focus="request")
    shown = draw("request", where, scene(), view(focus="request", cursors={"request": 7}), Words("zh"))
    marked = [index for index, line in enumerate(shown.lines) if lines.text_of(line).startswith("▌")]
    assert [shown.rows[index] for index in marked] == [7]
    back = draw(
        "request",
        where,
        scene(),
        view(focus="request", cursors={"request": 5}, offsets={"request": shown.offset}),
        Words("zh"),
    )
    assert back.offset == shown.offset


def test_a_cursor_beyond_the_last_row_is_on_the_last_row() -> None:
    seen = view(focus="term", cursors={"term": 40})
    shown = draw("term", layout(80, 24, focus="term"), scene(), seen, Words("zh"))
    marked = [line for line in shown.lines if lines.text_of(line).startswith("▌")]
    assert "陈雨桐" in lines.text_of(marked[0])


def test_every_row_of_every_pane_can_be_reached() -> None:
    for pane in (*PANES, "todo"):
        for row in range(pane_rows(scene(), pane)):
            seen = view(focus=pane, cursors={pane: row})
            assert row in draw(pane, layout(80, 24, focus=pane), scene(), seen, Words("zh")).rows


def test_criticals_that_do_not_fit_are_counted() -> None:
    critical = scene().todo[0]
    picture = replace(scene(), todo=tuple(replace(critical, subject=str(n)) for n in range(5)))
    assert "+2!!" in text(picture, (80, 24), view()).splitlines()[3]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_critical_shows_kind_subject_clock_and_act_at_eighty_columns(language: str) -> None:
    first = scene().todo[0]
    long = replace(first, text=message("{name} " + "很长的说明 long words " * 9, name=Name("张海涛")))
    line = text(replace(scene(), todo=(long,)), (80, 24), view(language), language).splitlines()[1]
    assert line.startswith("!! 发热 张海涛" if language == "zh" else "!! FEVER   张海涛")
    assert re.search(r"… +13[分m] ▸20:31前复测$", line)


def test_a_stopped_intake_is_said_in_the_header() -> None:
    stopped = view(intake=IntakeState(running=False, stopped=MOMENT - timedelta(minutes=12)))
    for size in SIZES:
        assert "接收已停 12分" in text(scene(), size, stopped).splitlines()[0]


def test_a_stop_nobody_saw_has_no_age_and_a_fresh_one_is_told_in_seconds() -> None:
    unseen = view(intake=IntakeState(running=False))
    assert re.search(r"接收已停 +(张伟|值班)", text(scene(), (80, 24), unseen).splitlines()[0])
    fresh = view(intake=IntakeState(running=False, stopped=MOMENT - timedelta(seconds=7)))
    assert "接收已停 7秒" in text(scene(), (80, 24), fresh).splitlines()[0]


@pytest.mark.parametrize(
    ("hours", "told"), [(-4, "22:10"), (-11.5, "14:40"), (-12.5, "02-09"), (12.5, "14:40"), (22.5, "02-11")]
)
def test_midnight_does_not_hide_the_hours_of_the_evening_before(hours: float, told: str) -> None:
    night = Pen(Words("zh"), MOMENT.replace(day=10, hour=2, minute=10))
    assert night.clock(night.moment + timedelta(hours=hours)) == told


def test_the_masked_board_holds_no_full_name_room_plate_or_file() -> None:
    picture = masked(scene())
    private = {row.name for row in isolation().rows} | {row.place for row in isolation().rows}
    private |= {row.name or row.plate for row in gate().rows} | {row.name for row in scene().drops.rows}
    private |= {on.person for on in scene().duty.on_duty}
    private |= {row.requester for row in supply().rows if len(row.requester) > 4}
    for size in SIZES:
        for page in range(4):
            drawn = text(picture, size, view(kiosk=True, rotate=page))
            assert not [word for word in private if word in drawn]
    assert "36.5" not in text(picture, (200, 60), view(kiosk=True))


def test_a_gap_that_ends_beyond_the_strip_says_its_own_end() -> None:
    duty = scene().duty
    cctv = duty.rows[0]
    end = at(12, 0, 11)
    spans = (cctv.spans[0], replace(cctv.spans[1], end=at(8, 14, 11)))
    changed: DutyPicture = replace(
        duty,
        rows=(replace(cctv, spans=spans), *duty.rows[1:]),
        gaps=(replace(duty.gaps[0], end=end),),
    )
    assert "缺岗 22–12" in text(replace(scene(), duty=changed), (120, 36), view())


def test_a_breach_of_a_gate_with_a_long_name_is_said_before_calm_gates() -> None:
    calm, long = gate().gates[1], "三号楼地下车库东侧消防通道门"
    gates = (gate().gates[0], replace(calm, name="西门"), replace(calm, name=long, english="", breaches=2))
    picture = replace(scene(narrow=True), gate=replace(gate(), gates=gates))
    summary = text(picture, (80, 24), view()).split("\n")[5]
    assert "误入 2" in summary


def test_an_age_of_days_is_said_in_days() -> None:
    old = replace(gate(), freshness=Freshness(MOMENT - timedelta(days=3, hours=2), stale=True))
    assert "旧 3天" in text(replace(scene(), gate=old), (120, 36), view())


def test_equal_pictures_draw_the_same() -> None:
    assert whole(scene(), (120, 36), view(), Words("zh")) == whole(scene(), (120, 36), view(), Words("zh"))


def test_the_four_panes_are_printed_in_full() -> None:
    printed = four_panes(scene(), Words("zh"))
    for row in supply().rows:
        assert row.number in printed
    for row in gate().rows:
        assert (row.name or row.plate) in printed
    for title in ("门岗通行", "在管隔离", "值班在岗", "物资申领"):
        assert title in printed
    assert all(lines.width(line) <= 80 for line in printed.splitlines())


def test_the_drawing_needs_no_terminal_library() -> None:
    import subprocess
    import sys

    code = "import sys, commandpost.board.frame; sys.exit(any(m.split('.')[0] in ('textual', 'rich') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
