"""Settings: where values come from, what a wrong one says, what survives an edit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from mana_tui.config import Config, checked, variable_of
from mana_tui.configcheck import key_lines
from mana_tui.paths import Paths
from mana_tui.session import read_state
from mana_tui.settings import SHELL
from modules.sdk.setting import Setting
from storage.errors import NotFound, UserError

Make = Any


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.find(environ={"MANA_HOME": str(tmp_path)})


@pytest.fixture
def make(paths: Paths) -> Make:
    def made(text: str = "", flags: dict[str, Any] | None = None, **environ: str) -> Config:
        if text:
            paths.make_config()
            paths.config_file.write_text(text, encoding="utf-8")
        return Config(paths, flags=flags, environ=environ)

    return made


def test_without_a_file_everything_has_its_default(make: Make) -> None:
    config = make()
    assert {name: config.get(name) for name in (s.name for s in SHELL)} == {
        s.name: s.default for s in SHELL
    }
    assert config.source("theme") == "default"
    assert config.check() == []


@pytest.mark.parametrize(
    ("given", "value", "source"),
    [
        ({"flags": {"clock": 12}, "MANA_CLOCK": "24"}, 12, "flag"),
        ({"MANA_CLOCK": "12"}, 12, "environment"),
        ({}, 24, "config"),
        ({"MANA_CLOCK": ""}, 24, "config"),
    ],
)
def test_precedence(make: Make, given: Any, value: int, source: str) -> None:
    config = make("clock = 24\n", **given)
    assert config.find("clock") == (value, source)


def test_a_spaces_own_value_comes_before_the_file(make: Make) -> None:
    for setting in (s for name, s in make().settings() if s.level == "space"):
        assert setting.default is not None
    config = make('locale = "de"\n')
    assert (
        config.get("locale", {"locale": "en"}) == "de"
    )  # not a setting of the space's level


def test_settings_of_a_module_live_in_its_table(make: Make) -> None:
    config = make('[myday]\nday_ends = "17:30"\n')
    assert str(config.get("myday.day_ends"))[:5] == "17:30"
    assert config.source("myday.day_starts") == "default"
    config = make(MANA_MYDAY__DAY_STARTS="08:15")
    assert str(config.get("myday.day_starts"))[:5] == "08:15"


def test_names_of_variables() -> None:
    assert variable_of("todo.sort_by") == "MANA_TODO__SORT_BY"
    assert variable_of("password_command") == "MANA_PASSWORD_COMMAND"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("clock", "12", 12),
        ("week_start", "6", 6),
        ("linear", "true", True),
        ("linear", "yes", True),
        ("linear", "off", False),
        ("linear", "0", False),
        ("password_command", "pass show 'my vault'", ("pass", "show", "my vault")),
        ("password_command", '["pass", "show", "a b"]', ("pass", "show", "a b")),
        ("locale", "de-CH", "de-CH"),
        ("currency", "CHF", "CHF"),
    ],
)
def test_text_becomes_what_the_setting_is(
    make: Make, name: str, text: str, value: Any
) -> None:
    assert make(**{variable_of(name): text}).get(name) == value
    config = make()
    assert config.set(name, text) == value
    assert config.get(name) == value
    assert config.source(name) == "config"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("clock", "13"),
        ("week_start", "7"),
        ("week_start", "monday"),
        ("linear", "maybe"),
        ("currency", "euro"),
        ("locale", "german"),
        ("idle_lock", "-1"),
        ("keymap", "nano"),
        ("password_command", "['unclosed"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_written(
    make: Make, paths: Paths, name: str, text: str
) -> None:
    config = make()
    with pytest.raises(UserError) as caught:
        config.set(name, text)
    assert name in str(caught.value)
    assert caught.value.hint
    assert not paths.config_file.exists()
    with pytest.raises(UserError, match=variable_of(name)):
        make(**{variable_of(name): text}).get(name)


def test_unknown_names_say_the_nearest(make: Make) -> None:
    for wrong, right in (("tehme", "theme"), ("myday.day_end", "myday.day_ends")):
        with pytest.raises(NotFound) as caught:
            make().get(wrong)
        assert right in caught.value.hint
    with pytest.raises(NotFound):
        make().set("nowhere.x", "1")


COMMENTED = """# my settings
theme = "nord"   # the blue one

  [myday] # evenings
