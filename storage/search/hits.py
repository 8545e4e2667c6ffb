"""What was found, read from the vault: titles, snippets, marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from storage.errors import ModuleNotInSpace, NotFound
from storage.kind import Kind
from storage.record import Record
from storage.scope import Scope
from storage.search.document import Document
from storage.search.index import Index
from storage.search.language import Term
from storage.search.ranking import Found
from storage.search.snippet import Spans, mark, snippet
from storage.vault import Vault


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A record that was found. `title_marks` and `marks` say which characters of `title`
    and `snippet` were looked for; the higher the score, the better."""

    kind: str
    id: str
    space: str
    title: str
    snippet: str
    score: float
    short: str = ""
    title_marks: Spans = ()
    marks: Spans = ()


class Reader:
    """Makes hits of document numbers."""

    def __init__(self, vault: Vault, index: Index) -> None:
        self.vault = vault
        self.index = index

    def hits(
        self,
        found: Sequence[Found],
        terms: Sequence[Term],
        scopes: Sequence[Scope],
        state: str,
    ) -> list[Hit]:
        """Read the records through their scope's own store: what it does not show is no
        hit, whatever the index says."""
        wanted: dict[tuple[str, str], list[str]] = {}
        for kind, one, space, _ in found:
            wanted.setdefault((space, kind), []).append(one)
        records: dict[str, tuple[Kind, Record]] = {}
        for scope in scopes:
            for (space, kind), ids in wanted.items():
                if space == scope.space:
                    records |= self._read(scope, state, kind, ids)
        return [
            _hit(self.index.document, *records[one], terms, score)
            for _, one, _, score in found
            if one in records
        ]

    def _read(
        self, scope: Scope, state: str, kind: str, ids: Sequence[str]
    ) -> dict[str, tuple[Kind, Record]]:
        store = self.vault.store(msgspec.structs.replace(scope, state=state))
        try:
            known = self.vault.catalog.kind(kind)
            found = store.many(known.record, ids)
        except (NotFound, ModuleNotInSpace):
            return {}
        wanted = {"live": (False,), "trash": (True,)}.get(state, (False, True))
        return {one.id: (known, one) for one in found if bool(one.deleted) in wanted}


def _hit(
    document: Callable[[Kind, Record], Document],
    kind: Kind,
    record: Record,
    terms: Sequence[Term],
    score: float,
) -> Hit:
    made = document(kind, record)
    body = [term for term in terms if term.column != "title"]
    line, marks = snippet(made.body, body)
    return Hit(
        kind=kind.name,
        id=record.id,
        space=record.space,
        title=made.title,
        snippet=line,
        score=round(score, 6),
        short=record.short,
        title_marks=mark(made.title, terms),
        marks=marks,
    )
