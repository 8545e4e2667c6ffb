"""The first sample entries, written by hand, and sentences for further ones. Only data."""

from __future__ import annotations

from typing import NamedTuple

from modules.journal.model import Mood

TAGS = ("family", "work", "rowing", "friends", "tideline")


class Sample(NamedTuple):
    """An entry as data: so many days ago, or so many years ago today."""

    ago: int
    mood: Mood
    text: str
    tags: tuple[str, ...] = ()
    title: str = ""
    years: int = 0
    favourite: bool = False


S = Sample
SAMPLES: tuple[Sample, ...] = (
    S(0, "content", "Up before the alarm. Leo had drawn a map of the flat with the cat in every room.\n\n"
      "Today: the text of the booking page, **before** lunch. Everything else can wait until it is written.",
      ("family", "work")),
    S(1, "happy", "Bread number two came out of the oven higher than number one. Mia said it tastes *like "
      "the shop*, which I take as praise.\n\nIn the evening Jana and I planned Lugano on the floor, with the "
      "big map. We will not do half of it, and that is fine.", ("family",), favourite=True),
    S(2, "stressed", "The invoice for the bakery is still not out. I write it in my head every morning and "
      "do something else.\n\nMended the light of Leo's bike in the dark, which taught us both why one wants a light.",
      ("work", "family")),
    S(3, "content", "Agreed on the prices with Marit in twenty minutes. I said the number and then I said "
      "nothing, and it worked.\n\n- walked home along the lake\n- soup\n- in bed by ten", ("work",)),
    S(4, "pensive", "The page for groups took all day and is now half as long. Nadia asked who it was for, "
      "and I had no answer for ten minutes.\n\nThat question belongs at the start.", ("work",)),
    S(5, "happy", "Tideline evening. Opened in 3.8 seconds on the old phone; 2.1 of them are the map. Nobody "
      "needs the map first.\n\nWrote to Ines that it will be better next week.", ("tideline",)),
    S(6, "grateful", "On the water at seven, flat as a table, fog up to the knees. Nobody said a word for "
      "two kilometres.\n\nThen varnished oars with Nils and Ines until three. My hands still smell of it.",
      ("rowing", "friends"), title="Fog", favourite=True),
    S(8, "neutral", "Rain. Mia read the lighthouse story to Leo, all of it, with voices. I pretended to sort receipts."
      "\n\nCalled Grandma. She asks whether nine is too old for a doll. It is not.", ("family",)),
    S(9, "stressed", "Three calls, none of them needed me. Workshop plan thrown away at four, written anew at "
      "nine.\n\nNote for the next time: **one** question per workshop.", ("work",)),
    S(10, "content", "Ran to the bridge and back before anybody was up. Talked to Priya about the climbing gym: "
      "one page, three facts. I like clients who can count to three.", ("work",)),
    S(11, "sad", "Chiara moves to Basel in spring. It is an hour by train and still it is not around the "
      "corner.\n\nWe laughed a lot, all the same.", ("friends",)),
    S(13, "happy", "2 km on the machine in **7:24**. Seventeen seconds better than in spring. Could not climb "
      "the stairs afterwards.", ("rowing",)),
    S(14, "grateful", "Dinner at Tom's. He gave me a spoon of his starter in a jam jar and a lecture of an "
      "hour. Both are alive.", ("friends",)),
    S(16, "neutral", "A day of small things:\n\n- keys found\n- tap still drips\n- two mails I was afraid of, "
      "both friendly", ("work",)),
    S(17, "angry", "The contact form lost a message, and it was my mistake: I had tested it with my own "
      "address only.\n\nFixed it, wrote to them, said sorry. It took an hour and I had dreaded it all day.", ("work",)),
    S(19, "content", "Leo can swim. Eleven metres, most of them under water. He counted them himself.",
      ("family",), favourite=True),
    S(20, "pensive", "Read about noticing. Looked at the boathouse door for ten minutes: it is four greens.\n\n"
      "What else have I not looked at?", ("rowing",)),
    S(22, "happy", "First people outside the club use Tideline: fourteen. One asked for metres instead of "
      "centimetres, which means that one of them reads it.", ("tideline",)),
    S(24, "content", "Said no to the third project. It felt like putting down a bag.", ("work",)),
    S(27, "grateful", "Picnic with everybody on the wall by the lake. Jana fell asleep in the sun; we put "
      "leaves on her shoes.", ("family", "friends")),
    S(30, "neutral", "Month's accounts. The numbers are better than the feeling, as always.", ("work",)),
    S(0, "happy", "The first boat of my own hands is in the water: Mia built it from a milk carton, and it "
      "made it to the other bank.\n\nNext year a real one, I said.", ("family",), title="The milk carton", years=1,
      favourite=True),
    S(0, "pensive", "Last day in the agency. They gave me a plant and a very large card.\n\nFrom tomorrow the "
      "calendar is mine. It is **very** white.", ("work",), title="Last day", years=2, favourite=True),
)  # fmt: skip
"""The newest first."""

OPENINGS = (
    "A slow morning with coffee and rain.", "Ran eight kilometres before work.",
    "The whole day in calls.", "Worked from the kitchen table.", "Cooked for six.",
    "First frost on the windows.", "Everyone was ill except me.", "On the water before sunrise.",
    "Train to Bern and back.", "Nadia came by with cake.", "Slept badly, up at five.",
    "School holidays: the flat is a camp.", "The lake was grey and completely still.",
    "A day without a single call.", "Leo woke us at six with a question about whales.",
)  # fmt: skip
MIDDLES = (
    "Finally fixed the shelf in the hallway.", "Marit moved the talk by a week, which suits me.",
    "Read half of the book on bread.", "Nils told the story of the capsized eight again.",
    "The talk went better than expected.", "Argued about the budget, then laughed about it.",
    "Wrote two pages and kept one.", "Found the old photographs of the boathouse.",
    "Threw away a day's work and was right.", "Mia beat me at chess, fairly.",
    "Samir paid, with a note that made me smile.", "The new oars are lighter than they look.",
    "Explained to Leo where mails go; I am not sure either.", "Ines rowed stroke for the first time.",
    "One bug less, and it was the old one.", "Jana found the bench from last summer again.",
    "Learned that the florist paints.", "We danced in the kitchen.",
)  # fmt: skip
ENDINGS = (
    "In bed by ten.", "Grateful for quiet evenings.", "Must call Grandma tomorrow.",
    "Tired but content.", "Soup, a film, sleep.", "Too much screen today.", "Tomorrow the dentist.",
    "The moon over the roofs, very large.", "", "",
)  # fmt: skip
