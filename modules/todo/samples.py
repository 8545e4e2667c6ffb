"""The first sample tasks, written by hand: some weeks of Robin's life around today. Only data."""

from __future__ import annotations

from typing import NamedTuple

from modules.todo.model import Repeater, Status

PROJECTS: tuple[tuple[str, str, str, str, tuple[str, ...], str], ...] = (
    ("Studio", "", "#F59E0B", "◇", ("Clients", "Accounts"), "Everything that pays the rent."),
    ("Halden website", "Studio", "#10B981", "◈", ("Design", "Build", "Launch"),
     "Booking pages for the guest house. Marit decides, **Nadia** builds with me."),
    ("Tideline", "", "#0EA5E9", "≈", ("Now", "Later"),
     "The side project: water levels for people who row. One evening a week, no more."),
    ("Rowing club", "", "#6366F1", "⛵", ("Boats", "Races"), ""),
    ("Family", "", "#EC4899", "♥", ("Lugano", "Birthdays"), ""),
    ("Home", "", "#84CC16", "⌂", ("Kitchen", "Balcony"), ""),
)  # fmt: skip
"""(name, parent, colour, icon, sections, notes)."""

TAGS = ("home", "errands", "calls", "deep-work", "waiting", "quick")


class Sample(NamedTuple):
    """A task as data: days count from today, `trip` from the Friday of the trip:
    the first one that is more than a week away.

    `block` is the day and time of a time block as long as the estimate; `done` is how many
    days ago and when it was finished; `after` names the tasks that come before it.
    """

    title: str
    project: str = ""
    section: str = ""
    due: int | None = None
    trip: int | None = None
    at: str = ""
    block: tuple[int, str] | None = None
    est: int = 0
    prio: int = 3
    tags: tuple[str, ...] = ()
    notes: str = ""
    parent: str = ""
    after: tuple[str, ...] = ()
    repeat: str = ""
    repeat_from: Repeater = "schedule"
    status: Status = "open"
    who: str = ""
    until: int | None = None
    start: int | None = None
    people: tuple[str, ...] = ()
    place: str = ""
    remind: tuple[int, ...] = ()
    done: tuple[int, str] | None = None
    actual: int = 0
    dropped: bool = False


