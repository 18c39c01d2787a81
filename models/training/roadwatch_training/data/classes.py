"""
The damage classes, in the order of the model's class indices, as `contract` and every `classes.txt` name
them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class DamageClass:
    name: str
    code: str
    alert: bool
    """
    Whether a box of it may become a detection. A repair never does; learning it keeps it apart from damage.
    """


CLASSES = (
    DamageClass("longitudinal_crack", "D00", True),
    DamageClass("transverse_crack", "D10", True),
    DamageClass("alligator_crack", "D20", True),
    DamageClass("pothole", "D40", True),
    DamageClass("repair", "repair", False),
)
NAMES = tuple(entry.name for entry in CLASSES)
POTHOLE = NAMES.index("pothole")
