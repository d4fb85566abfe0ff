"""The formats of data hubs, part of check_formats.py: webdataset, hf-imagefolder, hf-parquet, croissant and csv. Plain reading
holds the files against the records always, the readers that people use do it where `set.is_whole`."""
import csv
import hashlib
import json
import os
import tarfile

import numpy as np
import yaml
from PIL import Image

from pycocotools import mask as masks

MODULES = {"webdataset", "datasets", "pyarrow", "mlcroissant", "pandas"}
FORMATS = "webdataset,hf-imagefolder,hf-parquet,croissant,csv"


def parts(set):
    """The checks, on what check_formats.py has rendered."""
    # Readers keep what they have read; not in somebody's home, and not from the network.
    os.environ["HF_HOME"] = os.environ["CROISSANT_CACHE"] = str(set.work / "cache")
    os.environ["HF_DATASETS_OFFLINE"] = os.environ["HF_HUB_OFFLINE"] = "1"
    return [lambda f=f: f(set) for f in (webdataset, imagefolder, parquet, croissant, tables, import_coco)]


def lists(set, r):
    """What a row's struct of lists must hold."""
    seen = set.seen(r)
    return {
        "id": [i["id"] for i in seen], "category_id": [i["category"] for i in seen],
        "bbox": [i["box"] for i in seen], "area": [i["visible"] for i in seen], "iscrowd": [0] * len(seen),
        "segmentation": [i["rle"] for i in seen], "visibility": [i["visibility"]["visibility"] for i in seen],
    }


def agree(set, what, r, objects, category):
    truth = lists(set, r)
    for key, values in truth.items():
        found = [list(v) if key == "bbox" else v for v in objects[key]]
        set.check(found == values, f"{what}: {key} of {r['frame']}: {found}, not {values}")
    set.check(list(objects["category"]) == [category(i["category"]) for i in set.seen(r)], f"{what}: category of {r['frame']}")


def plane_path(set, r, name):
    return set.dataset / next(p["file"] for p in r["planes"] if p["name"] == name)


def plane(set, r, name):
    return np.array(Image.open(plane_path(set, r, name)))


def same(set, image, truth, what):
    set.check(np.array_equal(np.array(image), truth), f"{what}: pixels")


def card(set, out, format):
    text = (out / "README.md").read_text()
    head = yaml.safe_load(text.split("---\n")[1])
    set.check(head["tags"] == ["synthetic", "diorama"] and head["size_categories"] == ["n<1K"], f"{format}: card's head")
    for c, name in enumerate(set.names, 1):
        n = sum(i["category"] == c for _, i in set.everything)
        pictures = sum(any(i["category"] == c for i in set.seen(r)) for r in set.records.values())
        row = next(line for line in text.splitlines() if line.startswith(f"| {c} | "))
        cells = [x.strip() for x in row.strip("|").split("|")]
        set.check((cells[1], int(cells[2]), int(cells[4])) == (name, n, pictures), f"{format}: card's row of {name}: {row}")
        set.check(cells[3] == f"{100 * n / len(set.everything):.1f} %", f"{format}: card's share of {name}")
    set.check("no photograph went in" in text, f"{format}: card's provenance")


