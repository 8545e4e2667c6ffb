"""A question a day, for when nothing comes to mind."""

from __future__ import annotations

from datetime import date

from modules.sdk.text.lexicon import language

QUESTIONS = {
    "en": (
        "What went well today?", "What surprised you?", "Whom did you enjoy talking to?",
        "What are you grateful for?", "What would you do differently?",
        "What did you learn?", "What is on your mind?", "What made you laugh?",
        "What are you looking forward to?", "What did you put off, and why?",
        "Which small thing was beautiful?", "What does tomorrow need?",
    ),
    "de": (
        "Was ist heute gelungen?", "Was hat dich überrascht?", "Mit wem hast du gern geredet?",
        "Wofür bist du dankbar?", "Was würdest du anders machen?", "Was hast du gelernt?",
        "Was beschäftigt dich?", "Worüber hast du gelacht?", "Worauf freust du dich?",
        "Was hast du aufgeschoben, und warum?", "Welche Kleinigkeit war schön?",
        "Was braucht der morgige Tag?",
    ),
}  # fmt: skip


def prompt_for(day: date, locale: str, own: str = "") -> str:
    """The question of a day: one's own (a line each) where there are any."""
    asked = [line.strip() for line in own.splitlines() if line.strip()]
    questions = asked or QUESTIONS[language(locale)]
    return questions[day.toordinal() % len(questions)]
