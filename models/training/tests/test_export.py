import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from roadwatch_training.data.classes import NAMES
from roadwatch_training.data.pictures import read_folder
from roadwatch_training.data.sources import read_sources
from roadwatch_training.export import digest, export
from roadwatch_training.network.errors import WeightsError
from roadwatch_training.network.model import Detector
from roadwatch_training.quantize import quantize
from roadwatch_training.scoring.detect import ModelError, folder_detector, torch_detector
from roadwatch_training.shipping.deploy import Deployed


def street(seed: int, width: int = 200, height: int = 150) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def by_place(found: np.ndarray) -> np.ndarray:
    """Sorted by class and box: equal scores come in any order."""
    return found[np.lexsort(found[:, [5, 4, 3, 2, 0]].round(2).T)]


@pytest.mark.parametrize("features", [False, True])
def test_the_exported_model_finds_what_the_model_under_training_finds(
    tmp_path: Path, lively_model: Detector, features: bool
):
    export(lively_model, tmp_path, "road-damage-nano", "1", 128, 96, features)
    exported, manifest = folder_detector(tmp_path)
    direct = torch_detector(lively_model, (128, 96), manifest["nmsIou"])
    for seed in range(3):
        wanted, found = (by_place(detect(street(seed))) for detect in (direct, exported))
        assert len(wanted) > 10 and np.ptp(wanted[:, 1]) > 0.1
        assert found == pytest.approx(wanted, abs=1e-3)


def test_the_features_are_the_map_at_a_sixteenth(tmp_path: Path, lively_model: Detector):
    export(lively_model, tmp_path, "road-damage-nano", "1", 128, 96, features=True)
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx")
    boxes, features = session.run(None, {"images": np.zeros((1, 3, 96, 128), np.uint8)})
    assert boxes.shape == (1, 4 + len(NAMES), 12 * 16 + 6 * 8 + 3 * 4)
    assert features.shape == (1, 128, 6, 8)
    assert json.loads((tmp_path / "manifest.json").read_text())["output"]["names"] == ["boxes", "features"]


def test_the_manifest_describes_the_file(tmp_path: Path, lively_model: Detector):
    export(lively_model, tmp_path, "road-damage-nano", "7", 128, 96)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["sha256"] == digest(tmp_path / "model.onnx")
    assert (manifest["name"], manifest["version"]) == ("road-damage-nano", "7")
    assert [entry["name"] for entry in manifest["classes"]] == list(NAMES)
    assert [entry["alert"] for entry in manifest["classes"]] == [True, True, True, True, False]


def test_a_graph_that_computes_something_else_is_not_kept(
    tmp_path: Path, lively_model: Detector, monkeypatch
):
    shifted = Deployed.forward
    monkeypatch.setattr(Deployed, "forward", lambda self, images: shifted(self, images) + 0.2)
    with pytest.raises(WeightsError, match="computes something else"):
        export(lively_model, tmp_path, "road-damage-nano", "1", 128, 96)
    assert not (tmp_path / "model.onnx").exists()


def test_folding_leaves_the_trained_model_as_it_was(lively_model: Detector):
    before = {name: value.clone() for name, value in lively_model.state_dict().items()}
    Deployed(lively_model, 128, 96)
    assert all(torch.equal(value, before[name]) for name, value in lively_model.state_dict().items())


def test_a_folder_that_is_no_model_is_refused_by_name(tmp_path: Path):
    with pytest.raises(ModelError, match=tmp_path.name):
        folder_detector(tmp_path)


def test_a_quantised_model_keeps_what_it_sees(data: Path, tmp_path: Path, lively_model: Detector):
    export(lively_model, tmp_path, "road-damage-nano", "1", 128, 96)
    pictures = read_folder(data / "train", read_sources())[0]
    _, manifest = folder_detector(tmp_path)
    quantize(tmp_path / "model.onnx", tmp_path / "int8.onnx", pictures, manifest["input"])
    whole, bytewise = (onnx.load(tmp_path / name).graph for name in ("model.onnx", "int8.onnx"))
    assert sum(node.op_type == "QuantizeLinear" for node in bytewise.node) > 50
    images = {"images": street(0, 128, 96).transpose(2, 0, 1)[None].copy()}
    found = [
        onnxruntime.InferenceSession(tmp_path / name).run(None, images)[0]
        for name in ("model.onnx", "int8.onnx")
    ]
    assert [output.name for output in whole.output] == [output.name for output in bytewise.output]
    # Random weights have no margin between right and wrong: the scores of most anchors move a little.
    assert np.corrcoef(*(scores[0, 4:].ravel() for scores in found))[0, 1] > 0.9
