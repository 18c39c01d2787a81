import numpy as np
import pytest

from roadwatch_training.scoring.metrics import PictureResult, average_precision, curve, match

LEFT, RIGHT, NOWHERE = (0.0, 0.0, 0.2, 0.2), (0.6, 0.6, 0.8, 0.8), (0.4, 0.0, 0.5, 0.1)
BESIDE_LEFT = (0.1, 0.0, 0.3, 0.2)
"""Shares half its area with LEFT: IoU 1/3."""


def picture(found: list[tuple], truths: list[tuple]) -> PictureResult:
    rows = np.array([(0, score, *box) for score, box in found], float).reshape(-1, 6)
    return PictureResult("a", "s", rows, np.array([(0, *box) for box in truths], float).reshape(-1, 5))


@pytest.mark.parametrize(
    ("found", "truths", "expected"),
    [
        pytest.param([(0.9, LEFT), (0.8, RIGHT)], [LEFT, RIGHT], 1, id="all found"),
        pytest.param([], [LEFT], 0, id="nothing predicted"),
        pytest.param([(0.9, LEFT)], [], None, id="nothing to find"),
        # Precision 1 up to recall 0.5 (51 of 101 points), nothing beyond.
        pytest.param([(0.9, LEFT), (0.8, NOWHERE)], [LEFT, RIGHT], 51 / 101, id="one of two"),
        # Precision 0, 1/2, 2/3; made monotone 2/3 at every recall.
        pytest.param([(0.9, NOWHERE), (0.8, LEFT), (0.7, RIGHT)], [LEFT, RIGHT], 2 / 3, id="false first"),
        pytest.param(
            [(0.9, LEFT), (0.8, NOWHERE), (0.7, RIGHT)],
            [LEFT, RIGHT],
            (51 + 50 * 2 / 3) / 101,
            id="false between",
        ),
        pytest.param([(0.9, LEFT), (0.8, LEFT)], [LEFT, RIGHT], 51 / 101, id="the same one twice"),
    ],
)
def test_average_precision_worked_out_by_hand(found, truths, expected):
    result = average_precision(curve([picture(found, truths)], 0, 0.5))
    assert result == (None if expected is None else pytest.approx(expected))


def test_scores_are_ranked_over_all_pictures_and_matches_stay_in_their_own():
    pictures = [picture([(0.9, RIGHT)], [LEFT]), picture([(0.8, RIGHT)], [RIGHT])]
    assert average_precision(curve(pictures, 0, 0.5)) == pytest.approx(51 * 0.5 / 101)


def test_a_box_takes_the_truth_it_covers_best():
    found = np.array([(0.9, *LEFT), (0.8, *BESIDE_LEFT)])
    assert match(found, np.array([BESIDE_LEFT, LEFT]), 0.3)[1].all()


def test_a_prediction_of_a_truth_that_is_not_counted_is_neither_right_nor_wrong():
    found = np.array([(0.9, *LEFT), (0.8, *RIGHT), (0.7, *NOWHERE)])
    scores, hits = match(found, np.array([LEFT, RIGHT]), 0.5, np.array([False, True]))
    assert scores.tolist() == [0.8, 0.7] and hits.tolist() == [True, False]


def test_precision_and_recall_at_a_threshold():
    found = curve([picture([(0.9, LEFT), (0.8, NOWHERE), (0.3, RIGHT)], [LEFT, RIGHT])], 0, 0.5)
    assert found.at(0.5) == (0.5, 0.5)
    assert found.at(0.3) == (pytest.approx(2 / 3), 1.0)
    assert found.at(0.95) == (1.0, 0.0)
