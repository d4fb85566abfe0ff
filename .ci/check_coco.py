#!/usr/bin/env python3
"""Reads a dataset as its users do: pycocotools for annotations, Pillow for images. Compares numbers, not impressions."""
import contextlib
import io
import json
import pathlib
import sys
import tarfile

import numpy as np
from PIL import Image
from pycocotools import mask as masks
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

folder = pathlib.Path(sys.argv[1])
header = json.loads((folder / "dataset.json").read_text())
records = {r["frame"]: r for f in sorted((folder / "chunks").glob("*.jsonl"))
           for r in map(json.loads, f.read_text().splitlines())}
with contextlib.redirect_stdout(io.StringIO()):
    truth = COCO(str(folder / "annotations/coco.json"))


def image(file):
    """A frame's file, in a folder or in an archive."""
    archive, _, name = file.rpartition("/")
    if not archive.endswith(".tar"):
        return Image.open(folder / file)
    with tarfile.open(folder / archive) as tar:
        return Image.open(io.BytesIO(tar.extractfile(name).read()))


def check(holds, what):
    if not holds:
        sys.exit(f"{folder}: {what}")


check(sorted(truth.imgs) == sorted(records), "the images are not the records'")
check(header["counts"]["frames"] == len(records), "the head counts other frames")
check([c["id"] for c in truth.dataset["categories"]] == list(range(1, len(truth.cats) + 1)), "category ids from 1")
ids = [a["id"] for a in truth.dataset["annotations"]]
check(len(set(ids)) == len(ids) and min(ids) >= 1 and max(ids) < 2 ** 53, "annotation ids")

count = 0
for n, record in records.items():
    planes = {p["name"]: np.array(image(p["file"])) for p in record["planes"]}
    size = (record["height"], record["width"])
    check(planes["rgb"].shape == size + (3,) and planes["rgb"].dtype == np.uint8, f"frame {n}: RGB")
    check(image(record["planes"][1]["file"]).mode.startswith("I"), f"frame {n}: ids of 16 bits")
    instance, semantic, depth = planes["instance"], planes["semantic"], planes["depth"]
    check(instance.shape == semantic.shape == depth.shape == size, f"frame {n}: sizes of planes")
    check(((instance > 0) <= (depth > 0)).all(), f"frame {n}: a labelled pixel without depth")
    check(((instance > 0) == (semantic > 0)).all(), f"frame {n}: instance and semantic disagree")
    check(set(np.unique(instance)) - {0} <= {i["id"] for i in record["instances"]}, f"frame {n}: unknown ids")
    check(truth.imgs[n]["file_name"] == record["planes"][0]["file"], f"frame {n}: file name")
    by_id = {a["id"]: a for a in truth.loadAnns(truth.getAnnIds(imgIds=[n]))}
    for i in record["instances"]:
        pixels = instance == i["id"]
        what = f"frame {n}, instance {i['id']}"
        check(int(pixels.sum()) == i["visible"], f"{what}: visible pixels")
        decoded = masks.decode({"size": list(size), "counts": i["rle"].encode()})
        check((decoded == pixels).all(), f"{what}: the record's RLE")
        a = by_id.pop(n << 16 | i["id"], None)
        check((a is None) == (i["visible"] == 0) == (i["box"] is None), f"{what}: annotation for visible ones only")
        if a is None:
            continue
        count += 1
        check((truth.annToMask(a) == pixels).all(), f"{what}: COCO's mask")
        # Canonical: pycocotools' own encoder writes the same string.
        own = masks.encode(np.asfortranarray(pixels.astype(np.uint8)))["counts"].decode()
        check(own == a["segmentation"]["counts"], f"{what}: the RLE is not canonical")
        ys, xs = np.nonzero(pixels)
        bounds = [xs.min(), ys.min(), xs.max() + 1 - xs.min(), ys.max() + 1 - ys.min()]
        check(a["bbox"] == bounds == i["box"], f"{what}: the box is not the mask's bounds")
        check(a["area"] == pixels.sum() and a["iscrowd"] == 0, f"{what}: area, iscrowd")
        check((semantic[pixels] == a["category_id"]).all(), f"{what}: category")
    check(not by_id, f"frame {n}: annotations without an instance")

results = [{"image_id": a["image_id"], "category_id": a["category_id"], "bbox": a["bbox"], "score": 1.0,
            "segmentation": a["segmentation"]} for a in truth.dataset["annotations"]]
for kind in ("bbox", "segm"):
    with contextlib.redirect_stdout(io.StringIO()):
        scored = COCOeval(truth, truth.loadRes(json.loads(json.dumps(results))), kind)
        # Every annotation counts: the usual hundred detections an image are too few for crowded frames.
        scored.params.maxDets = [1, 10, 1000]
        scored.evaluate()
        scored.accumulate()
    precision = scored.eval["precision"][:, :, :, 0, -1]
    ap = precision[precision > -1].mean()
    check(f"{ap:.3f}" == "1.000", f"AP of {kind} is {ap:.4f}")
    print(f"AP {kind} {ap:.3f}")
print(f"{count} annotations of {len(records)} frames agree with the images")
