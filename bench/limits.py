"""(i) Sheets at the limits: ten million rows, more than a gigabyte. Not among those that run by themselves."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from bench.measure import Bar, commandpost, run
from bench.passes import HEADER, person

ROOM = 8 << 30
"""Bytes the disk should have: the sheet, its copy in the archive, and the database."""


def _write(path: Path, rows: int) -> None:
    at, gates = datetime(2022, 1, 1), ("东门", "西门", "南门", "北门")
    # What makes a row of hundred bytes: ten million of them are a gigabyte.
    remark = "到社区服务中心办理核酸检测登记手续"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"{HEADER},事由\r\n")
        for n in range(rows):
            name, phone = person(n % 20_000)
            when = at + timedelta(seconds=n)
            file.write(
                f"{when:%Y-%m-%d %H:%M:%S},{gates[n % 4]},{'进出'[n % 2]},{name},{phone},,36.{n % 9},放行,{remark}\r\n"
            )


def bench(rows: int = 10_000_000) -> list[Bar]:
    """One sheet of `rows` passes: rows a second, peak memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if shutil.disk_usage(folder).free < ROOM * rows // 10_000_000:
            raise RuntimeError(f"{folder}: too little room for a sheet of {rows:,} rows")
        sheet, post = folder / "passes.csv", folder / "post"
        _write(sheet, rows)
        run(commandpost("init", post))
        done = run(commandpost("import", sheet, "--post", post))
        size = sheet.stat().st_size
    return [
        Bar(
            f"one sheet of {rows:,} rows, {size / 1e9:.2f} GB",
            f"{done.cpu:.0f} s of CPU = {rows / done.cpu:,.0f} rows/s, {done.peak:.0f} MB",
            "≤ 160 MB",
            done.peak <= 160,
        )
    ]
