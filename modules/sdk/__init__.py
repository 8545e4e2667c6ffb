"""Everything a module may use. Importing it never imports Textual."""

from modules.sdk.command import Command, command
from modules.sdk.context import Context
from modules.sdk.field import Duration, Line, Money, Private, Ref, Scale, Text, Title, says
from modules.sdk.job import Job
from modules.sdk.listing import Col, Listing, Raw, Row, Said
from modules.sdk.module import EVERYWHERE, PERSONAL, Module, Pane
from modules.sdk.setting import Setting
from modules.sdk.slot import (
    Agenda,
    Capture,
    Export,
    Import,
    Measure,
    Rejected,
    Remind,
    Reminder,
    Search,
    Seed,
    Source,
    Span,
    Today,
    TodayLine,
    stable_id,
)
from modules.sdk.tracker import tracker
from storage.query import Query, col, matching, tagged
from storage.record import Record
from storage.store import Store

__all__ = [
    "EVERYWHERE",
    "PERSONAL",
    "Agenda",
    "Capture",
    "Col",
    "Command",
    "Context",
    "Duration",
    "Export",
    "Import",
    "Job",
    "Line",
    "Listing",
    "Measure",
    "Module",
    "Money",
    "Pane",
    "Private",
    "Query",
    "Raw",
    "Record",
    "Ref",
    "Rejected",
    "Remind",
    "Reminder",
    "Row",
    "Said",
    "Scale",
    "Search",
    "Seed",
    "Setting",
    "Source",
    "Span",
    "Store",
    "Text",
    "Title",
    "Today",
    "TodayLine",
    "col",
    "command",
    "matching",
    "says",
    "stable_id",
    "tagged",
    "tracker",
]
