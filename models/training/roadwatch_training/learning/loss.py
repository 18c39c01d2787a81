"""
What the training minimises: box (generalised IoU), objectness and class losses of YOLOX, with the label
policy of each source: where a source does not label a class, a prediction of that class is neither right nor
wrong.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F

from ..data.targets import Targets
from ..network.boxes import Decoded, generalized_iou
from .assign import assign

BOX_WEIGHT = 3.0


class Losses(NamedTuple):
    total: torch.Tensor
    box: float
    objectness: float
    classes: float


def detection_loss(maps: list[torch.Tensor], targets: list[Targets]) -> Losses:
    found = Decoded(maps)
    centres = (found.corners + 0.5) * found.strides[:, None]
    wanted = torch.zeros_like(found.objectness)
    counted = torch.ones_like(found.objectness)
    box_loss = class_loss = found.boxes.sum() * 0
    matches = 0
    for index, target in enumerate(targets):
        counted[index] = (~ignored(found.classes[index], centres, target.unlabelled)).float()
        if len(target.boxes) == 0:
            continue
        predicted = (found.boxes[index], found.objectness[index], found.classes[index])
        chosen = assign(
            target.boxes, target.classes, *(p.detach() for p in predicted), centres, found.strides
        )
        boxes, _, classes = (p[chosen.anchors] for p in predicted)
        box_loss = box_loss + (1 - generalized_iou(boxes, target.boxes[chosen.truths])).sum()
        # The class learns the overlap rather than 1, so that a score says how well the box fits.
        goal = F.one_hot(target.classes[chosen.truths].long(), classes.shape[1]) * chosen.ious[:, None]
        class_loss = class_loss + F.binary_cross_entropy_with_logits(
            classes, goal.clamp(0, 1), reduction="sum"
        )
        wanted[index, chosen.anchors] = 1
        counted[index, chosen.anchors] = 1
        matches += len(chosen.anchors)
    objectness = F.binary_cross_entropy_with_logits(found.objectness, wanted, reduction="none")
    objectness_loss = (objectness * counted).sum()
    scale = 1 / max(matches, 1)
    return Losses(
        (BOX_WEIGHT * box_loss + objectness_loss + class_loss) * scale,
        box_loss.item() * scale,
        objectness_loss.item() * scale,
        class_loss.item() * scale,
    )


@torch.no_grad()
def ignored(classes: torch.Tensor, centres: torch.Tensor, unlabelled: torch.Tensor) -> torch.Tensor:
    """`[A]`: whether the anchor's best class is one that the picture does not label at that place."""
    column, row = (centres / 8).long().unbind(-1)
    return unlabelled[row, column, classes.argmax(-1)]
