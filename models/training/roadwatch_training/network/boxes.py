"""Boxes as tensors of `x1 y1 x2 y2`: what the model's raw maps say, and how boxes overlap."""

import torch

from .model import STRIDES


def anchors(width: int, height: int, device: torch.device | str = "cpu") -> tuple[torch.Tensor, torch.Tensor]:
    """
    Top-left corners `[A, 2]` in cells of their level, and strides `[A]` in pixels, level by level, row by
    row.
    """
    corners, strides = [], []
    for stride in STRIDES:
        rows, columns = torch.meshgrid(
            torch.arange(height // stride, device=device),
            torch.arange(width // stride, device=device),
            indexing="ij",
        )
        corners.append(torch.stack([columns, rows], -1).reshape(-1, 2))
        strides.append(torch.full((rows.numel(),), float(stride), device=device))
    return torch.cat(corners).float(), torch.cat(strides)


class Decoded:
    """
    What the raw maps of a batch mean. `boxes` `[B, A, 4]` in input pixels, `objectness` `[B, A]` and
    `classes` `[B, A, C]` as logits.
    """

    def __init__(self, maps: list[torch.Tensor]):
        height, width = (STRIDES[0] * side for side in maps[0].shape[2:])
        self.corners, self.strides = anchors(width, height, maps[0].device)
        raw = torch.cat([level.float().flatten(2) for level in maps], 2).transpose(1, 2)
        centre = (raw[..., :2] + self.corners) * self.strides[:, None]
        # exp(8) strides are wider than any input: the limit only keeps a young model's losses finite.
        half = raw[..., 2:4].clamp(max=8.0).exp() * self.strides[:, None] / 2
        self.boxes = torch.cat([centre - half, centre + half], -1)
        self.objectness = raw[..., 4]
        self.classes = raw[..., 5:]

    def scores(self) -> torch.Tensor:
        """`[B, A, C]`, 0 to 1."""
        return self.objectness.sigmoid()[..., None] * self.classes.sigmoid()


def areas(boxes: torch.Tensor) -> torch.Tensor:
    return (boxes[..., 2:] - boxes[..., :2]).clamp(min=0).prod(-1)


def pairwise_iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """`[N, 4]` and `[M, 4]` to `[N, M]`."""
    low = torch.maximum(a[:, None, :2], b[None, :, :2])
    high = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = (high - low).clamp(min=0).prod(-1)
    return shared / (areas(a)[:, None] + areas(b)[None] - shared).clamp(min=1e-6)


def generalized_iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Pair by pair; `[N, 4]` twice to `[N]`, -1 to 1 (Rezatofighi et al., 2019, arXiv:1902.09630)."""
    shared = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0).prod(-1)
    union = areas(a) + areas(b) - shared
    hull = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(-1)
    return shared / (union + 1e-6) - (hull - union) / (hull + 1e-6)


def nms(boxes: torch.Tensor, scores: torch.Tensor, iou: float) -> list[int]:
    """Greedy non-maximum suppression: indices of the kept boxes, best first."""
    order = scores.argsort(descending=True, stable=True)
    overlaps = pairwise_iou(boxes[order], boxes[order]) > iou
    covered = torch.zeros(len(order), dtype=torch.bool)
    kept = []
    for place in range(len(order)):
        if not covered[place]:
            kept.append(int(order[place]))
            covered |= overlaps[place]
    return kept
