"""Works through the workspace without end, and says each thing once it is acknowledged."""

from __future__ import annotations

import json
import random
import sys
from itertools import count
from typing import Any

from mana_tui.setup import Setup


def say(did: str, task: Any) -> None:
    """One line, at once."""
    sys.stdout.write(json.dumps({"did": did, "id": task.id, "title": task.title}) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Add, rename and delete tasks."""
    workspace = Setup({"no_input": True}).workspace()
    chance = random.Random()
    mine: list[str] = []
    for number in count():
        choice = chance.random()
        if choice < 0.6 or len(mine) < 2:
            task = workspace.run("todo.add", {"title": f"task {number}"})
            mine.append(task.id)
            say("add", task)
        elif choice < 0.85:
            store, renamed = workspace.store, chance.choice(mine)
            values = {"tasks": (renamed,), "title": f"renamed {number}"}
            workspace.run("todo.edit", values)
            from modules.todo.model import Task

            say("edit", store.get(Task, renamed))
        else:
            gone = mine.pop(chance.randrange(len(mine)))
            (task,) = workspace.run("todo.delete", {"tasks": (gone,)})
            say("delete", task)


if __name__ == "__main__":
    main()
