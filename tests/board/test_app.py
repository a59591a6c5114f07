"""The board's shell: keys, screens, what it says; real Textual, no terminal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from pictures import HOSTILE
from pilots import painted, until
from scene import MOMENT, scene
from textual.events import Key

from commandpost.board import lines
from commandpost.board.actions import ACTIONS, SIMPLE, ascii_key, in_menu
from commandpost.board.app import BoardApp
from commandpost.board.kiosk import KioskApp
from commandpost.board.messages import Answered, Pictured, Unavailable
from commandpost.board.run import colours_of, crash_lines
from commandpost.board.screens.board import BoardScreen
from commandpost.board.screens.desk import DeskScreen
from commandpost.board.screens.filter import FilterScreen
from commandpost.board.screens.help import HelpScreen
from commandpost.board.screens.record import DropScreen, RecordScreen
from commandpost.board.widgets.lines_view import LinesView, changed_cells
from commandpost.clock import FixedClock
from commandpost.desks.shapes.common import Name
from commandpost.picture import masked
from commandpost.places import PostPlaces
from commandpost.settings import Settings
from commandpost.words import message

SIZES = ((80, 24), (120, 36), (200, 60))


@asynccontextmanager
async def board(
    places: PostPlaces, size: tuple[int, int] = (80, 24), kind: type[BoardApp] = BoardApp, **given: Any
) -> AsyncIterator[Any]:
    """A board whose pictures the test gives."""
    app = kind(places, FixedClock(MOMENT), given.pop("language", "zh"), given.pop("colours", "256"))
    app.source.start = lambda: None  # type: ignore[method-assign]
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        picture = given.pop("picture", scene(narrow=size[0] < 120))
        if picture is not None:
            app.post_message(Pictured(masked(picture) if app.kiosk else picture, Settings()))
        await painted(pilot)
        yield pilot


def shown(pilot: Any) -> str:
    return lines.as_text(pilot.app.screen.query_one(LinesView).lines)


async def test_before_any_data_the_board_says_that_it_opens(post_places: PostPlaces) -> None:
    async with board(post_places, picture=None) as pilot:
        assert "正在打开指挥部" in shown(pilot)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("colours", ["256", "16", "none"])
async def test_every_line_fills_the_window(
    post_places: PostPlaces, size: tuple[int, int], language: str, colours: str
) -> None:
    async with board(post_places, size, language=language, colours=colours) as pilot:
        view = pilot.app.screen.query_one(LinesView)
        assert [lines.length(line) for line in view.lines] == [size[0]] * size[1]
        assert [view.render_line(y).cell_length for y in range(size[1])] == [size[0]] * size[1]


async def test_resizing_goes_through_all_forms(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        for size in ((120, 36), (200, 60), (70, 20), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            view = pilot.app.screen.query_one(LinesView)
            assert [lines.length(line) for line in view.lines] == [size[0]] * size[1]
            assert ("窗口太小" in shown(pilot)) == (size == (70, 20))


async def test_digits_go_to_panes_and_again_to_their_desk(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        await pilot.press("3")
        assert pilot.app.screen.focus_pane == "coverage"
        await pilot.press("3")
        assert isinstance(pilot.app.screen, DeskScreen)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, BoardScreen)


async def test_arrows_move_the_cursor_and_enter_opens_the_row(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        await pilot.press("down", "down")
        assert "▌   20:12 进 李建国" in shown(pilot)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, RecordScreen)
        await pilot.press("backspace", "5", "enter")
        assert isinstance(pilot.app.screen, DropScreen)


async def test_f1_names_every_key(post_places: PostPlaces) -> None:
    async with board(post_places, (120, 36)) as pilot:
        await pilot.press("f1")
        assert isinstance(pilot.app.screen, HelpScreen)
        for word in ("F4", "F8", "F9", "PgUp", "Esc"):
            assert word in shown(pilot)


async def test_f8_narrows_the_rows_of_the_pane(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        await pilot.press("f8", *"周敏", "enter")
        assert "周敏" in shown(pilot)
        assert "李建国      36.5" not in shown(pilot)


async def test_a_chinese_character_says_that_the_input_method_is_on(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        await pilot.press("你")
        assert "输入法已开：请按 Shift 切换，或用数字键、F键" in shown(pilot)


async def test_full_width_keys_are_their_ascii_keys(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        await pilot.press("２")
        await until(pilot, lambda: pilot.app.screen.focus_pane == "term")
        # As a terminal sends it; the pilot cannot press this one.
        pilot.app.post_message(Key("fullwidth_question_mark", "？"))
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
    assert [ascii_key(sign) for sign in "？、【】１"] == ["?", "/", "[", "]", "1"]


async def test_a_paste_runs_no_key(post_places: PostPlaces) -> None:
    from textual.events import Paste

    async with board(post_places) as pilot:
        pilot.app.post_message(Paste("3\r3q" * 500))
        await pilot.pause()
        assert isinstance(pilot.app.screen, BoardScreen)
        assert pilot.app.screen.focus_pane == "flow"


async def test_a_mistake_in_the_settings_stands_at_the_foot_until_it_is_mended(
    post_places: PostPlaces,
) -> None:
    wrong = message("{file}: {what}", file="post.toml", what="zone")
    for kind in (BoardApp, KioskApp):
        async with board(post_places, kind=kind) as pilot:
            for mistake in (wrong, None):
                pilot.app.post_message(Pictured(masked(scene(narrow=True)), Settings(), mistake))
                await painted(pilot)
                assert "北门" in shown(pilot)
                # Visitors can mend nothing.
                assert ("post.toml" in shown(pilot)) == (mistake is not None and kind is BoardApp)
                assert ("沿用原设置" in shown(pilot)) == ("post.toml" in shown(pilot))


async def test_the_board_is_left_by_two_presses_whatever_trouble_stands_at_its_foot(
    post_places: PostPlaces,
) -> None:
    async with board(post_places) as pilot:
        pilot.app.source.child = object()
        ended: list[int] = []
        pilot.app.end = lambda: ended.append(1)
        pilot.app.post_message(Unavailable(message("the database is busy")))
        await painted(pilot)
        await pilot.press("q")
        assert "再按一次退出" in shown(pilot)
        assert not ended
        await pilot.press("q")
        assert ended == [1]
        pilot.app.source.child = None


async def test_ctrl_c_says_how_to_leave(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        await pilot.press("ctrl+c")
        assert "按 q 退出" in shown(pilot)
        assert pilot.app.is_running


async def test_a_click_selects_a_row_and_opens_it(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        row = next(y for y, line in enumerate(shown(pilot).split("\n")) if "陈志远" in line)
        await pilot.click(offset=(20, row))
        assert pilot.app.screen.focus_pane == "term"


async def test_equal_pictures_draw_nothing(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        view = pilot.app.screen.query_one(LinesView)
        asked: list[Any] = []
        view.refresh = lambda *regions, **more: asked.append(regions)  # type: ignore[method-assign]
        pilot.app.post_message(Pictured(scene(narrow=True), Settings()))
        await painted(pilot)
        assert asked == []


async def test_only_changed_cells_are_painted_anew(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        view = pilot.app.screen.query_one(LinesView)
        regions: list[Any] = []
        view.refresh = lambda *found, **more: regions.extend(found)  # type: ignore[method-assign]
        await pilot.press("down")
        # The row left, the row reached.
        assert len(regions) == 2
    assert changed_cells((lines.Span("甲"), lines.Span("b")), (lines.Span("甲"), lines.Span("c"))) == (2, 3)


async def test_hostile_names_reach_no_strip(post_places: PostPlaces) -> None:
    picture = scene(narrow=True)
    rows = tuple(
        replace(row, name=Name(text)) for row, text in zip(picture.gate.rows * 3, HOSTILE, strict=False)
    )
    hostile = replace(picture, gate=replace(picture.gate, rows=rows))
    async with board(post_places, (200, 60), picture=hostile) as pilot:
        view = pilot.app.screen.query_one(LinesView)
        text = "".join(segment.text for y in range(60) for segment in view.render_line(y))
        assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u200b" for c in text)
        assert pilot.app.is_running


async def test_a_million_rows_scroll_by_pages(post_places: PostPlaces) -> None:
    async with board(post_places, (120, 36)) as pilot:
        asked: list[tuple[Any, ...]] = []
        row = scene().gate.rows[2]
        pilot.app.source.ask = lambda name, ask: asked.append(name)

        async def answer() -> None:
            while asked:
                name = asked.pop(0)
                rows = tuple(replace(row, id=name[3] * 200 + n) for n in range(200))
                pilot.app.post_message(Answered(name, (1_000_000, rows)))
                await pilot.pause()

        await pilot.press("1")
        await pilot.pause()
        await answer()
        await pilot.press("end")
        await answer()
        assert "1000000/1000000" in shown(pilot)
        await pilot.press("pageup", "up")
        await answer()
        assert len(pilot.app.screen._pages) <= 16


async def test_enter_on_a_row_still_being_fetched_opens_it_once_it_is_there(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        asked: list[tuple[Any, ...]] = []
        rows = scene().gate.rows[:3]
        pilot.app.source.ask = lambda name, ask: asked.append(name)
        for keys, opened in ((("enter",), True), (("enter", "down"), False), (("enter", "f1"), False)):
            await pilot.press("1", *keys)
            desk = pilot.app.screen_stack[1]
            assert isinstance(desk, DeskScreen)
            pilot.app.post_message(Answered(asked.pop(), (3, rows)))
            await until(pilot, lambda desk=desk: desk.total == 3)
            await pilot.pause()
            # Who went on meanwhile is not called back.
            assert isinstance(pilot.app.screen, RecordScreen) == opened
            while len(pilot.app.screen_stack) > 1:
                await pilot.press("escape")
            asked.clear()
        await pilot.press("1", "enter")
        pilot.app.post_message(Answered(asked.pop(), (0, ())))
        await pilot.pause()
        assert isinstance(pilot.app.screen, DeskScreen)
        assert not pilot.app.screen._opening


async def test_a_post_that_cannot_be_read_is_said(post_places: PostPlaces) -> None:
    async with board(post_places, picture=None) as pilot:
        pilot.app.post_message(Unavailable(message("no post")))
        await painted(pilot)
        assert "重试中" in shown(pilot)


KEYS = ("q", "ctrl+q", "ctrl+c", "ctrl+p", "escape", "f1", "f9", "1", "0", "enter", "tab", "z", "你")


async def test_no_key_moves_or_ends_a_kiosk(post_places: PostPlaces) -> None:
    async with board(post_places, (200, 60), KioskApp) as pilot:
        before = shown(pilot)
        await pilot.press(*KEYS)
        await pilot.pause()
        assert pilot.app.is_running
        assert len(pilot.app.screen_stack) == 1
        assert shown(pilot) == before
        assert "张海涛" not in before
        assert "张*" in before


async def test_no_action_of_textual_runs_in_a_kiosk(post_places: PostPlaces) -> None:
    async with board(post_places, kind=KioskApp) as pilot:
        app = pilot.app
        for action in (
            "app.quit",
            "app.simulate_key('q')",
            "app.push_screen('x')",
            "app.screenshot",
            "app.bell",
        ):
            assert await app.run_action(action) is False
        assert not app.active_bindings
        assert not list(app.get_system_commands(app.screen))


async def test_a_kiosk_without_data_says_that_it_tries_again(post_places: PostPlaces) -> None:
    async with board(post_places, kind=KioskApp) as pilot:
        pilot.app.post_message(Unavailable(message("x")))
        await painted(pilot)
        assert "无数据源，重试中" in shown(pilot)


def test_a_kiosk_starts_no_intake(post_places: PostPlaces) -> None:
    app = KioskApp(post_places, FixedClock(MOMENT))
    assert app.source.masked
    assert not app.source._intake


@pytest.mark.long
async def test_with_digits_arrows_enter_tab_and_esc_alone_everything_is_reached(
    post_places: PostPlaces,
) -> None:
    done: list[str] = []
    async with board(post_places) as pilot:
        app = pilot.app

        async def pressed(*keys: str) -> None:
            assert SIMPLE.issuperset(keys)
            await pilot.press(*keys)
            await pilot.pause()

        async def through_menu(name: str) -> None:
            """Every line of the board's menu by its digit and by the arrows; first and last of the others'."""
            screen = app.screen
            there = in_menu(screen.where)
            screen.run_action = lambda action: done.append(action)
            # Nine lines have a digit, the arrows reach the others.
            ways = [((str(n),), action.run) for n, action in enumerate(there[:9], 1)]
            ways += [((*["down"] * n, "enter"), there[n].run) for n in range(9, len(there))]
            if name != "board":
                ways = [ways[0], ways[-1]]
            else:
                # The arrows of the menu are the same on every screen.
                ways += [((*["down"] * n, "enter"), there[n].run) for n in (0, 1, len(there) - 1)]
                ways += [(("up", "up", "enter"), there[-1].run)]
            for keys, run in ways:
                done.clear()
                await pilot.press("9", *keys)
                await until(pilot, lambda: done)
                assert done == [run], (name, keys)
                assert app.screen is screen
            for keys in (("0",), ("escape",), ("up", "enter")):
                done.clear()
                await pressed("9", *keys)
                assert done == []
                assert app.screen is screen
            del screen.run_action
            here = {action.run for action in ACTIONS if screen.where in action.where}
            simple = {
                one.run for one in ACTIONS if screen.where in one.where and SIMPLE.intersection(one.keys)
            }
            assert here == simple | {action.run for action in there}

        await through_menu("board")
        await pressed("1")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await through_menu("desk")
        await pressed("escape", "enter")
        await until(pilot, lambda: isinstance(app.screen, RecordScreen))
        await through_menu("record")
        await pressed("escape", "9", *["down"] * [one.run for one in in_menu("board")].index("help"), "enter")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await through_menu("help")
        # And for real: a filter, the mask, leaving.
        await pressed("escape", "9", "1")
        await until(pilot, lambda: isinstance(app.screen, FilterScreen))
        await pressed("2", "0", "enter")
        assert app.screen.filters == {"flow": "20"}
        masking: list[Any] = []
        app.source.take_again = lambda *, masked: masking.append(masked)
        await pressed("9", "2")
        await until(pilot, lambda: masking == [True])
        ended: list[int] = []
        app.end = lambda: ended.append(1)
        await pressed("9", str([one.run for one in in_menu("board")].index("leave") + 1))
        await until(pilot, lambda: ended == [1])


@pytest.mark.parametrize("front", ["9", "f8"])
async def test_ctrl_q_in_front_of_a_menu_or_a_filter_asks_too(post_places: PostPlaces, front: str) -> None:
    async with board(post_places) as pilot:
        app = pilot.app
        ended: list[int] = []
        app.source.child, app.end = object(), lambda: ended.append(1)
        await pilot.press(front, "ctrl+q")
        await until(pilot, lambda: "再按一次退出" in shown(pilot))
        assert isinstance(app.screen, BoardScreen)
        assert ended == []
        await pilot.press("ctrl+q")
        await until(pilot, lambda: ended == [1])
        app.source.child = None


async def test_a_console_is_told_enter_in_letters(post_places: PostPlaces) -> None:
    async with board(post_places, language="en") as pilot:
        pilot.app.ascii_only = True
        for key, told in (("9", "Enter does it"), ("escape", "Enteropen"), ("f1", "  Enter  ")):
            await pilot.press(key)
            await until(pilot, lambda told=told: told in shown(pilot))
            assert told in shown(pilot)


async def test_an_empty_filter_says_what_is_typed_there(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        await pilot.press("f8")
        await until(pilot, lambda: isinstance(pilot.app.screen, FilterScreen))
        assert "要找的字" in pilot.app.export_screenshot()


async def test_a_click_on_a_menu_takes_its_line_and_beside_it_none(post_places: PostPlaces) -> None:
    async with board(post_places) as pilot:
        at = {"遮名": (20, True), "首行": (1, False)}
        for label, (x, taken) in at.items():
            await pilot.press("9")
            row = next(y for y, line in enumerate(shown(pilot).split("\n")) if f" {label} " in line)
            done: list[str] = []
            pilot.app.screen_stack[0].run_action = done.append
            await pilot.click(offset=(x, row))
            await until(pilot, lambda: isinstance(pilot.app.screen, BoardScreen))
            await pilot.pause()
            assert done == (["mask"] if taken else [])


async def test_a_menu_stands_in_front_of_what_goes_on_behind_it(post_places: PostPlaces) -> None:
    async with board(post_places, (120, 36)) as pilot:
        await pilot.press("9")
        picture = scene()
        pilot.app.post_message(Pictured(replace(picture, gate=replace(picture.gate, in_=987)), Settings()))
        await painted(pilot)
        assert "进 987" in shown(pilot)
        assert "可做的事" in shown(pilot)
        for size in ((200, 60), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            view = pilot.app.screen.query_one(LinesView)
            assert [lines.length(line) for line in view.lines] == [size[0]] * size[1]


def test_every_action_has_an_id_and_none_writes() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert not any(action.writes for action in ACTIONS)


def test_colours_follow_the_terminal() -> None:
    assert colours_of({"TERM": "xterm-256color"}) == "256"
    assert colours_of({"TERM": "linux"}) == "16"
    assert colours_of({"TERM": "xterm", "COLORTERM": "truecolor"}) == "256"
    assert colours_of({"TERM": "xterm-256color", "NO_COLOR": "1"}) == "none"


def test_a_crash_report_holds_no_values() -> None:
    def breaks(name: str) -> None:
        raise ValueError(name)

    try:
        breaks("欧阳静怡 36.8")
    except ValueError as error:
        told = "\n".join(crash_lines(error))
    assert "breaks" in told
    assert "欧阳" not in told
