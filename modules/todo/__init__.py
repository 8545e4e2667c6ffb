"""Todo: what to do, when, in which project, and what comes first."""

from modules.sdk import Module, Pane
from modules.todo.commands import COMMANDS
from modules.todo.manifest import SETTINGS, SLOTS
from modules.todo.model import Board, Project, Task

module = Module(
    name="todo",
    title="Todo",
    icon="☐",
    summary="Tasks with projects, subtasks, repeats, dependencies and boards.",
    go="t",
    records=(Task, Project, Board),
    commands=COMMANDS,
    slots=SLOTS,
    settings=SETTINGS,
    panes=(
        Pane(name="tasks", title="Tasks", view="modules.todo.views.tasks:TasksView"),
        Pane(name="board", title="Board", view="modules.todo.views.board:BoardView"),
        Pane(
            name="matrix",
            title="Matrix",
            view="modules.todo.views.board:BoardView",
            options={"group_by": "matrix"},
        ),
    ),
    empty="Tasks live here. Press a to add the first one in a line, such as "
    "“call Ada tomorrow 9:00 #home”, or import what you have: mana import todo.txt",
)
