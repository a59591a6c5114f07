"""post.toml: every slip is one line that names the file, the key and what should be there."""

from __future__ import annotations

from pathlib import Path

import pytest

from commandpost.settings import Settings, SettingsError, load_settings, parse_settings
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
    ("[post", "post.toml", "not TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "what"), WRONG, ids=[wrong[0].split("\n")[-1] for wrong in WRONG])
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


def test_settings_saved_as_gbk_are_told_to_be_saved_as_utf8(tmp_path: Path) -> None:
    (tmp_path / "post.toml").write_bytes("[post]\nname = '指挥部'\n".encode("gb18030"))
    with pytest.raises(SettingsError, match="not UTF-8: save it as UTF-8"):
        load_settings(tmp_path / "post.toml")


def test_settings_saved_by_notepad_are_read(tmp_path: Path) -> None:
    (tmp_path / "post.toml").write_bytes("[post]\r\nname = '东区'\r\n".encode("utf-8-sig"))
    assert load_settings(tmp_path / "post.toml")[0].post.name == "东区"
