from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from roadwatch_training.data.augment import TrainingSet, cuts_by_class
from roadwatch_training.data.classes import NAMES, POTHOLE
from roadwatch_training.data.compose import PAD, Scene
from roadwatch_training.data.paste import SIDES, Cut, Decoy, cuts_of, decoy_of, lay, painted
from roadwatch_training.data.pictures import Picture, read_folder
from roadwatch_training.data.road import asphalt
from roadwatch_training.data.sources import Source, read_sources

WIDTH, HEIGHT = 320, 192
CRACK, REPAIR = NAMES.index("longitudinal_crack"), NAMES.index("repair")
EVERYTHING = Source("rdd_cn", "rdd_cn_", 0.5, (True,) * len(NAMES))


def street() -> np.ndarray:
    """Grey road that narrows towards the top, verges, sky, and a red car on the left of the road."""
    image = np.full((HEIGHT, WIDTH, 3), (60, 130, 70), np.uint8)
    image[:60] = (230, 200, 170)
    cv2.fillConvexPoly(image, np.array([[150, 60], [175, 60], [300, 192], [20, 192]]), (118, 120, 122))
    cv2.rectangle(image, (90, 110), (130, 150), (40, 40, 190), -1)
    noise = np.random.default_rng(0).normal(0, 4, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def damaged(box: tuple, damage: int = POTHOLE, mark: bool = False) -> Picture:
    image = np.random.default_rng(1).normal(140, 5, (200, 200, 3)).clip(0, 255).astype(np.uint8)
    x1, y1, x2, y2 = box
    cv2.ellipse(
        image, ((x1 + x2) // 2, (y1 + y2) // 2), ((x2 - x1) // 2, (y2 - y1) // 2), 0, 0, 360, (40, 40, 40), -1
    )
    if mark:
        cv2.line(image, (x1 - 4, y1), (x2, y2), (250, 250, 250), 4)
    _, encoded = cv2.imencode(".png", image)
    boxes = np.array([box], np.float32)
    return Picture("rdd_cn_x", EVERYTHING, encoded.tobytes(), 200, 200, boxes, np.array([damage]))


def test_road_is_the_asphalt_alone():
    road = asphalt(street())
    assert road[180, 160] and road[150, 180]
    assert not road[:60].any() and not road[180, :20].any() and not road[180, 310:].any()
    assert not road[110:150, 90:130].any()


def test_no_road_is_told_in_padding_or_leaves():
    leaves = np.random.default_rng(0).integers(0, 256, (HEIGHT // 4, WIDTH // 4, 3), np.uint8)
    for image in (np.full((HEIGHT, WIDTH, 3), PAD, np.uint8), cv2.resize(leaves, (WIDTH, HEIGHT))):
        assert asphalt(image) is None


def test_damage_lies_on_the_road_in_its_box_and_not_twice_in_a_place():
    cut = Cut(damaged((80, 80, 130, 120)), 0)
    for seed in range(20):
        image, rng = street(), np.random.default_rng(seed)
        before, road = image.copy(), asphalt(image)
        whole = road.copy()
        boxes = [found.box for found in (lay(image, road, cut, rng) for _ in range(5)) if found]
        assert boxes
        changed = (image != before).any(-1)
        assert not changed[~whole].any()
        for number, box in enumerate(boxes):
            assert 0 < max(box[2:] - box[:2]) <= SIDES[1] * 1.2
            x, y = ((box[:2] + box[2:]) / 2).astype(int)
            assert image[y, x].mean() < before[y, x].mean() - 25
            for other in boxes[:number]:
                assert (np.minimum(box[2:], other[2:]) <= np.maximum(box[:2], other[:2])).any()


def test_a_mirrored_box_still_holds_its_damage():
    """The damage touches one side of its patch: a box that was not mirrored would miss it."""
    cut = Cut(damaged((0, 80, 50, 120)), 0)
    for seed in range(30):
        image = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
        found = lay(image, np.ones((HEIGHT, WIDTH), bool), cut, np.random.default_rng(seed))
        dark = np.argwhere(image.mean(-1) < 90)[:, ::-1]
        low, high = dark.min(0), dark.max(0)
        assert (low >= found.box[:2] - 3).all() and (high <= found.box[2:] + 3).all()


def test_far_damage_is_smaller():
    cut = Cut(damaged((80, 80, 130, 120)), 0)
    heights, sides = [], []
    for seed in range(150):
        road = np.ones((HEIGHT, WIDTH), bool)
        found = lay(np.full((HEIGHT, WIDTH, 3), 120, np.uint8), road, cut, np.random.default_rng(seed))
        heights.append(found.box[3])
        sides.append(found.box[2] - found.box[0])
    far = np.array(heights) < HEIGHT / 2
    assert np.mean(np.array(sides)[far]) < 0.8 * np.mean(np.array(sides)[~far])


def test_what_would_not_be_seen_or_brings_a_lane_mark_is_not_laid():
    road = np.ones((HEIGHT, WIDTH), bool)
    image = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    plain = np.full((200, 200, 3), 140, np.uint8)
    _, encoded = cv2.imencode(".png", plain)
    picture = damaged((80, 80, 130, 120))
    faint = Picture(picture.name, EVERYTHING, encoded.tobytes(), 200, 200, picture.boxes, picture.classes)
    crossed = damaged((80, 80, 130, 120), CRACK, mark=True)
    for cut in (Cut(faint, 0), Cut(crossed, 0)):
        assert lay(image, road, cut, np.random.default_rng(0)) is None
    assert (image == 120).all() and road.all()
    assert painted(Cut(crossed, 0).patch()[0]) and not painted(Cut(picture, 0).patch()[0])


def test_repairs_specks_and_whole_pictures_are_not_cut_out():
    pictures = [
        damaged((80, 80, 130, 120), REPAIR),
        damaged((80, 80, 90, 90)),
        damaged((0, 0, 190, 190)),
        damaged((80, 80, 130, 120)),
    ]
    assert [cut.picture for cut in cuts_of(pictures)] == pictures[3:]
    assert [[cut.damage for cut in group] for group in cuts_by_class(pictures)] == [[POTHOLE]]


def test_samples_show_damage_on_streets_that_have_none(data: Path):
    cv2.imwrite(str(data / "train" / "images" / "neg_a.png"), cv2.resize(street(), (640, 384)))
    pictures = read_folder(data / "train", read_sources())[0]
    streets = [picture for picture in pictures if picture.source.name == "negatives"]
    samples = TrainingSet([*streets, *[damaged((80, 80, 130, 120))] * 3], WIDTH, HEIGHT, seed=1)
    laid = 0
    for samples.epoch in range(20):
        laid += sum(len(samples[index][1].boxes) > 1 for index in range(len(samples)))
    assert laid > 5


def test_a_decoy_is_no_damage_and_shows_none():
    drawn = damaged((60, 60, 140, 140))
    # As a label has it, with a pixel of road around.
    picture = replace(drawn, boxes=drawn.boxes + [-2, -2, 2, 2])
    for seed in range(40):
        decoy = decoy_of(picture, np.random.default_rng(seed))
        assert decoy is None or decoy.patch()[0].min() > 100


def test_decoys_are_seen_on_streets_and_not_asked_for():
    image = street()
    scene = Scene(WIDTH, HEIGHT)
    scene.image[:] = image
    scene.lay(
        Decoy(damaged((80, 80, 130, 120)), np.array([80, 80, 130, 120])),
        asphalt(image),
        np.random.default_rng(2),
    )
    assert (scene.image != image).any()
    assert len(scene.boxes) == 0 and not scene.unlabelled.any()


def test_short_epochs_show_every_picture_in_turn(data: Path):
    pictures = read_folder(data / "train", read_sources())[0]
    samples = TrainingSet(pictures, WIDTH, HEIGHT, seed=1, length=3)
    assert len(samples) == 3
    seen = []
    for samples.epoch in range(4):
        seen += [samples.turn(index) for index in range(3)]
    assert [sorted(seen[start : start + 4]) for start in (0, 4, 8)] == [[0, 1, 2, 3]] * 3