S = Sample
TASKS: tuple[Sample, ...] = (
    # --- today: two of them late ---
    S("Launch the booking pages", "Halden website", "Launch", due=9, est=120, prio=1,
      notes="The day is fixed: the guest house mails its regulars that morning.\n\n"
            "- [x] Agree on the texts\n- [ ] Both languages read once aloud\n- [ ] Phone number on every page"),
    S("Invoice the bakery", "Studio", "Accounts", due=-2, est=20, prio=1,
      notes="12 hours, **without** the photographs. Number 31.", people=("Samir",)),
    S("Answer the landlord", "Home", due=-1, est=10, tags=("quick",),
      notes="The cellar key: we have one, Grandma has the other."),
    S("Write the booking page", "Halden website", "Build", due=0, est=90, prio=2,
      block=(0, "10:00"), tags=("deep-work",), parent="Launch the booking pages",
      notes="Say what a night costs **before** asking for a name.\n\n"
            "- [x] Rooms\n- [x] Prices\n- [ ] How to get there\n- [ ] What happens when it rains"),
    S("Review Nadia's branch", "Halden website", "Build", due=0, est=30, prio=2, people=("Nadia",),
      notes="Mostly the calendar:\n\n```js\nconst free = nights.filter(n => !taken.has(n))\n```\n\n"
            "Does `taken` know about the owners' own weeks?"),
    S("Draw the level chart", "Tideline", "Now", block=(0, "16:00"), est=60, tags=("deep-work",),
      notes="Thirty days, one line, the flood mark dashed."),
    S("Order Mia's cake", "Family", "Birthdays", due=0, at="17:30", est=10, prio=2,
      tags=("calls",), remind=(60,), notes="Lemon, nine candles. No nuts: Emil comes too."),
    S("Book the Lugano train", "Family", "Lugano", due=0, est=15, tags=("errands",),
      notes="Two adults, two children. Seats on the left for the lake."),
    S("Water the plants", "Home", "Balcony", due=0, est=10, tags=("home",), repeat="FREQ=DAILY;INTERVAL=3",
      repeat_from="completion"),
    # --- done today ---
    S("Back up the laptop", "Studio", due=0, est=5, done=(0, "07:10"), actual=4),
    S("Sign the school form", "Family", due=0, est=5, done=(0, "07:25"), actual=5),
    S("Send Marit the notes", "Halden website", est=15, notes="Of the workshop, with the photograph of the whiteboard.", done=(0, "08:20"), actual=15),
    S("Fix the focus ring", "Halden website", "Build", est=30, prio=2, done=(0, "08:55"),
      actual=40, tags=("deep-work",)),
    S("Transfer the club fee", "Rowing club", due=1, est=5, done=(0, "09:05"), actual=5),
    # --- the next days ---
    S("Choose the photographs of the rooms", "Halden website", "Design", due=1, est=45, block=(1, "10:00"),
      parent="Launch the booking pages"),
    S("Collect the parcel at the post office", "Home", due=1, est=20, tags=("errands",), place="Post office"),
    S("Prepare the questions for the usability test", "Halden website", "Design", due=2, est=60, prio=2,
      block=(2, "16:00"), notes="Five people, twenty minutes each. No leading questions."),
    S("Oil the seat rails of the double", "Rowing club", "Boats", due=3, est=30, people=("Nils",)),
    S("Wrap Mia's present", "Family", "Birthdays", due=4, est=20, start=1, after=("Fetch the kayak paddle",)),
    S("Fetch the kayak paddle", "Family", "Birthdays", due=3, est=30, tags=("errands",), place="Outdoor shop",
      notes="Ordered on her name, paid already. 180 cm."),
    S("Test the form with a screen reader", "Halden website", "Build", due=3, est=60, prio=2,
      parent="Launch the booking pages", after=("Write the booking page",)),
    S("Write the release notes of 0.4", "Tideline", "Now", due=4, est=30,
      after=("Draw the level chart",)),
    S("Call the music school about Leo's lesson", "Family", due=2, est=10, tags=("calls",)),
    S("Take the bottles away", "Home", due=4, est=20, tags=("errands", "home"), repeat="FREQ=WEEKLY;INTERVAL=2"),
    S("Set up the redirects of the old pages", "Halden website", "Launch", due=7, est=45,
      parent="Launch the booking pages", notes="41 addresses, the list is in the repository."),
    S("Announce the new pages", "Halden website", "Launch", due=10, est=30,
      after=("Launch the booking pages", "Set up the redirects of the old pages")),
    S("Pack for Lugano", "Family", "Lugano", trip=-1, est=45, prio=2),
    S("Find the swimming goggles", "Family", parent="Pack for Lugano"),
    S("Charge the camera", "Family", parent="Pack for Lugano"),
    S("Download the maps", "Family", parent="Pack for Lugano", done=(1, "20:40")),
    S("Ask Grandma to feed the cat", "Family", "Lugano", trip=-4, est=5, tags=("calls",)),
    S("Reserve the boat for Saturday", "Rowing club", "Boats", due=3, est=5, tags=("quick",),
      repeat="FREQ=WEEKLY", repeat_from="schedule-not-past"),
    S("Enter the four for the spring regatta", "Rowing club", "Races", due=18, est=15, prio=2,
      notes="| seat | who    |\n|------|--------|\n| bow  | Ines   |\n| 2    | Robin  |\n| 3    | Nils   |\n"
            "| stroke | Tom  |"),
    S("File the value added tax", "Studio", "Accounts", due=12, est=90, prio=1, tags=("deep-work",),
      repeat="FREQ=MONTHLY;INTERVAL=3"),
    S("Sort the receipts of the quarter", "Studio", "Accounts", due=8, est=60, parent="File the value added tax"),
    S("Write the offer for the climbing gym", "Studio", "Clients", due=5, est=90, prio=2, people=("Priya",),
      notes="Three sizes: *small*, *sensible*, *all of it*."),
    S("Renew Leo's passport", "Family", due=24, est=45, tags=("errands",), notes="Needs a new photograph, 35 × 45 mm."),
    S("Book the dentist", "Family", due=6, est=10, tags=("calls",), repeat="FREQ=MONTHLY;INTERVAL=6",
      repeat_from="completion"),
    S("Bleed the radiators", "Home", due=13, est=30, tags=("home",)),
    S("Descale the kettle", "Home", "Kitchen", due=9, est=10, repeat="FREQ=MONTHLY", repeat_from="completion"),
    # --- whenever ---
    S("Replace the washer of the kitchen tap", "Home", "Kitchen", est=30, tags=("home",), notes="Half an inch, not 10 mm."),
    S("Choose the tiles behind the stove", "Home", "Kitchen", start=6, people=("Jana",)),
    S("Plant the herbs anew", "Home", "Balcony", est=45),
    S("Cache the stations for offline use", "Tideline", "Now", est=120, tags=("deep-work",)),
    S("Show the wind next to the level", "Tideline", "Later", est=180, prio=4),
    S("Answer the three reports of the beta", "Tideline", "Now", est=45),
    S("Teach the watch to show the last level", "Tideline", "Later", status="someday"),
    S("Learn to scull without looking", "Rowing club", status="someday"),
    S("Build a bench for the hallway", "Home", status="someday", est=480),
    S("Night train to Copenhagen with the children", "Family", status="someday"),
    S("Give a talk about quiet interfaces", "Studio", status="someday", prio=2),
    S("Return the library books", tags=("errands",), est=15, due=5),
    S("Look at the new typeface Nadia sent", tags=("quick",), est=10),
    S("Ask Tom for his bread recipe", tags=("calls",)),
    S("Read about solar panels for balconies", prio=4),
    # --- waiting ---
    S("Quote for the awning", "Home", "Balcony", status="waiting", who="the carpenter", until=0, tags=("waiting",)),
    S("Logo of the climbing gym as a vector", "Studio", "Clients", status="waiting", who="Priya", until=2,
      tags=("waiting",)),
    S("Permit for the regatta car park", "Rowing club", "Races", status="waiting", who="the city", until=15),
    S("Hosting bill of the old server", "Studio", "Accounts", status="waiting", who="Samir", tags=("waiting",)),
    # --- done lately ---
    S("Agree on the prices with Marit", "Halden website", "Design", due=-3, done=(3, "11:20"), actual=50, est=45),
    S("Draw the page for groups", "Halden website", "Design", due=-5, done=(4, "16:45"), actual=130, est=120,
      tags=("deep-work",)),
    S("Write to the parents about the car pool", "Family", done=(1, "20:15"), actual=15, est=10),
    S("Mend the light of Leo's bike", "Home", due=-4, done=(2, "18:30"), actual=35, est=20, tags=("home",)),
    S("Measure the start of the app on an old phone", "Tideline", "Now", done=(5, "21:10"), actual=55, est=60),
    S("Varnish the oars", "Rowing club", "Boats", due=-8, done=(6, "15:00"), actual=140, est=120, people=("Nils", "Ines")),
    S("Buy running shoes", due=-6, done=(8, "12:40"), dropped=True),
)  # fmt: skip
