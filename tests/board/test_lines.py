"""Laying one drawing over another: whatever the characters, every line keeps its width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from commandpost.board import lines
from commandpost.board.lines import Line, Span

TEXT = st.text("ab 北京隔离…─é", max_size=8)
LINES = st.lists(st.builds(Span, TEXT, st.sampled_from(("text", "muted"))), max_size=5).map(tuple)


def cells(line: Line) -> list[str]:
    """One entry a cell: a wide character and the cell it also takes."""
    told: list[str] = []
    for char in lines.text_of(line):
        told += [char, ""] if lines.width(char) == 2 else [char]
    return told


@given(LINES, st.integers(0, 20), st.integers(0, 20))
def test_a_part_of_a_line_is_those_cells_of_it(line: Line, start: int, stop: int) -> None:
    whole = cells(line)
    part = cells(lines.between(line, start, stop))
    assert len(part) == max(min(stop, len(whole)) - start, 0)
    for n, char in enumerate(part):
        # A wide character whose other half is outside is a blank.
        assert char == whole[start + n] or char == " "


@given(st.lists(LINES, max_size=4), st.lists(LINES, max_size=4), st.integers(0, 12), st.integers(-2, 4))
def test_what_is_laid_over_changes_no_width_and_nothing_beside_it(
    beneath: list[Line], box: list[Line], x: int, y: int
) -> None:
    laid = lines.over(beneath, box, x, y)
    assert [lines.length(line) for line in laid] == [lines.length(line) for line in beneath]
    for row, line in enumerate(laid):
        if not 0 <= row - y < len(box):
            assert line == beneath[row]


def test_a_box_cuts_wide_characters_at_its_edges_into_blanks() -> None:
    beneath = [(Span("北门值守"),)]
    assert lines.as_text(lines.over(beneath, [(Span("|菜|"),)], 1, 0)) == " |菜| 守"
    assert lines.as_text(lines.over(beneath, [(Span("|菜单很宽|"),)], 5, 0)) == "北门 |菜"
