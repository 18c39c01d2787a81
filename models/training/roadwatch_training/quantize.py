"""
`python -m roadwatch_training.quantize`: a statically quantised int8 variant of a model folder. Whether it is
faster depends on the CPU (VNNI) and on what the rest of the graph costs; measure both with `npm run evaluate`
before shipping it.
"""

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from .data.letterbox import letterbox
from .data.pictures import DataError, Picture, read_folder
from .data.sources import DEFAULT, SourceError, read_sources
from .export import digest
from .scoring.detect import ModelError, folder_detector


class Calibration(CalibrationDataReader):
    """Pictures as the graph takes them."""

    def __init__(self, pictures: list[Picture], entry: dict):
        self._tensors = self._read(pictures, entry)

    @staticmethod
    def _read(pictures: list[Picture], entry: dict) -> Iterator[dict[str, np.ndarray]]:
        planes = ["bgr".index(colour) for colour in entry["channels"]]
        for picture in pictures:
            padded, _ = letterbox(picture.decode(), (entry["width"], entry["height"]))
            yield {entry["name"]: np.ascontiguousarray(padded.transpose(2, 0, 1)[planes])[None]}

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self._tensors, None)


def kept_in_float(model: onnx.ModelProto) -> list[str]:
    """
    All but the 1x1 convolutions between the first one and the predictions. Depthwise convolutions gain little
    and lose much: with them mAP50 fell by 23 points, without them by 0.3. Predictions and what follows need
    more than 256 steps.
    """
    convolutions = [node for node in model.graph.node if node.op_type == "Conv"]
    kernels = {tensor.name: tensor.dims for tensor in model.graph.initializer}
    wide = [node.name for node in convolutions if kernels[node.input[1]][2:] != [1, 1]]
    return [*wide, *predictions(model)]


def predictions(model: onnx.ModelProto) -> list[str]:
    """Convolutions that no other convolution follows."""
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    leading: set[str] = set()
    for node in reversed(model.graph.node):
        after = [reader for name in node.output for reader in readers.get(name, [])]
        if any(reader.op_type == "Conv" or reader.name in leading for reader in after):
            leading.add(node.name)
    return [node.name for node in model.graph.node if node.op_type == "Conv" and node.name not in leading]


def quantize(source: Path, target: Path, pictures: list[Picture], entry: dict) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        prepared = Path(scratch) / "prepared.onnx"
        quant_pre_process(source, prepared)
        quantize_static(
            prepared,
            target,
            Calibration(pictures, entry),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv"],
            nodes_to_exclude=kept_in_float(onnx.load(prepared)),
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            # The mean of the pictures' extremes: one odd picture would else widen every step.
            extra_options={"CalibMovingAverage": True},
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="roadwatch_training.quantize", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="model folder with float weights")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with images/ and labels/ to calibrate with"
    )
    parser.add_argument("--pictures", type=int, default=200, help="how many of them")
    parser.add_argument("--out", type=Path, required=True, help="folder for the int8 model")
    parser.add_argument("--sources", type=Path, default=DEFAULT, help="what each source labels")
    given = parser.parse_args()
    logging.getLogger().setLevel(logging.ERROR)
    try:
        _, manifest = folder_detector(given.model)
        pictures, _ = read_folder(given.data, read_sources(given.sources))
    except (DataError, ModelError, SourceError) as error:
        sys.exit(f"quantize: {error}")
    chosen = pictures[:: max(1, len(pictures) // given.pictures)][: given.pictures]
    given.out.mkdir(parents=True, exist_ok=True)
    path = given.out / "model.onnx"
    quantize(given.model / manifest["file"], path, chosen, manifest["input"])
    manifest.update(file=path.name, name=f"{manifest['name']}-int8", sha256=digest(path))
    (given.out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    print(f"quantize: wrote {given.out}, calibrated with {len(chosen)} pictures")


if __name__ == "__main__":
    main()
