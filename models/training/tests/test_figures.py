import numpy as np
import pytest

from roadwatch_training.data.classes import NAMES, POTHOLE
from roadwatch_training.data.pictures import Picture
from roadwatch_training.data.sources import Source
from roadwatch_training.scoring.figures import figures
from roadwatch_training.scoring.metrics import PictureResult
from roadwatch_training.scoring.parts import by_size, by_source

CRACK, REPAIR = NAMES.index("alligator_crack"), NAMES.index("repair")
ALL = [True] * len(NAMES)
THRESHOLDS = [0.5] * len(NAMES)
SIZE = (640, 384)
PLACE, FAR = (0.1, 0.1, 0.5, 0.5), (0.8, 0.8, 0.82, 0.82)
LOOSE = (0.3, 0.1, 0.7, 0.5)
"""Shares half its area with PLACE: IoU 1/3."""


def result(found: list[tuple], truths: list[tuple], source: str = "a") -> PictureResult:
    rows = np.array([(index, score, *box) for index, score, box in found], float).reshape(-1, 6)
    return PictureResult(
        "p", source, rows, np.array([(index, *box) for index, box in truths], float).reshape(-1, 5)
    )


def picture(source: Source) -> Picture:
    return Picture("p", source, b"", *SIZE, np.zeros((0, 4)), np.zeros(0, int))


def source(name: str, labels: set[int]) -> Source:
    return Source(name, f"{name}_", 0.5, tuple(index in labels for index in range(len(NAMES))))


def test_a_loose_box_is_found_at_the_loose_overlap_alone():
    found = figures([result([(POTHOLE, 0.9, LOOSE)], [(POTHOLE, PLACE)])], THRESHOLDS, ALL)
    assert (found["classes"]["pothole"]["ap50"], found["classes"]["pothole"]["ap30"]) == (0, 1)
    assert (found["damage"]["recall"], found["damage"]["recall30"]) == (0, 1)


def test_damage_is_found_whatever_it_is_called_and_a_repair_is_none():
    found = figures([result([(POTHOLE, 0.9, PLACE)], [(CRACK, PLACE), (REPAIR, FAR)])], THRESHOLDS, ALL)
    assert found["classes"]["alligator_crack"]["ap50"] == 0
    damage = found["damage"]
    assert (damage["truths"], damage["ap50"], damage["recall"], damage["precision"]) == (1, 1, 1, 1)


def test_false_boxes_are_those_at_the_thresholds_in_pictures_without_damage():
    empty = result([(POTHOLE, 0.6, PLACE), (CRACK, 0.4, PLACE), (REPAIR, 0.9, PLACE)], [(REPAIR, FAR)])
    damaged = result([(POTHOLE, 0.6, FAR)], [(POTHOLE, PLACE)])
    damage = figures([empty, damaged], THRESHOLDS, ALL)["damage"]
    assert (damage["emptyPictures"], damage["falseBoxes"]) == (1, 1)


def test_what_a_source_does_not_label_is_not_held_against_it():
    webs, streets = source("web", {POTHOLE}), source("street", set(range(len(NAMES))))
    results = [
        result([(CRACK, 0.9, PLACE)], [], "web"),
        result([(CRACK, 0.9, PLACE)], [], "street"),
    ]
    parts = by_source(results, [picture(webs), picture(streets)], THRESHOLDS, SIZE)
    assert list(parts) == ["street", "web"] and list(parts["web"]["classes"]) == ["pothole"]
    assert parts["web"]["damage"]["falseBoxes"] == 0 and parts["street"]["damage"]["falseBoxes"] == 1


def test_recall_is_told_by_the_size_that_the_damage_has_for_the_model():
    one = source("a", {POTHOLE})
    results = [result([(POTHOLE, 0.9, PLACE)], [(POTHOLE, PLACE), (POTHOLE, FAR)])]
    sizes = by_source(results, [picture(one)], THRESHOLDS, SIZE)["a"]["recallBySize"]
    assert {name: (part["truths"], part["recall"]) for name, part in sizes.items()} == {
        "small": (1, 0),
        "medium": (0, None),
        "large": (1, 1),
    }


@pytest.mark.parametrize(("box", "expected"), [(LOOSE, (0, 1)), (PLACE, (1, 1))])
def test_figures_by_size_have_both_overlaps(box: tuple, expected: tuple):
    results = [result([(POTHOLE, 0.9, box)], [(POTHOLE, PLACE)])]
    parts = by_size(results, [picture(source("a", {POTHOLE}))], THRESHOLDS, SIZE)
    large = parts["large"]["classes"]["pothole"]
    assert (large["ap50"], large["ap30"]) == expected
    assert parts["small"]["classes"]["pothole"]["truths"] == 0
