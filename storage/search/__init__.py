"""Full-text search over a vault: its own encrypted file, always as new as the vault."""

from storage.search.document import Document, default_document
from storage.search.hits import Hit
from storage.search.language import QueryError
from storage.search.reading import Stopped
from storage.search.search import Search

__all__ = ["Document", "Hit", "QueryError", "Search", "Stopped", "default_document"]
