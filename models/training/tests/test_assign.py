import torch

from roadwatch_training.learning.assign import assign
from roadwatch_training.network.boxes import anchors

# One 32x32 input: sixteen anchors of stride 8 (0 to 15, row by row), four of stride 16, one of 32.
CORNERS, STRIDES = anchors(32, 32)
CENTRES = (CORNERS + 0.5) * STRIDES[:, None]


def predictions(boxes: dict[int, list[float]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    found = torch.cat([CENTRES - 0.5, CENTRES + 0.5], 1)
    for anchor, box in boxes.items():
        found[anchor] = torch.tensor(box)
    return found, torch.zeros(len(found)), torch.zeros(len(found), 2)


def assigned(truths: list[list[float]], classes: list[int], found) -> dict[int, int]:
    result = assign(torch.tensor(truths), torch.tensor(classes), *found, CENTRES, STRIDES)
    return dict(zip(result.anchors.tolist(), result.truths.tolist(), strict=True))


def test_a_truth_gets_as_many_anchors_as_its_overlaps_add_up_to():
    # Three perfect predictions around the centre, the rest overlap by 1/256 each: 3.0 and a bit, so three.
    truth = [8.0, 8.0, 24.0, 24.0]
    found = predictions({5: truth, 6: truth, 9: truth})
    assert assigned([truth], [0], found) == {5: 0, 6: 0, 9: 0}


def test_a_truth_that_nothing_overlaps_still_gets_its_cheapest_anchor():
    found = predictions({})
    assert list(assigned([[8.0, 8.0, 24.0, 24.0]], [0], found).values()) == [0]


def test_an_anchor_that_two_truths_want_answers_for_the_one_that_it_predicts_better():
    left, right = [0.0, 8.0, 18.0, 24.0], [14.0, 8.0, 32.0, 24.0]
    # Anchors 5 and 6 lie near both truths' centres; each predicts one of them exactly.
    found = predictions({5: left, 6: right})
    result = assigned([left, right], [0, 1], found)
    assert result[5] == 0 and result[6] == 1


def test_the_class_decides_between_predictions_that_overlap_alike():
    truth = [8.0, 8.0, 24.0, 24.0]
    half = [8.0, 8.0, 24.0, 16.0]
    boxes, objectness, classes = predictions({5: half, 6: half})
    classes[5], classes[6] = torch.tensor([4.0, -4.0]), torch.tensor([-4.0, 4.0])
    # Overlaps of 1/2 twice and crumbs: one anchor.
    assert assigned([truth], [1], (boxes, objectness, classes)) == {6: 0}


def test_a_truth_that_no_anchor_lies_near_is_left_out():
    found = predictions({})
    assert assigned([[100.0, 100.0, 120.0, 120.0]], [0], found) == {}
