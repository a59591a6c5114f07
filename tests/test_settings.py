"""post.toml: every slip is one line that names the file, the key and what should be there."""

from __future__ import annotations

import os
from datetime import date, time
from pathlib import Path
from typing import get_args

import pytest

from commandpost.desks.kinds import KINDS
from commandpost.settings import DropKind, Settings, SettingsError, load_settings, parse_settings
from commandpost.words import Words

WRONG = [
    ("foo = 1", "foo", "no such setting"),
    ("[post]\nzone = 'Mars/X'", "post.zone", "a zone name such as Asia/Shanghai"),
    ("[post]\nlockdown_since = 'soon'", "post.lockdown_since", "a date such as 2020-02-10"),
    ("[[gate]]\nenglish = 'N'", "gate[1].name", "is missing"),
    ("[[gate]]\nname = ''", "gate[1].name", "must not be empty"),
    ("[[gate]]\nname = '北门'\n[[gate]]\nname = '东门'\nminimum = -1", "gate[2].minimum", "must be at least 0"),
    ("[[gate]]\nname = '北门'\nopen = 'maybe'", "gate[1].open", "true or false"),
    ("[[gate]]\nname = '北门'\n[[gate]]\nname = '北门'", "[[gate]] 北门", "is there twice"),
    ("[gate]\nname = '北门'", "gate", "[[ … ]]"),
    ("[[duty_post]]\nname = 'x'\nhours = '25:00-26:00'", "duty_post[1].hours", '"07:00-19:00"'),
    ("[[team]]\nname = 'a/b'", "team[1].name", "a folder below drops/"),
    ("[[team]]\nname = 'a'\ndue = ['8']", "team[1].due[1]", "a time of day such as 10:00:00"),
    ("[[team]]\nname = 'a'\nevery = 'often'", "team[1].every", '"30m", "24h" or "7d"'),
    ("[[item]]\nname = '口罩'\naliases = 'x'", "item[1].aliases", "a list: [ … ]"),
    ("[thresholds]\nfever = 'hot'", "thresholds.fever", "a number"),
    ("[thresholds]\nfever = 99", "thresholds.fever", "must be at most 42"),
    ("[thresholds]\ncover_days = 0", "thresholds.cover_days", "must be above 0"),
    ("[thresholds]\nrefused_again = 2.5", "thresholds.refused_again", "a whole number"),
    ("[shifts]\n'早' = 'x'", "shifts.早", "hours such as"),
    ("language = 'fr'", "language", "one of 'zh', 'en'"),
    ("database = 3", "database", "a text in quotes"),
    ("[thresholds]\nfevr = 37", "thresholds.fevr", "did you mean fever?"),
    ("[[gate]]\nname = '北门'\nqq = 1", "gate[1].qq", "there are name, english, aliases, open, since, minimum"),
    ("[[team]]\nname = 'a'\nkinds = ['nope']", "team[1].kinds[1]", "'gate-passes'"),
    ("[[gate]]\nname = '北门'\nopen = 'yes'", "gate[1].open", "true or false"),
    ("[[gate]]\nname = '北门'\nopen = 1", "gate[1].open", "true or false"),
    ("[[gate]]\nname = '北门'\nminimum = true", "gate[1].minimum", "a whole number"),
    ("[[gate]]\nname = '北门'\nminimum = 1000", "gate[1].minimum", "must be at most 999"),
    ("[[gate]]\nname = '北门'\nsince = 5", "gate[1].since", "a date such as 2020-02-10"),
    ("[[gate]]\nname = '北门'\nsince = 2020-01-01T10:00:00", "gate[1].since", "a date such as 2020-02-10"),
    ("[[gate]]\nname = '北门'\naliases = ['']", "gate[1].aliases[1]", "must not be empty"),
    ("[[gate]]\nname = '北门'\naliases = ['东']\n[[gate]]\nname = '东门'\naliases = ['东']", "[[gate]] 东", "is there twice"),
    ("[[gate]]\nname = ' '", "gate[1].name", "words on one line"),
    ("[[gate]]\nname = \"a\\u001b[2J\"", "gate[1].name", "words on one line"),
    ("[[team]]\nname = 'a'\ndue = [10]", "team[1].due[1]", "a time of day such as 10:00:00"),
    ("[[team]]\nname = 'a'\ndue = ['10:00+08:00']", "team[1].due[1]", "a time of day such as 10:00:00"),
    ("[[team]]\nname = 'a'\nevery = '0m'", "team[1].every", 'above "0m"'),
    ("[[team]]\nname = 'a'\nevery = 2", "team[1].every", '"30m", "24h" or "7d"'),
    ("[thresholds]\ngap_ahead = '99999d'", "thresholds.gap_ahead", 'at most "366d"'),
    ("[thresholds]\ngap_ahead = '-2h'", "thresholds.gap_ahead", '"30m", "24h" or "7d"'),
    ("[thresholds]\nfever = '37.3'", "thresholds.fever", "a number"),
    ("[thresholds]\nfever = true", "thresholds.fever", "a number"),
    ("[thresholds]\ncover_days = inf", "thresholds.cover_days", "a number"),
    ("[thresholds]\nfever = nan", "thresholds.fever", "a number"),
    ("thresholds = 3", "thresholds", "a table: [ … ]"),
    ("[intake]\nheader_lines = 9999999", "intake.header_lines", "must be at most 1000"),
    ("places = ['a']", "places", "a table: [ … ]"),
    ("database = 'mysql://x'", "database", "an address such as"),
    ("database = 'sqlite://'", "database", "an address such as"),
    ("[post", "post.toml: line 1", "not TOML"),
    ("[post]\n\nname = “北”", "post.toml: line 3", "switch the input method off"),
    ("[post]\nname ＝ '北'", "post.toml: line 2", "switch the input method off"),
    ("[post]\nname = '北'\nname = '南'", "post.toml: line 3", "twice"),
    ("[post]\nname = '北", "post.toml: line 2", "the closing quote is missing"),
    ('[post]\nname = "北\nshort = 2', "post.toml: line 2", "the closing quote is missing"),
    ("[intake]\nmax_cell = " + "9" * 5000, "post.toml: line 2", "not TOML"),
    ("places = " + "[" * 5000, "post.toml", "not TOML"),
    ("[post]\nname = '\x00'", "post.toml: line 2", "not TOML"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "key", "what"), WRONG, ids=[wrong[0].split("\n")[-1][:40] for wrong in WRONG]
)
def test_a_wrong_setting_names_file_key_and_what_should_be_there(text: str, key: str, what: str) -> None:
    with pytest.raises(SettingsError) as told:
        parse_settings(text)
    line = Words("en").say(told.value.message)
    assert line.startswith("post.toml: ")
    assert key in line
    assert what in line
    assert "\n" not in line
    chinese = Words("zh").say(told.value.message)
    assert chinese.startswith("post.toml：")
    assert "Input should" not in chinese + line
    assert "Value error" not in chinese + line


