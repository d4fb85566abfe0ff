#!/usr/bin/env python3
"""Exports as their users read them: a set is rendered and exported, and numbers that each format's own reader gives are held
against the records.

  check_formats.py PROGRAM WORK quick     pycocotools, Pillow and plain files: a small set, on every commit
  check_formats.py PROGRAM WORK all       every reader that is installed, 200 frames; one that is not is an error
"""
import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import check_formats_hub
import numpy as np
import yaml
from PIL import Image
from pycocotools import mask as masks
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from export_checks import Set, check, dataset, here, is_whole, polygon_pixels, prepare_torchvision, quiet, run, run_samples, work


def export(format, *options, out=None):
    out = work / (out or format)
    run("export", dataset, "--format", format, "--out", out, *options)
    return out


if is_whole:
    prepare_torchvision()
run("render", here / "formats.yaml", "--frames", 200 if is_whole else 24, "--chunk", 7, "--out", dataset, "--quiet")
run("split", dataset, "--parts", "train=6,val=4")
made = Set()
names, stuff, records, parts, part = made.names, made.stuff, made.records, made.parts, made.part


def seen(r):
    return [i for i in r["instances"] if i["box"]]


def pixels(r, i):
    return masks.decode({"size": [r["height"], r["width"]], "counts": i["rle"].encode()}).astype(bool)


def same_picture(r, path):
    check((np.array(Image.open(path)) == np.array(Image.open(dataset / r["planes"][0]["file"]))).all(), f"{path}: pixels")


everything = [(r, i) for r in records.values() for i in seen(r)]
check(any(not seen(r) for r in records.values()), "no frame is empty")
check(len({i["category"] for _, i in everything}) == len(names), "not every class is seen")


def score(truth, results, kind, evaluation=COCOeval):
    with quiet():
        scored = evaluation(truth, truth.loadRes(results), kind)
        scored.params.maxDets = [1, 10, 1000]
        scored.evaluate()
        scored.accumulate()
    precision = scored.eval["precision"][:, :, :, 0, -1]
    return precision[precision > -1].mean()


def coco():
    """Boxes, masks, AP; run lengths and polygons alike."""
    for style in ("rle", "outlines"):
        out = export("coco", "--polygons", style, out=f"coco-{style}")
        for p, frames in parts.items():
            with quiet():
                truth = COCO(str(out / f"annotations/instances_{p}.json"))
            check(sorted(truth.imgs) == frames, f"coco {p}: images")
            for n in frames:
                r = records[n]
                same_picture(r, out / truth.imgs[n]["file_name"])
                by_id = {a["id"]: a for a in truth.loadAnns(truth.getAnnIds(imgIds=[n]))}
                for i in seen(r):
                    a = by_id.pop(n << 16 | i["id"])
                    check((truth.annToMask(a).astype(bool) == pixels(r, i)).all(), f"coco {style}: mask of {n}, {i['id']}")
                    check(a["bbox"] == i["box"] and a["area"] == i["visible"], f"coco: box of {n}, {i['id']}")
                    check(a["category_id"] == i["category"] and a["iscrowd"] == 0, f"coco: class of {n}, {i['id']}")
                check(not by_id, f"coco: annotations without an instance in {n}")
            results = [{k: a[k] for k in ("image_id", "category_id", "bbox", "segmentation")} | {"score": 1.0}
                       for a in truth.dataset["annotations"]]
            for kind in ("bbox", "segm"):
                ap = score(truth, json.loads(json.dumps(results)), kind)
                check(f"{ap:.3f}" == "1.000", f"coco {style} {p}: AP of {kind} is {ap:.4f}")
        # COCOeval puts run lengths in place of what it read.
        written = json.loads((out / "annotations/instances_train.json").read_text())["annotations"]
        styles = {type(a["segmentation"]).__name__ for a in written}
        check(styles == ({"dict"} if style == "rle" else {"dict", "list"}), f"coco {style}: {styles}")
        print(f"coco, {style}: AP 1.000 of boxes and masks, {len(everything)} masks equal")


