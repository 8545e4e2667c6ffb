"""What todo offers the rest and lets a person change: data only."""

from __future__ import annotations

from typing import Annotated

import msgspec

from modules.sdk.setting import Setting
from modules.sdk.slot import (
    Agenda,
    Capture,
    Detail,
    Export,
    Import,
    Measure,
    Remind,
    Search,
    Seed,
    Slot,
    Today,
)

SLOTS: tuple[Slot, ...] = (
    Agenda(title="Tasks", spans="modules.todo.slots:spans"),
    Today(title="Tasks", lines="modules.todo.slots:lines", order=20),
    Capture(
        letter="t",
        words=("task", "todo"),
        title="Task",
        command="todo.add",
        values="modules.todo.capturing:values",
    ),
    Search(kind="todo.task", document="modules.todo.slots:document"),
    Detail(kind="todo.task", view="modules.todo.views.detail:TaskDetail"),
    Seed(records="modules.todo.seeds:records", share=1.0),
    Remind(reminders="modules.todo.slots:reminders"),
    Measure(name="done", title="Tasks done", value="modules.todo.slots:done_count"),
    Measure(
        name="spent",
        title="Time spent on tasks",
        value="modules.todo.slots:spent_minutes",
        unit="min",
    ),
    Import(
        format="todo.txt",
        title="todo.txt",
        detect="modules.todo.formats.todo_txt:detect",
        read="modules.todo.formats.todo_txt:read",
    ),
    Import(
        format="taskwarrior",
        title="Taskwarrior JSON",
        detect="modules.todo.formats.taskwarrior:detect",
        read="modules.todo.formats.taskwarrior:read",
    ),
    Import(
        format="checklist",
        title="Markdown checklist",
        detect="modules.todo.formats.checklist:detect",
        read="modules.todo.formats.checklist:read",
    ),
    Export(
        format="todo.txt",
        title="todo.txt",
        write="modules.todo.formats.todo_txt:write",
        extension="txt",
    ),
    Export(
        format="taskwarrior",
        title="Taskwarrior JSON",
        write="modules.todo.formats.taskwarrior_out:write",
        extension="json",
    ),
    Export(
        format="checklist",
        title="Markdown checklist",
        write="modules.todo.formats.checklist:write",
        extension="md",
    ),
)

Count = Annotated[int, msgspec.Meta(ge=0, le=100_000)]

SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="default_priority",
        title="Priority of a new task",
        type=Annotated[int, msgspec.Meta(ge=1, le=4)],
        default=3,
        help="1 urgent, 2 high, 3 medium, 4 low.",
    ),
    Setting(
        name="default_due_time",
        title="When a day begins for reminders",
        type=str,
        default="09:00",
        help="Reminders of tasks without a due time count from here.",
    ),
    Setting(
        name="default_reminder",
        title="Remind so many minutes before",
        type=Count,
        default=0,
        help="For new tasks with a due day; 0: not at all.",
    ),
    Setting(
        name="quick_add_project",
        title="Project of a new task",
        type=str,
        default="",
        help="Empty: the inbox.",
    ),
    Setting(
        name="default_length",
        title="Minutes of a time block",
        type=Count,
        default=60,
        help="Where a task has no estimate.",
    ),
    Setting(
        name="daily_goal",
        title="Tasks to do a day",
        type=Count,
        default=0,
        help="Shown with the statistics; 0: none.",
    ),
)
