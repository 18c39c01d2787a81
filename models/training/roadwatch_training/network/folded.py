"""
Weights from an exported graph, in which batch normalisation is folded into the convolutions: the pretrained
YOLOX-nano, or a model of this recipe as it ships. Normalisation is put back as the identity, and measured
anew on pictures before a training begins.
"""

import json
from pathlib import Path

import onnx
import torch
import torch.nn as nn
from onnx import numpy_helper

from ..data.classes import NAMES
from .errors import WeightsError
from .model import SIZES, Conv, Detector, Size, convolutions
from .stem import PLANES, unfold

Arrays = tuple[torch.Tensor, torch.Tensor]
"""Weight and bias of a convolution."""


def from_folder(folder: Path, classes: int) -> Detector:
    """A model folder that `export` wrote: its graph, once its manifest says that it takes and finds ours."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        file, planes = manifest["file"], manifest["input"]["channels"]
        names = tuple(entry["name"] for entry in manifest["classes"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{folder}: expected a model folder with manifest.json ({error!r})") from error
    if planes != PLANES or names != NAMES:
        raise WeightsError(
            f"{folder}: expected planes {PLANES} and the classes {', '.join(NAMES)}, "
            f"found {planes} and {', '.join(names)}"
        )
    return from_onnx(folder / file, classes)


def from_onnx(path: Path, classes: int) -> Detector:
    """
    Reads the graph; its first convolution tells the size. Class predictions for another number of classes are
    left at their prior.
    """
    pairs = read_convolutions(path)
    model = Detector(size_of(pairs, path), classes)
    targets = convolutions(model)
    if len(pairs) != len(targets):
        raise WeightsError(f"{path}: expected YOLOX, {len(targets)} convolutions, found {len(pairs)}")
    fresh = {id(head.classes) for head in model.heads}
    for index, (target, (weight, bias)) in enumerate(zip(targets, pairs, strict=True)):
        conv = target.conv if isinstance(target, Conv) else target
        if conv.weight.shape != weight.shape:
            if id(target) in fresh:
                nn.init.normal_(conv.weight, std=0.01)
                continue
            raise WeightsError(
                f"{path}: convolution {index} has the shape {list(weight.shape)}, "
                f"expected {list(conv.weight.shape)}"
            )
        conv.weight.data.copy_(weight)
        if isinstance(target, Conv):
            identity_statistics(target.bn)
            target.bn.bias.data.copy_(bias)
        else:
            conv.bias.data.copy_(bias)
    return model


def read_convolutions(path: Path) -> list[Arrays]:
    """In the order in which they run; a stem that `export` made of Focus is Focus again."""
    try:
        graph = onnx.load(path).graph
    except Exception as error:
        raise WeightsError(f"{path}: not an ONNX file ({error})") from error
    arrays = {tensor.name: torch.tensor(numpy_helper.to_array(tensor)) for tensor in graph.initializer}
    pairs = [
        tuple(arrays.get(name) for name in node.input[1:]) for node in graph.node if node.op_type == "Conv"
    ]
    for index, pair in enumerate(pairs):
        if len(pair) != 2 or any(part is None or not part.is_floating_point() for part in pair):
            raise WeightsError(f"{path}: expected weight and bias in float at convolution {index}")
    if pairs and pairs[0][0].shape[1:] == (3, 6, 6):
        pairs[0] = (unfold(pairs[0][0]), pairs[0][1])
    return pairs


def size_of(pairs: list[Arrays], path: Path) -> Size:
    channels = len(pairs[0][0]) if pairs else 0
    for size in SIZES.values():
        if size.channels == channels:
            return size
    widths = ", ".join(f"{size.channels} ({size.name})" for size in SIZES.values())
    raise WeightsError(f"{path}: expected YOLOX with a stem of {widths} channels, found {channels}")


def identity_statistics(bn: nn.BatchNorm2d) -> None:
    """Makes the normalisation do nothing but add its bias."""
    bn.weight.data.fill_(1.0)
    bn.running_mean.zero_()
    bn.running_var.fill_(1.0 - bn.eps)


@torch.no_grad()
def recalibrate_batch_norm(model: Detector, images: torch.Tensor) -> None:
    """
    Takes apart what folding has put together: each filter gets the size of a freshly drawn one, its
    normalisation the mean and variance that these pictures (`[B, 3, H, W]`, 0 to 255) give, and a scale and
    bias that leave the output as it is. Without the statistics the first batch would be normalised to
    something else; without the size the first steps of AdamW, as large for a weight of 0.01 as for one of 20,
    would wipe out the small filters: those of the stem, which take values of up to 255.
    """

    def measure(module: Conv, inputs: tuple[torch.Tensor, ...]) -> None:
        conv, bn = module.conv, module.bn
        scale = bn.weight / (bn.running_var + bn.eps).sqrt()
        offset = bn.bias - bn.running_mean * scale
        factor = usual_size(conv) / size_of_filters(conv)
        conv.weight.mul_(factor[:, None, None, None])
        scale = scale / factor
        y = conv(inputs[0])
        bn.running_mean.copy_(y.mean((0, 2, 3)))
        bn.running_var.copy_(y.var((0, 2, 3)))
        bn.weight.copy_(scale * (bn.running_var + bn.eps).sqrt())
        bn.bias.copy_(offset + bn.running_mean * scale)

    model.eval()
    hooks = [m.register_forward_pre_hook(measure) for m in convolutions(model) if isinstance(m, Conv)]
    model(images)
    for hook in hooks:
        hook.remove()


def size_of_filters(conv: nn.Conv2d) -> torch.Tensor:
    """Root mean square of each filter's weights; that of a filter that does nothing counts as usual."""
    sizes = conv.weight.pow(2).mean((1, 2, 3)).sqrt()
    return torch.where(sizes > 1e-8, sizes, usual_size(conv))


def usual_size(conv: nn.Conv2d) -> float:
    """Root mean square of weights drawn after He et al., 2015 (arXiv:1502.01852)."""
    return (2 / conv.weight[0].numel()) ** 0.5
