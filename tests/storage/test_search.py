"""Search: everything that is there and visible, nothing else, as new as the vault."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from storage.kind import Kind
from storage.query import Query
from storage.record import Record, Visibility
from storage.scope import Scope
from storage.search import Document, Hit, QueryError, Search, Stopped, default_document
from storage.search.fold import tokens
from storage.store import Store
from storage.tag import Tag
from storage.vault import Vault
from tests.program import ROOT
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog, Mood, Note, Task

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def search(vault: Vault) -> Iterator[Search]:
    made = Search(vault, clock=lambda: NOW)
    yield made
    made.close()


class Found:
    """Asks a search in one scope and says titles."""

    def __init__(self, search: Search, store: Store) -> None:
        self.search, self.store = search, store

    def __call__(self, text: str, **scope: Any) -> list[str]:
        return [hit.title for hit in self.hits(text, **scope)]

    def hits(self, text: str, limit: int = 50, **scope: Any) -> list[Hit]:
        asked = msgspec.structs.replace(self.store.scope, **scope)
        return self.search.find(text, (asked,), limit)


@pytest.fixture
def found(search: Search, store: Store) -> Found:
    return Found(search, store)


# --- as new as the vault ---------------------------------------------------------------


def test_it_finds_what_was_just_written(found: Found, store: Store) -> None:
    assert found("milk") == []
    task = store.put(Task(title="Buy milk", notes="two litres"))
    assert found("milk") == found("litres") == ["Buy milk"]
    store.put(msgspec.structs.replace(task, title="Buy bread"))
    assert found("milk") == []
    assert found("bread litres") == ["Buy bread"]
    store.undo()
    assert found("milk") == ["Buy milk"]
    assert found("bread") == []


def test_the_trash_is_found_only_when_asked_for(found: Found, store: Store) -> None:
    task = store.put(Task(title="Old boiler"))
    store.put(Task(title="New boiler"))
    store.delete(Task, task.id)
    assert found("boiler") == ["New boiler"]
    assert found("boiler in:trash") == ["Old boiler"]
    assert set(found("boiler in:all")) == {"Old boiler", "New boiler"}
    assert found("in:trash") == ["Old boiler"]
    assert found("boiler", state="trash") == ["Old boiler"]
    store.restore(Task, task.id)
    assert set(found("boiler")) == {"Old boiler", "New boiler"}
    assert found("in:trash") == []


def test_what_was_purged_is_gone_from_the_index_too(
    found: Found, search: Search, store: Store
) -> None:
    task = store.put(Task(title="Secret boiler"))
    assert found("secret") == ["Secret boiler"]
    store.delete(Task, task.id)
    store.purge(Task, task.id)
    assert found("secret in:all") == []
    assert rows(search, "doc") == []
    assert search.index.db.value("SELECT count(*) FROM text WHERE text MATCH 'secret'") == 0


def test_an_unfinished_transaction_is_not_indexed(found: Found, store: Store) -> None:
    store.put(Task(title="before"))

    class Undecided(Exception):
        pass

    def undecided() -> None:
        with store.transaction("maybe"):
            store.put(Task(title="maybe"))
            assert found("maybe") == []
            raise Undecided

    with pytest.raises(Undecided):
        undecided()
    assert found("maybe") == []
    store.put(Task(title="after maybe"))
    assert found("maybe") == ["after maybe"]


def test_another_process_writes_and_indexes(
    found: Found, store: Store, vault: Vault
) -> None:
    store.put(Task(title="mine one"))
    assert found("one") == ["mine one"]
    script = (
        "import sys; from pathlib import Path; from storage.vault import Vault\n"
        "from storage.search import Search; from tests.storage.kinds import Catalog, Task\n"
        "from tests.storage.conftest import KEY\n"
        "vault = Vault.open(Path(sys.argv[1]), KEY, Catalog())\n"
        "store = vault.store(vault.scope()); search = Search(vault)\n"
        "store.put(Task(title='theirs one'))\n"
        "print(sorted(hit.title for hit in search.find('one', (store.scope,))))\n"
        "store.put(Task(title='theirs two'))\n"
    )
    asked = [sys.executable, "-c", script, str(vault.db.path.parent)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['mine one', 'theirs one']"
    assert set(found("theirs")) == {"theirs one", "theirs two"}


def test_processes_that_build_at_once_all_find_everything(
    store: Store, vault: Vault
) -> None:
    store.put_many([Task(title=f"task {n}") for n in range(2_500)])
    script = (
        "import sys; from pathlib import Path; from storage.vault import Vault\n"
        "from storage.search import Search; from tests.storage.kinds import Catalog, Task\n"
        "from tests.storage.conftest import KEY\n"
        "vault = Vault.open(Path(sys.argv[1]), KEY, Catalog()); scope = vault.scope()\n"
        "store = vault.store(scope); search = Search(vault, version=sys.argv[2])\n"
        "found = len(search.find('task', (scope,), 10_000))\n"
        "store.put(Task(title='mine ' + sys.argv[2]))\n"
        "search.rebuild() if sys.argv[2] == '1' else None\n"
        "print(found, len(search.find('mine ' + sys.argv[2], (scope,))))\n"
    )
    folder = str(vault.db.path.parent)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, folder, str(n % 2)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(3)
    ]
    said = [one.communicate()[0].split() for one in running]
    assert all(found == "2500" and int(mine) >= 1 for found, mine in said), said
    assert all(one.returncode == 0 for one in running)
    last = Search(vault)
    assert len(last.find("mine", (store.scope,))) == 3
    assert len(last.find("task", (store.scope,), 10_000)) == 2_500
    last.close()


def test_an_index_that_is_emptied_while_it_is_built_is_not_half_of_one(
    vault: Vault, store: Store
) -> None:
    store.put_many([Task(title=f"task {n}") for n in range(200)])
    mine, theirs = Search(vault), Search(vault)
    mine.index.chunk = 50

    def meanwhile(done: int, total: int) -> None:
        if done < 100:
            theirs.rebuild()

    mine.catch_up(meanwhile)
    assert mine.index.seen == -1
    assert len(mine.find("task", (store.scope,), 10_000)) == 200
    mine.close()
    theirs.close()


def test_catching_up_reads_only_what_changed(search: Search, store: Store) -> None:
    store.put_many([Task(title=f"task {n}") for n in range(20)])
    assert search.catch_up() > 20
    assert search.catch_up() == 0
    store.put(Task(title="one more"))
    assert search.catch_up() == 1
    assert search.catch_up() == 0


def test_progress_is_told(search: Search, store: Store) -> None:
    store.put_many([Task(title=f"task {n}") for n in range(30)])
    told: list[tuple[int, int]] = []
    search.find(
        "task", (store.scope,), progress=lambda done, total: told.append((done, total))
    )
    assert told
    assert told[-1][0] == told[-1][1]


def test_an_interrupted_build_goes_on(search: Search, store: Store, vault: Vault) -> None:
    store.put_many([Task(title=f"task {n}") for n in range(200)])

    search.index.chunk = 50

    class Enough(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Enough(done, total)

    with pytest.raises(Enough) as caught:
        search.catch_up(stop)
    done, total = caught.value.args
    assert 0 < done < total
    store.put(Task(title="task meanwhile"))
    first = store.first(Query(Task).order("id"))
    assert first is not None
    store.put(msgspec.structs.replace(first, title="renamed meanwhile"))
    again = Search(vault)
    assert again.catch_up() < total
    assert len(again.find("meanwhile", (store.scope,))) == 2
    assert len(again.find("task", (store.scope,), 10_000)) == 200
    again.close()


def test_it_can_be_thrown_away(found: Found, search: Search, store: Store) -> None:
    store.put(Task(title="stays"))
    assert found("stays") == ["stays"]
    search.rebuild()
    assert found("stays") == ["stays"]


@pytest.mark.parametrize("at", [0, 20, 4096 + 100, -200])
def test_a_damaged_index_is_made_again(
    vault: Vault, store: Store, folder: Path, at: int
) -> None:
    store.put_many([Task(title=f"task {n}", notes="x " * 50) for n in range(200)])
    first = Search(vault)
    assert len(first.find("task", (store.scope,), 500)) == 200
    first.close()
    path = folder / "search.db"
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    again = Search(vault)
    again.catch_up()
    store.put(Task(title="task more"))
    assert len(again.find("task", (store.scope,), 500)) == 201
    again.close()


def test_a_restored_vault_does_not_keep_the_newer_ones_index(
    tmp_path: Path, folder: Path
) -> None:
    vault = Vault.create(folder, KEY, Catalog(), person="Ada")
    vault.store(vault.scope()).put(Task(title="early"))
    vault.close()
    backup = tmp_path / "backup.db"
    shutil.copy(folder / "vault.db", backup)
    for run, title in enumerate(("later", "otherwise")):
        vault = Vault.open(folder, KEY, Catalog())
        store = vault.store(vault.scope())
        store.put(Task(title=title))
        store.put(Task(title=f"{title} still"))
        search = Search(vault)
        assert len(search.find(title, (store.scope,))) == 2
        assert len(search.find("later", (store.scope,))) == (0 if run else 2)
        assert len(search.find("early", (store.scope,))) == 1
        search.close()
        vault.close()
        for name in ("vault.db-wal", "vault.db-shm", "vault.db-tail"):
            (folder / name).unlink(missing_ok=True)
        shutil.copy(backup, folder / "vault.db")


def test_another_document_function_rebuilds(vault: Vault, store: Store) -> None:
    def shout(kind: Kind, record: Record) -> Document:
        made = default_document(kind, record)
        return Document(title=made.title, body="overruled")

    store.put(Task(title="x", notes="default"))
    for version, make, word in (
        ("1", default_document, "default"),
        ("2", shout, "overruled"),
    ):
        search = Search(vault, make, version=version)
        assert len(search.find(word, (store.scope,))) == 1
        search.close()


def test_a_failing_document_function_costs_its_own_words_only(
    vault: Vault, store: Store
) -> None:
    def broken(kind: Kind, record: Record) -> Document:
        if kind.name == "todo.task":
            raise ZeroDivisionError
        return Document(title="own words")

    store.put(Task(title="still found"))
    store.put(Note(title="x"))
    search = Search(vault, broken)
    assert [hit.title for hit in search.find("found", (store.scope,))] == ["still found"]
    assert [hit.kind for hit in search.find("words", (store.scope,))] == ["notes.note"]
    assert search.problems == {"todo.task": "ZeroDivisionError"}
    search.close()


def test_kinds_of_a_missing_module_are_left_alone(vault: Vault, folder: Path) -> None:
    class Alien(Record, kind="alien.thing"):
        """A kind of somebody else's module."""

        name: str

    vault.close()
    with_it = Vault.open(folder, KEY, Catalog(Alien))
    with_it.store(with_it.scope()).put(Alien(name="visitor"))
    with_it.store(with_it.scope()).put(Task(title="visitor task"))
    with_it.close()
    without = Vault.open(folder, KEY, Catalog())
    search = Search(without)
    hits = search.find("visitor", (without.scope(),))
    assert [hit.title for hit in hits] == ["visitor task"]
    search.close()
    without.close()


