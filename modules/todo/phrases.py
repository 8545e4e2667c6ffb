"""Words that further sample tasks are put together from. Only data."""

from __future__ import annotations

PEOPLE = (
    "Nadia", "Samir", "Marit", "Priya", "Nils", "Ines", "Tom", "Jana", "Grandma", "Emil",
    "Chiara", "Farid", "Olga", "Kemal", "Hannah", "Björn",
)  # fmt: skip

AREAS: tuple[tuple[str, int, tuple[tuple[str, ...], ...]], ...] = (
    ("Halden website", 5, (
        ("Redraw", "Test", "Simplify", "Rework", "Speed up", "Tidy up", "Fix", "Review"),
        ("the search field", "the footer", "the price table", "the error page", "the contact form",
         "the map", "the gallery", "the room list", "the newsletter form", "the loading screen",
         "the settings page", "the order e-mail", "the side menu", "the print styles"),
        ("", "on small screens", "in dark mode", "in both languages", "for keyboards", "on slow lines",
         "after the test", "together with Nadia"),
    )),
    ("Studio", 5, (
        ("Draft", "Check", "Send", "Discuss", "Update", "Shorten"),
        ("the offer", "the timetable", "the contract", "the price list", "the first sketch",
         "the colour palette", "the icon set", "the letterhead", "the menu card", "the case study"),
        ("for the florist", "for the museum shop", "for the print shop", "for the climbing gym",
         "for the bakery", "for the bike courier", "for the bookshop", "for the tea house",
         "for the vet", "for the kindergarten"),
    )),
    ("Tideline", 4, (
        ("Write a test for", "Profile", "Sketch", "Document", "Speed up", "Take apart", "Repair"),
        ("the level chart", "the sync queue", "the station search", "the widget", "the import",
         "the unit switch", "the flood alert", "the first-run tour", "the export", "the offline map"),
        ("", "on Android", "without a network", "for long rivers", "with real data",
         "before the next beta", "on the watch"),
    )),
    ("Rowing club", 3, (
        ("Check", "Clean", "Label", "Count", "Photograph", "Repair"),
        ("the oars", "the trailer", "the riggers", "the life jackets", "the ergometers",
         "the coaching launch", "the boat covers", "the trestles", "the spare seats"),
        ("", "with Nils", "with the juniors", "before the race", "for the new members",
         "at the end of the month", "while it is quiet"),
    )),
    ("Home", 4, (
        ("Clean", "Fix", "Paint", "Measure", "Sort out", "Tidy"),
        ("the balcony door", "the bathroom shelf", "the cellar", "the bike rack", "the kitchen drawer",
         "the shoe cupboard", "the bunk bed", "the hallway lamp", "the bookcase", "the coat rack",
         "the pantry", "the tool box", "the window frames", "the letter box"),
        ("", "with Leo", "before the guests come", "for good", "once it is dry", "after the holidays",
         "with Tom's tools"),
    )),
    ("Family", 3, (
        ("Buy", "Choose", "Order", "Pick up", "Look for"),
        ("a rain jacket", "a torch", "a thermos", "a backpack", "a board game", "a sketchbook",
         "a water bottle", "a sleeping bag", "a pair of gloves", "a set of pencils"),
        ("for Mia", "for Leo", "for Jana", "for Grandma", "for the trip", "for the raffle",
         "for the cabin", "for Emil's party"),
    )),
    ("", 6, (
        ("Call", "Write to", "Ask", "Answer", "Remind"),
        PEOPLE,
        ("about Saturday", "about the spare key", "about the photographs", "about the car pool",
         "about the school play", "about dinner", "about the trailer", "about the summer party",
         "about the flat in Basel", "about the old bike", "about the bill", "about the concert"),
    )),
)  # fmt: skip
"""(project, how often, (what is done, to what, more)): every combination reads well."""

TAGGED: dict[str, tuple[str, ...]] = {
    "Halden website": ("deep-work", "quick"), "Studio": ("deep-work", "quick", "calls"),
    "Tideline": ("deep-work", "quick"), "Rowing club": ("quick", "errands"), "Home": ("home", "quick"),
    "Family": ("errands", "home"), "": ("calls", "calls", "quick"),
}  # fmt: skip
"""Which tags go with a project."""
PARTS: tuple[tuple[str, ...], ...] = (
    ("Find", "Copy", "Compare", "Check", "Send on", "Note down", "Go through", "Ask for", "Put away"),
    ("the last version", "the measurements", "the list of names", "the two prices", "the receipts",
     "the old photographs", "the colours", "the dates", "the open questions", "the addresses",
     "the spare parts", "the drawings", "the instructions", "the samples", "the second opinion"),
    ("", "once more", "before lunch", "in the evening", "together"),
)  # fmt: skip
NOTES = (
    "", "", "", "", "", "Ask for a written confirmation.", "Only in the morning.",
    "- [ ] look at last year's\n- [ ] ask what changed", "See https://example.org/guide first.",
    "Not urgent, but it would be **nice** before the holidays.", "The key hangs behind the door.",
)  # fmt: skip
RULES = (
    ("FREQ=MONTHLY", "schedule"), ("FREQ=WEEKLY;BYDAY=MO,TH", "schedule-not-past"),
    ("FREQ=WEEKLY", "schedule"), ("FREQ=MONTHLY;INTERVAL=2", "completion"),
    ("FREQ=WEEKLY;INTERVAL=3", "completion"),
)  # fmt: skip
MINUTES = (5, 10, 15, 30, 30, 45, 60, 90, 120)
