"""Sample notes about work, the side project, and mana itself. Only data."""

from __future__ import annotations

from modules.notes.samples.sample import Sample

WELCOME = """# Welcome to notes

Notes are **Markdown**. Press `e` to write, `enter` to follow a link, `p` to keep one on top.

- [x] Read this note
- [ ] Write your first one with `a`
- [ ] Link two notes: `e`, then `[[` and a title

A link such as [[Ideas]] leads there, and *Ideas* shows what links to it.
"""
IDEAS = """# Ideas

- [ ] A bench for the hallway with room for eight pairs of shoes
- [ ] One new dish a week, after [[Pasta with lemon]]
- [ ] A talk about [[Quiet interfaces]]
- [ ] Postcards from the boathouse, one for every month
- [x] Wind next to the water level, see [[Tideline: what comes next]]

> Write it down the moment it comes. Judge it on Friday.
"""
LAUNCH = """# Halden: the launch

The pages go live on **<launch>**. Decided with Marit:

| what          | who   | by             |
|---------------|-------|----------------|
| text          | Robin | two days ahead |
| photographs   | Marit | a week ahead   |
| redirects     | Nadia | the day before |
| mail to guests | Marit | that morning  |

## On the day

- [ ] Switch the address at eight
- [ ] Book a room, cancel it again
- [ ] Look at the logs for an hour

Still open: [[Halden: questions]].
"""
QUESTIONS = """# Halden: questions

- Who answers the phone while everybody looks at the screen?
- Do groups of more than eight book online? *Marit asks the owners.*
- Which address do the old brochures name?

When all three are answered, [[Halden: the launch]] can happen.
"""
WORKSHOP = """# Halden: workshop on booking

Marit, Nadia, Robin. Two hours, one whiteboard.

## What was said

- Guests ask for the price first and for the room second.
- Nobody found the date picker with the keyboard.
- "Free nights" is clearer than "availability".

## What follows

- [x] Notes to Marit
- [x] Fix the focus ring
- [ ] Text of the booking page
- [ ] Five people for a test, see [[Usability test: script]]
"""
SCRIPT = """# Usability test: script

1. Thank you for coming. We test the page, **not you**.
2. Please think aloud.
3. You want to spend two nights here with a child. What do you do?
4. What does it cost? How sure are you?
5. Now you fell ill: cancel.

## Do not

- explain
- finish sentences
- say "just"
"""
SNIPPETS = """# Snippets: dates

Nights between two days, without the last one:

```python
def nights(arrive: date, leave: date) -> list[date]:
    return [arrive + timedelta(days=n) for n in range((leave - arrive).days)]
```

Free ones, in SQL:

```sql
select day from night
where day >= :arrive and day < :leave
  and day not in (select day from taken);
```

Used in [[Halden: the launch]].
"""
TIDELINE = """# Tideline: what comes next

Rule: **one evening a week**. What does not fit is not done.

## 0.4

- [x] Stations near me
- [x] Dark colours
- [ ] Chart of the last thirty days
- [ ] Works without a network

## Later

- [ ] Wind
- [ ] The watch

Reports are in [[Tideline: from the beta]].
"""
BETA = """# Tideline: from the beta

Fourteen people, three reports.

| who  | phone   | says                                  |
|------|---------|---------------------------------------|
| Ines | old one | takes four seconds to open            |
| Nils | new one | metres, please, not centimetres       |
| Tom  | watch   | "can I see it *without* the phone?"   |

- [ ] Answer all three
- [x] Measure the start: 3.8 s, of which 2.1 s are the map
"""
RATES = """# What I charge

Say the number. Then **say nothing**.

| kind               | per hour | per day |
|--------------------|---------:|--------:|
| design             |      120 |     900 |
| building           |      120 |     900 |
| in a hurry         |      160 |       – |
| friends, the club  |        0 |       0 |
"""
GYM = """# Climbing gym: first talk

With Priya, on the mats.

They want one page that says what is open, what it costs, and how full it is.
The logo comes as a vector, *some day*.

- [x] Look at three other gyms
- [ ] Offer in three sizes
- [ ] Ask who writes the news

Prices as in [[What I charge]].
"""
QUIET = """# Quiet interfaces

Notes for a talk of twenty minutes.

1. An alarm that always rings is furniture.
2. Colour for one thing at a time.
3. The best message is the right default.

> What did you **not** have to read today?

Examples: the kettle, the tide table, the date picker of [[Halden: workshop on booking]].
"""
SERVER = """# Moving the server

- [x] Copy the files
- [x] Copy the database, compare the counts
- [x] Change the name, wait an hour
- [ ] Cancel the old contract (Samir has the bill)

```sh
rsync -a --delete old:/srv/www/ /srv/www/
```
"""
MEETING = """# {{title}}

Date: {{date}} {{time}}
People:

## What was said

## What follows

- [ ]
"""
WEEKLY = """# Week of {{date}}

## Went well

## Was hard

## Next week: three things

1.
2.
3.
"""
WORK = (
    Sample("Welcome to notes", WELCOME, 1, color="blue", pinned=True),
    Sample("Ideas", IDEAS, 20, tags=("ideas",), color="yellow", pinned=True),
    Sample("Halden: the launch", LAUNCH, 3, "Work/Halden", ("work",), "purple", pinned=True),
    Sample("Halden: questions", QUESTIONS, 5, "Work/Halden", ("work",), "purple"),
    Sample("Halden: workshop on booking", WORKSHOP, 26, "Work/Halden", ("work",), "purple"),
    Sample("Usability test: script", SCRIPT, 50, "Work/Halden", ("work",)),
    Sample("Snippets: dates", SNIPPETS, 75, "Work", ("code", "work"), "gray", aliases=("dates",)),
    Sample("Tideline: what comes next", TIDELINE, 12, "Tideline", ("ideas", "code"), "cyan"),
    Sample("Tideline: from the beta", BETA, 98, "Tideline", ("code",), "cyan"),
    Sample("What I charge", RATES, 1300, "Work", ("work",)),
    Sample("Climbing gym: first talk", GYM, 120, "Work", ("work",), "orange"),
    Sample("Quiet interfaces", QUIET, 210, "Work", ("ideas",), "yellow"),
    Sample("Moving the server", SERVER, 900, "Work", ("work", "code"), archived=True),
    Sample("Meeting", MEETING, 2000, template=True),
    Sample("Week in review", WEEKLY, 2100, template=True),
)  # fmt: skip
