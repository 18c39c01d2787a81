"""
The detector as it is shipped: bytes as ffmpeg packs them in, boxes out. Normalisation is folded into the
convolutions, and so are the order of the planes and the rearrangement of pixels before the first one, so that
the graph begins with one convolution.
"""

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F

from ..network import stem
from ..network.boxes import anchors
from ..network.model import Conv, Detector, Focus


def fold(module: Conv) -> None:
    """Replaces convolution and normalisation by one convolution with a bias."""
    conv, bn = module.conv, module.bn
    scale = bn.weight / (bn.running_var + bn.eps).sqrt()
    folded = nn.Conv2d(
        conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, groups=conv.groups
    )
    folded.weight.data = conv.weight * scale.view(-1, 1, 1, 1)
    folded.bias.data = bn.bias - bn.running_mean * scale
    module.conv, module.bn = folded, nn.Identity()


class Stem(nn.Module):
    """What `Focus` computes, as one 6x6 convolution of stride 2 on planes in the order of `PLANES`."""

    def __init__(self, focus: Focus):
        super().__init__()
        old = focus.stem.conv
        self.conv = nn.Conv2d(3, old.out_channels, 6, 2, 2)
        self.conv.weight.data, self.conv.bias.data = stem.fold(old.weight), old.bias.data

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.silu(self.conv(x))


class Deployed(nn.Module):
    """
    `[1, 3, H, W]` bytes to `[1, 4 + C, A]`: centre, width and height in input pixels, then the score of each
    class (0 to 1). With `features`, also the backbone's map at 1/16 of the resolution, `[1, 128, H/16, W/16]`
    for nano: what the street looks like, for comparing it over time.
    """

    @torch.no_grad()
    def __init__(self, model: Detector, width: int, height: int, features: bool = False):
        super().__init__()
        self.model = copy.deepcopy(model).to("cpu", memory_format=torch.contiguous_format).eval()
        for module in self.model.modules():
            if isinstance(module, Conv):
                fold(module)
        self.model.backbone.focus = Stem(self.model.backbone.focus)
        self.features = features
        corners, strides = anchors(width, height)
        self.register_buffer("corners", corners.T[None].contiguous())
        self.register_buffer("strides", strides[None, None])

    def forward(self, images: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor]:
        eighth, sixteenth, last = self.model.backbone(images.float())
        levels = self.model.neck(eighth, sixteenth, last)
        maps = [head(level) for head, level in zip(self.model.heads, levels, strict=True)]
        raw = torch.cat([level.flatten(2) for level in maps], 2)
        centre = (raw[:, :2] + self.corners) * self.strides
        size = raw[:, 2:4].clamp(max=8.0).exp() * self.strides
        found = torch.cat([centre, size, raw[:, 4:5].sigmoid() * raw[:, 5:].sigmoid()], 1)
        return (found, sixteenth) if self.features else found
