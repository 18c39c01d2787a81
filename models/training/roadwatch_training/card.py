"""
`python -m roadwatch_training.card`: writes a model's `MODEL_CARD.md` from measured figures: the JSON of `npm
run evaluate`, that of `roadwatch_training.evaluate --by source size`, and what the earlier steps left in the
model's folder. Where it fails is described by hand.
"""

import argparse
import json
import sys
from pathlib import Path
from string import Template

from .evaluate import percent
from .network.model import SIZES

TEMPLATE = Path(__file__).with_name("card_template.md")


class CardError(Exception):
    """A file that a card needs and that is missing or lacks a figure."""


def read(path: Path) -> dict:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CardError(f"{path}: expected JSON ({error})") from error


def rows(header: list[str], body: list[list[object]]) -> str:
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *body]
    return "\n".join("| " + " | ".join(str(cell).strip() for cell in line) + " |" for line in lines)


def overall(figures: dict, parts: dict) -> str:
    classes = parts["all"]["classes"]
    body = [
        [
            name,
            classes[name]["truths"],
            percent(ap),
            percent(classes[name]["precision"]),
            percent(classes[name]["recall"]),
        ]
        for name, ap in figures["ap50"].items()
    ]
    body.append(
        [
            "**all**",
            "",
            f"**{percent(figures['mAP50']).strip()}**",
            percent(figures["precision"]),
            percent(figures["recall"]),
        ]
    )
    return rows(["class", "boxes", "AP50", "precision", "recall"], body)


def headline(figures: dict) -> str:
    false = figures["falseBoxesPerEmptyPicture"]
    recall = {iou: percent(value).strip() for iou, value in figures["damageRecall"].items()}
    return " ".join(
        [
            f"mAP50-95 is {percent(figures['mAP50_95']).strip()}.",
            f"Damage as one class: AP50 {percent(figures['damageAp50']).strip()},",
            f"recall {recall['0.5']} at IoU 0.5 and {recall['0.3']} at IoU 0.3.",
            f"False damage boxes per picture without damage: {'-' if false is None else f'{false:.3f}'}.",
            f"Time from tensor to boxes: median {figures['msMedian']:.1f} ms,",
            f"95th percentile {figures['msP95']:.1f} ms.",
        ]
    )


def parts_table(title: str, parts: dict) -> str:
    body = [
        [part, name, entry["truths"], *(percent(entry[key]) for key in ("ap50", "precision", "recall"))]
        for part, cut in parts.items()
        for name, entry in cut["classes"].items()
        if entry["truths"]
    ]
    return rows([title, "class", "boxes", "AP50", "precision", "recall"], body)


def thresholds_table(chosen: dict) -> str:
    body = [
        [name, f"{entry['threshold']:.2f}", percent(entry["precision"]), percent(entry["recall"])]
        for name, entry in chosen["classes"].items()
    ]
    return rows(["class", "threshold", "precision on val", "recall on val"], body)


def quiet_table(chosen: dict) -> str:
    body = [
        [name, entry["frames"], entry["falseBoxes"], f"{entry['perHundredFrames']:.2f}"]
        for name, entry in chosen["quiet"].items()
    ]
    return rows(["frames without damage", "frames", "false boxes", "per 100 frames"], body)


def training_text(record: dict) -> str:
    options = record["options"]
    return " ".join(
        [
            f"{record['epochs']} epochs, {record['steps']} steps of {options['batch']} pictures,",
            f"{record['seconds'] / 3600:.1f} hours, {options['precision']}, AdamW, highest rate",
            f"{options['rate']:g}, seed {options['seed']}; mosaic off in the last {options['calm_epochs']}",
            "epochs. The shipped weights are the running average of the epoch with the best mAP50 on `val`.",
        ]
    )


def card(folder: Path, figures: dict, parts: dict, failures: str) -> str:
    manifest, chosen, record = (
        read(folder / f"{name}.json") for name in ("manifest", "thresholds", "training")
    )
    if figures["model"]["sha256"] != manifest["sha256"]:
        raise CardError("the figures are of another file than the manifest's; run `npm run evaluate` again")
    channels = SIZES[record["options"]["size"]].channels
    return Template(TEMPLATE.read_text("utf-8")).substitute(
        name=manifest["name"],
        version=manifest["version"],
        folder=f"models/{manifest['name']}-{manifest['version']}",
        architecture=f"YOLOX with depthwise convolutions, {channels} channels in the stem",
        width=manifest["input"]["width"],
        height=manifest["input"]["height"],
        sha256=manifest["sha256"],
        pictures=figures["pictures"],
        empty=figures["emptyPictures"],
        cpu=figures["cpu"],
        threads=figures["threads"],
        overall=overall(figures, parts),
        headline=headline(figures),
        sources=parts_table("source", parts["source"]),
        sizes=parts_table("size", parts["size"]),
        precision=f"{100 * chosen['precision']:g}",
        cap=f"{100 * chosen['falseBoxesPerFrame']:g}",
        thresholds=thresholds_table(chosen),
        quiet=quiet_table(chosen),
        training=training_text(record),
        failures=failures.strip(),
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="roadwatch_training.card", description=__doc__)
    parser.add_argument(
        "--model", type=Path, required=True, help="model folder, with thresholds.json and training.json"
    )
    parser.add_argument("--figures", type=Path, required=True, help="output of npm run evaluate -- --json")
    parser.add_argument(
        "--parts", type=Path, required=True, help="output of evaluate --by source size --json"
    )
    parser.add_argument("--failures", type=Path, required=True, help="Markdown: where it fails, in words")
    given = parser.parse_args()
    try:
        text = card(given.model, read(given.figures), read(given.parts), given.failures.read_text("utf-8"))
    except (CardError, KeyError, OSError) as error:
        sys.exit(f"card: {error}")
    (given.model / "MODEL_CARD.md").write_text(text, "utf-8")
    print(f"card: wrote {given.model / 'MODEL_CARD.md'}")


if __name__ == "__main__":
    main()