# --- scopes -------------------------------------------------------------------------------


def test_spaces_do_not_see_each_other(search: Search, vault: Vault, store: Store) -> None:
    club = vault.store(vault.scope(vault.new_space("Club", "club", "club").slug))
    store.put(Task(title="mine plan"))
    club.put(Task(title="club plan"))

    def titles(*scopes: Scope, text: str = "plan") -> set[str]:
        return {hit.title for hit in search.find(text, scopes)}

    assert titles(store.scope) == {"mine plan"}
    assert titles(club.scope) == {"club plan"}
    assert titles(store.scope, club.scope) == {"mine plan", "club plan"}
    assert titles(store.scope, club.scope, text="plan in:club") == {"club plan"}
    assert titles(store.scope, club.scope, text="plan -in:club") == {"mine plan"}
    assert titles(store.scope, club.scope, text="plan in:@me") == {"mine plan"}
    with pytest.raises(QueryError, match="no space"):
        titles(store.scope, text="plan in:club")


def test_kinds_a_space_may_not_have_are_not_found(search: Search, vault: Vault) -> None:
    scope = vault.scope()
    vault.store(scope).put(Mood(level=3, note="calm sea"))
    assert [hit.kind for hit in search.find("calm", (scope,))] == ["mood.mood"]
    as_club = msgspec.structs.replace(scope, space_type="club")
    assert search.find("calm", (as_club,)) == []
    assert search.find("kind:mood", (as_club,)) == []


