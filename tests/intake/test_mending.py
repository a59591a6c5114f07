"""Sheets of any kind with any faults: `check` foretells `import`, and what goes back, mended, closes the faults."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from tests.intake.clerking import Post, balances

from commandpost.desks.kinds import KINDS
from commandpost.places import PostPlaces
from commandpost.store.engine import connect

GOOD: dict[str, tuple[str, str]] = {
    "gate-passes": (
        "时间,门岗,方向,姓名,电话,体温,结果",
        "2022-03-28 07:{n:02},东门,进,访客{n},138000000{n:02},36.{n},放行",
    ),
    "isolations": (
        "姓名,管控方式,开始日期,隔离天数,预计解除日期,状态,地点,类别",
        "访客{n},居家隔离,2022-03-2{n},21,2022-04-1{n},隔离中,3-2-50{n},密接",
    ),
    "health-reports": ("日期,姓名,房号,早,晚,症状", "2022-03-2{n},访客{n},3-2-50{n},36.{n},36.5,无"),
    "rosters": ("岗位,日期,开始,结束,姓名,角色", "门{n},2022-03-3{d},22:00,6:00,访客{n}、同事{n},值守"),
    "supply-requests": (
        "单号,物资,申请单位,数量,单位,紧急程度,状态,申请时间",
        "S{n},口罩,北门{n},{n}00,个,急,已批准,2022-03-28 0{n}:00",
    ),
    "stock-movements": ("物资,时间,类型,数量,单位,去向", "口罩,2022-03-28 0{n}:00,领用,{n}0,个,北门{n}"),
    "census": ("地址,户主,人数,实到,日期", "3-2-50{n},访客{n},{n},1,2022-03-2{n}"),
    "gate-tallies": ("卡口,日期,开始,结束,进,出", "东门,2022-03-2{n},0{n}:00,15:00,{n}0,{n}5"),
    "check-ins": (
        "姓名,岗位,到岗时间,离岗时间,体温,电话",
        "访客{n},门{n},2022-03-28 0{n}:00,15:00,36.{n},1380000000{n}",
    ),
    "donations": ("捐赠人,物资,数量,单位,时间", "某公司{n},口罩,{n}00,个,2022-03-28 0{n}:00"),
}
"""Header and the nth faultless row."""
FAULTS: dict[str, tuple[str, ...]] = {
    "时间": ("", "2月30日 7:00", "2022-03-29 07:00", "早上"), "申请时间": ("2月30日", "2022-03-29 10:00"),
    "方向": ("", "横", "进出"), "门岗": ("", "/"), "姓名": ("", "/"), "电话": ("1.38E+10", "138****0000"), "体温": ("98.6", "36-37", "高"),
    "结果": ("?!", "体温正常"), "管控方式": ("", "隔离"), "开始日期": ("", "2月30日"), "隔离天数": ("许多", "0"),
    "预计解除日期": ("2022-03-01", "2月30日"), "状态": ("?!",), "类别": ("红码",), "日期": ("2月30日", "周一"), "早": ("98.6", "热"),
    "晚": ("98.6", "热"), "岗位": (), "开始": ("25:00",), "结束": ("25:00", ""), "角色": ("领舞",), "物资": ("", "/"),
    "申请单位": ("", "—"), "数量": ("-5", "500-600"), "紧急程度": ("看着办",), "类型": ("", "借出"), "人数": ("", "-1", "3.5"),
    "实到": ("-1", "许多"), "户主": ("", "无"),
}  # fmt: skip


@dataclass(frozen=True)
class Drop:
    kind: str
    good: tuple[tuple[str, ...], ...]
    """Header and rows without a fault."""
    sent: bytes
    lines: dict[int, int]
    """Physical line → the row of `good` that is there."""


@st.composite
def drops(draw: st.DrawFn) -> Drop:
    """A sheet of a kind, its rows with faults in some cells, as some program saved it."""
    kind = draw(st.sampled_from(sorted(GOOD)))
    head, row = GOOD[kind]
    order = draw(st.permutations(range(head.count(",") + 1)))
    header = [head.split(",")[i] for i in order]
    rows = []
    for n in range(1, 1 + draw(st.integers(1, 6))):
        cells = row.format(n=n, d=n % 2).split(",")
        rows.append([cells[i] for i in order])
    faulty = [list(cells) for cells in rows]
    for cells in faulty:
        for i in draw(st.lists(st.integers(0, len(header) - 1), max_size=2)):
            if FAULTS.get(header[i]):
                cells[i] = draw(st.sampled_from(FAULTS[header[i]]))
    delimiter = draw(st.sampled_from(",;\t"))
    lines: list[list[str]] = [["某街道登记表"]] * draw(st.integers(0, 1)) + [header]
    at = {}
    for n, cells in enumerate(faulty, 1):
        lines += draw(st.sampled_from([[], [], [[]], [header]]))
        lines.append(cells)
        at[len(lines)] = n
    text = io.StringIO()
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(lines)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
    return Drop(kind, (tuple(header), *map(tuple, rows)), text.getvalue().encode(encoding), at)


def _mended(text: str, drop: Drop) -> str:
    """The returned file with its rows as they ought to have been, and the rest of it as it is."""
    head, *rows = csv.reader(io.StringIO(text))
    line = next(i for i, cell in enumerate(head) if cell in ("行号", "Line"))
    width = len(drop.good[0])
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow([*drop.good[drop.lines[int(row[line])]], *row[width:]])
    return out.getvalue()


def known(post: Post, kind: str) -> list[Any]:
    (table,) = [one.table for one in KINDS if one.name == kind]
    fields = [name for name in (*table.KEY, *table.SAID) if name != "nth"]
    return sorted(
        post.ask(f"SELECT {', '.join(fields)} FROM {table.__tablename__} WHERE known_until IS NULL"), key=repr
    )


@contextmanager
def new_post(migrated: Path) -> Iterator[Post]:
    with tempfile.TemporaryDirectory() as folder:
        places = PostPlaces(Path(folder))
        shutil.copy(migrated, places.database)
        engine = connect(places)
        try:
            yield Post(engine, places)
        finally:
            engine.dispose()


def test_what_goes_back_closes_its_faults_once_mended(migrated: Path) -> None:
    @examples(25)
    @given(drops())
    def holds(drop: Drop) -> None:
        with new_post(migrated) as post:
            tried = post.check("s.csv", drop.sent)
            taken = post.take("s.csv", drop.sent)
            assert tried == taken
            assert (taken["verdict"], taken["kind"]) == ("taken", drop.kind)
            assert balances(taken)
            assert taken["rows"] == len(drop.lines)
            post.later(hours=1)
            for path in post.returned():
                text = _mended(path.read_text("utf-8-sig"), drop)
                tried = post.check(path.name, text)
                mended = post.take(path.name, text)
                assert tried == mended
                assert (mended["rejected"], mended["warnings"]) == ([], [])
                post.later(hours=1)
            again = post.take("s.csv", drop.sent)
            assert (again["accepted"], again["superseding"]) == (0, 0), "what was sent says nothing new"
            with new_post(migrated) as other:
                out = io.StringIO()
                csv.writer(out).writerows(drop.good)
                assert other.take("s.csv", out.getvalue())["rejected"] == []
                assert known(post, drop.kind) == known(other, drop.kind)

    holds()


def test_every_kind_and_every_column_that_can_be_wrong_is_tried() -> None:
    assert set(GOOD) == {kind.name for kind in KINDS}
    assert {header for head, _ in GOOD.values() for header in head.split(",")} >= set(FAULTS)
