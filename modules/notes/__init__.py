"""Notes: Markdown with links between them, in folders and with tags."""

from modules.notes import commands as do
from modules.notes.model import Note
from modules.sdk import (
    Capture,
    Export,
    Import,
    Measure,
    Module,
    Pane,
    Search,
    Seed,
    Setting,
    Today,
)
from modules.sdk.slot import Detail

module = Module(
    name="notes",
    title="Notes",
    icon="✎",
    summary="Markdown notes with links between them, folders and templates.",
    go="n",
    records=(Note,),
    commands=(
        do.add, do.edit, do.append, do.show, do.list_, do.pin, do.archive, do.template,
        do.color, do.move, do.tag, do.delete, do.rename, do.links, do.outline, do.check,
        do.make_tasks, do.export, do.folders,
    ),
    panes=(Pane(name="notes", title="Notes", view="modules.notes.views.notes:NotesView"),),
    slots=(
        Capture(letter="n", words=("note",), title="Note", command="notes.add",
                values="modules.notes.slots:values", takes=("tag",)),
        Search(kind="notes.note", document="modules.notes.slots:document"),
        Detail(kind="notes.note", view="modules.notes.views.note:NoteView"),
        Today(title="Notes", lines="modules.notes.slots:lines", order=80),
        Measure(name="made", title="Notes written", value="modules.notes.slots:changed"),
        Seed(records="modules.notes.seeds:records", share=0.3),
        Import(format="markdown-folder", title="Folder of Markdown files", folder=True,
               detect="modules.notes.formats.folder:detect",
               read="modules.notes.formats.folder:read"),
        Import(format="markdown", title="Markdown file",
               detect="modules.notes.formats.folder:detect_file",
               read="modules.notes.formats.folder:read_file"),
        Export(format="markdown", title="Markdown with front matter", extension="md",
               write="modules.notes.formats.folder:write"),
    ),
    settings=(
        Setting(name="show_today", title="Show pinned notes on today's page", type=bool,
                default=False),
    ),
    empty="Notes are Markdown. Press a to write the first in a line,\n"
    "or bring a folder of them: mana import ~/notes",
)  # fmt: skip
