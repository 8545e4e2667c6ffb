"""My day: one page for today, made of what the other modules offer."""

from modules.myday.commands import show
from modules.sdk import PERSONAL, Module, Pane, Setting

module = Module(
    name="myday",
    title="My day",
    icon="☼",
    summary="Today at a glance: what is planned, due, late, done.",
    spaces=PERSONAL,
    go="y",
    commands=(show,),
    panes=(
        Pane(name="myday", title="My day", view="modules.myday.views.glance:GlanceView"),
    ),
    settings=(
        Setting(
            name="day_ends",
            title="The working day ends at",
            type=str,
            default="18:00",
            help="Capacity is what is free until then.",
        ),
        Setting(
            name="day_starts",
            title="The working day starts at",
            type=str,
            default="09:00",
            help="Capacity is counted from here, or from now.",
        ),
    ),
    empty="Nothing is planned for this day. Press A to capture something.",
)
