"""
The commands as a person runs them, from labelled pictures to a model card; and what they say to input that
does not fit.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from roadwatch_training.network.model import Detector

HERE = Path(__file__).resolve().parent.parent


def command(step: str, *arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", f"roadwatch_training.{step}", *map(str, arguments)],
        cwd=HERE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def done(step: str, *arguments: object) -> str:
    result = command(step, *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout


def write_video(path: Path) -> None:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 10, (128, 96))
    for number in range(10):
        writer.write(np.full((96, 128, 3), 100 + number, np.uint8))
    writer.release()


def test_from_pictures_to_a_card(data: Path, tmp_path: Path, lively_model: Detector):
    torch.save({"ema": lively_model.state_dict()}, tmp_path / "start.pt")
    write_video(tmp_path / "street.avi")
    (data / "train" / "labels" / "web_b.txt").write_text("9 0.5 0.5 0.1 0.1\n")
    prepared, models = tmp_path / "prepared", tmp_path / "models"
    folder = models / "road-damage-nano-1"

    said = done(
        "prepare", "--data", data, "--video", tmp_path / "street.avi", "--every", 5, "--out", prepared
    )
    assert "1 skipped" in said and "web_b.txt:1: class 9" in said
    done(
        *(
            "train",
            "--data",
            prepared,
            "--start",
            tmp_path / "start.pt",
            "--out",
            tmp_path / "run",
            "--epochs",
            1,
        ),
        *(
            "--width",
            128,
            "--height",
            96,
            "--batch",
            2,
            "--precision",
            "fp32",
            "--device",
            "cpu",
            "--workers",
            0,
        ),
    )
    done(
        "export",
        "--checkpoint",
        tmp_path / "run" / "best.pt",
        "--out",
        models,
        "--width",
        128,
        "--height",
        96,
    )
    done("thresholds", "--model", folder, "--data", prepared, "--video", tmp_path / "street.avi")
    parts = done(
        "evaluate", "--model", folder, "--data", prepared / "val", "--by", "source", "size", "--json"
    )
    (tmp_path / "parts.json").write_text(parts)
    (tmp_path / "failures.md").write_text("- Manhole covers.\n")
    write_figures(folder, tmp_path / "figures.json")
    done(
        *("card", "--model", folder, "--figures", tmp_path / "figures.json"),
        *("--parts", tmp_path / "parts.json", "--failures", tmp_path / "failures.md"),
    )

    card = (folder / "MODEL_CARD.md").read_text()
    assert "- Manhole covers." in card and "| pothole | 1 | 12.5 |" in card and "$" not in card
    chosen = json.loads((folder / "thresholds.json").read_text())
    manifest = json.loads((folder / "manifest.json").read_text())
    assert [e["threshold"] for e in manifest["classes"]] == [
        e["threshold"] for e in chosen["classes"].values()
    ]
    assert chosen["quiet"]["street video"] == {"frames": 2, "falseBoxes": 0, "perHundredFrames": 0.0}
    assert {path.name for path in folder.iterdir()} == {
        *("model.onnx", "manifest.json", "training.json", "thresholds.json", "MODEL_CARD.md"),
        *("curves.png", "reliability.png"),
    }


def write_figures(folder: Path, path: Path) -> None:
    """As `npm run evaluate -- --json` prints them."""
    manifest = json.loads((folder / "manifest.json").read_text())
    names = [entry["name"] for entry in manifest["classes"]]
    figures = {
        "model": {"sha256": manifest["sha256"]},
        "pictures": 1,
        "emptyPictures": 0,
        "cpu": "test",
        "threads": 1,
        "ap50": {**dict.fromkeys(names), "pothole": 0.125},
        "mAP50": 0.125,
        "mAP50_95": 0.1,
        "precision": None,
        "recall": 0.0,
        "damageAp50": 0.1,
        "damageRecall": {"0.3": 0.0, "0.5": 0.0},
        "falseBoxesPerEmptyPicture": None,
        "msMedian": 1.0,
        "msP95": 2.0,
    }
    path.write_text(json.dumps(figures))


@pytest.mark.parametrize(
    ("step", "arguments", "reason"),
    [
        ("prepare", ["--data", "{}", "--out", "{}/out"], "expected images/ and labels/"),
        (
            "train",
            ["--data", "{}", "--start", "{}/a.onnx", "--out", "{}/out"],
            "expected images/ and labels/",
        ),
        ("export", ["--checkpoint", "{}/none.pt", "--out", "{}"], "not a checkpoint"),
        ("thresholds", ["--model", "{}", "--data", "{}"], "not a model folder"),
        ("evaluate", ["--model", "{}", "--data", "{}"], "not a model folder"),
        ("quantize", ["--model", "{}", "--data", "{}", "--out", "{}/out"], "not a model folder"),
        (
            "card",
            ["--model", "{}", "--figures", "{}/f", "--parts", "{}/p", "--failures", "{}/x"],
            "f: expected JSON",
        ),
    ],
)
def test_input_that_does_not_fit_is_named_in_one_line(
    tmp_path: Path, step: str, arguments: list[str], reason: str
):
    result = command(step, *(argument.format(tmp_path) for argument in arguments))
    assert result.returncode == 1
    assert reason in result.stderr and "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []
