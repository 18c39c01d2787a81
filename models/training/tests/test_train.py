from pathlib import Path

import pytest
import torch

from roadwatch_training import train as recipe
from roadwatch_training.data.augment import TrainingSet, collate
from roadwatch_training.data.pictures import read_folder
from roadwatch_training.data.sources import read_sources
from roadwatch_training.learning.epoch import learning_rate, loader
from roadwatch_training.learning.state import Options
from roadwatch_training.network.errors import WeightsError
from roadwatch_training.network.model import Detector
from roadwatch_training.train import train

OPTIONS = Options(width=128, height=96, epochs=3, calm_epochs=1, batch=2, precision="fp32")


@pytest.fixture
def start(tmp_path: Path, lively_model: Detector) -> Path:
    path = tmp_path / "start.pt"
    torch.save({"ema": lively_model.state_dict()}, path)
    return path


def run(data: Path, start: Path, out: Path, options: Options = OPTIONS) -> None:
    sources = read_sources()
    training, validation = (read_folder(data / part, sources)[0] for part in ("train", "val"))
    train(options, start, training, validation, out, workers=0)


def test_an_interrupted_training_ends_as_an_uninterrupted_one(
    data: Path, start: Path, tmp_path: Path, monkeypatch
):
    run(data, start, tmp_path / "whole")
    whole_epoch = recipe.train_epoch

    def interrupted(state, batches, steps):
        if state.progress.epoch == 1:
            whole_epoch(state, list(batches)[:1], steps)
            raise KeyboardInterrupt
        return whole_epoch(state, batches, steps)

    with monkeypatch.context() as patched:
        patched.setattr(recipe, "train_epoch", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run(data, start, tmp_path / "parts")
    run(data, start, tmp_path / "parts")

    whole, parts = (torch.load(tmp_path / name / "last.pt", weights_only=True) for name in ("whole", "parts"))
    assert parts["progress"]["epoch"] == 3 and parts["progress"]["step"] == whole["progress"]["step"]
    for kind in ("model", "ema"):
        for name, value in whole[kind].items():
            assert torch.equal(value, parts[kind][name]), name
    for name in ("history.json", "curves.png", "best.pt"):
        assert (tmp_path / "parts" / name).stat().st_size > 0


def test_a_finished_training_is_left_as_it_is(data: Path, start: Path, tmp_path: Path):
    run(data, start, tmp_path / "run")
    state = torch.load(tmp_path / "run" / "last.pt", weights_only=True)
    run(data, start, tmp_path / "run")
    again = torch.load(tmp_path / "run" / "last.pt", weights_only=True)
    assert all(torch.equal(value, again["model"][name]) for name, value in state["model"].items())


def test_other_options_do_not_take_up_a_checkpoint(data: Path, start: Path, tmp_path: Path):
    one_epoch = Options(**{**vars(OPTIONS), "epochs": 1})
    run(data, start, tmp_path / "run", one_epoch)
    with pytest.raises(WeightsError, match="epochs = 1, not 3"):
        run(data, start, tmp_path / "run")


def test_samples_are_the_same_with_any_number_of_workers(data: Path):
    samples = TrainingSet(read_folder(data / "train", read_sources())[0], 128, 96, 1)
    alone, helped = (list(loader(samples, OPTIONS, workers)) for workers in (0, 2))
    for (some, _), (others, _) in zip(alone, helped, strict=True):
        assert torch.equal(some, others)


def test_a_batch_keeps_each_picture_with_its_targets(data: Path):
    samples = TrainingSet(read_folder(data / "train", read_sources())[0], 128, 96, 1)
    planes, targets = collate([samples[0], samples[1]])
    assert torch.equal(planes[1], samples[1][0])
    assert torch.equal(targets[1].boxes, samples[1][1].boxes)


def test_the_learning_rate_rises_then_falls_to_a_twentieth():
    rates = [learning_rate(OPTIONS, step, 1000) for step in range(1001)]
    assert rates[0] < 0.02 * OPTIONS.rate
    assert max(rates) == pytest.approx(OPTIONS.rate, rel=0.1) and 90 < rates.index(max(rates)) < 110
    assert rates[-1] == pytest.approx(OPTIONS.rate / 20)
