"""Reading an archive back: into a vault that holds nothing, or beside what is there."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, cast

import msgspec

from storage.actor import Actor
from storage.errors import DamagedError, NotFound, Refused, UserError
from storage.portable.form import FIRST, LAST, SpaceEntry, in_order, records_path
from storage.portable.log import Log
from storage.portable.merge import Merge, Prefer, Taken, Target
from storage.portable.read import Archive, Problem
from storage.portable.shape import kind_names
from storage.scope import Scope
from storage.space import SPACE_TYPES, Space
from storage.table import table_name
from storage.transaction import Gesture, Transaction

if TYPE_CHECKING:
    from storage.vault import Vault

Progress = Callable[[int, "int | None", str], None]
TITLE, ORIGIN = "Read an archive", "archive.read"
PERSONAL = "@me"

_BLOB = re.compile(rb"blob-([0-9a-f]{64})")
_OF_SPACE = ("space", "member")
_NAMED = 5


def take_archive(
    vault: Vault,
    archive: Archive,
    *,
    only: Sequence[str] = (),
    history: bool = False,
    prefer: Prefer = "newer",
    partly: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda *_: None,
) -> list[Taken]:
    """Bring an archive's records into the vault, in one transaction; what each space got.

    `only` names spaces by slug. A damaged archive is a DamagedError unless `partly` asks
    for what is whole of it. In each space it is one undo; with `history`, which only a
    vault that holds nothing takes, undo goes on where the archive left off instead.
    """
    if history and not archive.index.history:
        raise UserError(
            "The archive has no history.", hint="mana archive write DIR --history"
        )
    spaces = _chosen(archive, only)
    folders = tuple(f"spaces/{space.folder}/" for space in spaces)
    names = [n for n in archive.needed(history) if n.startswith((*folders, "blobs/"))]
    damage = list(archive.damage(names, progress))
    if damage and not partly:
        raise _damaged(damage)
    with (
        vault.batch(TITLE, origin=ORIGIN),
        vault.rehearse() if dry_run else nullcontext(),
        vault.writing(TITLE) as (transaction, _),
    ):
        work = _Take(vault, archive, transaction, progress)
        made = work.run(spaces, history, prefer, dry_run)
    for one in made:
        one.dry_run = dry_run
    if made:
        made[0].problems[:0] = [one for one in damage if not one.line]
    _settle(vault)
    return made


def _damaged(damage: list[Problem]) -> DamagedError:
    listed = "; ".join(f"{one.item}: {one.reason}" for one in damage[:_NAMED])
    more = f"; and {len(damage) - _NAMED} more" if len(damage) > _NAMED else ""
    return DamagedError(
        f"The archive is damaged. {listed}{more}.", hint="--partly takes what is whole"
    )


def _chosen(archive: Archive, only: Sequence[str]) -> list[SpaceEntry]:
    known = {space.slug.casefold(): space for space in archive.index.spaces}
    for word in only:
        if word.casefold() not in known:
            raise NotFound(
                f"The archive has no space {word!r}.", hint=f"it has: {', '.join(known)}"
            )
    wanted = {word.casefold() for word in only} or known.keys()
    return [space for slug, space in known.items() if slug in wanted]


def _settle(vault: Vault) -> None:
    """The person of the vault may have become that of the archive."""
    vault.person = vault.meta("person") or ""
    vault.actor = Actor(kind="user", id=vault.person, name=vault.meta("name") or "")


def holds_nothing(vault: Vault) -> bool:
    """Whether nobody ever put anything in: a personal space, its member, and no more."""
    return all(
        vault.db.value(f'SELECT count(*) FROM "{table_name(kind)}"')
        <= (1 if kind in _OF_SPACE else 0)
        for kind in kind_names(vault)
    )


class _Take:
    """One archive being read back, within a transaction."""

    def __init__(
        self, vault: Vault, archive: Archive, transaction: Transaction, progress: Progress
    ) -> None:
        self.vault = vault
        self.archive = archive
        self.transaction = transaction
        self.progress = progress
        self.person = vault.person
        self.done = 0

    def run(
        self, spaces: list[SpaceEntry], history: bool, prefer: Prefer, dry_run: bool
    ) -> list[Taken]:
        """Space by space."""
        for kind in (*FIRST, *LAST):
            self.vault.table(kind)  # there even if the archive brings none
        personal = any(space.slug == PERSONAL for space in spaces)
        fresh = personal and holds_nothing(self.vault)
        if history and not fresh:
            raise Refused(
                "Only a vault that holds nothing takes a history, with its personal space.",
                hint="leave out --history, or make a new profile",
            )
        if fresh:
            self._take_over()
        self.prefer: Prefer = prefer
        self.total = sum(sum(space.counts.values()) for space in spaces)
        self.blobs = _Blobs(self.vault, self.archive, dry_run)
        actor = Actor(kind="user", id=self.person, name=self.vault.meta("name") or "")
        self.gesture = None if history else Gesture(TITLE, ORIGIN, "", actor)
        self.log = self._log() if history else None
        return [self._space(space) for space in spaces]

    def _log(self) -> Log:
        edit = self.blobs.edit
        return Log(self.vault, self.archive, self.transaction, self.person, edit)

    def _take_over(self) -> None:
        """The vault becomes that of the archive's person; its own beginnings go."""
        person = self.archive.index.person
        if not person.id.isalnum():
            raise DamagedError("The archive's index.json names nobody.")
        for table in ("space", "member", "short", "tagging", "change", "batch"):
            self.vault.db.execute(f'DELETE FROM "{table}"')
        self.transaction.rows.clear()
        self.transaction.seq = 0
        self.vault.meta("person", person.id)
        self.vault.meta("name", person.name)
        self.person = person.id

    # --- a space --------------------------------------------------------------------------

    def _space(self, entry: SpaceEntry) -> Taken:
        taken = Taken(space=entry.slug)
        if entry.type not in SPACE_TYPES:
            reason = f"this program has no spaces of the type {entry.type!r}"
            taken.say(Problem(file=f"spaces/{entry.folder}", reason=reason))
            return taken
        target, new = self._target(entry)
        taken.space = target.fixed["slug"]
        merge = Merge(
            self.vault, self.archive, target, taken, prefer=self.prefer,
            edit=self.blobs.edit, transaction=self.transaction, gesture=self.gesture,
        )  # fmt: skip
        if new:
            self._found(merge, entry)
        skip = _OF_SPACE if new or target.space != entry.id else ()
        for kind in in_order(entry.counts.keys() - set(skip)):
            self._kind(merge, entry, kind)
        self._close(merge, entry)
        return taken

    def _found(self, merge: Merge, entry: SpaceEntry) -> None:
        """Make a space and its members: a batch of its own, which undo leaves alone."""
        if self.gesture is not None:
            title = f"New space {entry.name}"
            merge.gesture = Gesture(title, ORIGIN, entry.id, self.gesture.actor)
        for kind in _OF_SPACE:
            if kind in entry.counts:
                self._kind(merge, entry, kind)
        self._ensure(entry, merge.target)
        merge.gesture = self.gesture

    def _close(self, merge: Merge, entry: SpaceEntry) -> None:
        taken, space = merge.taken, merge.target.space
        if self.log is None:
            merge.close()
        else:
            self.transaction.spaces.add(space)
            taken.changes = self.log.take(entry.folder, space, taken.say)
        for missing in self.blobs.missing:
            taken.say(missing)
        self.blobs.missing.clear()

    def _kind(self, merge: Merge, entry: SpaceEntry, kind: str) -> None:
        what = f"Reading {records_path(entry.folder, kind)}"
        for lines in merge.kind(entry.folder, kind, self.archive.index.kinds[kind]):
            self.done += lines
            self.progress(self.done, self.total, what)

    def _target(self, entry: SpaceEntry) -> tuple[Target, bool]:
        """Where it goes, and whether that space is new."""
        person = self.archive.index.person.id
        spaces = self.vault.spaces()
        there = next((s for s in spaces if s.id == entry.id), None)
        if there is None and entry.slug == PERSONAL:
            there = next((s for s in spaces if s.slug == PERSONAL), None)
        if there is not None:
            self._check_open(there)
        others = frozenset(
            word.casefold()
            for space in spaces
            if space is not there
            for word in (space.slug, *space.aliases)
        )
        fixed = (
            {"slug": _free(entry.slug, others), "type": entry.type, "deleted": None}
            if there is None
            else {
                "slug": there.slug,
                "type": there.type,
                "aliases": msgspec.json.encode(there.aliases).decode(),
            }
        )
        target = Target(
            space=entry.id if there is None else there.id,
            type=cast("Any", entry.type if there is None else there.type),
            person=self.person, persons={person: self.person}, tags={},
            words=others, fixed=fixed,
        )  # fmt: skip
        return target, there is None

    def _check_open(self, space: Space) -> None:
        scope = self.vault.scope(space.id)
        if scope.archived or scope.role == "viewer":
            raise Refused(
                f"Nothing can be written in {space.slug}.", hint="--only names other spaces"
            )

    def _ensure(self, entry: SpaceEntry, target: Target) -> None:
        """A space whose own record is damaged is made from what the index says."""
        sql = "SELECT 1 FROM space WHERE id = ?"
        if self.vault.db.row(sql, (target.space,)) is None:
            scope = Scope(space=target.space, space_type=target.type, person=self.person)
            slug = target.fixed["slug"]
            self.vault.store(scope).put(
                Space(
                    id=entry.id, space=entry.id, name=entry.name, slug=slug,
                    type=target.type,
                )
            )  # fmt: skip