@pytest.mark.parametrize("visibility", ["space", "private"])
def test_private_records_are_their_authors(
    found: Found, store: Store, visibility: Visibility
) -> None:
    store.put(Task(title="diary", visibility=visibility))
    assert found("diary") == ["diary"]
    assert found("diary", person="bob") == (["diary"] if visibility == "space" else [])


def test_a_scopes_tags_narrow(found: Found, store: Store) -> None:
    home, work = store.tag_ids(["home", "work"])
    store.put(Task(title="fix door", tags=(home,)))
    store.put(Task(title="fix build", tags=(work,)))
    store.put(Task(title="fix anything"))
    assert set(found("fix", tags=(home,))) == {"fix door", "fix anything"}
    assert len(found("fix")) == 3


def test_a_stale_index_shows_nothing_the_store_would_not(
    found: Found, search: Search, store: Store
) -> None:
    """Even if the index were wrong: hits are read through the scope."""
    store.put(Task(title="elsewhere"))
    assert found("elsewhere") == ["elsewhere"]
    other = search.index.db
    with other.write():
        other.execute("UPDATE doc SET trashed = 1 - trashed")
    assert found("elsewhere in:trash") == []


# --- filters ---------------------------------------------------------------------------------


def test_filters_narrow(found: Found, store: Store) -> None:
    (home,) = store.tag_ids(["Home"])
    day = date(2026, 11, 24)
    store.put(Task(title="a due", due=day, tags=(home,), notes="see https://example.org"))
    store.put(Task(title="b done", done=NOW))
    note = store.put(Note(title="c note", text="long"))
    task = store.put(Task(title="d linked"))
    store.link(task, "attachment", note)
    cases = {
        "kind:task": {"a due", "b done", "d linked"},
        "kind:tasks": {"a due", "b done", "d linked"},
        "kind:todo.task": {"a due", "b done", "d linked"},
        "kind:todo": {"a due", "b done", "d linked"},
        "kind:note,task -kind:task": {"c note"},
        "tag:home": {"a due"},
        "tag:#HOME": {"a due"},
        "-tag:home": {"b done", "c note", "d linked"},
        "tag:none-such": set(),
        "has:tag": {"a due"},
        "is:open": {"a due", "d linked"},
        "is:done": {"b done"},
        "is:done,open -is:done": {"a due", "d linked"},
        "due:tomorrow": {"a due"},
        "due:<friday": {"a due"},
        "due:>friday": set(),
        "due:none": {"b done", "c note", "d linked"},
        "has:date": {"a due"},
        "has:note": {"a due", "c note"},
        "has:link": {"a due", "c note", "d linked"},
        "has:attachment": {"c note", "d linked"},
        "title:note": {"c note"},
        "before:2026-11-25 kind:task due:any": {"a due"},
    }
    for query, expected in cases.items():
        assert set(found(query)) == expected, query


