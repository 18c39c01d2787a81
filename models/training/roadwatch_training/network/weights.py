"""
What a training starts from: an exported graph (see `folded`), a model folder of this recipe, or one of its
checkpoints. They are matched convolution by convolution, in the order in which they run; the shapes are
checked.
"""

from collections.abc import Iterator
from pathlib import Path

import torch

from .errors import WeightsError
from .folded import from_folder, from_onnx
from .model import SIZES, Conv, Detector, Size, convolutions


def load_pretrained(path: Path, size: Size, classes: int) -> Detector:
    """
    A model of `size` that computes what the file's computes; a smaller one is widened. Its class scores may
    be new.
    """
    if path.is_dir():
        source = from_folder(path, classes)
    else:
        source = (from_onnx if path.suffix == ".onnx" else from_checkpoint)(path, classes)
    return source if source.size == size else widen(source, size, classes)


def from_checkpoint(path: Path, classes: int) -> Detector:
    """The averaged weights of a checkpoint."""
    state = read_checkpoint(path)
    size = SIZES.get(state.get("size", "nano"))
    if size is None:
        raise WeightsError(f"{path}: unknown size {state['size']!r}, expected one of {', '.join(SIZES)}")
    model = Detector(size, classes)
    load_parameters(model, state["ema"], str(path))
    return model


def read_checkpoint(path: Path) -> dict:
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise WeightsError(f"{path}: not a checkpoint ({error})") from error
    if not isinstance(state, dict) or not isinstance(state.get("ema"), dict):
        raise WeightsError(
            f'{path}: not a checkpoint of this recipe: expected an "ema" entry with the weights'
        )
    return state


def load_parameters(model: Detector, parameters: dict[str, torch.Tensor], where: str) -> None:
    """Also takes the flat form, in which the n-th convolution's names begin with `convs.N.`."""
    if any(name.startswith("convs.") for name in parameters):
        parameters = {name: parameters[flat] for name, flat in flat_names(model) if flat in parameters}
    own = model.state_dict()
    missing = sorted(own.keys() - parameters.keys())
    unknown = sorted(parameters.keys() - own.keys())
    shapes = [name for name in own.keys() & parameters.keys() if own[name].shape != parameters[name].shape]
    for problem, names in (
        ("lacks", missing),
        ("has unknown", unknown),
        ("has other shapes for", sorted(shapes)),
    ):
        if names:
            raise WeightsError(
                f"{where}: another architecture: {problem} {len(names)} of the {len(own)} parameters of "
                f"{model.size.name} with {len(model.heads[0].classes.bias)} classes, such as {names[0]}"
            )
    model.load_state_dict(parameters)


def flat_names(model: Detector) -> Iterator[tuple[str, str]]:
    """Pairs of a parameter's name and its name in the flat form."""
    prefixes = {id(module): name for name, module in model.named_modules()}
    for index, module in enumerate(convolutions(model)):
        inner = "" if isinstance(module, Conv) else "conv."
        for name in module.state_dict():
            yield f"{prefixes[id(module)]}.{name}", f"convs.{index}.{inner}{name}"


@torch.no_grad()
def widen(source: Detector, size: Size, classes: int) -> Detector:
    """
    A wider model that computes the same (Net2Net, Chen et al., 2016, arXiv:1511.05641): every channel is
    repeated, and what the next layer takes from a channel is shared among its copies, unevenly, so that they
    learn different things from the first step on.
    """
    factor, rest = divmod(size.channels, source.size.channels)
    if rest or factor < 1:
        raise WeightsError(f"{source.size.name} cannot be widened to {size.name}")
    target = Detector(size, classes)
    for old, new in zip(convolutions(source), convolutions(target), strict=True):
        old_conv, new_conv = (m.conv if isinstance(m, Conv) else m for m in (old, new))
        weight = old_conv.weight
        if new_conv.weight.shape[0] > weight.shape[0]:
            weight = weight.repeat_interleave(factor, 0)
        if new_conv.weight.shape[1] > weight.shape[1]:
            shares = torch.rand(*weight.shape[:2], factor) + 0.5
            shares = shares / shares.sum(-1, keepdim=True)
            weight = (weight[:, :, None] * shares[..., None, None]).flatten(1, 2)
        new_conv.weight.copy_(weight)
        if isinstance(new, Conv):
            for name, value in old.bn.state_dict().items():
                new.bn.state_dict()[name].copy_(value.repeat_interleave(factor, 0) if value.ndim else value)
        else:
            new_conv.bias.copy_(old_conv.bias)
    return target
