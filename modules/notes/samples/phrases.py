"""Further sample notes: titles and paragraphs that fit together. Only data."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of note: titles are a begin and a thing, texts some of its lines and points."""

    begins: tuple[str, ...]
    things: tuple[str, ...]
    folder: str
    tag: str
    lines: tuple[str, ...]
    heading: str
    points: tuple[str, ...]


CLIENTS = (
    "the florist", "the museum shop", "the print shop", "the bakery", "the bike courier",
    "the bookshop", "the tea house", "the vet", "the kindergarten", "the choir", "the farm",
    "the carpenter", "the tailor", "the garden centre",
)  # fmt: skip
KINDS = (
    Kind(("Call with ", "Offer for ", "First sketch for ", "Review with ", "After the launch of ",
          "Ideas for "), CLIENTS, "Work", "work",
        ("They know what they want, which helps.", "**Decided:** the small version first.",
         "Nobody reads the page about them, so we cut it in half.",
         "The photographs are good, the light in them is not.",
         "Most people come by phone, three of four in the evening.",
         "The old page has the right tone. Keep it.", "Money is tight until the summer.",
         "What they call *the list* is a spreadsheet with nine sheets."),
        "What follows",
        ("Send the notes", "Two variants by Friday", "Ask for the logo", "Measure the old page",
         "Book the next talk", "Write the offer", "Collect five examples", "Check the licence")),
    Kind(("Bug: ", "How it works: ", "Design of ", "Measured: ", "Test of "),
        ("the level chart", "the sync queue", "the station search", "the widget", "the import",
         "the flood alert", "the export", "the offline map", "the first-run tour", "the unit switch"),
        "Tideline", "code",
        ("Happens only when the phone wakes up.", "The cache is right, the clock is not.",
         "`stations.json` has 1,284 entries, 31 without a river.", "Down from 2.1 s to 0.6 s.",
         "Two reads where one would do.", "Ines can reproduce it, I cannot.",
         "The simple way works; the clever way does not.", "Levels arrive every ten minutes."),
        "Next",
        ("Write a failing test", "Try it on the old phone", "Ask Nils for his log", "Delete the flag",
         "Draw it on paper", "Compare with last week", "Note it in the release")),
    Kind(("Soup with ", "Curry with ", "Tart with ", "Salad with ", "Risotto with ", "Pancakes with "),
        ("leeks", "pumpkin", "lentils", "mushrooms", "spinach", "beetroot", "chickpeas", "fennel",
         "apples", "white beans"), "Home/Recipes", "recipes",
        ("For four, 40 minutes.", "Better on the second day.", "Leo ate two plates.",
         "Less salt than one thinks.", "Start with onions, slowly.", "From Grandma's tin box.",
         "Works without cream."),
        "To buy",
        ("Onions", "Butter", "Stock", "Bread", "Lemon", "Parsley", "Yoghurt", "Pepper")),
    Kind(("A day in ", "A weekend in ", "With children in ", "By train to "),
        ("Basel", "Bern", "Lucerne", "Chur", "Geneva", "Milan", "Freiburg", "Strasbourg", "Bregenz",
         "Como", "Lausanne", "Thun"), "Travel", "travel",
        ("Take the early train and sit upstairs.", "The museum is free on the first Sunday.",
         "Swim in the river if it is warm.", "The market closes at one.",
         "Good coffee behind the station.", "It rained, and it was fine.",
         "Ask for the room at the back."),
        "Before",
        ("Look at the timetable", "Reserve a table", "Bring swimming things", "Ask Chiara for tips",
         "Find the picnic blanket", "Day passes for the children")),
    Kind(("Fixing ", "Bought: ", "Measures of ", "Where to find "),
        ("the bunk bed", "the bathroom shelf", "the old bike", "the washing machine", "the heating",
         "the balcony door", "the sewing machine", "the tent", "the printer", "the sledge",
         "the record player", "the coffee grinder"), "Home", "home",
        ("184 × 62 × 40 cm, with the feet.", "The screws are in the blue tin.",
         "The manual is in the folder in the hallway.", "Guarantee until next spring.",
         "Turn it left first, then pull.", "Took an hour, most of it looking for the key.",
         "Tom has the right tool."),
        "To do",
        ("Take a photograph first", "Order the spare part", "Keep the receipt", "Oil it once a year",
         "Ask the landlord", "Sweep up")),
    Kind(("Session: ", "Crew talk: ", "Technique: ", "Boathouse: "),
        ("starts", "the catch", "rough water", "the double", "the four", "steady state", "the finish",
         "steering", "the juniors", "the new oars"), "Rowing", "rowing",
        ("Rate 22, long, quiet.", "Hands away sooner.", "Ines sees it from the bow: we rush.",
         "Calm lake, four boats out.", "Nils filmed it; look at second 40.",
         "The wind came after the turn.", "We counted ten, rested ten."),
        "Next time",
        ("Warm up longer", "Pause drill", "Swap seats", "Bring gloves", "Check the riggers",
         "Film from the side")),
)  # fmt: skip
