"""Surfaces that look things up: search, trash, history, the inspector, results, problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mana_tui.palette import Choice, sections
from mana_tui.saying import title_of
from mana_tui.widgets.picker import Picking
from modules.sdk.command import Command
from modules.sdk.listing import Listing, Said
from storage.change import Batch, Change
from storage.errors import ManaError
from storage.record import Record, kind_of

if TYPE_CHECKING:
    from mana_tui.widgets.workbench import Workbench

WAIT = 0.06
"""Seconds after a letter until a search is asked: typing fast asks once."""

SEARCHING = "Searching …"


class Lookups:
    """The surfaces that read from the store."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self._known: tuple[str, list[Choice]] | None = None
        self._asked = 0

    # --- opening ----------------------------------------------------------------------

    def show(self, picking: Picking) -> None:
        """Open the picker; the keys come back when it closes."""
        self.bench.picker.open(picking, self.bench.take_keys)

    def close(self) -> None:
        """Close it."""
        self.bench.picker.close()

    def key(self, id: str, declared: str = "") -> str:
        """The first key of an id."""
        return self.bench.key_of(id, (declared,) if declared else ())

    def run(self, command_id: str, **values: Any) -> None:
        """Run a command."""
        self.bench.runner.start(command_id, values)

    def open_record(self, kind: str, id: str) -> None:
        """Show a record in the active pane."""
        bench = self.bench
        bench.run_worker(bench.open_record(kind, id), group="stack", exit_on_error=True)

    def visit(self, module: str) -> None:
        """Show a module on top of the active pane, for a visit."""
        from mana_tui.widgets.opening import first_pane

        bench = self.bench
        try:
            view = first_pane(bench.workspace, module)
        except ManaError as error:
            bench.complain(error)
            return
        bench.run_worker(bench.push(view), group="stack", exit_on_error=True)

    # --- search ---------------------------------------------------------------------------

    def search(self, text: str = "") -> None:
        """Find records of the space while one types."""
        self.show(
            Picking(
                "Search",
                picked=lambda choice: self.open_record(*choice.value),
                search=self._ask_search,
                text=text,
                placeholder='words, "phrases", -not, tag:home, kind:task, is:open',
                empty="Nothing found.",
                enter="open",
            )
        )

    def _ask_search(self, text: str) -> None:
        self._asked += 1
        asked = self._asked
        self._say_searching(SEARCHING if text.strip() else "Type what to look for.")
        self.bench.set_timer(WAIT, lambda: self._search(text, asked))

    def _search(self, text: str, asked: int) -> None:
        bench = self.bench
        if asked != self._asked or not text.strip() or not bench.picker.is_open:
            return

        def look() -> None:
            try:
                hits = bench.workspace.search(text, 100)
            except ManaError as error:
                choices = [Choice(str(error), error.hint, dead=True, tone="warning")]
            else:
                choices = [_hit(hit) for hit in hits]
            bench.from_thread(lambda: self._found(choices, asked))

        bench.run_worker(
            look, thread=True, group="search", exclusive=True, exit_on_error=False
        )

    def _found(self, choices: list[Choice], asked: int) -> None:
        if asked == self._asked and self.bench.picker.is_open:
            self._say_searching("Nothing found.")
            self.bench.picker.set_choices(choices)

    def _say_searching(self, said: str) -> None:
        """What stands where nothing is found (yet)."""
        picking = self.bench.picker.picking
        if picking is not None:
            picking.empty = said

    # --- trash, history ---------------------------------------------------------------------

    def trash(self) -> None:
        """What was deleted; enter brings it back."""
        self.show(
            Picking(
                "Trash",
                self._trashed(),
                picked=lambda c: self.run("trash.restore", ids=[c.value]),
                also={"ctrl+x": ("end for ever", self._purge)},
                empty="The trash is empty.",
                enter="bring back",
            )
        )

    def _trashed(self) -> Sequence[Choice]:
        found = self.bench.workspace.run("trash.list", {})
        return [
            Choice(
                one.title, f"{one.kind} · deleted {self._when(one.deleted)}", value=one.id
            )
            for one in found
        ]

    def _purge(self, choice: Choice) -> None:
        self.close()
        self.run("trash.purge", ids=[choice.value])

    def history(self) -> None:
        """What happened in the space, newest first; enter reverts one batch."""
        batches: list[Batch] = self.bench.workspace.store.batches(200)
        choices = [
            Choice(
                one.title,
                f"{self._when(one.started)} · {one.actor.name}"
                + (" · undone" if one.undone_by else ""),
                value=one.id,
                tone="muted" if one.undone_by else "",
            )
            for one in batches
        ]
        self.show(
            Picking(
                "History",
                choices,
                picked=self.confirm_revert,
                empty="Nothing happened here yet.",
                enter="revert",
            )
        )

    def confirm_revert(self, choice: Choice) -> None:
        """Ask before undoing something old."""
        self.confirm(
            f"Revert “{choice.title}”?", lambda: self.run("revert", batch=choice.value)
        )

    def confirm(self, question: str, then: Any) -> None:
        """Ask yes or no."""
        raise NotImplementedError

    def _when(self, at: Any) -> str:
        if at is None:
            return ""
        there = at.astimezone(self.bench.workspace.zone)
        same = there.date() == self.bench.workspace.today()
        return f"{there:%H:%M}" if same else f"{there:%d %b %Y %H:%M}"

    # --- the inspector ---------------------------------------------------------------------------

    def inspect(self) -> None:
        """Where the record under the cursor comes from, its links, what changed it."""
        bench = self.bench
        found = bench.selection()
        if not found or found.record is None:
            bench.say("Nothing is selected.", kind="error")
            return
        store = bench.workspace.store
        record = store.get(found.record, found.ids[0])
        changes = store.history(record.id)
        about = [
            Choice(f"{name}  {value}", dead=True)
            for name, value in (
                ("id      ", f"{record.short} · {record.id}"),
                ("kind    ", kind_of(type(record))),
                (
                    "created ",
                    f"{self._when(record.created)} by {changes[-1].actor.name if changes else record.author}",
                ),
                ("changed ", self._when(record.updated)),
                (
                    "tags    ",
                    " ".join(f"#{store.tag_names().get(tag, tag)}" for tag in record.tags),
                ),
                (
                    "seen by ",
                    "everyone in the space" if record.visibility == "space" else "only you",
                ),
            )
            if value
        ]
        self.show(
            Picking(
                title_of(record) or "Record",
                sections([
                    ("About", about),
                    ("Links", self._links(record)),
                    ("History", [self._change(one) for one in changes[:200]]),
                ]),
                picked=lambda c: self.open_record(*c.value) if c.value else None,
                enter="open",
            )
        )  # fmt: skip

    def _links(self, record: Record) -> list[Choice]:
        from storage.link import INVERSE

        store, catalog = self.bench.workspace.store, self.bench.workspace.vault.catalog
        found = []
        for link in store.links(record.id):
            out = link.from_id == record.id
            kind, id = (link.to_kind, link.to_id) if out else (link.from_kind, link.from_id)
            other = store.find(catalog.kind(kind).record, id)
            verb = link.verb if out else INVERSE[link.verb]
            found.append(
                Choice(
                    f"{verb}  {title_of(other) if other else 'in the trash'}",
                    kind,
                    value=(kind, id),
                )
            )
        return found

    def _change(self, change: Change) -> Choice:
        what = "created" if change.field == "*" and change.before is None else change.field
        values = (
            ""
            if change.field == "*"
            else f"{_brief(change.before)} → {_brief(change.after)}"
        )
        who = f"{self._when(change.at)} · {change.actor.name}"
        return Choice(f"{who}  {what}", values, dead=True)

    # --- results and problems ---------------------------------------------------------------------

    def result(self, command: Command[..., Any], result: Any) -> None:
        """What a reading command found, as a list; records open."""
        shown = result
        if command.show:
            from modules.sdk.slot import resolve

            shown = resolve(command.show)(self.bench.workspace, result)
        self.show(
            Picking(
                command.title,
                self._rows(shown, result),
                picked=lambda c: self.open_record(*c.value) if c.value else None,
                empty=shown.empty if isinstance(shown, Listing) else "Nothing.",
                enter="open",
            )
        )

    def _rows(self, shown: Any, result: Any) -> list[Choice]:
        items = result if isinstance(result, (list, tuple)) else [result]
        values = [
            (kind_of(type(i)), i.id) if isinstance(i, Record) else None for i in items
        ]
        if isinstance(shown, Listing):
            fits = len(values) == len(shown.rows)
            return [
                Choice(
                    "  ".join(c for c in row.cells if c), value=values[n] if fits else None
                )
                for n, row in enumerate(shown.rows)
            ]
        if isinstance(shown, (Said, str)):
            text = shown if isinstance(shown, str) else shown.text
            return [Choice(line, dead=True) for line in text.splitlines()]
        return [
            Choice(title_of(item), value[0] if value else "", value=value)
            if isinstance(item, Record)
            else Choice(str(getattr(item, "title", item)))
            for item, value in zip(items, values, strict=True)
        ]

    def problem(self) -> None:
        """More about what went wrong last."""
        error = self.bench.problem
        if error is None:
            self.bench.say("Nothing went wrong.")
            return
        lines = [Choice(str(error), dead=True, tone="error")]
        if error.hint:
            lines.append(Choice(error.hint, dead=True))
        lines += [
            Choice(
                f"{type(error).__name__} · exit code {error.exit_code}",
                dead=True,
                tone="muted",
            ),
            Choice((type(error).__doc__ or "").strip(), dead=True, tone="muted"),
        ]
        self.show(Picking("What went wrong", lines))

    def manual(self) -> None:
        """The manual, a line at a time; typing finds."""
        from mana_tui.manual import overview

        shown = overview()
        self.show(
            Picking(
                "Manual",
                [Choice("  ".join(row.cells), tone="") for row in shown.rows],
                placeholder="find in the manual",
                empty=shown.empty,
            )
        )


def _hit(hit: Any) -> Choice:
    title = hit.title or hit.short or hit.id[-6:]
    snippet = " ".join(str(getattr(hit, "snippet", "")).split())
    return Choice(
        title, f"{hit.kind} · {snippet}" if snippet else hit.kind, value=(hit.kind, hit.id)
    )


def _brief(value: Any) -> str:
    text = (
        "nothing"
        if value is None or value in ("", [], ())
        else " ".join(str(value).split())
    )
    return text if len(text) <= 40 else text[:39] + "…"