def webdataset(set):
    out = set.export("webdataset", "--shard-size", "1")
    index = json.loads((out / "index.json").read_text())
    for p, frames in set.parts.items():
        numbers = []
        shards = [s["file"] for s in index["splits"][p]]
        for shard in index["splits"][p]:
            with tarfile.open(out / shard["file"]) as tar:
                names = [m.name for m in tar]
                set.check(all(m.isreg() and m.mtime == 0 for m in tar.getmembers()), "webdataset: members")
                keys = list(dict.fromkeys(n.split(".")[0] for n in names))
                set.check(len(keys) == shard["samples"], "webdataset: samples of a shard")
                for k in keys:
                    r = set.records[int(k)]
                    json_ = json.load(tar.extractfile(k + ".json"))
                    columns = {key: [o["segmentation"]["counts"] if key == "segmentation" else
                                     o["visibility"]["visibility"] if key == "visibility" else o[key]
                                     for o in json_["objects"]] for key in lists(set, r)}
                    columns["category"] = [o["category"] for o in json_["objects"]]
                    agree(set, "webdataset", r, columns, lambda c: set.names[c - 1])
                    set.check(json_["camera"] == r["camera"], "webdataset: camera")
                    truth = {i["id"]: i for i in r["instances"]}
                    for o in json_["objects"] + json_["hidden"]:
                        i = truth.pop(o["id"])
                        for key in ("amodal_box", "amodal_rle", "visibility", "oriented_box", "box_3d", "pose_camera"):
                            set.check(o.get(key) == i.get(key), f"webdataset: {key} of {k}")
                    set.check(not truth, f"webdataset: instances of {k}")
                    for q in r["planes"]:
                        name = f"{k}.png" if q["name"] == "rgb" else f"{k}.{q['name']}.png"
                        set.check(tar.extractfile(name).read() == (set.dataset / q["file"]).read_bytes(), f"webdataset: {name}")
                numbers += map(int, keys)
            set.check((out / shard["file"]).stat().st_size <= 1 << 20, f"webdataset: size of {shard}")
        set.check(numbers == frames, f"webdataset: order of {p}")
        if set.is_whole:
            import webdataset as wds
            read = wds.WebDataset([str(out / s) for s in shards], shardshuffle=False).decode("rgb8")
            found = 0
            for sample in read:
                r = set.records[int(sample["__key__"])]
                same(set, sample["png"], plane(set, r, "rgb"), "webdataset: picture")
                set.check([o["bbox"] for o in sample["json"]["objects"]] == [i["box"] for i in set.seen(r)], "webdataset: boxes")
                found += 1
            set.check(found == len(frames), f"webdataset: samples of {p}: {found}")
    print("webdataset: boxes, masks, planes and poses equal the records'" + (", also by webdataset" if set.is_whole else ""))


def imagefolder(set):
    out = set.export("hf-imagefolder")
    card(set, out, "hf-imagefolder")
    for p, frames in set.parts.items():
        rows = [json.loads(line) for line in (out / p / "metadata.jsonl").read_text().splitlines()]
        set.check([x["image_id"] for x in rows] == frames, f"hf-imagefolder: rows of {p}")
        for x in rows:
            r = set.records[x["image_id"]]
            agree(set, "hf-imagefolder", r, x["objects"], lambda c: set.names[c - 1])
            set.same_picture(r, out / p / x["file_name"])
    if set.is_whole:
        import datasets
        read = datasets.load_dataset(str(out))
        by_datasets(set, "hf-imagefolder", read, lambda c: set.names[c - 1])
    print("hf-imagefolder: rows equal the records" + (", also by datasets" if set.is_whole else ""))


def by_datasets(set, format, read, category):
    set.check(list(read) == list(set.parts), f"{format}: splits {list(read)}")
    for p, frames in set.parts.items():
        set.check(sorted(read[p]["image_id"]) == frames, f"{format}: rows of {p}")
        for x in read[p]:
            r = set.records[x["image_id"]]
            set.check((x["width"], x["height"]) == x["image"].size == (r["width"], r["height"]), f"{format}: size")
            same(set, x["image"], plane(set, r, "rgb"), format)
            for name in ("depth", "instance", "semantic"):
                same(set, x[name], plane(set, r, name), f"{format}: {name}")
            agree(set, format, r, x["objects"], category)
            for i, k, counts in zip(set.seen(r), x["objects"]["id"], x["objects"]["segmentation"]):
                decoded = masks.decode({"size": [x["height"], x["width"]], "counts": counts.encode()}).astype(bool)
                set.check((decoded == (np.array(x["instance"]) == k)).all(), f"{format}: mask of {r['frame']}, {k}")