day_ends = "17:00"
# the end
"""


def test_comments_and_order_survive(make: Make, paths: Paths) -> None:
    config = make(COMMENTED)
    config.set("theme", "paper")
    config.set("myday.day_ends", "18:30")
    config.set("clock", "12")
    text = paths.config_file.read_text()
    for kept in ("# my settings", "# the blue one", "# evenings", "# the end"):
        assert kept in text
    assert text.index("theme") < text.index("[myday]")
    config.unset("clock")
    config.unset("theme")
    assert config.get("theme") == Config(paths, environ={}).get("theme")
    assert config.source("theme") == "default"
    assert "# my settings" in paths.config_file.read_text()
    assert paths.config_file.stat().st_mode & 0o077 == 0


def test_setting_and_unsetting_leaves_what_was_there(make: Make, paths: Paths) -> None:
    config = make('theme = "nord"\n')
    config.set("clock", "12")
    assert config.unset("clock") is True
    assert config.unset("clock") is False
    assert paths.config_file.read_text() == 'theme = "nord"\n'


def test_an_unknown_setting_can_be_taken_out(make: Make) -> None:
    config = make("[gone]\nold = 1\nkept = 2\n")
    assert config.unset("gone.old")
    assert "old" not in config.text()
    assert "kept" in config.text()


def test_check_names_lines_and_nearest_keys(make: Make) -> None:
    config = make(
        'theme = "nord"\nwekk_start = 1\nclock = 13\n\n[myday]\nday_edns = "17:00"\n'
        "[[todo]]\nx = 1\n[quite]\nunknown = 1\n",
        MANA_CLOCK="25",
        MANA_MYDAY__DAY_ENDZ="1",
        MANA_HOME="/x",
        MANA_UNRELATED="1",
    )
    wrong = config.check()
    assert wrong[0].startswith("config.toml line 2: there is no setting 'wekk_start'")
    assert "week_start" in wrong[0]
    assert wrong[1].startswith("config.toml line 3: clock cannot be '13'")
    assert "line 6" in wrong[2]
    assert "did you mean myday.day_ends?" in wrong[2]
    assert any("line 9" in one and "'quite'" in one for one in wrong)
    assert any(one.startswith("MANA_CLOCK cannot be '25'") for one in wrong)
    assert any("did you mean MANA_MYDAY__DAY_ENDS?" in one for one in wrong)
    assert not any("MANA_HOME" in one or "UNRELATED" in one for one in wrong)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme = nord", "line 1"),
        ("a = 1\na = 2", "line 2"),
        ("[x", "line 1"),
        ("\n\n= 3", "line 3"),
    ],
)
def test_a_file_that_is_not_toml_names_the_line(make: Make, text: str, said: str) -> None:
    config = make(text)
    assert said in config.check()[0]
    with pytest.raises(UserError, match=said):
        config.get("theme")
    with pytest.raises(UserError, match=said):
        config.set("clock", "12")
    assert config.text() == text


def test_bytes_that_are_no_text(make: Make, paths: Paths) -> None:
    paths.make_config()
    paths.config_file.write_bytes(b"\xff\xfe")
    assert "UTF-8" in make().check()[0]
    paths.config_file.write_bytes(b"#" * (2**20 + 1))
    assert "1 MB" in make().check()[0]
    paths.config_file.write_bytes(b'\xef\xbb\xbftheme = "x"\n')
    assert make().get("theme") == "x"


def test_a_table_where_a_value_is(make: Make) -> None:
    config = make("myday = 3\n")
    assert config.get("myday.day_ends") == config.setting("myday.day_ends").default
    with pytest.raises(UserError, match="not a table"):
        config.set("myday.day_ends", "17:00")


def test_lines_of_keys() -> None:
    text = 'a = """\nb = 1\n"""\nc.d = 2\n[e . "f"]\ng = {h = 1}\n[[i]]\nj=1\n'
    expected = {"a": 1, "c.d": 4, "e.f": 5, "e.f.g": 6, "i": 7, "i.j": 8}
    assert key_lines(text) == expected


def test_settings_of_the_device_stay_on_it(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Setting(
        name="font", title="Font", type=Literal["a", "b"], default="a", level="device"
    )
    monkeypatch.setattr("mana_tui.config.SHELL", (*SHELL, mine))
    config = Config(paths, environ={})
    assert config.set("font", "b") == "b"
    assert config.find("font") == ("b", "device")
    assert not paths.config_file.exists()
    assert read_state(paths) == {"settings": {"font": "b"}}
    assert config.unset("font")
    assert config.find("font") == ("a", "default")


def test_lengths_of_time_are_typed_as_people_type_them() -> None:
    nap = Setting(name="nap", title="Nap", type=timedelta, default=timedelta(minutes=20))
    assert checked("1h30", nap, "nap") == timedelta(minutes=90)


def test_describing_says_everything(make: Make) -> None:
    said = make('theme = "nord"\n').describe()
    assert said["theme"]["value"] == "nord"
    assert said["theme"]["from"] == "config"
    assert {"value", "from", "default", "title", "help", "level"} <= set(said["theme"])
    assert "myday.day_ends" in said


@pytest.mark.parametrize("setting", SHELL, ids=lambda s: s.name)
def test_every_default_is_allowed_and_explained(setting: Setting) -> None:
    assert checked(setting.default, setting, setting.name) == setting.default
    assert setting.title
    assert setting.help
