"""
`python -m roadwatch_training.evaluate`: how good a model folder is, also by source and by size of the damage.
The figures that are quoted come from `npm run evaluate`, which runs the agent's own code; this command cuts
the same data into parts, and differs by the scaling of pictures only.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from .data.classes import NAMES
from .data.pictures import DataError, read_folder
from .data.sources import DEFAULT, SourceError, read_sources
from .scoring.detect import ModelError, folder_detector
from .scoring.figures import figures
from .scoring.parts import by_size, by_source
from .scoring.predict import predict


def table(title: str, result: dict) -> str:
    lines = [f"{title}: mAP50 {percent(result['mAP50'])}"]
    for name, entry in result["classes"].items():
        if entry["truths"]:
            lines.append(row(name, entry, ("ap50", "ap30", "precision", "recall")))
    damage = result.get("damage")
    if damage and damage["truths"]:
        lines.append(row("any damage", damage, ("ap50", "ap30", "precision", "recall", "recall30")))
    for name, entry in result.get("recallBySize", {}).items():
        if entry["truths"]:
            lines.append(row(f"any damage, {name}", entry, ("recall", "recall30")))
    if damage and damage["emptyPictures"]:
        lines.append(
            f"  {damage['falseBoxes']} false boxes in {damage['emptyPictures']} pictures without damage"
        )
    return "\n".join(lines)


def row(name: str, entry: dict, keys: Sequence[str]) -> str:
    values = "  ".join(f"{key} {percent(entry[key])}" for key in keys)
    return f"  {name:20} {entry['truths']:5} boxes  {values}"


def percent(value: float | None) -> str:
    return "    -" if value is None else f"{100 * value:5.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="roadwatch_training.evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="model folder")
    parser.add_argument("--data", type=Path, required=True, help="folder with images/ and labels/")
    parser.add_argument("--by", choices=("source", "size"), nargs="*", default=[], help="also cut into parts")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--sources", type=Path, default=DEFAULT, help="what each source labels")
    given = parser.parse_args()
    try:
        detect, manifest = folder_detector(given.model)
        pictures, skipped = read_folder(given.data, read_sources(given.sources))
    except (DataError, ModelError, SourceError) as error:
        sys.exit(f"evaluate: {error}")
    results = predict(detect, pictures, "evaluate")
    thresholds = [entry["threshold"] for entry in manifest["classes"]]
    result = {"pictures": len(pictures), "skipped": len(skipped)}
    size = (manifest["input"]["width"], manifest["input"]["height"])
    result["all"] = figures(results, thresholds, [True] * len(NAMES))
    for part, cut in (("source", by_source), ("size", by_size)):
        if part in given.by:
            result[part] = cut(results, pictures, thresholds, size)
    if given.json:
        print(json.dumps(result))
        return
    print(table(f"{len(pictures)} pictures, {len(skipped)} skipped", result["all"]))
    for part in given.by:
        for name, cut in result[part].items():
            print(table(f"{part} {name}", cut))


if __name__ == "__main__":
    main()