def thresholds():
    """What is below them is ignored; classes are put together."""
    (work / "map.yaml").write_text("classes: {ring: thing, post: thing, ball: null}\norder: [thing, \"crate \\\"A\\\" & co\", ground]\n")
    out = export("coco", "--min-area", 30, "--min-visibility", 0.3, "--classes", work / "map.yaml", "--no-splits", out="coco-cut")
    truth = json.loads((out / "annotations/instances_train.json").read_text())
    check([c["name"] for c in truth["categories"]] == ["thing", "crate \"A\" & co", "ground"], "the order of classes")
    target = {1: 3, 2: 1, 3: 1, 5: 2}
    small = {r["frame"] << 16 | i["id"] for r, i in everything
             if i["visible"] < 30 or i["visibility"]["visibility"] < 0.3}
    expected = {r["frame"] << 16 | i["id"]: (target[i["category"]], int((r["frame"] << 16 | i["id"]) in small))
                for r, i in everything if i["category"] in target}
    check({a["id"]: (a["category_id"], a["iscrowd"]) for a in truth["annotations"]} == expected, "classes and thresholds")
    report = json.loads((out / "export.json").read_text())
    check(report["below_thresholds"] == sum(c for _, c in expected.values()), "the report's count")
    (work / "bad.yaml").write_text("classes:\n  rnig: thing\n")
    said = run("export", dataset, "--format", "coco", "--out", work / "x", "--classes", work / "bad.yaml", code=65)
    check("bad.yaml:2:3" in said and 'did you mean "ring"' in said, said)
    said = run("export", dataset, "--format", "voc", "--annotations", "keypoints", "--out", work / "x", code=65)
    check("keypoints" in said and "voc" in said, said)
    check(not (work / "x").exists(), "something was left behind")
    print("thresholds and class maps: as said")


def panoptic():
    out = export("coco-panoptic")
    for p, frames in parts.items():
        truth = json.loads((out / f"annotations/panoptic_{p}.json").read_text())
        check([a["image_id"] for a in truth["annotations"]] == frames, f"panoptic {p}: images")
        for a in truth["annotations"]:
            r = records[a["image_id"]]
            rgb = np.array(Image.open(out / f"annotations/panoptic_{p}" / a["file_name"])).astype(np.uint32)
            ids = rgb[..., 0] + 256 * rgb[..., 1] + 65536 * rgb[..., 2]
            # The renderer's own panoptic plane holds the same segments.
            plane = next(x for x in r["planes"] if x["name"] == "panoptic")
            own = np.array(Image.open(dataset / plane["file"])).astype(np.uint32)
            check((ids == own[..., 0] + 256 * own[..., 1] + 65536 * own[..., 2]).all(), f"panoptic: ids of {r['frame']}")
            check(set(np.unique(ids)) - {0} == {s["id"] for s in a["segments_info"]}, f"panoptic: segments of {r['frame']}")
            for s in a["segments_info"]:
                ys, xs = np.nonzero(ids == s["id"])
                box = [xs.min(), ys.min(), xs.max() + 1 - xs.min(), ys.max() + 1 - ys.min()]
                check(s["area"] == len(xs) and s["bbox"] == box, f"panoptic: segment {s['id']} of {r['frame']}")
                check((s["category_id"] in stuff) == (s["id"] >= 1 << 23), f"panoptic: kind of {s['id']}")
        if is_whole:
            from panopticapi.evaluation import pq_compute_single_core
            categories = {c["id"]: c for c in truth["categories"]}
            folder = str(out / f"annotations/panoptic_{p}")
            with quiet():
                stat = pq_compute_single_core(0, [(a, a) for a in truth["annotations"]], folder, folder, categories)
            for isthing in (None, True, False):
                pq = 100 * stat.pq_average(categories, isthing=isthing)[0]["pq"]
                check(f"{pq:.1f}" == "100.0", f"panoptic {p}: PQ {pq}")
    print("coco-panoptic: " + ("PQ 100.0 by panopticapi, " if is_whole else "") + "segments equal the renderer's")