def _free(slug: str, others: frozenset[str]) -> str:
    made, number = slug, 1
    while made.casefold() in others:
        number += 1
        made = f"{slug}-{number}"
    return made


class _Blobs:
    """Contents of the archive as blobs of this vault."""

    def __init__(self, vault: Vault, archive: Archive, dry_run: bool) -> None:
        self.vault = vault
        self.archive = archive
        self.dry_run = dry_run
        self.known: dict[bytes, bytes] = {}
        self.missing: list[Problem] = []

    def edit(self, line: bytes) -> bytes:
        """A line with the names that contents have in this vault."""
        if b"blob-" not in line:
            return line
        return _BLOB.sub(lambda found: self._name(found.group(1)), line)

    def _name(self, hash: bytes) -> bytes:
        if hash not in self.known:
            self.known[hash] = self._put(hash.decode())
        return self.known[hash]

    def _put(self, hash: str) -> bytes:
        from storage.blob import CHUNK, name_of

        with self.archive.blob(hash) as file:
            if file is None:
                if f"blobs/{hash}" in self.archive.index.files:
                    reason = "its record came without it"
                    self.missing.append(Problem(file=f"blobs/{hash}", reason=reason))
                return f"blob-{hash}".encode()
            if self.dry_run:
                key = self.vault.db.key()
                return name_of(key, iter(lambda: file.read(CHUNK), b"")).encode()
            return self.vault.blobs.put(file).id.encode()
