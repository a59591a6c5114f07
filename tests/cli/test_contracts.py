"""The objects people script against: exactly these keys, of these types, null only where it may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commandpost.cli.main import main
from commandpost.desks.kinds import KINDS

RECEIVED = ["--received", "2020-02-10T20:00+08:00"]
HEADER = "时间,门岗,方向,姓名,体温,结果\n"
GOOD = "2020-02-10 07:30,北门,进,李建国,36.5,放行\n"
LATER = "2020-02-10 07:31,北门,出,周敏,,放行\n"
BAD = "2020-02-30 07:30,北门,进,吴志强,36.5,放行\n"
DOUBTFUL = "2020-02-10 07:32,北门,进,郑凯,98.6,放行\n"
TOTAL = "合计,3,,,,\n"
ISOLATIONS = "姓名,管控方式,开始日期,更新时间\n孙丽,{mode},2020-02-01,{said}\n"

Null = type(None)
FILE = {
    "file": str, "kind": (str, Null), "verdict": str, "encoding": (str, Null), "delimiter": (str, Null),
    "rows": int, "records": int, "accepted": int, "superseding": int, "duplicate": int, "outdated": int,
    "rejected": [{"line": int, "column": str, "code": str, "reason": str, "hint": str}],
    "warnings": [{"line": int, "column": str, "code": str, "reason": str}],
    "skipped": [{"line": int, "why": str}],
}  # fmt: skip
NUMBER = (int, float)
EACH = "each"
"""Stands for the keys of an object that are data: items, modes, states."""
STATUS = {
    "moment": str, "tick": int, "post": str,
    "people": {"households": int, "persons": int},
    "panes": {
        "gate": {
            "in": int, "out": int, "inside": (int, Null), "inside_from": (str, Null), "refused": int,
            "turned_back": int, "held": int, "fever": int, "last_event": (str, Null),
            "gates": [{"name": str, "state": str, "in": int, "out": int, "last_event": (str, Null)}],
            "hours": [{"start": str, "in": int, "out": int}],
        },
        "isolation": {
            "open": int, "due_today": int, "overdue": int, "by_mode": {EACH: int}, "by_category": {EACH: int},
            "items": [{
                "name": str, "mode": str, "category": str, "start": str, "day": int, "days": int, "due": str,
                "stage": str, "place": str, "am": {"state": str, "temperature": (*NUMBER, Null)},
                "pm": {"state": str, "temperature": (*NUMBER, Null)},
            }],
        },
        "duty": {
            "posts": int, "covered": int,
            "on_duty": [{"post": str, "organisation": str, "person": str, "until": str}],
            "gaps": [{"post": str, "from": str, "until": str}],
            "roster_until": (str, Null), "next_handover": (str, Null),
        },
        "supply": {
            "open": int, "by_priority": {EACH: int}, "by_state": {EACH: int}, "oldest_minutes": (int, Null),
            "on_hand": {EACH: {"quantity": NUMBER, "unit": str}}, "cover_days": {EACH: (*NUMBER, Null)},
        },
    },
    "todo": [{"rule": str, "severity": str, "subject": str, "since": (str, Null), "text": str}],
    "drops": {"today": int, "rejected_rows": int, "held": int, "asking": int, "last_received": (str, Null)},
}  # fmt: skip
DROP = {
    "id": int, "received": str, "team": str, "file": str, "kind": (str, Null), "verdict": (str, Null),
    "why": (str, Null), "rows": int, "records": int, "accepted": int, "superseding": int, "duplicate": int,
    "outdated": int, "rejected": int, "stands": bool,
}  # fmt: skip


def wrong(told: Any, shape: Any, at: str = "") -> list[str]:
    """Where `told` is not of the shape."""
    if isinstance(shape, list):
        if not isinstance(told, list):
            return [f"{at}: no list"]
        return [found for n, one in enumerate(told) for found in wrong(one, shape[0], f"{at}[{n}]")]
    if isinstance(shape, dict):
        if not isinstance(told, dict):
            return [f"{at}: no object"]
        if EACH in shape:
            return [found for key in told for found in wrong(told[key], shape[EACH], f"{at}.{key}")]
        if list(told) != list(shape):
            return [f"{at}: {sorted(told.keys() ^ shape.keys())} or their order"]
        return [found for key in shape for found in wrong(told[key], shape[key], f"{at}.{key}")]
    kinds = shape if isinstance(shape, tuple) else (shape,)
    return [] if type(told) in kinds else [f"{at}: {type(told).__name__}"]


def put(folder: Path, name: str, text: str | bytes) -> str:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.err == ""
    return [json.loads(line) for line in captured.out.splitlines()]


FILES = {
    "taken": (HEADER + GOOD + LATER, 0),
    "rejected": (HEADER + GOOD + BAD + DOUBTFUL + "\n" + TOTAL, 1),
    "held": (HEADER + "2020-02-10 07:30,北", 1),
    "asks": ("甲,乙\n1,2\n3,4\n", 1),
    "refused": (b"%PDF-1.7\n" + bytes(range(256)) * 4, 1),
}


@pytest.mark.parametrize("verdict", FILES)
@pytest.mark.parametrize("command", ["check", "check with a post", "import", "import again"])
def test_a_file_is_told_with_exactly_these_keys(
    command: str, verdict: str, post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, code = FILES[verdict]
    file = put(tmp_path, "a.csv", content)
    arguments = ["check" if command.startswith("check") else "import", file, "--json", *RECEIVED]
    if command != "check":
        arguments += ["--post", str(post)]
    if command == "import again":
        main(arguments)
        capsys.readouterr()
    assert main(arguments) == code
    (one,) = told(capsys)
    shape = FILE if verdict in ("taken", "rejected") else FILE | {"why": str}
    if verdict == "asks" and command.startswith("import"):
        shape |= {"drop": int}
    assert wrong(one, shape) == []
    assert one["file"] == file
    assert one["verdict"] == ("taken" if verdict == "rejected" else verdict)
    outcomes = sum(one[name] for name in ("accepted", "superseding", "duplicate", "outdated"))
    assert one["rows"] == outcomes + len({bad["line"] for bad in one["rejected"]})
    if verdict == "rejected":
        assert [(bad["line"], bad["column"], bad["code"]) for bad in one["rejected"]] == [(3, "时间", "date")]
        assert {(odd["line"], odd["code"]) for odd in one["warnings"]} >= {(4, "temperature")}
        assert [skipped["line"] for skipped in one["skipped"]] == [5, 6]
    elif verdict == "taken":
        assert (one["kind"], one["encoding"], one["delimiter"]) == ("gate-passes", "utf-8", ",")
    else:
        assert (one["kind"], one["rows"], one["records"]) == (None, 0, 0)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_values_are_told_for_every_kind_as_they_are_stored(
    kind: Any, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    main(["template", kind.name])
    file = put(tmp_path, "a.csv", capfdbinary.readouterr().out)
    assert main(["check", file, "--json", "--values", "--received", "2022-03-28T20:00+08:00"]) == 0
    (one,) = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert wrong({key: one[key] for key in FILE}, FILE) == []
    assert list(one) == [*FILE, "values"]
    assert len(one["values"]) == one["records"] > 0
    for value in one["values"]:
        assert value["line"] == 2
        assert len(value) > 4
        assert all(type(part) in (str, int, float, bool, Null) for part in value.values())
        assert "" not in value.values()


def test_values_without_json_are_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", put(tmp_path, "a.csv", HEADER + GOOD), "--values"]) == 2
    assert "--json" in capsys.readouterr().err


def test_status_has_exactly_these_keys_of_these_types_at_every_moment(
    post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = '[[gate]]\nname = "北门"\n[[duty_post]]\nname = "值班室"\nhours = "00:00-24:00"\n'
    (post / "post.toml").write_text(declared, "utf-8")
    sheets = {
        "a.csv": HEADER + GOOD + LATER + BAD + DOUBTFUL,
        "b.csv": ISOLATIONS.format(mode="居家", said=""),
        "c.csv": "岗位,日期,开始,结束,姓名\n值班室,2020-02-10,08:00,22:00,钱进\n值班室,2020-02-11,08:00,22:00,钱进\n",
        "d.csv": "物资,申请单位,数量,单位,申请时间\n口罩,物业,50,只,2020-02-10 09:00\n",
        "e.csv": "物资,时间,类型,数量,单位\n口罩,2020-02-10 08:00,入库,500,只\n口罩,2020-02-10 09:00,领用,20,只\n",
        "f.csv": "地址,户主,人数\n3-2-501,李建国,3\n",
        "g.csv": "甲,乙\n1,2\n3,4\n",
        "h.csv": "日期,姓名,时段,体温\n2020-02-10,孙丽,早,36.6\n",
    }
    assert main(["status", "--json", "--post", str(post)]) == 0
    (empty,) = told(capsys)
    main(
        ["import", *(put(tmp_path, *one) for one in sheets.items()), "--json", "--post", str(post), *RECEIVED]
    )
    capsys.readouterr()
    for at in ([], ["--at", "2020-02-10T20:30"], ["--at", "2020-02-10T12:30:00Z"], ["--at", "2019-01-01"]):
        assert main(["status", "--json", "--post", str(post), *at]) == 0
        (one,) = told(capsys)
        assert wrong(one, STATUS) == []
    assert wrong(empty, STATUS) == []
    assert main(["status", "--json", "--post", str(post), "--at", "2020-02-10T20:30"]) == 0
    (full,) = told(capsys)
    panes = full["panes"]
    for some in (
        panes["gate"]["gates"], panes["gate"]["hours"], panes["isolation"]["items"], panes["duty"]["on_duty"],
        panes["duty"]["gaps"], panes["supply"]["on_hand"], full["todo"],
    ):  # fmt: skip
        assert some
    assert (panes["gate"]["in"], panes["gate"]["out"], full["drops"]["rejected_rows"]) == (2, 1, 1)
    assert panes["supply"]["on_hand"] == {"口罩": {"quantity": 480, "unit": "只"}}
    assert full["people"] == {"households": 1, "persons": 3}


def test_every_drop_is_told_with_exactly_these_keys(
    post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, (content, _) in FILES.items():
        main(["import", put(tmp_path, f"{name}.csv", content), "--post", str(post), *RECEIVED])
    capsys.readouterr()
    assert main(["drops", "--json", "--post", str(post)]) == 0
    drops = told(capsys)
    assert [found for one in drops for found in wrong(one, DROP)] == []
    assert sorted(str(one["verdict"]) for one in drops) == ["asks", "held", "refused", "taken", "taken"]
    assert main(["drops", "--json", "--last", "2", "--post", str(post)]) == 0
    assert told(capsys) == drops[-2:]


def test_check_with_a_post_knows_repeats_and_corrections_and_without_one_it_does_not(
    post: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = put(tmp_path, "a.csv", ISOLATIONS.format(mode="居家", said="2020-02-10 08:00"))
    newer = put(
        tmp_path,
        "b.csv",
        ISOLATIONS.format(mode="居家", said="2020-02-10 09:00")
        .replace("姓名", "姓名,房号", 1)
        .replace("孙丽", "孙丽,3-2-501"),
    )
    again = put(tmp_path, "c.csv", HEADER + GOOD)
    wider = put(tmp_path, "d.csv", HEADER + GOOD + LATER)
    hotter = put(tmp_path, "e.csv", HEADER + GOOD.replace("36.5", "37.5"))
    main(["import", first, again, "--post", str(post), *RECEIVED])
    capsys.readouterr()
    later = ["--received", "2020-02-10T20:30+08:00"]
    assert main(["check", again, wider, hotter, "--post", str(post), "--json", *later]) == 0
    counts = [(one["accepted"], one["superseding"], one["duplicate"]) for one in told(capsys)]
    assert counts == [(0, 0, 1), (1, 0, 1), (0, 1, 0)]
    monkeypatch.setenv("COMMANDPOST_HOME", "~nobody-of-that-name/\x07")
    assert main(["check", again, wider, hotter, newer, "--json", *later]) == 0
    counts = [(one["accepted"], one["superseding"], one["duplicate"]) for one in told(capsys)]
    assert counts == [(1, 0, 0), (2, 0, 0), (1, 0, 0), (1, 0, 0)]


def test_what_was_known_is_shown_with_the_settings_of_then(
    post: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (post / "post.toml").write_text('[[gate]]\nname = "北门"\n', "utf-8")
    main(["import", put(tmp_path, "a.csv", HEADER + GOOD), "--post", str(post), *RECEIVED])
    (post / "post.toml").write_text(
        '[post]\nname = "后来"\n[[gate]]\nname = "北门"\n[[gate]]\nname = "新门"\n', "utf-8"
    )
    main(
        [
            "import",
            put(tmp_path, "b.csv", HEADER + LATER),
            "--post",
            str(post),
            "--received",
            "2020-02-10T21:00+08:00",
        ]
    )
    capsys.readouterr()
    seen = []
    for at in ("2020-02-10T20:30", "2020-02-10T21:30"):
        assert main(["status", "--json", "--at", at, "--post", str(post)]) == 0
        (one,) = told(capsys)
        seen.append((one["post"], [gate["name"] for gate in one["panes"]["gate"]["gates"]]))
    assert seen == [("指挥部", ["北门"]), ("后来", ["北门", "新门"])]
