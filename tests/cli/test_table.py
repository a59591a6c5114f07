"""`commandpost check --table`: how a delimited file is read before anybody asks what it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commandpost.cli.main import main


def _told(capsys: pytest.CaptureFixture[str], *files: Path, code: int = 0) -> list[dict[str, object]]:
    assert main(["check", "--table", "--lang", "en", *map(str, files)]) == code
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_table_of_no_kind_is_told_with_its_cells_as_written_and_its_physical_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "列表.csv"
    file.write_bytes(
        '题目\r\nkey;val\r\n1;"a\ny ""b"""\r\n"m\r\nn"; 2 \r\n3\r\n4;5;6\r\n\r\n'.encode("gb18030")
    )
    [told] = _told(capsys, file)
    assert told == {
        "file": str(file),
        "encoding": "gb18030",
        "delimiter": ";",
        "header_line": 2,
        "header": ["key", "val"],
        "rows": [
            {"line": 3, "cells": ["1", 'a\ny "b"']},
            {"line": 5, "cells": ["m\r\nn", " 2 "]},
            {"line": 7, "cells": ["3"]},
            {"line": 8, "cells": ["4", "5", "6"], "code": "columns"},
        ],
        "skipped": [{"line": 1, "why": "title"}, {"line": 9, "why": "blank line"}],
    }


def test_a_last_row_without_a_line_end_and_a_cell_over_every_limit_are_shown_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "long.csv"
    file.write_text("a,b,c\n" + "x" * 100_000 + ",2,3\n7,8", "utf-8")
    [told] = _told(capsys, file)
    assert told["rows"] == [{"line": 2, "cells": ["x" * 100_000, "2", "3"]}, {"line": 3, "cells": ["7", "8"]}]


def test_what_is_no_text_costs_the_other_files_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, good = tmp_path / "a.csv", tmp_path / "b.csv"
    picture.write_bytes(b"\x89PNG" + bytes(range(256)))
    good.write_text("a,b\n1,2\n", "utf-8")
    refused, read = _told(capsys, picture, good, code=1)
    assert (refused["verdict"], sorted(refused)) == ("refused", ["file", "verdict", "why"])
    assert read["rows"] == [{"line": 2, "cells": ["1", "2"]}]
