"""Journal: an entry a day, with a mood, kept for yourself."""

from modules.journal import commands as do
from modules.journal.model import Entry
from modules.sdk import (
    PERSONAL,
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
    name="journal",
    title="Journal",
    icon="❧",
    summary="An entry a day: moods, streaks, what was on this day.",
    spaces=PERSONAL,
    go="j",
    records=(Entry,),
    commands=(
        do.add, do.today, do.write, do.edit, do.mood, do.show, do.list_, do.on_this_day,
        do.stats, do.prompt, do.favourite, do.pin, do.archive, do.delete,
    ),
    panes=(
        Pane(name="journal", title="Journal", view="modules.journal.views.entries:JournalView"),
        Pane(name="year", title="Journal year", view="modules.journal.views.entries:JournalYear"),
    ),
    slots=(
        Capture(letter="j", words=("journal",), title="Journal entry", command="journal.add",
                values="modules.journal.slots:values", parts="modules.journal.slots:parts",
                takes=("tag",), past=True),
        Search(kind="journal.entry", document="modules.journal.slots:document"),
        Detail(kind="journal.entry", view="modules.journal.views.entry:EntryView"),
        Today(title="Journal", lines="modules.journal.slots:lines", order=90),
        Measure(name="entries", title="Journal entries", value="modules.journal.slots:entries_written"),
        Measure(name="words", title="Words in the journal", value="modules.journal.slots:words_written"),
        Seed(records="modules.journal.seeds:records", share=0.2),
        Import(format="dayone", title="Day One JSON",
               detect="modules.journal.formats.dayone:detect",
               read="modules.journal.formats.dayone:read"),
        Import(format="jrnl", title="jrnl JSON",
               detect="modules.journal.formats.dayone:detect_jrnl",
               read="modules.journal.formats.dayone:read_jrnl"),
        Export(format="jrnl", title="jrnl JSON", extension="json",
               write="modules.journal.formats.dayone:write"),
        Export(format="journal-markdown", title="Journal as Markdown", extension="md",
               write="modules.journal.formats.dayone:write_markdown"),
    ),
    settings=(
        Setting(name="prompts", title="Your own questions, one a line", type=str, default="",
                help="Empty: the built-in ones."),
        Setting(name="time_marks", title="Begin what is added with the time", type=bool,
                default=False),
    ),
    empty="The journal is empty. Press w to write about today,\n"
    "or bring one: mana import journal.json",
)  # fmt: skip