def parquet(set):
    out = set.export("hf-parquet", "--shard-size", "1")
    card(set, out, "hf-parquet")
    for p in set.parts:
        files = sorted(f.name for f in (out / "data").glob(p + "-*"))
        set.check(files == [f"{p}-{k:05}-of-{len(files):05}.parquet" for k in range(len(files))] and files, f"hf-parquet: {files}")
    if not set.is_whole:
        return print("hf-parquet: names and card as said")
    import datasets
    import pyarrow.parquet
    for p, frames in set.parts.items():
        numbers = []
        for f in sorted((out / "data").glob(p + "-*")):
            table = pyarrow.parquet.ParquetFile(f)
            table.schema_arrow, json.loads(table.schema_arrow.metadata[b"huggingface"])
            rows = pyarrow.parquet.read_table(f)
            rows.validate(full=True)
            for x in rows.to_pylist():
                r = set.records[x["image_id"]]
                agree(set, "hf-parquet", r, x["objects"], lambda c: c - 1)
                set.check(x["image"]["bytes"] == plane_path(set, r, "rgb").read_bytes(), "hf-parquet: picture")
                set.check(x["depth"]["bytes"] == plane_path(set, r, "depth").read_bytes(), "hf-parquet: depth")
                numbers.append(x["image_id"])
        set.check(numbers == frames, f"hf-parquet: rows of {p}")
    read = datasets.load_dataset(str(out))
    label = read["train"].features["objects"]["category"].feature
    set.check(label.names == set.names, "hf-parquet: names of classes")
    by_datasets(set, "hf-parquet", read, lambda c: c - 1)
    print("hf-parquet: rows equal the records by pyarrow and by datasets")


def croissant(set):
    out = set.export("croissant", "--license", "CC-BY-4.0", "--date", "2026-01-31", "--url", "https://example.org/set")
    card(set, out, "croissant")
    document = json.loads((out / "croissant.json").read_text())
    for f in document["distribution"]:
        if f["@type"] == "cr:FileObject":
            set.check(hashlib.sha256((out / f["contentUrl"]).read_bytes()).hexdigest() == f["sha256"], f"croissant: {f['@id']}")
    images = {int(x["image_id"]): x for x in csv.DictReader(open(out / "images.csv", newline=""))}
    set.check(list(images) == list(set.records), "croissant: images")
    for n, x in images.items():
        file = (out / "images" / x["file_name"]).read_bytes()
        set.check(x["split"] == set.part[n] and hashlib.sha256(file).hexdigest() == x["sha256"], f"croissant: image {n}")
    rows = list(csv.DictReader(open(out / "objects.csv", newline="")))
    truth = [(r["frame"] << 16 | i["id"], i["category"], *i["box"], i["visible"], i["rle"]) for r, i in set.everything]
    keys = ("id", "category_id", "x", "y", "width", "height", "area")
    set.check([(*(int(x[k]) for k in keys), x["segmentation"]) for x in rows] == truth, "croissant: objects")
    if set.is_whole:
        import mlcroissant
        read = mlcroissant.Dataset(str(out / "croissant.json"))
        issues = read.metadata.issues
        set.check(not issues.errors and not issues.warnings, f"croissant: {issues.report()}")

        def text(v):
            return v.decode() if isinstance(v, bytes) else v
        found = [(*(int(x["objects/" + k]) for k in keys), text(x["objects/segmentation"])) for x in read.records("objects")]
        set.check(sorted(found) == sorted(truth), "croissant: objects by mlcroissant")
        found = {int(x["images/image_id"]): (text(x["images/split"]), text(x["images/file_name"])) for x in read.records("images")}
        set.check(found == {n: (p, f"{n:06}.png") for n, p in set.part.items()}, "croissant: images by mlcroissant")
        count = 0
        for x in read.records("files"):
            same(set, x["files/image"], plane(set, set.records[int(text(x["files/file_name"])[:-4])], "rgb"), "croissant")
            count += 1
        set.check(count == len(set.records), f"croissant: {count} pictures by mlcroissant")
        names = [text(x["categories/name"]) for x in read.records("categories")]
        set.check(names == set.names, "croissant: classes by mlcroissant")
    print("croissant: tables and hashes hold" + (", no complaint of mlcroissant, which reads the same" if set.is_whole else ""))


