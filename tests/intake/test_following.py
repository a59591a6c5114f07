"""What was accepted, and what went back mended by its own hints, are the whole drop, and nothing twice."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from tests.intake.books import book
from tests.intake.clerking import RECEIVED, Post, balances, sheet
from tests.intake.following import FOLLOWED, LEFT, Mended, follow, hint_said
from tests.intake.test_mending import known, new_post

import commandpost
from commandpost.desks.kinds import KINDS
from commandpost.settings import DutyPost, Gate, Settings, Team
from commandpost.words import Language, Words

SHEETS: dict[str, tuple[str, str]] = {
    "gate-passes": (
        "时间,门岗,方向,姓名,电话,体温,结果,证件号",
        "2022-03-28 07:{n:02},东门,进,访客{n},138000000{n:02},36.{m},放行,",
    ),
    "isolations": (
        "姓名,管控方式,开始日期,隔离天数,预计解除日期,状态,地点,类别,电话",
        "访客{m},居家隔离,2022-03-2{m},21,2022-04-1{m},隔离中,3-2-50{m},密接,1380000000{m}",
    ),
    "health-reports": ("日期,姓名,房号,早,晚,症状", "2022-03-2{n},访客{n},3-2-50{n},36.{m},36.5,无"),
    "rosters": ("岗位,日期,开始,结束,姓名,角色", "门{m},2022-03-3{d},22:00,6:00,访客{m}、同事{m},值守"),
    "supply-requests": (
        "单号,物资,申请单位,数量,单位,紧急程度,状态,申请时间",
        "S{m},口罩,北门{m},{m}00,个,急,已批准,2022-03-28 0{m}:00",
    ),
    "stock-movements": ("物资,时间,类型,数量,单位,去向", "口罩,2022-03-28,领用,{m}0,个,北门{n}"),
    "census": ("地址,户主,人数,实到,日期", "3-2-50{m},访客{m},{m},1,2022-03-2{m}"),
    "gate-tallies": ("卡口,日期,开始,结束,进,出", "东门,2022-03-2{n},0{n}:00,15:00,{m}0,{n}5"),
    "check-ins": (
        "姓名,岗位,到岗时间,离岗时间,体温,电话",
        "访客{n},门{n},2022-03-28 0{n}:00,15:00,36.{m},1380000000{n}",
    ),
    "donations": ("捐赠人,物资,数量,单位,时间", "某公司{n},口罩,{m}00,个,2022-03-28 0{n}:00"),
}
"""Header and a faultless row: `m` is its own number, rows of the same `n` have one key in a log."""

FAULTS: dict[str, dict[str, str | None]] = {
    "时间": {"": None, "2月30日 7:00": None, "2022-03-29 07:00": None, "3/4/2022 7:00": None},
    "到岗时间": {"": None, "2022-02-30 7:00": None},
    "申请时间": {"2月30日": None},
    "门岗": {"东大门": "东门", "火车站": None, "": None}, "卡口": {"东大门": "东门", "火车站": None},
    "岗位": {"门1岗": "门1", "火车站": None}, "方向": {"": None, "横": None}, "姓名": {"/": None},
    "电话": {"1.38E+10": None, "138****0000": None}, "证件号": {"420106199001011234": None, "4.2E+17": None},
    "体温": {"98.6": "37.0", "3.69": "36.9", "98.5F": "36.9", "36-37": None, "高温": None},
    "早": {"98.6": "37.0", "3.72": "37.2", "热的": None}, "晚": {"99.5℉": "37.5", "36-37": None},
    "管控方式": {"隔离": None}, "开始日期": {"2月30日": None}, "隔离天数": {"-14": "14", "0": None},
    "预计解除日期": {"2022-03-01": None, "2月30日": None}, "状态": {"?!": None}, "类别": {"红码": None},
    "日期": {"2月30日": None, "5/6/2022": None}, "开始": {"25:00": None}, "结束": {"": None}, "角色": {"领舞": None},
    "物资": {"": None}, "数量": {"-5": "5", "-3箱": "3箱", "500-600": None}, "紧急程度": {"看着办": None},
    "类型": {"借出": None}, "人数": {"-7": "7", "3.5": None, "": None}, "实到": {"-1": "1", "-若干": None},
    "进": {"-8": "8"}, "出": {"-9": "9"}, "捐赠人": {"": None}, "申请单位": {"—": None},
}  # fmt: skip
"""Header → faulty cell → what its hint says to write; None: the hint names nothing. No mended row becomes what
another of one key says: then they are one fact and were two, of which nothing takes one back."""


def settings(language: Language) -> Settings:
    return Settings(
        gate=(Gate(name="东门"), Gate(name="西侧通道")),
        duty_post=tuple(DutyPost(name=f"门{n}") for n in range(1, 7)),
        team=(Team(name="north", language=language),),
    )


@dataclass(frozen=True)
class Drop:
    kind: str
    saved: str
    """Its encoding and delimiter; xlsx."""
    faulty: tuple[tuple[str, ...], ...]
    right: tuple[tuple[str, ...], ...]
    """The same sheet, with every hint followed that names what to write."""
    language: Language
    lines: frozenset[int]

    @property
    def name(self) -> str:
        return "s.xlsx" if self.saved == "xlsx" else "s.csv"

    @property
    def sent(self) -> bytes:
        return self._bytes(self.faulty)

    @property
    def by_hand(self) -> bytes:
        return self._bytes(self.right)

    def _bytes(self, table: tuple[tuple[str, ...], ...]) -> bytes:
        if self.saved == "xlsx":
            return book({"表": table})
        encoding, delimiter = self.saved[:-1], self.saved[-1]
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(table)
        return text.getvalue().encode(encoding)


LOGS = frozenset(kind.name for kind in KINDS if kind.rule == "log")


@st.composite
def drops(draw: st.DrawFn) -> Drop:
    """A sheet of a kind, with faults in any cells; of a log some rows have the same key."""
    kind = draw(st.sampled_from(sorted(SHEETS)))
    head, row = SHEETS[kind]
    header = head.split(",")
    faulty, right = [], []
    touched: dict[int, int] = defaultdict(int)
    for m in range(1, 1 + draw(st.integers(1, 6))):
        n = draw(st.integers(1, m)) if kind in LOGS else m
        cells = row.format(n=n, m=m, d=m % 2).split(",")
        bad, good = list(cells), list(cells)
        # Of two rows with one key that both cannot be read nobody knows that they are two.
        for i in (
            draw(st.lists(st.integers(0, len(header) - 1), max_size=3, unique=True)) if not touched[n] else []
        ):
            if of := FAULTS.get(header[i]):
                bad[i] = draw(st.sampled_from(sorted(of)))
                good[i] = of[bad[i]] or bad[i]
                touched[n] += 1
        faulty.append(bad)
        right.append(good)
    lines: list[int] = []
    tables: list[list[list[str]]] = [[header], [header]]
    for bad, good in zip(faulty, right, strict=True):
        gap = draw(st.sampled_from([[], [], [], [[]], [header]]))
        for table, cells in zip(tables, (bad, good), strict=True):
            table += [*gap, cells]
        lines.append(len(tables[0]))
    language = draw(st.sampled_from(("zh", "en")))
    saved = draw(st.sampled_from(["utf-8,", "utf-8-sig;", "gb18030\t", "gb18030,", "utf-8\t", "xlsx"]))
    told = [tuple(map(tuple, table)) for table in tables]
    return Drop(kind, saved, told[0], told[1], language, frozenset(lines))


def at_fault(post: Post) -> list[tuple[int, str]]:
    """(line in the first sheet, code) of the rejects that are open, without those that are told again."""
    return post.ask(
        "SELECT line, code FROM reject r LEFT JOIN source m ON m.id = r.mended_by "
        "WHERE r.fresh AND r.cells <> '' AND (m.id IS NULL OR NOT m.stands)"
    )


def facts(post: Post, kind: str) -> list[object]:
    """What is known; what no date was said of is of its arrival, which is a later one by way of the returned file."""
    arrived = int(RECEIVED.timestamp())
    undated = kind in ("census", "supply-requests")
    return [
        tuple(None if undated and type(value) is int and value >= arrived else value for value in row)
        for row in known(post, kind)
    ]


def round_trips(post: Post, language: Language, seen: set[Path]) -> Iterator[tuple[Path, Mended]]:
    """Every returned file that is new, as the script leaves it, as long as there are any."""
    while new := [path for path in post.returned() if path not in seen]:
        assert len(new) == 1, "a drop has one returned file"
        seen.update(new)
        yield new[0], follow(new[0].read_text("utf-8-sig"), language)


def numbers(mended: Mended, language: Language) -> list[int]:
    at = mended.rows[0].index(Words(language)("Line"))
    return [int(row[at]) for row in mended.rows[1:]]


def is_the_whole_drop(drop: Drop, migrated: Path) -> set[str]:
    """Holds the property for one drop; the hints that were followed."""
    followed: set[str] = set()
    with new_post(migrated) as post, new_post(migrated) as by_hand:
        post.settings = by_hand.settings = settings(drop.language)
        first = post.take(drop.name, drop.sent)
        right = by_hand.take(drop.name, drop.by_hand)
        assert (first["verdict"], first["kind"]) == (right["verdict"], right["kind"]) == ("taken", drop.kind)
        assert balances(first)
        assert first["rows"] == right["rows"] == len(drop.lines)
        seen: set[Path] = set()
        last: tuple[Path, Mended] | None = None
        for path, mended in round_trips(post, drop.language, seen):
            lines = numbers(mended, drop.language)
            assert len(set(lines)) == len(lines), "a row goes back once"
            assert set(lines) <= drop.lines, "with the number of its own line"
            followed.update(hint for _, hint in mended.followed)
            last = path, mended
            post.later(hours=1)
            told = post.take(path.name, mended.text)
            assert balances(told)
        assert facts(post, drop.kind) == facts(by_hand, drop.kind), "the whole drop, nothing twice"
        still = at_fault(post)
        assert len(still) == len(at_fault(by_hand)), "what was followed is closed, the rest is open once"
        before, files = known(post, drop.kind), post.returned()
        again: list[tuple[str, str | bytes]] = [(drop.name, drop.sent)]
        if last is not None:
            path, mended = last
            again += [(path.name, mended.text), (path.name, follow(mended.text, drop.language, ";").text)]
            assert {line for line, _ in mended.left} == set(map(str, open_lines(by_hand))), (
                "each came back once"
            )
        for name, sent in again:
            post.later(hours=1)
            told = post.take(name, sent)
            assert (told["accepted"], told["superseding"]) == (0, 0), "sent again it says nothing new"
        assert (known(post, drop.kind), at_fault(post), post.returned()) == (before, still, files)
    return followed


def open_lines(post: Post) -> set[int]:
    return {line for line, _ in at_fault(post)}


def test_accepted_and_mended_by_the_hints_are_the_whole_drop(migrated: Path) -> None:
    @examples(6)
    @given(drops())
    def holds(drop: Drop) -> None:
        is_the_whole_drop(drop, migrated)

    holds()


@pytest.mark.long
def test_accepted_and_mended_by_the_hints_are_the_whole_drop_of_many(migrated: Path) -> None:
    followed: set[str] = set()

    @examples(250)
    @given(drops())
    def holds(drop: Drop) -> None:
        followed.update(is_the_whole_drop(drop, migrated))

    holds()
    assert len(followed) >= 3


# -- each hint by itself ---------------------------------------------------------------------------------

HINTED: tuple[tuple[str, str, str, dict[str, object]], ...] = (
    ("If {value} is meant, write it so.", "物资,时间,类型,数量", "口罩,2022-03-28 07:00,领用,-70箱", {"stock_movement": 70.0}),
    ("If {value} is meant, write it so.", "日期,姓名,房号,体温", "2022-03-28,张三,3-2-501,3.65", {"health_report": 36.5}),
    ("This looks like Fahrenheit: if so, write {value}.", "日期,姓名,房号,体温", "2022-03-28,张三,3-2-501,98.6", {"health_report": 37.0}),
    ("If {nearest} is meant, write it so, or add this spelling to its aliases in post.toml.", "时间,门岗,方向,姓名", "2022-03-28 07:00,东大门,进,张三", {"gate_pass": "东门"}),
    ("put the cell in quotes, and double those inside", "时间,门岗,方向,姓名,事由", '2022-03-28 07:00,东门,进,张三,送"急"件"', {"gate_pass": "东门"}),
)  # fmt: skip
"""Hint, header and the one row it is given for, and what is known of it then."""
VALUE = {"stock_movement": "quantity", "health_report": "temperature", "gate_pass": "gate"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_hint_that_names_what_to_write_closes_its_row(migrated: Path, language: Language) -> None:
    for hint, head, row, becomes in HINTED:
        with new_post(migrated) as post:
            post.settings = settings(language)
            post.take("s.csv", sheet(row, header=head))
            assert at_fault(post)
            (path,) = post.returned()
            mended = follow(path.read_text("utf-8-sig"), language)
            assert mended.followed == [("2", hint)]
            post.later(hours=1)
            assert post.take(path.name, mended.text)["rejected"] == []
            assert at_fault(post) == []
            ((table, value),) = becomes.items()
            assert post.ask(f"SELECT {VALUE[table]} FROM {table} WHERE known_until IS NULL") == [(value,)]


def test_a_request_goes_on_with_the_state_its_hint_names(migrated: Path) -> None:
    head = "单号,物资,申请单位,数量,状态"
    states = ("已批准", "配货中", "配送中", "部分送达", "已送达", "已办结", "已驳回", "已取消")
    for language in ("zh", "en"):
        with new_post(migrated) as post:
            post.settings = settings(language)
            known_as = (f"S{n},口罩,北门,500,{state}" for n, state in enumerate(states))
            post.take("s.csv", sheet(*known_as, header=head))
            post.later(hours=1)
            backwards = (f"S{n},口罩,北门,600,已提交" for n in range(len(states)))
            assert len(post.take("t.csv", sheet(*backwards, header=head))["rejected"]) == len(states)
            mended = follow(post.returned()[0].read_text("utf-8-sig"), language)
            assert {hint for _, hint in mended.followed} == {"Write the state it has: {state}."}
            post.later(hours=1)
            assert post.take("t_退回.csv", mended.text)["superseding"] == len(states)
            assert at_fault(post) == []
            now = post.ask("SELECT DISTINCT quantity FROM supply_request WHERE known_until IS NULL")
            assert now == [(600,)]


def test_every_followed_hint_has_an_example() -> None:
    assert {hint for hint, *_ in HINTED} | {"Write the state it has: {state}."} == set(FOLLOWED)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_hint_is_told_from_every_other_by_its_words(language: Language) -> None:
    names = dict.fromkeys(("value", "nearest", "state", "words", "one", "other", "n"), "东门")
    for hint in (*FOLLOWED, *LEFT):
        said = Words(language)(hint, **{name: names[name] for name in names if f"{{{name}}}" in hint})
        assert hint_said(said, language)[0] == hint


def test_the_script_knows_every_hint_there_is() -> None:
    given = hints_in_source()
    assert given >= set(FOLLOWED)
    assert given <= set(FOLLOWED) | set(LEFT), "following.py says of each hint whether a script can follow it"


def hints_in_source() -> set[str]:
    """The message ids that readers, kinds and tables give as hints: what stands in the hint's place of a
    `Bad`, a `Problem` or a `Finding`, followed to where it is made."""
    source = Path(commandpost.__file__).parent
    texts = {
        path: path.read_text("utf-8")
        for folder in ("contract", "desks", "intake")
        for path in sorted((source / folder).rglob("*.py"))
    }
    nodes = [
        (path, node)
        for path, text in texts.items()
        if re.search(r"\b(?:Bad|Problem|Finding|hint)\b", text)
        for node in ast.walk(ast.parse(text))
    ]
    functions = {node.name: (path, node) for path, node in nodes if isinstance(node, ast.FunctionDef)}
    values: dict[tuple[Path | None, str], list[tuple[Path, ast.expr]]] = defaultdict(list)
    """Module (None: any that imports it) and name → where and what it is set to, or given as."""
    hints: list[tuple[Path, ast.expr]] = []
    for path, node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            values[path if name.islower() else None, name].append((path, node.value))
        elif isinstance(node, ast.FunctionDef):
            last = node.args.args[len(node.args.args) - len(node.args.defaults) :]
            for argument, default in zip(last, node.args.defaults, strict=True):
                values[path, argument.arg].append((path, default))
        elif isinstance(node, ast.Call):
            hints += [(path, keyword.value) for keyword in node.keywords if keyword.arg == "hint"]
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            at = {"Bad": 2, "Problem": 4, "Finding": 4}.get(called, len(node.args))
            hints += [(path, argument) for argument in node.args[at : at + 1]]
            if called in functions:
                where, function = functions[called]
                for argument, given_as in zip(function.args.args, node.args, strict=False):
                    values[where, argument.arg].append((path, given_as))

    found: set[str] = set()
    seen: set[tuple[Path, str]] = set()

    def look(path: Path, at: ast.expr) -> None:
        if isinstance(at, ast.Name) and (path, at.id) not in seen:
            seen.add((path, at.id))
            for value in (*values[path, at.id], *values[None, at.id]):
                look(*value)
        elif isinstance(at, ast.IfExp):
            look(path, at.body)
            look(path, at.orelse)
        elif isinstance(at, ast.Call) and isinstance(at.func, ast.Name):
            if at.func.id == "message":
                assert isinstance(at.args[0], ast.Constant)
                found.add(str(at.args[0].value))
            elif at.func.id in functions:
                where, function = functions[at.func.id]
                for inside in ast.walk(function):
                    if isinstance(inside, ast.Return) and inside.value is not None:
                        look(where, inside.value)

    for hint in hints:
        look(*hint)
    return found
