"""What the picker is opened with: the palette, scenes, spaces, panes, tags, keys, themes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mana_tui.actions import ACTIONS
from mana_tui.keymap import spell
from mana_tui.palette import Choice, sections
from mana_tui.scene import installed
from mana_tui.widgets.lookups import Lookups
from mana_tui.widgets.picker import Picking
from modules.sdk import registry
from storage.errors import ManaError

if TYPE_CHECKING:
    from mana_tui.scene import Scene


class Pickers(Lookups):
    """Opens the picker; each method is one surface."""

    # --- questions ---------------------------------------------------------------------

    def prompt(self, title: str, then: Callable[[str], Any], text: str = "") -> None:
        """Ask for one line."""
        self.show(Picking(title, free=then, text=text, enter="done", empty=""))

    def confirm(self, question: str, then: Callable[[], Any]) -> None:
        """Ask yes or no; no is what enter says first."""
        choices = [Choice("No", "change nothing", value=False), Choice("Yes", value=True)]
        self.show(
            Picking(
                question,
                choices,
                picked=lambda c: then() if c.value else None,
                enter="answer",
            )
        )

    # --- scenes --------------------------------------------------------------------------

    def scenes(self) -> None:
        """Go to a scene, or change the one shown."""
        desk = self.bench.desk
        go = [
            Choice(
                scene.name,
                ", ".join(pane.module for pane in scene.panes) or "empty",
                keys=str(n + 1) if n < 9 else "",
                icon=scene.icon,
                value=lambda n=n: desk.goto_scene(n),
                mark=None,
            )
            for n, scene in enumerate(desk.scenes)
        ]
        change = [
            Choice("New scene …", value=self.new_scene),
            Choice(
                "Rename …", desk.scene.name, value=lambda: self.rename_scene(desk.scene)
            ),
            Choice("Icon …", desk.scene.icon, value=lambda: self.scene_icon(desk.scene)),
            Choice("Duplicate", value=lambda: desk.change("scene.duplicate")),
            Choice("Move left", value=lambda: desk.change("scene.reorder", to=desk.at)),
            Choice(
                "Move right", value=lambda: desk.change("scene.reorder", to=desk.at + 2)
            ),
            Choice("Scope …", keys=self.key("scene.scope-menu"), value=self.scope),
            Choice("Add a pane …", keys=self.key("pane.add"), value=self.add_pane),
            Choice("Remove the pane", keys=self.key("pane.remove"), value=desk.remove_pane),
            Choice("Delete the scene", value=lambda: desk.change("scene.delete")),
        ]
        self.show(
            Picking(
                "Scenes",
                sections([("Go to", go), ("This scene", change)]),
                picked=lambda choice: choice.value(),
                free=lambda text: self.run("scene.new", name=text),
                empty="Enter makes a scene of this name.",
                start=1 + desk.at,
            )
        )

    def new_scene(self) -> None:
        """Ask for a name, then for the first panes."""
        self.prompt("Name of the new scene", self._new_scene_panes)

    def _new_scene_panes(self, name: str) -> None:
        if not name:
            return
        choices = [
            Choice(m.title, m.summary, icon=m.icon, value=m.name, mark=False, also=m.name)
            for m in self.bench.workspace.modules()
        ]
        self.show(
            Picking(
                f"Panes of {name}",
                choices,
                marks=lambda ticked, _: self.run(
                    "scene.new", name=name, modules=[one.value for one in ticked]
                ),
                enter="make the scene",
            )
        )

    def rename_scene(self, scene: Scene) -> None:
        """Ask for another name."""
        self.prompt(
            "Name of the scene",
            lambda text: (
                self.run("scene.rename", scene=scene.id, name=text) if text else None
            ),
            scene.name,
        )

    def scene_icon(self, scene: Scene) -> None:
        """Ask for another icon."""
        self.prompt(
            "Icon of the scene (one character, or nothing)",
            lambda text: self.run("scene.icon", scene=scene.id, icon=text),
            scene.icon,
        )

    def add_pane(self) -> None:
        """Choose a module's pane for the active scene."""
        choices = [
            Choice(
                pane.title if len(module.panes) > 1 else module.title,
                module.summary,
                icon=module.icon,
                value=f"{module.name}.{pane.name}" if n else module.name,
                also=f"{module.name} {module.title}",
            )
            for module in self.bench.workspace.modules()
            for n, pane in enumerate(module.panes)
        ]
        desk = self.bench.desk
        at = desk.strip.active + 2 if desk.strip and desk.strip.panes else 1
        self.show(
            Picking(
                "Add a pane",
                choices,
                picked=lambda c: desk.change("scene.add-pane", module=c.value, at=at),
                placeholder="what it is for …",
                enter="add",
            )
        )

    def scope(self) -> None:
        """Tick the tags the scene narrows its panes to."""
        desk = self.bench.desk
        on = set(desk.scene.scope)
        choices = [
            Choice(f"#{tag.name}", tag.group, value=tag.name, mark=tag.id in on)
            for tag in self.bench.workspace.store.tags()
        ]
        self.show(
            Picking(
                "Scope: show what carries one of these tags, or none at all",
                choices,
                marks=lambda ticked, _: desk.set_scope(tuple(one.value for one in ticked)),
                also={"ctrl+x": ("clear", lambda _: self._clear_scope())},
                empty="There are no tags yet. A tag is made by using it: #home.",
                enter="narrow",
            )
        )

    def _clear_scope(self) -> None:
        self.close()
        self.bench.desk.set_scope(())

    # --- spaces ---------------------------------------------------------------------------

    def spaces(self) -> None:
        """Choose another space, or make one."""
        workspace = self.bench.workspace
        choices = [
            Choice(
                space.name,
                space.type + (" · archived" if space.archived else ""),
                icon=space.icon,
                value=space.slug,
                also=space.slug,
                keys="here" if space.id == workspace.space.id else "",
            )
            for space in workspace.vault.spaces()
        ]
        choices.append(
            Choice("New space …", "a context for a family, club, team, brand", value=None)
        )
        self.show(
            Picking(
                "Spaces",
                choices,
                picked=lambda c: (
                    self.run("space.switch", space=c.value)
                    if c.value
                    else self.bench.ask("space.new", {})
                ),
                enter="switch",
            )
        )

    # --- tags of records -------------------------------------------------------------------

    def tags(self) -> None:
        """Tick the tags the selected records carry; typing makes a new one."""
        bench = self.bench
        found = bench.selection()
        if not found or found.record is None:
            bench.say("Nothing is selected.", kind="error")
            return
        records = bench.workspace.store.many(found.record, found.ids)
        carried = (
            set.intersection(*(set(one.tags) for one in records)) if records else set()
        )
        choices = [
            Choice(f"#{tag.name}", tag.group, value=tag.name, mark=tag.id in carried)
            for tag in bench.workspace.store.tags()
        ]
        known = {choice.value for choice in choices}
        was = {choice.value for choice in choices if choice.mark}

        def put(ticked: list[Choice], text: str) -> None:
            now = {one.value for one in ticked}
            typed = text.lstrip("#").strip()
            add = (now - was) | ({typed} if typed and not _fits(typed, known) else set())
            self.run("tag.set", ids=found.ids, add=sorted(add), remove=sorted(was - now))

        self.show(
            Picking(
                f"Tags of {len(records)} record{'s' * (len(records) != 1)}",
                choices,
                marks=put,
                empty="Enter makes this tag.",
                enter="put",
                placeholder="a tag, or a new one",
            )
        )

    # --- keys, palette ------------------------------------------------------------------------

    def keys(self) -> None:
        """Every key that works here, searchable; enter does what it says."""
        bench = self.bench
        groups: dict[str, list[Choice]] = {}
        seen: set[tuple[str, ...]] = set()
        names = [bench.module.capitalize() or "Module", "This view", "Everywhere"]
        layers = bench.key_layers()
        for name, layer in zip(names[-len(layers) :], layers, strict=True):
            for keys, ids in layer.table.items():
                if keys not in seen:
                    seen.add(keys)
                    groups.setdefault(name, []).append(self._key_choice(keys, ids[0]))
        self.show(
            Picking(
                "Keys",
                sections(groups.items()),
                picked=lambda choice: bench.perform(choice.value),
                placeholder="what do you want to do?",
                enter="do it",
            )
        )

    def _key_choice(self, keys: tuple[str, ...], id: str) -> Choice:
        title = self.bench.title_of(id)
        return Choice(title[:1].upper() + title[1:], keys=spell(keys), value=id, also=id)

    def palette(self) -> None:
        """Everything by name: commands, actions, scenes, modules; records while one types."""
        self.show(
            Picking(
                "Palette",
                self.everything(),
                picked=lambda choice: choice.value(),
                placeholder="a command, a record, a scene …",
                empty="Nothing is called that. Enter searches every record.",
                free=self.palette_command,
                enter="go",
            )
        )

    def everything(self) -> Sequence[Choice]:
        """The palette's choices; commands and modules are kept, scenes are fresh."""
        bench = self.bench
        desk = bench.desk
        scenes = [
            Choice(
                f"Scene: {s.name}",
                keys=str(n + 1) if n < 9 else "",
                value=lambda n=n: desk.goto_scene(n),
            )
            for n, s in enumerate(desk.scenes)
        ]
        known = self._known
        if known is None or known[0] != bench.workspace.space.id:
            known = self._known = (bench.workspace.space.id, self._commands())
        return [*scenes, *known[1]]

    def _commands(self) -> list[Choice]:
        bench = self.bench
        found = [
            Choice(
                one.title,
                keys=self.key(one.id),
                value=lambda i=one.id: bench.perform(i),
                also=one.id,
            )
            for one in ACTIONS.values()
            if one.listed
        ]
        found += [
            Choice(
                f"Go to {m.title}",
                m.summary,
                keys=f"g {m.go}" if m.go else "",
                icon=m.icon,
                value=lambda n=m.name: bench.go(n),
                also=m.name,
            )
            for m in bench.workspace.modules()
            if m.panes
        ]
        for id, command in bench.workspace.commands().items():
            if id in ACTIONS:
                continue
            module = id.partition(".")[0]
            where = registry.load(module).title if installed(module) else ""
            found.append(
                Choice(
                    command.title,
                    f"{where}: {command.help}" if where else command.help,
                    keys=self.key(id, command.key),
                    value=lambda i=id: bench.runner.perform(i),
                    also=f"{id} {where}",
                )
            )
        return found

    def palette_command(self, text: str) -> None:
        """`:q`, `:3`, or a search for what was typed."""
        bench = self.bench
        if text in ("q", "quit", "wq", "x"):
            bench.perform("quit")
        elif text.isdecimal():
            bench.desk.goto_scene(int(text) - 1)
        else:
            self.search(text)

    def themes(self) -> None:
        """Choose how it looks; the choice is kept."""
        from mana_tui import theme

        app = self.bench.app
        folder = app.paths.config if app.paths is not None else None
        choices = []
        for name in theme.names(folder):
            try:
                choices.append(Choice(theme.load(name, folder).title, name, value=name))
            except ManaError as error:
                choices.append(Choice(name, str(error), dead=True))
        self.show(
            Picking(
                "Theme",
                choices,
                picked=lambda c: app.choose_theme(c.value, keep=True),
                enter="use",
            )
        )


def _fits(text: str, known: set[str]) -> bool:
    return any(text.casefold() in name.casefold() for name in known)