def tables(set):
    out = set.export("csv")
    for p, frames in set.parts.items():
        rows = list(csv.DictReader(open(out / f"images_{p}.csv", newline="")))
        set.check([int(x["image_id"]) for x in rows] == frames, f"csv: images of {p}")
        for x in rows:
            r = set.records[int(x["image_id"])]
            for c, name in enumerate(set.names, 1):
                set.check(int(x["count:" + name]) == sum(i["category"] == c for i in set.seen(r)), f"csv: count of {name}")
            for key, value in r["image"]["parameters"].items():
                cell = x["parameter:" + key]
                set.check((cell if isinstance(value, str) else json.loads(cell)) == value, f"csv: {key} of {r['frame']}")
            set.same_picture(r, out / x["file_name"])
        rows = list(csv.DictReader(open(out / f"objects_{p}.csv", newline="")))
        truth = [(r, i) for r, i in set.everything if set.part[r["frame"]] == p]
        set.check([[int(x[k]) for k in ("image_id", "id", "x", "y", "width", "height")] for x in rows]
                  == [[r["frame"], i["id"], *i["box"]] for r, i in truth], f"csv: objects of {p}")
        for x, (_, i) in zip(rows, truth):
            weight = i["attributes"].get("weight")
            set.check(x["attribute:weight"] == ("" if weight is None else str(weight)), f"csv: weight {x}")
        if set.is_whole:
            import pandas
            read = pandas.read_csv(out / f"objects_{p}.csv", float_precision="round_trip")
            set.check(list(read["visibility"]) == [i["visibility"]["visibility"] for _, i in truth], "csv: by pandas")
    print("csv: counts, parameters and boxes equal the records'" + (", also by pandas" if set.is_whole else ""))


def import_coco(set):
    """What `diorama import coco` counts in COCO's own form, against counts made here."""
    out = set.export("coco", "--no-splits", out="coco-import")
    found = work_json(set, out / "annotations/instances_train.json")
    set.check(found["images"] == len(set.records) and found["all"]["objects"] == len(set.everything), "import: counts")
    for c, x in enumerate(found["classes"], 1):
        truth = [(r, i) for r, i in set.everything if i["category"] == c]
        shapes = x["shapes"]
        set.check((x["name"], shapes["objects"]) == (set.names[c - 1], len(truth)), f"import: {x['name']}")
        set.check(shapes["images"] == len({r["frame"] for r, _ in truth}), f"import: images of {x['name']}")
        set.check(shapes["small"] == sum(i["visible"] < 32 ** 2 for _, i in truth), f"import: small of {x['name']}")
        sizes = [(i["box"][2] * i["box"][3] / (r["width"] * r["height"])) ** 0.5 for r, i in truth]
        bins = [0] * 40
        for size in sizes:
            bins[min(int(size * 40), 39)] += 1
        set.check(shapes["size"]["counts"] == bins, f"import: sizes of {x['name']}")
    together = {}
    for r in set.records.values():
        shown = sorted({i["category"] for i in set.seen(r)})
        for k, a in enumerate(shown):
            for b in shown[k + 1:]:
                together[a, b] = together.get((a, b), 0) + 1
    set.check({(a, b): n for a, b, n in found["together"]} == together, "import: classes together")
    print("import coco: counts, sizes and pairs of classes equal those made from the records")


def work_json(set, path):
    out = set.work / "statistics.json"
    set.run("import", "coco", path, "--json", "--out", out)
    return json.loads(out.read_text())