def test_links_that_end_are_forgotten(found: Found, store: Store) -> None:
    one, other = store.put(Task(title="one")), store.put(Task(title="other"))
    link = store.link(one, "related", other)
    assert len(found("has:link")) == 2
    store.unlink(link)
    assert found("has:link") == []
    store.undo()
    assert len(found("has:link")) == 2


def test_times_are_those_of_the_persons_days(vault: Vault, store: Store) -> None:
    from zoneinfo import ZoneInfo

    vault.clock = lambda: datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    store.put(Task(title="late"))
    for zone, day in (("UTC", "2026-11-22"), ("Europe/Zurich", "2026-11-23")):
        search = Search(vault, clock=lambda zone=zone: NOW.astimezone(ZoneInfo(zone)))
        assert len(search.find(f"created:{day}", (store.scope,))) == 1
        assert search.find(f"-created:{day} late", (store.scope,)) == []
        search.close()


def test_people_are_searched_by_from(vault: Vault, store: Store) -> None:
    def letters(kind: Kind, record: Record) -> Document:
        made = default_document(kind, record)
        return Document(title=made.title, people=made.body)

    store.put(Task(title="Letter", notes="Anna Müller"))
    store.put(Task(title="Anna's list"))
    search = Search(vault, letters)
    for query, expected in (
        ("from:anna", {"Letter"}),
        ("from:mueller", set()),
        ("from:MÜLLER", {"Letter"}),
        ("anna", {"Letter", "Anna's list"}),
        ('from:"anna muller"', {"Letter"}),
        ("anna -from:anna", {"Anna's list"}),
    ):
        assert {h.title for h in search.find(query, (store.scope,))} == expected, query
    search.close()


