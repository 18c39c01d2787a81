import numpy as np
import pytest

from roadwatch_training.data.classes import NAMES
from roadwatch_training.scoring.metrics import Curve
from roadwatch_training.scoring.reliability import reliability
from roadwatch_training.thresholds import HIGHEST, LOWEST, cap_false_positives, for_precision

REPAIR = NAMES.index("repair")


def curve_of(*runs: tuple[float, int, int]) -> Curve:
    """Runs of boxes: score, how many right ones, how many false ones; by falling score."""
    scores = np.concatenate([np.full(right + false, score) for score, right, false in runs])
    hits = np.concatenate([np.repeat([True, False], (right, false)) for _, right, false in runs])
    return Curve(scores, hits, 100)


def test_the_threshold_is_the_lowest_that_keeps_the_precision():
    # 30 of 30, then 38 of 40, then 40 of 60.
    found = curve_of((0.9, 30, 0), (0.6, 8, 2), (0.3, 2, 18))
    assert for_precision(found, 0.8) == pytest.approx(0.31)
    assert for_precision(found, 0.97) == pytest.approx(0.61)
    assert for_precision(found, 0.5) == LOWEST


def test_a_class_that_never_gets_so_precise_takes_its_best():
    assert for_precision(curve_of((0.9, 10, 10), (0.5, 20, 0)), 0.9) <= 0.5
    nothing = Curve(np.zeros(0), np.zeros(0, bool), 100)
    assert for_precision(nothing, 0.9) == HIGHEST


def test_frames_without_damage_are_quietened_where_it_costs_least():
    curves = [curve_of((0.55, 50, 0)), *[curve_of((0.95, 50, 0)) for _ in NAMES[1:]]]
    # One false box of each of two classes: raising the first class would cost 50 true boxes, the second none.
    frames = [np.array([[0, 0.6]]), np.array([[1, 0.6]]), *[np.zeros((0, 2))] * 98]
    thresholds = cap_false_positives([0.5] * len(NAMES), curves, {"video": frames}, cap=0.01)
    assert thresholds[0] == 0.5 and 0.6 < thresholds[1] < 0.601


def test_each_group_of_frames_has_to_be_quiet():
    curves = [curve_of((0.95, 50, 0)) for _ in NAMES]
    loud, quiet = [np.array([[0, 0.7]])] * 2, [np.zeros((0, 2))] * 1000
    assert cap_false_positives([0.5] * len(NAMES), curves, {"a": quiet, "b": loud}, cap=0.01)[0] > 0.7


def test_a_class_that_never_alerts_is_never_loud():
    curves = [curve_of((0.95, 50, 0)) for _ in NAMES]
    frames = [np.array([[REPAIR, 0.9]])] * 10
    assert cap_false_positives([0.5] * len(NAMES), curves, {"video": frames}, cap=0.01) == [0.5] * len(NAMES)


def test_reliability_counts_each_box_once():
    rows = reliability(curve_of((1.0, 2, 0), (0.55, 3, 1), (0.05, 0, 4)))
    assert [row["boxes"] for row in rows] == [4, 0, 0, 0, 0, 4, 0, 0, 0, 2]
    assert rows[5]["precision"] == 0.75 and rows[9]["precision"] == 1.0 and rows[1]["precision"] is None
