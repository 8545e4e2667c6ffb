"""What an archive says of itself to whoever finds it."""

ABOUT = """\
# An archive of mana

Everything of a mana vault in plain files. It is **not encrypted**: keep it where you would keep a diary.

- `spaces/<space>/records/<kind>.jsonl`: every record, one JSON object a line, those in the trash too (`deleted` says when)
- `spaces/<space>/readable/`: the same as Markdown, iCalendar, todo.txt and so on, for people and other programs
- `spaces/<space>/batches.jsonl`, `changes.jsonl`: what was changed when and by whom, if that was asked for
- `blobs/`: files that records carry, named by their SHA-256
- `index.json`: what is here, what the fields mean, and the SHA-256 of every file

Tags and links are records as well (`tag.jsonl`, `link.jsonl`); other records name tags by id.
`"#"` at the beginning of a line is a check of that line: leave it out when you read.

Is everything whole?

    jq -r '.files | to_entries[] | "\\(.value.sha256)  \\(.key)"' index.json | sha256sum --check --quiet

Open tasks with their due dates:

    jq -r 'select(.done_at == null and .deleted == null) | [.due, .title] | @tsv' spaces/@me/records/todo.task.jsonl

Back into mana: `mana archive read <this folder>`.
"""
