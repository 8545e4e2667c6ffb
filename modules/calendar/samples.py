"""Sample events, written by hand: three weeks of Robin's life, and what fills further ones. Only data."""

from __future__ import annotations

from typing import NamedTuple

PERSONAL, WORK, FAMILY = range(3)
CALENDARS = (("Personal", "#3b82f6"), ("Work", "#22c55e"), ("Family", "#f59e0b"))
MO, TU, WE, TH, FR, SA, SU = range(7)
WORKDAYS = (MO, TU, WE, TH, FR)


class Series(NamedTuple):
    """What comes again: from when, how long, by which rule."""

    title: str
    calendar: int
    at: str
    minutes: int
    rule: str
    place: str = ""
    people: tuple[str, ...] = ()
    url: str = ""
    alarm: int = 0


SERIES: tuple[Series, ...] = (
    Series("Stand-up", WORK, "09:15", 15, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Online",
           ("Nadia", "Marit"), "https://meet.example.org/halden"),
    Series("Planning with Marit", WORK, "11:30", 45, "FREQ=WEEKLY;BYDAY=MO", "Online", ("Marit",), alarm=10),
    Series("Design review", WORK, "13:30", 60, "FREQ=WEEKLY;BYDAY=WE", "Halden, room 4", ("Marit", "Nadia")),
    Series("Retrospective", WORK, "15:00", 45, "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "Online", ("Nadia",)),
    Series("Month's accounts", WORK, "13:30", 75, "FREQ=MONTHLY;BYDAY=-1FR"),
    Series("Rowing", PERSONAL, "06:30", 75, "FREQ=WEEKLY;BYDAY=TU,TH", "Boathouse"),
    Series("Long outing", PERSONAL, "08:00", 120, "FREQ=WEEKLY;BYDAY=SA", "Boathouse", alarm=45),
    Series("Tideline evening", PERSONAL, "20:00", 90, "FREQ=WEEKLY;BYDAY=TU"),
    Series("Leo: swimming", FAMILY, "14:00", 45, "FREQ=WEEKLY;BYDAY=WE", "Indoor pool"),
    Series("Mia: music school", FAMILY, "17:15", 45, "FREQ=WEEKLY;BYDAY=MO"),
    Series("Lunch at Grandma's", FAMILY, "12:00", 120, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU"),
)  # fmt: skip
MOVED = 1
"""The series of which one is an hour later this week."""
AWAY = {6: 1, 10: 2}
"""The series of which one is left out because of the trip, and on which day of it."""

BIRTHDAYS = (
    ("Mia", 5, 9),
    ("Grandma", 17, 74),
    ("Tom", -6, 41),
    ("Chiara", 33, 38),
    ("Leo", 88, 6),
)
"""(who, in how many days, which one)."""


class Once(NamedTuple):
    """What happens once: in which week from this one, on which weekday."""

    week: int
    day: int
    at: str
    minutes: int
    calendar: int
    title: str
    place: str = ""
    people: tuple[str, ...] = ()
    tentative: bool = False
    text: str = ""


ONCE: tuple[Once, ...] = (
    Once(0, MO, "13:30", 45, WORK, "Call with the bakery", "Online", ("Samir",)),
    Once(0, MO, "19:00", 90, FAMILY, "Parents' evening", "School, room 12"),
    Once(0, TU, "12:15", 60, PERSONAL, "Lunch with Nadia", "Market hall"),
    Once(0, TU, "14:00", 90, WORK, "Workshop: how guests book", "Halden, room 4", ("Marit", "Nadia"),
         text="One question: *what makes people stop before they book?*\n\nBring the printed pages."),
    Once(0, TU, "17:15", 45, PERSONAL, "Haircut", "Around the corner"),
    Once(0, WE, "18:30", 150, PERSONAL, "Dinner at Tom's", text="Bring bread. Brave, but bring it."),
    Once(0, TH, "13:00", 30, WORK, "Call with Priya", "Online", ("Priya",)),
    Once(0, TH, "14:00", 45, FAMILY, "Dentist: Leo", "School dentist"),
    Once(0, TH, "14:15", 60, WORK, "Demo for the owners", "Online", ("Marit", "Nadia"), tentative=True),
    Once(0, FR, "12:00", 75, PERSONAL, "Lunch with Chiara", "Market hall"),
    Once(0, FR, "19:30", 135, PERSONAL, "Concert with Jana", "Old town hall"),
    Once(0, SA, "11:30", 90, FAMILY, "Flea market", "Square by the river"),
    Once(0, SA, "18:00", 180, PERSONAL, "Crew dinner", "Boathouse"),
    Once(0, SU, "14:30", 90, FAMILY, "Museum with the children", "Museum of design"),
    Once(1, MO, "13:30", 60, WORK, "Offer for the climbing gym", "Online", ("Priya",)),
    Once(1, TU, "13:00", 150, WORK, "Usability test", "Studio", ("Nadia",)),
    Once(1, WE, "12:15", 60, PERSONAL, "Lunch with Samir", "Bakery"),
    Once(1, TH, "19:00", 90, PERSONAL, "Climbing with Priya", "Climbing gym"),
    Once(1, WE, "17:00", 60, FAMILY, "School choir", "Church by the park", tentative=True),
    Once(-1, MO, "13:30", 45, WORK, "First talk with Priya", "Climbing gym", ("Priya",)),
    Once(-1, TU, "14:00", 30, WORK, "Call with the bakery", "Online", ("Samir",)),
    Once(-1, WE, "19:30", 120, PERSONAL, "Cinema", "Around the corner"),
    Once(-1, TH, "12:15", 60, PERSONAL, "Lunch with Ines", "Boathouse"),
    Once(-1, FR, "11:00", 30, WORK, "Prices with Marit", "Online", ("Marit",)),
    Once(-1, SA, "12:00", 180, PERSONAL, "Varnishing the oars", "Boathouse"),
    Once(-1, SU, "14:00", 150, FAMILY, "Walk along the lake"),
)  # fmt: skip


class Filling(NamedTuple):
    """What fills other weeks: on one of these days, titles made of a begin and an end."""

    days: tuple[int, ...]
    at: str
    minutes: int
    calendar: int
    begin: str
    ends: tuple[str, ...]
    places: tuple[str, ...] = ("",)


FRIENDS = (
    "Nadia",
    "Tom",
    "Ines",
    "Nils",
    "Chiara",
    "Jana",
    "Samir",
    "Olga",
    "Björn",
    "Hannah",
)
CLIENTS = ("the bakery", "the florist", "the museum shop", "the bookshop", "the tea house", "the vet",
           "Marit", "Priya", "Samir", "the print shop")  # fmt: skip
TOPICS = ("room list", "prices", "search", "first page", "newsletter", "photographs", "groups",
          "contact form", "old pages", "colours")  # fmt: skip
TABLES = ("Market hall", "By the lake", "Around the corner", "")
FILLING: tuple[Filling, ...] = (
    Filling(WORKDAYS, "13:00", 30, WORK, "Call with ", CLIENTS, ("Online",)),
    Filling((TU, TH), "14:00", 90, WORK, "Workshop: ", TOPICS, ("Halden, room 4", "Studio")),
    Filling((MO, TH), "15:00", 45, WORK, "Review: ", TOPICS, ("Online",)),
    Filling((FR,), "11:30", 30, WORK, "Demo: ", TOPICS, ("Online",)),
    Filling((TU, WE), "11:30", 45, WORK, "Offer for ", CLIENTS[:6], ("Studio",)),
    Filling(WORKDAYS, "12:15", 60, PERSONAL, "Lunch with ", FRIENDS, TABLES),
    Filling((WE, TH), "19:00", 150, PERSONAL, "Dinner with ", FRIENDS, TABLES),
    Filling((FR,), "20:00", 120, PERSONAL, "", ("Cinema", "Concert", "Theatre", "Game night", "Jazz in the yard"),
            ("Old town hall", "")),
    Filling((MO, TH), "18:15", 60, PERSONAL, "", ("Yoga", "Climbing", "Rowing machine", "Book club")),
    Filling((TU, TH, FR), "17:15", 45, FAMILY, "", ("Dentist: Mia", "Vet with the cat", "Parents' talk",
            "New shoes for Leo", "Library with Mia", "Haircut: Leo")),
    Filling((SA,), "11:00", 90, FAMILY, "", ("Flea market", "Bike repair café", "Market", "Swimming", "Zoo")),
    Filling((SA,), "15:00", 150, FAMILY, "Birthday party: ", ("Emil", "Zoe", "Luan", "Fritz", "Ella")),
    Filling((SA,), "19:00", 180, PERSONAL, "Dinner at ", ("Tom's", "Chiara's", "Nadia's", "Olga's", "the boathouse")),
    Filling((SU,), "15:00", 120, FAMILY, "", ("Walk along the lake", "Museum with the children", "Up the hill",
            "Kites in the park", "Cake at Grandma's", "Castle ruins")),
)  # fmt: skip
WHOLE_DAYS = (("School holidays", FAMILY, 5), ("Jana away", FAMILY, 2), ("Work in Bern", WORK, 1),
              ("Grandma visits", FAMILY, 3), ("Regatta", PERSONAL, 2), ("Public holiday", FAMILY, 1))  # fmt: skip
