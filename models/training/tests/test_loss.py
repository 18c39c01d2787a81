import torch

from roadwatch_training.data.classes import NAMES, POTHOLE
from roadwatch_training.data.targets import Targets
from roadwatch_training.learning.loss import detection_loss
from roadwatch_training.network.boxes import Decoded

SIDE = 64


def maps(logit: float, crack: bool) -> list[torch.Tensor]:
    """Sure (or not) of an object everywhere: a longitudinal crack or a pothole."""
    levels = []
    for stride in (8, 16, 32):
        level = torch.zeros(1, 5 + len(NAMES), SIDE // stride, SIDE // stride)
        level[:, 4] = logit
        level[:, 5 + (0 if crack else POTHOLE)] = 5.0
        levels.append(level.requires_grad_())
    return levels


def empty(unlabelled: list[int]) -> list[Targets]:
    where = torch.zeros(SIDE // 8, SIDE // 8, len(NAMES), dtype=torch.bool)
    where[..., unlabelled] = True
    return [Targets(torch.zeros(0, 4), torch.zeros(0, dtype=torch.long), where)]


def test_a_class_that_the_source_does_not_label_is_not_denied():
    cracks = [index for index in range(len(NAMES)) if index != POTHOLE]
    assert detection_loss(maps(3.0, crack=True), empty(cracks)).objectness == 0
    assert detection_loss(maps(3.0, crack=False), empty(cracks)).objectness > 1
    assert detection_loss(maps(3.0, crack=True), empty([])).objectness > 1


def test_a_picture_without_damage_teaches_silence():
    levels = maps(0.0, crack=False)
    detection_loss(levels, empty([])).total.backward()
    assert all((level.grad[:, 4] > 0).all() for level in levels)


def test_boxes_move_towards_their_truth():
    levels = maps(0.0, crack=False)
    truth = torch.tensor([[8.0, 16.0, 40.0, 48.0]])
    target = empty([])[0]._replace(boxes=truth, classes=torch.tensor([POTHOLE]))
    optimizer = torch.optim.Adam(levels, lr=0.05)
    first = detection_loss(levels, [target])
    for _ in range(150):
        optimizer.zero_grad()
        losses = detection_loss(levels, [target])
        losses.total.backward()
        optimizer.step()
    assert losses.total < 0.2 * first.total
    found = Decoded(levels)
    best = found.scores()[0, :, POTHOLE].argmax()
    assert torch.allclose(found.boxes[0, best], truth[0], atol=2)
