"""Bytes → text."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from tests.intake.sheets import MESSY, ROWS, examined, sheet

from commandpost.intake import decode
from commandpost.intake.decode import Decoded, Held, Refused, examine

SHEET = sheet(*ROWS)


def read(data: bytes) -> str:
    file = io.BytesIO(data)
    found = examine(file, 1 << 30)
    assert isinstance(found, Decoded), found
    return "".join(decode.text(file, found))


@pytest.mark.parametrize(
    ("encoding", "mark", "said"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8-sig"),
        ("gb18030", b"", "gb18030"),
        ("gbk", b"", "gb18030"),
        ("gb18030", b"\x84\x31\x95\x33", "gb18030"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
    ],
)
def test_every_encoding_of_the_field_is_told_and_read(encoding: str, mark: bytes, said: str) -> None:
    data = mark + SHEET.encode(encoding)
    found = examined(data)
    assert isinstance(found, Decoded)
    assert (found.encoding, found.mixed, found.size) == (said, False, len(data))
    assert read(data) == SHEET


def test_a_name_that_is_valid_in_both_does_not_decide_for_its_file() -> None:
    both = "莫默"
    both.encode("gbk").decode("utf-8")
    assert read(sheet(*(row.replace("王伟", both) for row in ROWS)).encode("gbk")).count(both) == 1


def test_a_file_of_ascii_is_utf8() -> None:
    assert examined(b"a,b\n1,2\n") == Decoded("utf-8", 8)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_broken_line_costs_itself_alone(encoding: str) -> None:
    lines = [line.encode(encoding) for line in SHEET.split("\r\n")]
    lines[2] = lines[2].replace("李娜".encode(encoding), b"\xff\xfe\xff")
    found = examined(b"\r\n".join(lines))
    assert isinstance(found, Decoded)
    assert (found.encoding, found.mixed) == (encoding, True)
    back = read(b"\r\n".join(lines)).split("\r\n")
    assert [i for i, line in enumerate(back) if any("\ud800" <= c <= "\udfff" for c in line)] == [2]
    assert [back[i] for i in (0, 1, 3)] == [SHEET.split("\r\n")[i] for i in (0, 1, 3)]


def test_one_line_in_another_encoding_costs_itself_alone() -> None:
    lines = [line.encode("gb18030") for line in SHEET.split("\r\n")]
    lines[3] = SHEET.split("\r\n")[3].encode("utf-8")
    found = examined(b"\r\n".join(lines))
    assert isinstance(found, Decoded)
    assert found.encoding == "gb18030"


def test_the_samples_are_told_as_expected() -> None:
    cases = json.loads((MESSY / "expected.json").read_text())["cases"]
    assert len(cases) == 33
    # This one is complete text: its last row tells (see test_table).
    for case in cases:
        found = examined((MESSY / case["file"]).read_bytes())
        later = case["file"] == "enc_truncated_multibyte.csv"
        wanted = Decoded if later else {"taken": Decoded, "held": Held, "refused": Refused}[case["verdict"]]
        assert isinstance(found, wanted), case["file"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xef\xbb\xbf", id="only a mark"),
        pytest.param(SHEET.encode() + b"\0" * 4096, id="tail of NULs"),
        pytest.param(SHEET.encode("gbk") + b"\0", id="one NUL at the end"),
        pytest.param(SHEET.encode()[:90] + b"\0" * 512 + SHEET.encode()[90:], id="gap"),
        pytest.param(b"\0" * 10_000, id="nothing but NULs"),
        pytest.param(b"\xff\xfe" + SHEET.encode("utf-16-le") + b"\0" * 64, id="UTF-16 with a tail"),
        pytest.param(SHEET.encode("utf-16-le") + b"\0" * 4000, id="UTF-16 without a mark with a tail"),
        pytest.param(sheet(*ROWS).encode()[:-3], id="UTF-8 cut inside a character"),
        pytest.param(sheet(*ROWS, last="").encode("gbk")[:-1], id="GBK cut inside a character"),
        pytest.param(b"\xff\xfe" + SHEET.encode("utf-16-le")[:-1], id="UTF-16 cut inside a character"),
    ],
)
def test_a_file_that_is_not_complete_is_held(data: bytes) -> None:
    assert isinstance(examined(data), Held)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"PK\x03\x04\x14\0\x06\0" + b"\0\x8f" * 300, id="xlsx"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, id="xls"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0\0\x10JFIF\0", id="jpeg"),
        pytest.param(b"GIF89a\x01\0\x01\0", id="gif"),
        pytest.param("<html><table><tr><td>姓名</td></tr></table>".encode(), id="html"),
        pytest.param("\ufeff\r\n  <!DOCTYPE html>\n<html>".encode(), id="html with a mark"),
        pytest.param("<html>姓名".encode("gbk"), id="html in GBK"),
        pytest.param("<html>姓名".encode("utf-16"), id="html in UTF-16"),
        pytest.param(b'<?xml version="1.0"?><Workbook>', id="xml workbook"),
        pytest.param(b"{\\rtf1\\ansi", id="rtf"),
        pytest.param(b" \r\n\t\r\n", id="blank"),
        pytest.param(bytes(range(1, 256)) * 20, id="bytes"),
        pytest.param(b"\x7fELF\x02\x01\x01" + b"\x03\x01\x02\0\x05\x06\0\0" * 50, id="program"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason(data: bytes) -> None:
    found = examined(data)
    assert isinstance(found, Refused)
    assert found.reason.id


def test_a_file_over_the_limit_is_refused_unread() -> None:
    assert isinstance(examine(io.BytesIO(SHEET.encode()), 100), Refused)


def test_a_single_nul_inside_is_no_gap() -> None:
    assert isinstance(examined(SHEET.replace("王伟", "王\0伟").encode()), Decoded)


@examples(60)
@given(st.binary(max_size=400))
def test_any_bytes_get_a_verdict_and_can_be_read(data: bytes) -> None:
    file = io.BytesIO(data)
    found = examine(file, 1 << 20)
    if isinstance(found, Decoded):
        assert isinstance("".join(decode.text(file, found)), str)


@examples(60)
@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n<{"), min_size=4), min_size=1),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_is_what_is_read(lines: list[str], encoding: str) -> None:
    text = "a,b," + "\n".join(lines) + "\n"
    found = examined(text.encode(encoding))
    if isinstance(found, Decoded):  # else: too many control characters to be text
        assert read(text.encode(encoding)) == text


def test_memory_stays_bounded(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    row = (ROWS[0] + "\r\n").encode("gbk")
    path.write_bytes(row * (24_000_000 // len(row)))
    with path.open("rb") as file:
        tracemalloc.start()
        found = examine(file, 1 << 30)
        assert isinstance(found, Decoded)
        for _ in decode.text(file, found):
            pass
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 4_000_000


def test_pieces_cut_characters_and_line_ends_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "BLOCK", 7)
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert read(SHEET.encode(encoding)) == SHEET
    broken = SHEET.encode().replace("李娜".encode(), b"\xff\xff")
    assert read(broken).splitlines()[3] == ROWS[2]


@pytest.mark.parametrize("spoilt", [SHEET[:40] + "\udc00" + SHEET[40:], SHEET])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_that_ends_in_half_a_unit_is_held_even_where_a_surrogate_is_out_of_place(
    spoilt: str, codec: str
) -> None:
    data = spoilt.encode(codec, "surrogatepass") + b"\n"
    assert isinstance(examined(data), Held)
