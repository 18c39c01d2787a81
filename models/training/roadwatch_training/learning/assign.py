"""
SimOTA: which anchors answer for which truth (Ge et al., 2021, arXiv:2107.08430, section 2.3). A truth gets as
many anchors as the overlaps of its ten best predictions add up to, and takes those that predict it most
cheaply.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F

from ..network.boxes import pairwise_iou

CENTRE_RADIUS = 1.5
"""In strides: how far from a truth's centre an anchor counts as central."""
CANDIDATES = 10
IOU_WEIGHT = 3.0
NOT_CENTRAL = 1e5


class Assignment(NamedTuple):
    """Anchors that answer for a truth, the truth of each, and their overlap."""

    anchors: torch.Tensor
    truths: torch.Tensor
    ious: torch.Tensor


@torch.no_grad()
def assign(
    truth_boxes: torch.Tensor,
    truth_classes: torch.Tensor,
    boxes: torch.Tensor,
    objectness: torch.Tensor,
    classes: torch.Tensor,
    centres: torch.Tensor,
    strides: torch.Tensor,
) -> Assignment:
    """
    One picture. Shapes: truths `[N, 4]` and `[N]`, predictions `[A, 4]`, `[A]`, `[A, C]` (logits), anchors
    `[A, 2]` and `[A]` in pixels.
    """
    inside, central = near(truth_boxes, centres, strides)
    candidates = (inside | central).any(0).nonzero()[:, 0]
    if len(candidates) == 0:
        nothing = candidates.new_zeros(0)
        return Assignment(nothing, nothing, boxes.new_zeros(0))
    ious = pairwise_iou(truth_boxes, boxes[candidates])
    cost = (
        class_cost(truth_classes, objectness[candidates], classes[candidates])
        - IOU_WEIGHT * torch.log(ious + 1e-8)
        + NOT_CENTRAL * (~(inside & central)[:, candidates])
    )
    chosen = torch.zeros_like(cost, dtype=torch.bool)
    counts = ious.topk(min(CANDIDATES, len(candidates)), 1)[0].sum(1).int().clamp(min=1)
    for truth, count in enumerate(counts.tolist()):
        chosen[truth, cost[truth].topk(count, largest=False)[1]] = True
    contested = chosen.sum(0) > 1
    cheapest = cost.argmin(0)
    chosen &= ~contested
    chosen[cheapest[contested], contested.nonzero()[:, 0]] = True
    taken = chosen.any(0).nonzero()[:, 0]
    truths = chosen[:, taken].int().argmax(0)
    return Assignment(candidates[taken], truths, ious[truths, taken])


def near(
    truths: torch.Tensor, centres: torch.Tensor, strides: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """`[N, A]` each: whether the anchor's centre lies inside the truth, and near the truth's centre."""
    margins = torch.cat([centres[None] - truths[:, None, :2], truths[:, None, 2:] - centres[None]], -1)
    middle = (truths[:, :2] + truths[:, 2:]) / 2
    distance = (centres[None] - middle[:, None]).abs().amax(-1)
    return margins.amin(-1) > 0, distance < CENTRE_RADIUS * strides[None]


def class_cost(truth_classes: torch.Tensor, objectness: torch.Tensor, classes: torch.Tensor) -> torch.Tensor:
    """`[N, K]`: cross-entropy of the anchors' scores with each truth's class."""
    scores = (objectness.sigmoid()[:, None] * classes.sigmoid()).sqrt()
    wanted = F.one_hot(truth_classes.long(), classes.shape[1]).float()
    shape = (len(truth_classes), *scores.shape)
    return F.binary_cross_entropy(scores.expand(shape), wanted[:, None].expand(shape), reduction="none").sum(
        -1
    )
