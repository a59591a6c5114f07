"""A post, a team's file, a drop taken: what the tests of intake's back share."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from commandpost.clock import FixedClock
from commandpost.intake import clerk
from commandpost.places import PostPlaces
from commandpost.settings import Settings
from commandpost.words import Words

RECEIVED = datetime(2022, 3, 28, 12, tzinfo=UTC)
"""20:00 in the post's zone."""
ENGLISH = Words("en")


@dataclass
class Post:
    """A post with an engine, whose clock stands still until it is moved."""

    engine: Engine
    places: PostPlaces
    settings: Settings = field(default_factory=Settings)
    now: datetime = RECEIVED

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    @property
    def clock(self) -> FixedClock:
        return FixedClock(self.now)

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.places.root / "outside" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def take(self, name: str, content: str | bytes, team: str = "north") -> dict[str, Any]:
        return self.take_path(self.file(name, content), team)

    def take_path(self, path: Path, team: str = "north") -> dict[str, Any]:
        (report,) = self.take_sheets(path, team)
        return report

    def take_sheets(self, path: Path, team: str = "north") -> list[dict[str, Any]]:
        """Of a workbook a report a sheet."""
        return clerk.take(path, self.engine, self.places, self.settings, self.clock, team=team, words=ENGLISH)

    def check(self, name: str, content: str | bytes, team: str = "north", **more: Any) -> dict[str, Any]:
        path = self.file(name, content)
        (report,) = clerk.check(
            path, self.settings, self.now, post=self.engine, team=team, words=ENGLISH, **more
        )
        return report

    def ask(self, sql: str) -> list[Any]:
        with self.engine.connect() as conn:
            return [tuple(row) for row in conn.execute(text(sql))]

    def returned(self) -> list[Path]:
        return sorted(self.places.returned.rglob("*.csv"))


def check(path: Path, settings: Settings | None = None, **more: Any) -> dict[str, Any]:
    (report,) = clerk.check(path, settings or Settings(), RECEIVED, words=ENGLISH, **more)
    return report


def balances(report: dict[str, Any]) -> bool:
    """rows = accepted + superseding + duplicate + outdated + rejected."""
    told = sum(report[name] for name in ("accepted", "superseding", "duplicate", "outdated"))
    return bool(report["rows"] == told + len(report["rejected"]))


def rows_of(path: Path) -> list[list[str]]:
    """A returned file's cells as a spreadsheet shows them: the tab that keeps one as text is not seen."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [[cell.removeprefix("\t") for cell in row] for row in csv.reader(file)]


HEADER = "登记时间,卡口,方向,姓名,手机号,车牌,体温,核验结果"
WANG = "2022-03-28 06:13:21,东门,进,王伟,13812345678,沪A12345,36.5,放行"
LI = "2022-03-28 06:14:02,西门,出,李娜,13987654321,,36.7,放行"
ZHANG = "2022-03-28 06:15:40,南门,进,张敏,15012340001,粤BD12345,37.9,劝返"
BAD = "2022-02-30 06:15:40,南门,进,赵六,15012340002,,36.6,放行"


def sheet(*rows: str, header: str = HEADER) -> str:
    return "\r\n".join([header, *rows, ""])
