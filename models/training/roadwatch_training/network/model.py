"""
The detector: YOLOX with depthwise convolutions (Ge et al., 2021, arXiv:2107.08430;
Megvii-BaseDetection/YOLOX, Apache-2.0).

Modules are registered in the order in which they run, so that the n-th convolution of the model is the n-th
`Conv` node of its ONNX graph: `weights.py` rests on that.
"""

from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

STRIDES = (8, 16, 32)
PRIOR_LOGIT = -4.6
"""Class scores start at 1 %: nearly all anchors are background."""


@dataclass(frozen=True)
class Size:
    """`channels` of the stem; every other width follows from it."""

    name: str
    channels: int


SIZES = {size.name: size for size in (Size("nano", 16), Size("small", 32))}


class Conv(nn.Module):
    """Convolution, batch normalisation, SiLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1, groups: int = 1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.silu(self.bn(self.conv(x)))


def depthwise(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(Conv(inputs, inputs, 3, stride, groups=inputs), Conv(inputs, outputs))


class Bottleneck(nn.Module):
    def __init__(self, channels: int, shortcut: bool):
        super().__init__()
        self.reduce = Conv(channels, channels)
        self.spread = depthwise(channels, channels)
        self.shortcut = shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.spread(self.reduce(x))
        return x + y if self.shortcut else y


class CrossStage(nn.Module):
    """Half of the channels pass through bottlenecks, half go round them (CSPNet)."""

    def __init__(self, inputs: int, outputs: int, depth: int = 1, shortcut: bool = False):
        super().__init__()
        hidden = outputs // 2
        self.through = Conv(inputs, hidden)
        self.round = Conv(inputs, hidden)
        self.blocks = nn.Sequential(*(Bottleneck(hidden, shortcut) for _ in range(depth)))
        self.join = Conv(2 * hidden, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        through, around = self.through(x), self.round(x)
        return self.join(torch.cat([self.blocks(through), around], 1))


class PyramidPooling(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.reduce = Conv(channels, channels // 2)
        self.join = Conv(2 * channels, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.reduce(x)
        return self.join(torch.cat([x, *(F.max_pool2d(x, size, 1, size // 2) for size in (5, 9, 13))], 1))


class Focus(nn.Module):
    """Four neighbouring pixels become channels: top left, bottom left, top right, bottom right."""

    def __init__(self, outputs: int):
        super().__init__()
        self.stem = Conv(12, outputs, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        corners = [x[..., row::2, column::2] for column in (0, 1) for row in (0, 1)]
        return self.stem(torch.cat(corners, 1))


class Backbone(nn.Module):
    def __init__(self, c: int):
        super().__init__()
        self.focus = Focus(c)
        self.stage4 = nn.Sequential(depthwise(c, 2 * c, 2), CrossStage(2 * c, 2 * c, 1, True))
        self.stage8 = nn.Sequential(depthwise(2 * c, 4 * c, 2), CrossStage(4 * c, 4 * c, 3, True))
        self.stage16 = nn.Sequential(depthwise(4 * c, 8 * c, 2), CrossStage(8 * c, 8 * c, 3, True))
        self.stage32 = nn.Sequential(
            depthwise(8 * c, 16 * c, 2), PyramidPooling(16 * c), CrossStage(16 * c, 16 * c)
        )

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        eighth = self.stage8(self.stage4(self.focus(x)))
        sixteenth = self.stage16(eighth)
        return eighth, sixteenth, self.stage32(sixteenth)


class Neck(nn.Module):
    """Down the pyramid and up again (PANet): every level sees coarse context and fine detail."""

    def __init__(self, c: int):
        super().__init__()
        self.reduce32 = Conv(16 * c, 8 * c)
        self.down16 = CrossStage(16 * c, 8 * c)
        self.reduce16 = Conv(8 * c, 4 * c)
        self.down8 = CrossStage(8 * c, 4 * c)
        self.shrink8 = depthwise(4 * c, 4 * c, 2)
        self.up16 = CrossStage(8 * c, 8 * c)
        self.shrink16 = depthwise(8 * c, 8 * c, 2)
        self.up32 = CrossStage(16 * c, 16 * c)

    def forward(
        self, eighth: torch.Tensor, sixteenth: torch.Tensor, last: torch.Tensor
    ) -> list[torch.Tensor]:
        top = self.reduce32(last)
        middle = self.reduce16(self.down16(torch.cat([double(top), sixteenth], 1)))
        out8 = self.down8(torch.cat([double(middle), eighth], 1))
        out16 = self.up16(torch.cat([self.shrink8(out8), middle], 1))
        out32 = self.up32(torch.cat([self.shrink16(out16), top], 1))
        return [out8, out16, out32]


def double(x: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


class Head(nn.Module):
    """For one level: `[B, 5 + classes, H, W]` of x, y, log w, log h, objectness logit, class logits."""

    def __init__(self, inputs: int, c: int, classes: int):
        super().__init__()
        width = 4 * c
        self.stem = Conv(inputs, width)
        self.classify = nn.Sequential(depthwise(width, width), depthwise(width, width))
        self.classes = nn.Conv2d(width, classes, 1)
        self.locate = nn.Sequential(depthwise(width, width), depthwise(width, width))
        self.box = nn.Conv2d(width, 4, 1)
        self.objectness = nn.Conv2d(width, 1, 1)
        for prior in (self.classes, self.objectness):
            nn.init.constant_(prior.bias, PRIOR_LOGIT)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        classes = self.classes(self.classify(x))
        located = self.locate(x)
        return torch.cat([self.box(located), self.objectness(located), classes], 1)


class Detector(nn.Module):
    """
    Takes `[B, 3, H, W]` float BGR planes, 0 to 255, sides divisible by 32; returns the raw map of each of
    `STRIDES`.
    """

    def __init__(self, size: Size, classes: int):
        super().__init__()
        self.size = size
        c = size.channels
        self.backbone = Backbone(c)
        self.neck = Neck(c)
        self.heads = nn.ModuleList(Head(width * c, c, classes) for width in (4, 8, 16))

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        levels = self.neck(*self.backbone(x))
        return [head(level) for head, level in zip(self.heads, levels, strict=True)]


def convolutions(model: nn.Module) -> list[nn.Module]:
    """
    Every convolution in the order in which it runs: a `Conv`, or a plain `nn.Conv2d` (a prediction, with its
    bias).
    """
    found: list[nn.Module] = []

    def visit(module: nn.Module) -> None:
        for child in module.children():
            if isinstance(child, (Conv, nn.Conv2d)):
                found.append(child)
            else:
                visit(child)

    visit(model)
    return found
