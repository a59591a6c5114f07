"""Sheets as no program should write them: real ones, mangled as a tape of bytes says.

A tape is short and says everything (which sheet, what is done to it), so a search for faults may draw
tapes from anywhere and shrink them; the same tape always makes the same sheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from commandpost.contract.kind import Kind
from commandpost.desks.kinds import KINDS

TESTS = Path(__file__).parents[1]
LARGEST = 6_000
"""Bytes of a sheet that is begun with."""
GROWN = 200_000
"""Bytes beyond which a sheet is not made longer."""
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be", "utf-16", "big5")
CELLS = (
    "", "/", "—", "无", "同上", "〃", "正常", "98.6", "368", "36.8℃", "３６．８", "36,8", "2月30日", "2.17", "2-17", "20220311",
    "43878", "下午3点", "24:00", "截至24时", "晚10点半", "0.3125", "1.38E+10", "4.20106E+17", "-5", "240余", "近1万7千", "三次",
    "N95（10万）/护目镜（1千）", "张三、李四", "王某等3人", "鄂A·12345", "3栋2单元501", "合计", "小计：", "=1+1", "@x", "'01", "-", "进3人，出7人",
    "\ufeff", "\u200b张\u202e三", "\x1b[31m红", "٣٦٫٥", "𠮷", "e\u0301", "9" * 400, "1e999", "nan", "inf", "-0", "0", "٠", "²", "½", "99999999999999999999",
    "0000-00-00 00:00", "9999-12-31 23:59", "0001-01-01", "2022-03-28T06:13:21Z", "2022-03-28 25:61", "２０２２年３月２８日２４时", "13800000000",
    "110101199003074514", "sep=;", "早", "夜", "22:00-6:00", "√", "×", "?", "行号", "原因", "建议", "已批准", "解除", "隔离中", "更新时间",
)  # fmt: skip
"""Cells that are well formed, nearly so, or not at all."""


class Tape:
    """Bytes to decide by; zeros behind its end, so that a shorter tape says less."""

    def __init__(self, said: bytes) -> None:
        self._said = said
        self._at = 0

    @property
    def over(self) -> bool:
        return self._at >= len(self._said)

    def below(self, n: int) -> int:
        """A number below `n`."""
        taken = self._said[self._at : self._at + (1 if n <= 256 else 2)]
        self._at += 1 if n <= 256 else 2
        return int.from_bytes(taken, "little") % n

    def place(self, length: int) -> int:
        """Somewhere in `length`, its end included."""
        return self.below(65_536) * (length + 1) >> 16


@cache
def sheets() -> tuple[tuple[str, bytes], ...]:
    """(name, bytes) of every sheet to begin with: the samples, the corpus, a template of each kind."""
    made = [(f"{kind.name}.csv", _template(kind)) for kind in KINDS]
    for folder in (TESTS / "samples" / "messy", TESTS / "corpus" / "sheets"):
        for path in sorted(folder.iterdir()):
            if path.suffix != ".json" and path.stat().st_size <= LARGEST:
                made.append((path.name, path.read_bytes()))
    return tuple(made)


def _template(kind: Kind) -> bytes:
    text = io.StringIO()
    columns = [c for c in kind.columns if c.example]
    csv.writer(text).writerows([[c.header for c in columns], *[[c.example for c in columns]] * 3])
    return text.getvalue().encode()


def mangled(said: bytes) -> tuple[str, bytes]:
    """(name, bytes) of the sheet that a tape makes."""
    tape = Tape(said)
    known = sheets()
    name, data = known[tape.below(len(known))]
    while not tape.over:
        data = WAYS[tape.below(len(WAYS))](data, tape)
    return name, data


# -- what is done to bytes ------------------------------------------------------------------------------


def _flip(data: bytes, tape: Tape) -> bytes:
    at = tape.place(len(data) - 1) if data else 0
    return data[:at] + bytes([data[at] ^ (1 << tape.below(8))]) + data[at + 1 :] if data else data


def _cut(data: bytes, tape: Tape) -> bytes:
    return data[: tape.place(len(data))]


def _without_start(data: bytes, tape: Tape) -> bytes:
    return data[tape.below(256) :]


def _nuls(data: bytes, tape: Tape) -> bytes:
    at = tape.place(len(data))
    return data[:at] + b"\0" * (1, 1, 2, 3, 64, 512)[tape.below(6)] + data[at:]


def _junk(data: bytes, tape: Tape) -> bytes:
    at = tape.place(len(data))
    return data[:at] + bytes(tape.below(256) for _ in range(tape.below(8))) + data[at:]


def _splice(data: bytes, tape: Tape) -> bytes:
    """The beginning of this sheet and the end of another, in whatever encodings they are."""
    known = sheets()
    other = known[tape.below(len(known))][1]
    return (data[: tape.place(len(data))] + other[tape.place(len(other)) :])[:GROWN]


def _joined(data: bytes, tape: Tape) -> bytes:
    known = sheets()
    return (data + known[tape.below(len(known))][1])[:GROWN]


def _mark(data: bytes, tape: Tape) -> bytes:
    return (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x84\x31\x95\x33", b"sep=;\r\n", b"sep=,\n")[
        tape.below(6)
    ] + data


# -- what is done to text -------------------------------------------------------------------------------


def _text(data: bytes) -> tuple[str, str]:
    """The text in it as well as can be, and its encoding."""
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            return data.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1"


def _as_text(change: Callable[[str, Tape], str]) -> Callable[[bytes, Tape], bytes]:
    def way(data: bytes, tape: Tape) -> bytes:
        text, encoding = _text(data)
        return change(text, tape).encode(encoding, "surrogatepass" if encoding == "utf-8" else "replace")

    return way


def _recoded(data: bytes, tape: Tape) -> bytes:
    return _text(data)[0].encode(ENCODINGS[tape.below(len(ENCODINGS))], "replace")


def _half_recoded(data: bytes, tape: Tape) -> bytes:
    """Two encodings in one file, as somebody pasted it together."""
    text, encoding = _text(data)
    at = tape.place(len(text))
    other = ENCODINGS[tape.below(len(ENCODINGS))]
    return text[:at].encode(encoding, "replace") + text[at:].encode(other, "replace")


def _lines(change: Callable[[list[str], Tape], Sequence[str]]) -> Callable[[bytes, Tape], bytes]:
    return _as_text(lambda text, tape: "".join(change(text.splitlines(keepends=True), tape)))


def _repeated(lines: list[str], tape: Tape) -> Sequence[str]:
    at = tape.place(len(lines))
    piece = lines[at : at + 1 + tape.below(4)]
    times = (1, 2, 3, 90, 120, 260)[tape.below(6)]
    return lines[:at] + piece * min(times, 1 + GROWN // (1 + sum(map(len, piece)))) + lines[at:]


def _dropped(lines: list[str], tape: Tape) -> Sequence[str]:
    at = tape.place(len(lines))
    return lines[:at] + lines[at + 1 :]


def _moved(lines: list[str], tape: Tape) -> Sequence[str]:
    if not lines:
        return lines
    line = lines.pop(tape.place(len(lines) - 1))
    at = tape.place(len(lines))
    return [*lines[:at], line, *lines[at:]]


def _line_in(lines: list[str], tape: Tape) -> Sequence[str]:
    more = (
        "\n",
        ",,,\r\n",
        "合计,3\r\n",
        "小计\n",
        "填表人：某某\n",
        "sep=;\n",
        "，，\n",
        '"',
        '"\n',
        '""\n',
        "\r",
        "备注：本表一式两份\n",
    )
    at = tape.place(len(lines))
    return [*lines[:at], more[tape.below(len(more))], *lines[at:]]


def _ends(text: str, tape: Tape) -> str:
    return text.replace("\r\n", "\n").replace(
        "\n", ("\n", "\r\n", "\r", "\r\r\n", "\u2028", "\x85", "\x0b")[tape.below(7)]
    )


def _delimiter(text: str, tape: Tape) -> str:
    marks = ",;\t，|"
    return text.replace(marks[tape.below(5)], marks[tape.below(5)])


def _sign_in(text: str, tape: Tape) -> str:
    signs = (
        '"',
        '"',
        '""',
        ",",
        ";",
        "\t",
        "，",
        "\n",
        "\r",
        '"\n"',
        "\ufeff",
        "\x00",
        "\x1b",
        "\u3000",
        "'",
        "\ud800",
        "、",
        "\x1f",
    )
    at = tape.place(len(text))
    return text[:at] + signs[tape.below(len(signs))] + text[at:]


def _cell(text: str, tape: Tape) -> str:
    """Some cell is another one, quoted or not."""
    at = tape.place(len(text))
    start = max(text.rfind(sign, 0, at) for sign in ",;\t\n") + 1
    end = min((i for sign in ",;\t\r\n" if (i := text.find(sign, at)) >= 0), default=len(text))
    cell = CELLS[tape.below(len(CELLS))]
    return text[:start] + (f'"{cell}"' if tape.below(4) == 3 else cell) + text[end:]


def _long(text: str, tape: Tape) -> str:
    at = tape.place(len(text))
    return (
        text[:at]
        + ("9", "长", '"', ",", " ", "合")[tape.below(6)] * (100, 5_000, 11_000, 40_000)[tape.below(4)]
        + text[at:]
    )


WAYS: tuple[Callable[[bytes, Tape], bytes], ...] = (
    _as_text(_cell), _as_text(_sign_in), _lines(_repeated), _flip, _as_text(_cell), _lines(_moved), _recoded, _cut,
    _nuls, _junk, _splice, _joined, _mark, _half_recoded, _lines(_dropped), _lines(_line_in), _as_text(_ends),
    _as_text(_delimiter), _as_text(_cell), _as_text(_long), _without_start, _as_text(_sign_in),
)  # fmt: skip