def test_an_empty_file_and_no_file_are_the_same(tmp_path: Path) -> None:
    assert parse_settings("") == load_settings(tmp_path / "post.toml")[0] == Settings()


def test_every_mistake_is_counted_and_the_first_is_told() -> None:
    with pytest.raises(SettingsError, match=r"fever: a number \(and 2 more\)"):
        parse_settings("[thresholds]\nfever = 'x'\nrefused_again = 'y'\n[intake]\nmove = 3")


def test_a_time_and_a_day_may_stand_in_quotes_and_a_whole_number_is_a_number() -> None:
    told = parse_settings(
        "[post]\nlockdown_since = '2020-01-23'\n[thresholds]\nfever = 38\n[[team]]\nname = 'a'\ndue = ['10:00']"
    )
    assert (told.post.lockdown_since, told.thresholds.fever, told.team[0].due) == (
        date(2020, 1, 23),
        38,
        (time(10),),
    )


def test_a_team_may_be_declared_to_send_any_kind_there_is() -> None:
    assert get_args(DropKind) == tuple(kind.name for kind in KINDS)
    names = ", ".join(f"'{kind.name}'" for kind in KINDS)
    assert len(parse_settings(f"[[team]]\nname = 'a'\nkinds = [{names}]").team[0].kinds) == len(KINDS)


@pytest.mark.parametrize("there", ["a folder", "a pipe", "a huge file", "a link to itself"])
def test_what_is_no_file_of_settings_is_named_and_nothing_waits_for_it(there: str, tmp_path: Path) -> None:
    path = tmp_path / "post.toml"
    if there == "a folder":
        path.mkdir()
    elif there == "a pipe":
        os.mkfifo(path)
    elif there == "a huge file":
        path.write_text("#" * 1_000_001)
    else:
        path.symlink_to(path)
    with pytest.raises(SettingsError) as told:
        load_settings(path)
    for language in ("zh", "en"):
        line = Words(language).say(told.value.message)
        assert line.startswith("post.toml")
        assert "\n" not in line
        assert "Error" not in line


def test_settings_saved_as_gbk_are_told_to_be_saved_as_utf8(tmp_path: Path) -> None:
    (tmp_path / "post.toml").write_bytes("[post]\nname = '指挥部'\n".encode("gb18030"))
    with pytest.raises(SettingsError, match="not UTF-8: save it as UTF-8"):
        load_settings(tmp_path / "post.toml")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_settings_saved_by_notepad_are_read(newline: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "post.toml").write_bytes(f"[post]{newline}name = '东区'{newline}".encode(encoding))
    assert load_settings(tmp_path / "post.toml")[0].post.name == "东区"
