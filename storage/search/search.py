"""Finding records by what a person types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.errors import DamagedError, InUse
from storage.kind import Kind
from storage.record import Record
from storage.scope import Scope
from storage.search.document import Document, default_document
from storage.search.hits import Hit, Reader
from storage.search.index import Index, Progress
from storage.search.language import Parsed, parse
from storage.search.names import Names
from storage.search.ranking import MOST_RANKED, Found, Ranking
from storage.search.reading import Reading
from storage.vault import Vault

TRIES = 5


def _nothing(done: int, total: int) -> None:
    """Tell nobody how far it is."""


class Search:
    """The search of a vault. Every answer is as new as the vault.

    `document(kind, record)` says what is read of a record; `version` names that function:
    when it changes, the index is rebuilt. `weights` makes kinds more or less important
    (1.0 where a kind is not named). `clock` gives an aware present in the person's zone.
    Safe to use from several threads; queries run one after another.
    """

    def __init__(
        self,
        vault: Vault,
        document: Callable[[Kind, Record], Document] = default_document,
        *,
        version: str = "",
        weights: Mapping[str, float] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self.vault = vault
        self.weights = dict(weights or {})
        self.clock = clock
        self.index = Index(vault, document, version)
        self._reading = Reading(self.index.db)

    def find(
        self,
        text: str,
        scopes: Sequence[Scope],
        limit: int = 50,
        *,
        progress: Progress = _nothing,
    ) -> list[Hit]:
        """Records that a query names, best first; empty for an empty query.

        Only what the scopes show is found: their spaces, the kinds of their type, no other
        person's private records, their tags; the trash only with `in:trash`. Raises
        QueryError, and Stopped when `interrupt` was called meanwhile.
        """
        limit = min(limit, MOST_RANKED)
        parsed = parse(text, self.clock().date())
        if parsed.empty or not scopes or limit < 1:
            return []
        names = Names(self.vault, self._reading, text, tuple(scopes))
        state = parsed.state if parsed.state != "live" else _state(scopes)
        found = self._found(parsed, names, (state, limit), progress)
        return Reader(self.vault, self.index).hits(found, parsed.terms, scopes, state)

    def _found(
        self, parsed: Parsed, names: Names, what: tuple[str, int], progress: Progress
    ) -> list[Found]:
        """Catch up, then read one moment of the index, which must hold what was there.

        Another program may throw the index away in between, and it may be damaged: then
        it is made again, since nothing in it is the only copy of anything.
        """
        state, limit = what
        wanted = -1 if self.vault.db.writing else self.vault.last_seq()
        for _ in range(TRIES):
            self.catch_up(progress)
            names.index = self._reading
            ranking = Ranking(self._reading, self.weights, self.clock())
            try:
                with self._reading.moment():
                    if self._reading.seen() >= wanted:
                        return ranking.best(parsed, names.resolve(parsed), state, limit)
            except DamagedError:
                self.rebuild()
        raise InUse("Other programs keep making the search index anew.", hint="try again")

    def catch_up(self, progress: Progress = _nothing) -> int:
        """Bring the index up to the vault; returns how many records were read."""
        try:
            return self.index.catch_up(progress)
        except DamagedError:
            self.rebuild()
            return self.index.catch_up(progress)

    @property
    def problems(self) -> dict[str, str]:
        """Kinds whose document function failed, and the name of the error."""
        return self.index.problems

    def rebuild(self) -> None:
        """Throw the index away; it is made again by the next query or `catch_up`."""
        self._reading.close()
        self.index.rebuild()
        self._reading = Reading(self.index.db)

    def interrupt(self) -> None:
        """Stop the query that is running, if any; it raises Stopped."""
        self._reading.interrupt()

    def close(self) -> None:
        """Close the index and forget its key."""
        self._reading.close()
        self.index.close()


def _state(scopes: Sequence[Scope]) -> Any:
    states = {scope.state for scope in scopes}
    return states.pop() if len(states) == 1 else "live"