def lvis():
    for style in ("rle", "outlines"):
        out = export("lvis", "--polygons", style, out=f"lvis-{style}")
        for p, frames in parts.items():
            path = out / f"annotations/lvis_{p}.json"
            truth = json.loads(path.read_text())
            check([x["id"] for x in truth["images"]] == frames, f"lvis {p}: images")
            for x in truth["images"]:
                shown = {i["category"] for i in seen(records[x["id"]])}
                check(set(x["neg_category_ids"]) == set(range(1, len(names) + 1)) - shown, "lvis: absent classes")
                check((out / x["coco_url"]).exists(), "lvis: picture")
            if not is_whole:
                continue
            # Its code is older than NumPy's farewell to these names.
            for name, kind in (("float", float), ("int", int), ("bool", bool)):
                if name not in np.__dict__:
                    setattr(np, name, kind)
            from lvis import LVIS, LVISEval, LVISResults
            with quiet():
                read = LVIS(str(path))
            for a in read.dataset["annotations"]:
                r = records[a["image_id"]]
                i = next(i for i in r["instances"] if i["id"] == a["id"] & 65535)
                check((read.ann_to_mask(a).astype(bool) == pixels(r, i)).all() and a["bbox"] == i["box"], "lvis: mask")
            results = [{k: a[k] for k in ("image_id", "category_id", "bbox")} | {"score": 1.0, "segmentation": masks_of(a)}
                       for a in read.dataset["annotations"]]
            for kind in ("bbox", "segm"):
                with quiet():
                    scored = LVISEval(read, LVISResults(read, json.loads(json.dumps(results))), kind)
                    scored.run()
                check(f"{scored.results['AP']:.3f}" == "1.000", f"lvis {style} {p}: AP of {kind} is {scored.results['AP']}")
    print("lvis: " + ("AP 1.000 by its own evaluation, " if is_whole else "") + "absent classes equal the records'")


def masks_of(a):
    """An annotation's mask as run lengths, for results."""
    if isinstance(a["segmentation"], dict):
        return a["segmentation"]
    r = records[a["image_id"]]
    merged = masks.merge(masks.frPyObjects(a["segmentation"], r["height"], r["width"]))
    return {"size": merged["size"], "counts": merged["counts"].decode()}


def yolo_rows(out, n):
    text = (out / "labels" / part[n] / f"{n:06}.txt").read_text()
    return [[float(x) for x in line.split()] for line in text.splitlines()]


