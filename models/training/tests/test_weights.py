import json
from pathlib import Path

import pytest
import torch

from roadwatch_training.data.classes import NAMES
from roadwatch_training.export import export
from roadwatch_training.network.errors import WeightsError
from roadwatch_training.network.folded import from_onnx, recalibrate_batch_norm
from roadwatch_training.network.model import SIZES, Conv, Detector, Size, convolutions
from roadwatch_training.network.weights import flat_names, from_checkpoint, load_pretrained, widen

NANO, SMALL = SIZES["nano"], SIZES["small"]


def pictures(count: int = 2) -> torch.Tensor:
    return torch.rand(count, 3, 96, 128, generator=torch.Generator().manual_seed(1)) * 255


def outputs(model: Detector) -> list[torch.Tensor]:
    with torch.no_grad():
        return model.eval()(pictures())


def close(some: list[torch.Tensor], others: list[torch.Tensor]) -> bool:
    return all(torch.allclose(a, b, rtol=1e-3, atol=1e-3) for a, b in zip(some, others, strict=True))


class Folded(torch.nn.Module):
    """A detector as pretrained ONNX files have it: normalisation folded into the convolutions."""

    def __init__(self, model: Detector):
        super().__init__()
        self.model = model

    def forward(self, images: torch.Tensor) -> list[torch.Tensor]:
        return self.model(images)


def write_pretrained(model: Detector, path: Path) -> None:
    torch.onnx.export(Folded(model).eval(), (pictures(1),), str(path), opset_version=17, dynamo=False)


def test_a_pretrained_graph_starts_the_same_function(tmp_path: Path, lively_model: Detector):
    path = tmp_path / "pretrained.onnx"
    write_pretrained(lively_model, path)
    start = from_onnx(path, len(NAMES))
    assert close(outputs(start), outputs(lively_model))


@pytest.mark.parametrize("size", [NANO, SMALL])
def test_a_model_that_was_shipped_can_be_trained_on(tmp_path: Path, lively_model: Detector, size: Size):
    shipped = lively_model if size is NANO else widen(lively_model, SMALL, len(NAMES))
    export(shipped, tmp_path / "shipped", f"road-damage-{size.name}", "1", 128, 96)
    start = load_pretrained(tmp_path / "shipped", size, len(NAMES))
    assert start.size is size and close(outputs(start), outputs(shipped))
    recalibrate_batch_norm(start, pictures(4))
    assert close(outputs(start), outputs(shipped))


def test_a_shipped_model_of_other_planes_or_classes_is_refused(tmp_path: Path, lively_model: Detector):
    export(lively_model, tmp_path, "road-damage-nano", "1", 128, 96)
    path = tmp_path / "manifest.json"
    manifest = json.loads(path.read_text())
    others = {**manifest, "classes": manifest["classes"][::-1]}
    planes = {**manifest, "input": {**manifest["input"], "channels": "rgb"}}
    for text in (json.dumps(others), json.dumps(planes), "{}", "["):
        path.write_text(text)
        with pytest.raises(WeightsError, match=f"{tmp_path.name}: expected"):
            load_pretrained(tmp_path, NANO, len(NAMES))


def test_class_predictions_for_other_classes_begin_at_their_prior(tmp_path: Path, lively_model: Detector):
    path = tmp_path / "pretrained.onnx"
    write_pretrained(lively_model, path)
    start = from_onnx(path, 3)
    for new, old in zip(outputs(start), outputs(lively_model), strict=True):
        assert torch.allclose(new[:, :5], old[:, :5], rtol=1e-3, atol=1e-3)
        assert new[:, 5:].sigmoid().mean() < 0.05


def test_measured_statistics_leave_the_function_and_normalise_training(lively_model: Detector):
    before = outputs(lively_model)
    recalibrate_batch_norm(lively_model, pictures(4))
    assert close(outputs(lively_model), before)
    first = next(m for m in convolutions(lively_model) if isinstance(m, Conv))
    seen = []
    first.register_forward_hook(lambda module, inputs, _: seen.append(module.conv(inputs[0])))
    lively_model(pictures(4))
    assert torch.allclose(first.bn.running_mean, seen[0].mean((0, 2, 3)), rtol=1e-3, atol=1e-2)


def test_filters_get_the_size_that_a_step_of_training_is_made_for(lively_model: Detector):
    first = convolutions(lively_model)[0].conv
    with torch.no_grad():
        first.weight.mul_(0.01)
        first.weight[3] = 0
    before = outputs(lively_model)
    recalibrate_batch_norm(lively_model, pictures(4))
    assert close(outputs(lively_model), before)
    sizes = first.weight.pow(2).mean((1, 2, 3)).sqrt()
    assert sizes[3] == 0
    others = torch.cat([sizes[:3], sizes[4:]])
    assert torch.allclose(others, torch.full_like(others, (2 / 108) ** 0.5), rtol=1e-4)


def test_a_wider_model_starts_with_the_same_function_and_copies_that_differ(lively_model: Detector):
    wide = widen(lively_model, SMALL, len(NAMES))
    assert close(outputs(wide), outputs(lively_model))
    second = convolutions(wide)[2].conv.weight
    assert not torch.allclose(second[:, 0], second[:, 1])


def test_the_flat_form_of_a_checkpoint_is_read(tmp_path: Path, lively_model: Detector):
    state = lively_model.state_dict()
    path = tmp_path / "flat.pt"
    torch.save({"ema": {flat: state[name] for name, flat in flat_names(lively_model)}}, path)
    assert close(outputs(from_checkpoint(path, len(NAMES))), outputs(lively_model))


def test_a_file_that_does_not_fit_is_refused_by_name(tmp_path: Path, lively_model: Detector):
    (tmp_path / "text.pt").write_text("hello")
    (tmp_path / "text.onnx").write_text("hello")
    torch.save({"weights": {}}, tmp_path / "other.pt")
    torch.save({"ema": {"layer.weight": torch.zeros(1)}}, tmp_path / "architecture.pt")
    torch.save({"ema": lively_model.state_dict()}, tmp_path / "classes.pt")
    for name, classes, reason in (
        ("text.pt", 5, "not a checkpoint"),
        ("text.onnx", 5, "not an ONNX file"),
        ("other.pt", 5, '"ema"'),
        ("architecture.pt", 5, "another architecture: lacks"),
        ("classes.pt", 4, "other shapes for"),
    ):
        with pytest.raises(WeightsError, match=f"{name}.*{reason}"):
            load_pretrained(tmp_path / name, NANO, classes)
