"""
`python -m roadwatch_training.export`: writes the folder of a model that the agent runs: `model.onnx`, and
`manifest.json` that describes it. Fails when onnxruntime and PyTorch disagree on what it computes. Thresholds
stay at a cautious value until `roadwatch_training.thresholds` has chosen them.
"""

import argparse
import hashlib
import json
import shutil
import sys
import warnings
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import torch

from .data.classes import CLASSES
from .data.compose import PAD
from .network.boxes import Decoded
from .network.errors import WeightsError
from .network.model import Detector
from .network.stem import PLANES
from .network.weights import from_checkpoint, read_checkpoint
from .shipping.deploy import Deployed

OPSET = 17
NMS_IOU = 0.5
CAUTIOUS = 0.5
LOWEST_SCORE = 1e-4
"""Below it a score is as good as 0, and its relative error means nothing."""
AGREEMENT_PIXELS, AGREEMENT_SCORE = 0.05, 1e-2
"""
How far onnxruntime may be from PyTorch, in pixels and as a share of a score: rounding of float32, and no
more.
"""


def write_onnx(model: Detector, width: int, height: int, features: bool, path: Path) -> None:
    example = torch.zeros(1, 3, height, width, dtype=torch.uint8)
    names = ["boxes", "features"] if features else ["boxes"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Deployed(model, width, height, features).eval(),
            (example,),
            str(path),
            input_names=["images"],
            output_names=names,
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(onnx.load(path))


@torch.no_grad()
def disagreement(model: Detector, width: int, height: int, path: Path) -> tuple[float, float]:
    """
    Greatest difference between the model under training and the exported file on a blotchy picture: of box
    coordinates in pixels, and of scores as a share.
    """
    blotches = np.random.default_rng(0).integers(0, 256, (height // 16, width // 16, 3), np.uint8)
    image = cv2.resize(blotches, (width, height), interpolation=cv2.INTER_CUBIC)
    planes = np.ascontiguousarray(image.transpose(2, 0, 1))[None]
    wanted = Decoded(model.eval()(torch.from_numpy(planes).float()))
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    found = session.run(["boxes"], {"images": planes[:, ["bgr".index(colour) for colour in PLANES]]})[0][0].T
    corners = wanted.boxes[0].numpy()
    centres = np.concatenate([(corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]], 1)
    scores = np.maximum(wanted.scores()[0].numpy(), LOWEST_SCORE)
    return float(abs(found[:, :4] - centres).max()), float(
        abs(found[:, 4:].clip(LOWEST_SCORE) / scores - 1).max()
    )


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_manifest(folder: Path, name: str, version: str, width: int, height: int, features: bool) -> dict:
    manifest = {
        "name": name,
        "version": version,
        "file": "model.onnx",
        "sha256": digest(folder / "model.onnx"),
        "license": "Apache-2.0",
        "input": {
            "name": "images",
            "width": width,
            "height": height,
            "layout": "nchw",
            "dtype": "uint8",
            "channels": PLANES,
            "resize": "letterbox",
            "pad": PAD,
        },
        "output": {"kind": "yolov8", "names": ["boxes", "features"] if features else ["boxes"]},
        "classes": [
            {"name": entry.name, "code": entry.code, "alert": entry.alert, "threshold": CAUTIOUS}
            for entry in CLASSES
        ],
        "nmsIou": NMS_IOU,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    return manifest


def export(
    model: Detector, folder: Path, name: str, version: str, width: int, height: int, features: bool = False
) -> None:
    """Raises WeightsError when the exported graph does not compute what the model does."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    write_onnx(model, width, height, features, path)
    pixels, score = disagreement(model, width, height, path)
    print(f"export: onnxruntime and PyTorch agree within {pixels:.1e} pixels and {score:.1e} of a score")
    if pixels > AGREEMENT_PIXELS or score > AGREEMENT_SCORE:
        path.unlink()
        raise WeightsError(f"{path}: the exported graph computes something else; nothing was written")
    write_manifest(folder, name, version, width, height, features)


def main() -> None:
    parser = argparse.ArgumentParser(prog="roadwatch_training.export", description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="best.pt or last.pt of a training")
    parser.add_argument("--out", type=Path, required=True, help="folder for NAME-VERSION/, such as models")
    parser.add_argument("--name", help="by default road-damage-SIZE")
    parser.add_argument("--version", default="1")
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--height", type=int, default=384)
    parser.add_argument(
        "--features", action="store_true", help="also output the map at 1/16 of the resolution"
    )
    options = parser.parse_args()
    try:
        model = from_checkpoint(options.checkpoint, len(CLASSES)).eval()
        name = options.name or f"road-damage-{model.size.name}"
        folder = options.out / f"{name}-{options.version}"
        export(model, folder, name, options.version, options.width, options.height, options.features)
    except WeightsError as error:
        sys.exit(f"export: {error}")
    curves = options.checkpoint.parent / "curves.png"
    if curves.exists():
        shutil.copyfile(curves, folder / "curves.png")
    write_training(read_checkpoint(options.checkpoint), folder)
    print(f"export: wrote {folder}")


def write_training(state: dict, folder: Path) -> None:
    """`training.json`: how the weights came to be, for the model card."""
    progress = state.get("progress")
    if progress is None:
        return
    seconds = sum(row["seconds"] for row in progress["history"])
    record = {
        "options": state["options"],
        "epochs": progress["epoch"],
        "steps": progress["step"],
        "seconds": round(seconds),
    }
    (folder / "training.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
