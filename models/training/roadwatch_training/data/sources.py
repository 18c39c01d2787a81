"""
Where pictures come from, and what each source labels. A web collection of potholes leaves the cracks in its
pictures unlabelled: to learn from it that they are no damage would unlearn cracks. `sources.json` says, by
the beginning of a picture's file name, which classes a source labels and what share of the training it gets.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from .classes import NAMES

DEFAULT = Path(__file__).resolve().parents[2] / "sources.json"


class SourceError(Exception):
    """A sources file or a picture's name that does not fit; the message says what was expected."""


@dataclass(frozen=True)
class Source:
    name: str
    prefix: str
    share: float
    labels: tuple[bool, ...]
    """For each class, whether its absence from a label file means its absence from the picture."""


def read_sources(path: Path = DEFAULT) -> list[Source]:
    try:
        entries = json.loads(path.read_text("utf-8"))
        return [parse_source(name, entry) for name, entry in entries.items()]
    except (OSError, ValueError, AttributeError, SourceError) as error:
        raise SourceError(f"{path}: {error}") from error


def parse_source(name: str, entry: object) -> Source:
    fields = entry if isinstance(entry, dict) else {}
    prefix, share, labels = (fields.get(field) for field in ("prefix", "share", "labels"))
    if not isinstance(prefix, str) or not prefix:
        raise SourceError(f"{name}.prefix: expected the beginning of a file name")
    if not isinstance(share, (int, float)) or not 0 < share <= 1:
        raise SourceError(f"{name}.share: expected a number above 0, at most 1")
    if not isinstance(labels, list) or not labels or not set(map(str, labels)) <= set(NAMES):
        raise SourceError(f"{name}.labels: expected some of {', '.join(NAMES)}")
    return Source(name, prefix, float(share), tuple(entry in labels for entry in NAMES))


def source_of(picture: str, sources: list[Source]) -> Source:
    """The source with the longest fitting prefix."""
    fitting = [source for source in sources if picture.startswith(source.prefix)]
    if not fitting:
        known = ", ".join(source.prefix for source in sources)
        raise SourceError(f"{picture}: no source has this beginning; known: {known}")
    return max(fitting, key=lambda source: len(source.prefix))


def named(wanted: list[str], sources: list[Source]) -> list[Source]:
    """Sources by their name or prefix."""
    chosen = []
    for text in wanted:
        found = [source for source in sources if text in (source.name, source.prefix)]
        if not found:
            known = ", ".join(source.name for source in sources)
            raise SourceError(f"no source has the name {text!r}; known: {known}")
        chosen += found
    return chosen