def test_renaming_a_tag_is_noticed(found: Found, store: Store) -> None:
    (tag,) = store.tag_ids(["garden"])
    store.put(Task(title="dig", tags=(tag,)))
    assert found("garden") == ["dig"]
    store.put(msgspec.structs.replace(store.get(Tag, tag), name="allotment"))
    assert found("garden") == []
    assert found("allotment") == found("tag:allotment") == ["dig"]


def test_names_that_do_not_exist_are_said(found: Found, store: Store) -> None:
    store.put(Task(title="x"))
    with pytest.raises(QueryError) as caught:
        found("x kind:taks")
    assert caught.value.at == 7
    assert "task" in caught.value.hint
    assert found("kind:note") == []


# --- words, scripts, ranking, snippets -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Straßenbahn", "strasse"),
        ("STRASSE", "straße"),
        ("Œuvre", "oeuvre"),
        ("Zoë", "zoe"),
        ("zoe", "ZOË"),
        ("東京タワーの写真", "東京"),
        ("東京タワーの写真", "写真"),
        ("東京タワーの写真", "タワー"),
        ("東京タワーの写真", "京"),
        ("서울에서", "서울"),
        ("ภาษาไทย", "ไทย"),
        ("Ёлка", "елка"),
        ("don't panic", "don't"),
        ("v2.0-rc1", "v2.0"),
        ("a\u0301 la carte", "à la"),
        ("ﬁnance", "fin"),
        ("x" * 500, "x" * 499),
    ],
)
def test_scripts_and_spellings(found: Found, store: Store, text: str, query: str) -> None:
    store.put(Task(title=text))
    store.put(Task(title="unrelated"))
    hits = found.hits(query)
    assert [hit.title for hit in hits] == [text]
    assert hits[0].title_marks


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("東京", "京東"),
        ("last big invoice", '"last invoice"'),
        ("rental", '"rent"'),
        ("a", "b"),
    ],
)
def test_what_does_not_match(found: Found, store: Store, text: str, query: str) -> None:
    store.put(Task(title=text))
    assert found(query) == []


def test_first_letters_find_titles(found: Found, store: Store) -> None:
    store.put(Task(title="Zebra", notes="quagga"))
    assert found("z") == found("ze") == found("zeb") == ["Zebra"]
    assert found("qu") == []
    assert found("qua") == ["Zebra"]
    assert found("quagga z") == found("z quagga") == ["Zebra"]
    assert found("zebra x") == []
    store.put(Task(title="Vitamins", notes="vitamin d"))
    assert found("vitamin d") == ["Vitamins"]


