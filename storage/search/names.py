"""Names in a query (spaces, kinds, tags) as what the index calls them."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from storage.errors import NotFound
from storage.scope import Scope
from storage.search.fold import fold
from storage.search.index import NOT_FOUND_BY_WORDS
from storage.search.language import Filter, Parsed, QueryError, nearest_hint
from storage.search.reading import Reading
from storage.search.select import Resolved
from storage.vault import Vault


class Names:
    """Looks up the names of one query, as its scopes see them."""

    def __init__(
        self, vault: Vault, index: Reading, text: str, scopes: tuple[Scope, ...]
    ) -> None:
        self.vault = vault
        self.index = index
        self.text = text
        self.scopes = scopes

    def resolve(self, parsed: Parsed) -> Resolved:
        """Every name of a query; QueryError for a kind or space that is not there."""
        number = self.index.number
        allowed = [self._kinds(scope) for scope in self.scopes]
        resolved = Resolved(
            scopes=self.scopes,
            spaces=tuple(number("space", scope.space) for scope in self.scopes),
            people=tuple(number("person", scope.person) for scope in self.scopes),
            kinds=tuple(tuple(kinds.values()) for kinds in allowed),
        )
        every = {name: n for kinds in allowed for name, n in kinds.items()}
        for one in parsed.filters:
            for value in one.values:
                if one.key == "tag":
                    resolved.tags[value] = self._tags(value)
                elif one.key == "kind":
                    resolved.named_kinds[value] = self._named_kinds(one, value, every)
                elif one.key == "in":
                    resolved.named_spaces[value] = (self._space(one, value),)
        return resolved

    def _kinds(self, scope: Scope) -> dict[str, int]:
        """Indexed kinds that this scope's type of space may have."""
        known = self.index.kinds()
        return {name: n for name, n in known.items() if self._allowed(name, scope)}

    def _allowed(self, name: str, scope: Scope) -> bool:
        try:
            return scope.space_type in self.vault.catalog.kind(name).spaces
        except NotFound:
            return False

    def _tags(self, value: str) -> tuple[str, ...]:
        wanted = fold(value.removeprefix("#"))
        return tuple(
            tag
            for scope in self.scopes
            for tag, name in self.vault.store(scope).tag_names().items()
            if fold(name) == wanted
        )

    def _named_kinds(
        self, one: Filter, value: str, every: Mapping[str, int]
    ) -> tuple[int, ...]:
        """`todo.task`, its module or its last word, also in the plural."""
        word = value.lower()
        matched = [number for name, number in every.items() if _is_named(name, word)]
        if matched:
            return tuple(matched)
        known = {kind.name for kind in self.vault.catalog.kinds()} - NOT_FOUND_BY_WORDS
        if any(_is_named(name, word) for name in known):
            return ()  # there are such kinds, only no records of them yet
        words = sorted({part for name in known for part in (name, *name.split("."))})
        raise QueryError(
            f"There is no kind {value!r}.",
            self.text,
            one.at,
            hint=nearest_hint(word, words) or f"known: {', '.join(sorted(known))}",
        )

    def _space(self, one: Filter, value: str) -> int:
        shown = {scope.space for scope in self.scopes}
        spaces = [space for space in self.vault.spaces() if space.id in shown]
        word = value.lower()
        for space in spaces:
            slug = space.slug.lower()
            others = (space.name.lower(), space.id, *map(str.lower, space.aliases))
            if word in (slug, slug.lstrip("@"), *others):
                return self.index.number("space", space.id)
        slugs = [space.slug for space in spaces]
        nearest = get_close_matches(word, slugs, 1, 0.5)
        raise QueryError(
            f"There is no space {value!r} here.",
            self.text,
            one.at,
            hint=f"did you mean {nearest[0]}?"
            if nearest
            else f"known: {', '.join(slugs)}, trash",
        )


def _is_named(kind: str, word: str) -> bool:
    module, _, last = kind.partition(".")
    return word in (kind, module, last, f"{last}s", f"{last.removesuffix('y')}ies")