def yolo():
    for format in ("yolo", "yolo-seg", "yolo-obb"):
        out = export(format)
        head = yaml.safe_load((out / "data.yaml").read_text())
        check(list(head["names"].values()) == names and "path" not in head, f"{format}: data.yaml")
        for n, r in records.items():
            rows, w, h = yolo_rows(out, n), r["width"], r["height"]
            same_picture(r, out / "images" / part[n] / f"{n:06}.png")
            check([int(x[0]) for x in rows] == [i["category"] - 1 for i in seen(r)], f"{format}: classes of {n}")
            for row, i in zip(rows, seen(r)):
                check(all(0 <= v <= 1 for v in row[1:]), f"{format}: values of {n}")
                if format == "yolo":
                    x, y, bw, bh = (v * s for v, s in zip(row[1:], (w, h, w, h)))
                    check(np.allclose([x - bw / 2, y - bh / 2, bw, bh], i["box"], atol=1e-4), f"yolo: box of {n}")
                elif format == "yolo-seg":
                    # By pycocotools' own filling, a reader that knows polygons but nothing of ours.
                    flat = [round(v * s, 3) for v, s in zip(row[1:], [w, h] * (len(row) // 2))]
                    filled = polygon_pixels(flat, w, h)
                    check((filled == pixels(r, i)).all(), f"yolo-seg: mask of {n}, {i['id']}")
                else:
                    corners = np.array(row[1:]).reshape(4, 2) * [w, h]
                    inside = ((corners > 1e-3) & (corners < np.array([w, h]) - 1e-3)).all()
                    if inside:
                        cx, cy, bw, bh, angle = i["oriented_box"]
                        check(np.allclose(corners.mean(axis=0), [cx, cy], atol=1e-3), f"yolo-obb: centre of {n}")
                        sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
                        check(np.allclose(sides, [bw, bh, bw, bh], atol=1e-3), f"yolo-obb: sides of {n}")
        if is_whole:
            ultralytics(format, out)
    print("yolo, yolo-seg, yolo-obb: boxes, polygons and corners equal the records'" + (", also by Ultralytics" if is_whole else ""))


def ultralytics(format, out):
    from ultralytics.data.dataset import YOLODataset
    from ultralytics.data.utils import check_det_dataset
    task = {"yolo": "detect", "yolo-seg": "segment", "yolo-obb": "obb"}[format]
    with quiet():
        data = check_det_dataset(str(out / "data.yaml"))
        read = {p: YOLODataset(img_path=data[p], data=data, task=task, augment=False, imgsz=160) for p in parts}
    for p, set in read.items():
        check(len(set.labels) == len(parts[p]), f"{format}: Ultralytics drops pictures of {p}")
        for label in set.labels:
            r = records[int(pathlib.Path(label["im_file"]).stem)]
            w, h = r["width"], r["height"]
            check(len(label["cls"]) == len(seen(r)), f"{format}: Ultralytics drops rows of {r['frame']}")
            check([int(c) for c in label["cls"].ravel()] == [i["category"] - 1 for i in seen(r)], f"{format}: classes")
            if task != "obb" and len(label["bboxes"]):
                x, y, bw, bh = (label["bboxes"] * [w, h, w, h]).T
                boxes = np.stack([x - bw / 2, y - bh / 2, bw, bh], axis=1)
                check(np.allclose(boxes, [i["box"] for i in seen(r)], atol=1e-2), f"{format}: boxes by Ultralytics")


def voc():
    out = export("voc")
    root = out / "VOCdevkit/VOC2012"
    for p, frames in parts.items():
        listed = (root / f"ImageSets/Main/{p}.txt").read_text().split()
        check(listed == [f"{n:06}" for n in frames], f"voc {p}: list")
        for c, name in enumerate(names, 1):
            rows = [line.split() for line in (root / f"ImageSets/Main/{name}_{p}.txt").read_text().splitlines()]
            shown = {n for n in frames if any(i["category"] == c for i in seen(records[n]))}
            check([(int(a), int(b)) for a, b in rows] == [(n, 1 if n in shown else -1) for n in frames], f"voc: {name}")
    for n, r in records.items():
        tree = ElementTree.parse(root / f"Annotations/{n:06}.xml").getroot()
        boxes = [[int(o.find("bndbox").find(k).text) for k in ("xmin", "ymin", "xmax", "ymax")] for o in tree.iter("object")]
        check(boxes == [[x + 1, y + 1, x + w, y + h] for x, y, w, h in (i["box"] for i in seen(r))], f"voc: boxes of {n}")
        check([o.find("name").text for o in tree.iter("object")] == [names[i["category"] - 1] for i in seen(r)], f"voc: names of {n}")
        check([int(o.find("truncated").text) for o in tree.iter("object")]
              == [int((i["visibility"]["truncation"] or 0) > 0) for i in seen(r)], f"voc: truncated of {n}")
        classes, objects = (Image.open(root / f"{f}/{n:06}.png") for f in ("SegmentationClass", "SegmentationObject"))
        check(classes.mode == objects.mode == "P" and classes.getpalette()[3:6] == [128, 0, 0], f"voc: palette of {n}")
        classes, objects = np.array(classes), np.array(objects)
        for k, i in enumerate(seen(r), 1):
            check(((objects == k) == pixels(r, i)).all() and (classes[objects == k] == i["category"]).all(), f"voc: masks of {n}")
        picture = np.array(Image.open(root / f"JPEGImages/{n:06}.jpg")).astype(float)
        truth = np.array(Image.open(dataset / r["planes"][0]["file"])).astype(float)
        check(picture.shape == truth.shape and np.abs(picture - truth).mean() < 3, f"voc: picture of {n}")
    if is_whole:
        from torchvision.datasets import VOCDetection, VOCSegmentation
        for p, frames in parts.items():
            for reader in (VOCDetection, VOCSegmentation):
                read = reader(str(out), year="2012", image_set=p)
                check(len(read) == len(frames), f"voc {p}: by torchvision")
            _, target = VOCDetection(str(out), year="2012", image_set=p)[0]
            check(len(target["annotation"]["object"]) == len(seen(records[frames[0]])), "voc: objects by torchvision")
    print("voc: boxes, masks and lists equal the records'" + (", also by torchvision" if is_whole else ""))


def same_bytes():
    """Twice, in the tar layout and with other links: the same bytes."""
    run("render", here / "formats.yaml", "--frames", len(records), "--chunk", 5, "--layout", "tar", "--out", work / "tar", "--quiet")
    formats = "coco,coco-panoptic,lvis,yolo-seg,voc," + check_formats_hub.FORMATS
    for name, source, link in (("a", dataset, "hard"), ("b", dataset, "symlink"), ("c", work / "tar", "copy")):
        run("export", source, "--format", formats, "--no-splits", "--link", link, "--out", work / f"same-{name}")
    for other in "bc":
        subprocess.run(["diff", "-r", work / "same-a", work / f"same-{other}"], check=True)
    # A folder that moves takes its hard links along, and nothing but exports is replaced.
    run("export", dataset, "--format", "yolo", "--out", work / "same-a", code=65)
    run("export", dataset, "--format", "yolo", "--out", work / "same-a", "--overwrite")
    check(sorted(p.name for p in (work / "same-a").iterdir()) == ["data.yaml", "export.json", "images", "labels"], "overwritten")
    run("export", dataset, "--format", "yolo", "--out", dataset, "--overwrite", code=65)
    print("exports of folders and archives, by every kind of link: the same bytes")


def keypoints():
    """Figures with a skeleton, of a scene of their own."""
    posed = work / "posed"
    run("render", here.parent / "Scenes/gallery/keypoints.yaml", "--frames", 12, "--size", "240x180", "--out", posed, "--quiet")
    head = json.loads((posed / "dataset.json").read_text())["categories"][0]
    truth = [json.loads(line) for f in sorted((posed / "chunks").glob("*.jsonl")) for line in f.read_text().splitlines()]
    figures = {(r["frame"], i["id"]): i for r in truth for i in r["instances"] if i["category"] == 1 and i["box"]}

    def points(i):
        return [[*(k["image"] if k["v"] else (0, 0)), k["v"]] for k in i["keypoints"]]

    out = work / "posed-coco"
    # The crates have no keypoints, which COCOeval cannot see beside those that have.
    (work / "figures.yaml").write_text("classes: {figure: person}\nothers: drop\n")
    run("export", posed, "--format", "coco", "--classes", work / "figures.yaml", "--out", out)
    with quiet():
        gt = COCO(str(out / "annotations/instances_train.json"))
    category = gt.loadCats([1])[0]
    check(category["keypoints"] == head["keypoints"] and len(category["skeleton"]) == 14, "coco: names of keypoints")
    check(min(min(bone) for bone in category["skeleton"]) == 1, "coco: skeletons count from 1")
    check(len(gt.anns) == len(figures), "coco: posed figures")
    for a in gt.anns.values():
        i = figures[a["image_id"], a["id"] & 0xFFFF]
        check(np.array_equal(np.reshape(a["keypoints"], (-1, 3)), points(i)), f"coco: keypoints of {a['id']}")
        check(a["num_keypoints"] == sum(k["v"] > 0 for k in i["keypoints"]), f"coco: num_keypoints of {a['id']}")
    found = [{"image_id": a["image_id"], "category_id": 1, "keypoints": a["keypoints"], "score": 1} for a in gt.anns.values()]
    with quiet():
        e = COCOeval(gt, gt.loadRes(found), "keypoints")
        e.params.kpt_oks_sigmas = np.full(len(head["keypoints"]), 0.05)
        e.evaluate()
        e.accumulate()
        e.summarize()
    check(e.stats[0] == 1, f"coco: keypoints have AP {e.stats[0]} against themselves")

    out = work / "posed-yolo"
    run("export", posed, "--format", "yolo-pose", "--out", out)
    data = yaml.safe_load((out / "data.yaml").read_text())
    check(data["kpt_shape"] == [13, 3] and sorted(data["flip_idx"]) == list(range(13)), "yolo-pose: data.yaml")
    flipped = [head["keypoints"][k] for k in data["flip_idx"]]
    swap = {"left": "right", "right": "left"}
    check(flipped == ["_".join(swap.get(w, w) for w in n.split("_")) for n in head["keypoints"]], "yolo-pose: flip_idx")
    for r in truth:
        rows = [[float(x) for x in line.split()] for line in (out / f"labels/train/{r['frame']:06}.txt").read_text().splitlines()]
        seen_here = [i for i in r["instances"] if i["box"]]
        check(len(rows) == len(seen_here), f"yolo-pose: rows of {r['frame']}")
        for row, i in zip(rows, seen_here):
            here_points = np.reshape(row[5:], (13, 3)) * [r["width"], r["height"], 1]
            expected = points(i) if i.get("keypoints") else np.zeros((13, 3))
            check(np.allclose(here_points, expected, atol=1e-4), f"yolo-pose: keypoints of {r['frame']}")
    if is_whole:
        with quiet():
            from ultralytics.data.dataset import YOLODataset
            from ultralytics.data.utils import check_det_dataset
            data = check_det_dataset(str(out / "data.yaml"))
            labels = YOLODataset(img_path=data["train"], data=data, task="pose").labels
        read = {int(pathlib.Path(l["im_file"]).stem): l for l in labels}
        check(len(read) == len(truth), "yolo-pose: pictures by Ultralytics")
        for r in truth:
            l = read[r["frame"]]
            seen_here = [i for i in r["instances"] if i["box"]]
            check(len(l["cls"]) == len(seen_here), f"yolo-pose: rows of {r['frame']} by Ultralytics")
            for k, i in zip(l["keypoints"], seen_here):
                expected = points(i) if i.get("keypoints") else np.zeros((13, 3))
                check(np.allclose(k * [r["width"], r["height"], 1], expected, atol=1e-2), "yolo-pose: by Ultralytics")
    print("keypoints: COCO's and YOLO's equal the records', AP 1.000" + (", also by Ultralytics" if is_whole else ""))


def samples():
    # Formats of driving and poses have scenes and readers of their own: check_formats_driving.py.
    own = {"coco", "coco-panoptic", "lvis", "yolo", "yolo-seg", "yolo-pose", "yolo-obb", "voc", *check_formats_hub.FORMATS.split(",")}
    run_samples(
        own, {"ultralytics", "torchvision", "lvis", "panopticapi", "supervision", *check_formats_hub.MODULES},
        lambda format, out: run(
            "export", work / "posed" if format == "yolo-pose" else dataset, "--format", format, "--out", out))


hub = check_formats_hub.parts(sys.modules[__name__])
for part_of_check in (coco, thresholds, panoptic, lvis, yolo, voc, *hub, keypoints, same_bytes, samples):
    part_of_check()