def test_titles_come_before_bodies_and_new_before_old(
    found: Found, vault: Vault, store: Store
) -> None:
    vault.clock = lambda: NOW - timedelta(days=700)
    store.put(Task(title="rent one year"))
    vault.clock = lambda: NOW
    store.put(Task(title="flat", notes="the rent of it"))
    store.put(Task(title="rent this year"))
    store.put(Task(title="rent that year", done=NOW))
    assert found("rent")[0] == "rent this year"
    assert found("rent")[-1] == "flat"
    assert found("rent").index("rent that year") < found("rent").index("flat")
    scores = [hit.score for hit in found.hits("rent")]
    assert scores == sorted(scores, reverse=True)


def test_kinds_weigh(vault: Vault, store: Store) -> None:
    store.put(Task(title="same words"))
    store.put(Note(title="same words"))
    for weights, first in (
        ({"todo.task": 3.0}, "todo.task"),
        ({"notes.note": 3.0}, "notes.note"),
    ):
        search = Search(vault, weights=weights, clock=lambda: NOW)
        assert search.find("same", (store.scope,))[0].kind == first
        search.close()


def test_snippets_show_the_place(found: Found, store: Store) -> None:
    body = "Lorem ipsum " * 40 + "the heating\nbill of Straße 5 " + "dolor sit " * 40
    store.put(Task(title="Flat", notes=body))
    (hit,) = found.hits("strasse bill")
    marked = [hit.snippet[a:b] for a, b in hit.marks]
    assert marked == ["bill", "Straße"]
    assert hit.snippet.startswith("… ")
    assert hit.snippet.endswith(" …")
    assert "\n" not in hit.snippet
    assert len(hit.snippet) < 130
    assert hit.title_marks == ()
    assert hit.short


def test_a_body_without_the_word_shows_its_beginning(found: Found, store: Store) -> None:
    store.put(Task(title="Heating", notes="first line\nsecond line"))
    (hit,) = found.hits("heating")
    assert (hit.snippet, hit.marks) == ("first line second line", ())
    assert hit.title_marks == ((0, 7),)


def test_limits(found: Found, store: Store) -> None:
    store.put_many([Task(title=f"many {n}") for n in range(30)])
    assert len(found.hits("many", 7)) == 7
    assert found.hits("many", 0) == []
    assert len({hit.id for hit in found.hits("m", 30)}) == 30


def test_nothing_asked_nothing_found(found: Found, search: Search, store: Store) -> None:
    store.put(Task(title="x"))
    assert found("") == found("  ") == []
    assert search.find("x", ()) == []


@pytest.mark.parametrize(
    "hostile",
    [
        '"; DROP TABLE doc; --',
        "'",
        '""x',
        "NEAR(a b)",
        "a AND b OR c NOT d",
        "^x",
        "{title}: x",
    ],
)
def test_hostile_text_is_only_text(found: Found, store: Store, hostile: str) -> None:
    store.put(Task(title="NEAR a b and or not c d x drop table doc title"))
    with suppress(QueryError):
        assert found(hostile) in ([], ["NEAR a b and or not c d x drop table doc title"])
    assert found("table") != []


def test_a_running_query_can_be_stopped(found: Found, search: Search, store: Store) -> None:
    """The query counts 10^9 rows; stopping it lets the next one through."""
    store.put(Task(title="after"))
    assert found("after") == ["after"]
    endless = (
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000000) "
        "SELECT count(*), 0 FROM c"
    )
    started, stopped = threading.Event(), threading.Event()

    def run() -> None:
        started.set()
        try:
            search._reading.run(endless)
        except Stopped:
            stopped.set()

    thread = threading.Thread(target=run)
    thread.start()
    started.wait(5)
    while thread.is_alive():
        search.interrupt()
        thread.join(0.01)
    assert stopped.is_set()
    assert found("after") == ["after"]


# --- at rest ------------------------------------------------------------------------------------


def test_no_word_is_readable_in_any_file(vault: Vault, store: Store, folder: Path) -> None:
    canary = "Xylophonquarzkanarie"
    (tag,) = store.tag_ids([f"tag{canary}"])
    search = Search(vault)
    for n in range(300):
        store.put(Task(title=f"{canary} {n}", notes=f"{canary} " * 5, tags=(tag,)))
        if not n % 50:
            assert search.find(canary, (store.scope,))
    for path in folder.iterdir():
        data = path.read_bytes().lower()
        assert canary.lower().encode() not in data, path.name
        assert canary.lower().encode("utf-16-le") not in data, path.name
        assert b"CREATE".lower() not in data, path.name
        assert path.stat().st_mode & 0o077 == 0, path.name
    search.close()


# --- any history ----------------------------------------------------------------------------------

WORDS = ("alpha", "beta", "gamma", "Straße", "東京", "delta")
texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)


class Histories(RuleBasedStateMachine):
    """After any history, what is found for a word equals the rows that hold it."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.vault = Vault.create(self.folder / "v", KEY, Catalog(), person="Ada")
        self.store = self.vault.store(self.vault.scope())
        self.search = Search(self.vault, clock=lambda: NOW)
        self.ids: list[str] = []
        self.tags = self.store.tag_ids(["red", "blue"])

    def teardown(self) -> None:
        if hasattr(self, "search"):
            self.search.close()
            self.vault.close()
            shutil.rmtree(self.folder)

    def every(self, state: Any) -> list[Task]:
        scope = msgspec.structs.replace(self.store.scope, state=state)
        return self.vault.store(scope).all(Query(Task))

    @rule(title=texts, notes=texts, tag=st.sampled_from([(), (0,), (0, 1)]))
    def put(self, title: str, notes: str, tag: tuple[int, ...]) -> None:
        tags = tuple(self.tags[n] for n in tag if self.store.find(Tag, self.tags[n]))
        made = self.store.put(Task(title=title or "untitled", notes=notes, tags=tags))
        self.ids.append(made.id)

    @rule(data=st.data(), notes=texts)
    def change(self, data: st.DataObject, notes: str) -> None:
        live = self.every("live")
        if live:
            one = data.draw(st.sampled_from(live))
            self.store.put(msgspec.structs.replace(one, notes=notes))

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        live = self.every("live")
        if live:
            self.store.delete(Task, data.draw(st.sampled_from(live)).id)

    @rule(data=st.data())
    def purge(self, data: st.DataObject) -> None:
        trash = self.every("trash")
        if trash:
            self.store.purge(Task, data.draw(st.sampled_from(trash)).id)

    @rule()
    def undo(self) -> None:
        self.store.undo()

    @rule()
    def redo(self) -> None:
        self.store.redo()

    @rule()
    def rebuild(self) -> None:
        self.search.rebuild()

    @rule()
    def restart(self) -> None:
        self.search.close()
        self.vault.close()
        self.vault = Vault.open(self.folder / "v", KEY, Catalog())
        self.store = self.vault.store(self.vault.scope())
        self.search = Search(self.vault, clock=lambda: NOW)

    @invariant()
    def the_index_equals_the_rows(self) -> None:
        if not hasattr(self, "search"):
            return
        for state in ("live", "trash"):
            rows = self.every(state)
            suffix = " in:trash" if state == "trash" else ""
            for word in WORDS:
                wanted = set(tokens(word))
                held = {
                    one.id
                    for one in rows
                    if wanted <= set(tokens(f"{one.title} {one.notes}"))
                }
                hits = self.search.find(f'"{word}"{suffix}', (self.store.scope,), 1000)
                assert {hit.id for hit in hits} == held, (word, state)
        assert len(rows_of(self.search)) == len(self.every("all"))


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=8,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def rows(search: Search, table: str) -> list[tuple[Any, ...]]:
    return search.index.db.rows(f"SELECT * FROM {table}")


def rows_of(search: Search) -> list[tuple[Any, ...]]:
    return rows(search, "doc")
