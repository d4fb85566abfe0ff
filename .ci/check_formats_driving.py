#!/usr/bin/env python3
"""Formats of driving, poses, tracking, annotation tools and radiance fields, as their users read them: two short sequences are
rendered and exported, and numbers that readers give are held against the records and the planes.

  check_formats_driving.py PROGRAM WORK quick     NumPy, Pillow and pycocotools: on every commit
  check_formats_driving.py PROGRAM WORK all       motmetrics, datumaro, torchvision and OpenEXR too; one that is not there is an error

BOP's toolkit is on no package index: its file formats and formulas (calc_gt_info, load_ply, project_pts) are worked out again here.
"""
import collections
import configparser
import io
import json
import pathlib
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
from PIL import Image
from pycocotools import mask as masks

from export_checks import Set, check, dataset, here, is_whole, polygon_pixels, prepare_torchvision, quiet, run, run_samples, work

scene = here / "formats_driving.yaml"


def export(format, *options, out=None):
    out = work / (out or format)
    run("export", dataset, "--format", format, "--out", out, *(["--scene", scene] if format == "bop" else []), *options)
    return out


if is_whole:
    prepare_torchvision()
    # motmetrics is older than NumPy 2.
    np.asfarray = getattr(np, "asfarray", lambda a: np.asarray(a, float))
run("render", scene, "--chunk", 5, "--out", dataset, "--quiet")
# By sequence: one of the two in each part.
run("split", dataset, "--parts", "train=1,val=1", "--salt", "b")
made = Set()
names, stuff = made.names, made.stuff
records, parts, part = made.records, made.parts, made.part


def things(r):
    return [i for i in r["instances"] if i["category"] not in stuff]


def pixels(r, rle):
    return masks.decode({"size": [r["height"], r["width"]], "counts": rle.encode()}).astype(bool)


def plane(r, name):
    return np.load(dataset / next(p["file"] for p in r["planes"] if p["name"] == name))


def png(path):
    """Samples as they are: Pillow makes 8 bits of 16-bit colour, so such files are read here."""
    image = Image.open(path)
    if path.read_bytes()[24] == 16 and path.read_bytes()[25] == 2:
        return rgb16(path.read_bytes())
    return np.array(image)


def rgb16(data):
    """A 16-bit RGB PNG that is not interlaced, by the specification."""
    import zlib
    at, packed, width, height = 8, b"", 0, 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        if kind == b"IHDR":
            width, height = struct.unpack(">II", body[:8])
        if kind == b"IDAT":
            packed += body
        at += 12 + size
    raw = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + 6 * width)
    out = np.zeros((height, 6 * width), np.uint8)
    for y in range(height):
        filter, line = raw[y, 0], raw[y, 1:]
        above = out[y - 1] if y else np.zeros(6 * width, np.uint8)
        if filter == 0:
            out[y] = line
        elif filter == 2:
            out[y] = line + above
        elif filter == 1:
            out[y] = np.cumsum(line.reshape(-1, 6), axis=0, dtype=np.uint8).ravel()
        else:
            sys.exit(f"found the PNG filter {filter}, expected 0 to 2")
    return out.view(">u2").reshape(height, width, 3).astype(np.uint16)


def same_picture(r, path):
    check(path.read_bytes() == (dataset / r["planes"][0]["file"]).read_bytes(), f"{path}: not the dataset's picture")
    check(not path.is_symlink(), f"{path}: a link")


everything = [(r, i) for r in records.values() for i in things(r)]
check(any(i["visibility"]["truncation"] and 0 < i["visibility"]["truncation"] < 1 for _, i in everything), "nothing is cut")
check(any(0 < (i["visibility"]["visibility"] or 0) < 0.9 for _, i in everything), "nothing is hidden")


def k_of(r):
    """K from pixels' centres, and the camera's R and t."""
    c = r["camera"]
    k = np.array(c["K"]).reshape(3, 3) - [[0, 0, 0.5], [0, 0, 0.5], [0, 0, 0]]
    return k, np.array(c["R"]).reshape(3, 3), np.array(c["t"])


def hull_contains(points, queries, slack):
    """Whether all queries lie in the convex hull of points, or not farther than `slack` outside any of its edges."""
    def turn(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    p = sorted(map(tuple, points))

    def half(points):
        out = []
        for q in points:
            while len(out) > 1 and turn(out[-2], out[-1], q) <= 0:
                out.pop()
            out.append(q)
        return out[:-1]
    ring = np.array(half(p) + half(p[::-1]))
    edges = np.roll(ring, -1, axis=0) - ring
    normals = np.stack([-edges[:, 1], edges[:, 0]], axis=1) / np.linalg.norm(edges, axis=1, keepdims=True)
    return ((np.asarray(queries)[:, None, :] - ring[None]) * normals[None]).sum(axis=2).min() >= -slack


def kitti():
    out = export("kitti")
    tilted = 0
    for p, frames in parts.items():
        check((out / f"ImageSets/{p}.txt").read_text().split() == [f"{n:06}" for n in frames], f"kitti: list of {p}")
    for n, r in records.items():
        same_picture(r, out / f"training/image_2/{n:06}.png")
        calibration = {line.split(":")[0]: np.array(line.split(":")[1].split(), float)
                       for line in (out / f"training/calib/{n:06}.txt").read_text().splitlines()}
        p2 = calibration["P2"].reshape(3, 4)
        check(np.allclose(calibration["R0_rect"].reshape(3, 3), np.eye(3)), "kitti: R0_rect")
        k, rotation, t = k_of(r)
        check(np.allclose(p2[:, :3], k) and (p2[:, 3] == 0).all(), f"kitti: P2 of {n}")
        rows = [line.split() for line in (out / f"training/label_2/{n:06}.txt").read_text().splitlines()]
        shown = [i for i in things(r) if i["box"]]
        check(len(rows) == len(shown), f"kitti: rows of {n}")
        for row, i in zip(rows, shown):
            check(len(row) == 15 and row[0] == names[i["category"] - 1].replace(" ", "_"), f"kitti: type in {n}")
            truncated, occluded, alpha, *box = map(float, row[1:8])
            h, w, l, x, y, z, ry = map(float, row[8:])
            v = i["visibility"]
            check(abs(truncated - v["truncation"]) < 1e-4, f"kitti: truncated in {n}")
            check(occluded == (0 if v["visibility"] >= 0.95 else 1 if v["visibility"] >= 0.5 else 2), f"kitti: occluded in {n}")
            a = i["amodal_box"]
            check(box == [a[0], a[1], a[0] + a[2] - 1, a[1] + a[3] - 1], f"kitti: box in {n}")
            # compute_box_3d of KITTI's devkit.
            turn = np.array([[np.cos(ry), 0, np.sin(ry)], [0, 1, 0], [-np.sin(ry), 0, np.cos(ry)]])
            corners = turn @ np.array([[l, l, -l, -l, l, l, -l, -l], [0, 0, 0, 0, -2 * h, -2 * h, -2 * h, -2 * h],
                                       [w, -w, -w, w, w, -w, -w, w]]) / 2 + np.array([[x], [y], [z]])
            check(abs((ry - np.arctan2(x, z) - alpha + np.pi) % (2 * np.pi) - np.pi) < 1e-4, f"kitti: alpha in {n}")
            b = i["box_3d"]
            own = (rotation @ np.array(b["R"]).reshape(3, 3))
            truth = np.array(b["size"])
            is_upright = abs(abs(own[1, 2]) - 1) < 1e-9
            if is_upright:
                check(np.allclose([l, w, h], truth, atol=1e-5), f"kitti: size in {n}")
                centre = rotation @ np.array(b["center"]) + t
                check(np.allclose([x, y - h / 2, z], centre, atol=1e-5), f"kitti: place in {n}")
            else:
                tilted += 1
                check(h * w * l >= truth.prod() - 1e-5, f"kitti: size around a tilted box in {n}")
            if corners[2].min() > 0.1:
                uv = p2 @ np.vstack([corners, np.ones(8)])
                ys, xs = np.nonzero(pixels(r, i["amodal_rle"]))
                check(hull_contains((uv[:2] / uv[2]).T, np.stack([xs, ys], axis=1), 0.1), f"kitti: {i['name']} of {n} leaves its box")
    check(tilted > 0, "nothing is tilted")
    loss = [x for x in json.loads((out / "export.json").read_text())["losses"] if x["content"] == "boxes_3d" and "count" in x]
    check(loss and loss[0]["count"] == tilted and 0 < loss[0]["least_iou"] < 1, "kitti: the loss of tilted boxes")
    cut = export("kitti", "--min-visibility", 0.5, out="kitti-cut")
    rows = [line.split() for f in (cut / "training/label_2").iterdir() for line in f.read_text().splitlines()]
    low = sum(bool(i["box"]) and i["visibility"]["visibility"] < 0.5 for _, i in everything)
    check(low and sum(x[0] == "DontCare" and x[1:4] == ["-1", "-1", "-10"] for x in rows) == low, "kitti: DontCare")
    if is_whole:
        from torchvision.datasets import Kitti
        (work / "tv/Kitti/raw").mkdir(parents=True)
        (work / "tv/Kitti/raw/training").symlink_to(out / "training")
        read = Kitti(str(work / "tv"), train=True)
        check(len(read) == len(records), "kitti: by torchvision")
        for k, n in enumerate(int(pathlib.Path(f).stem) for f in read.images):
            target = read[k][1]
            first = (out / f"training/label_2/{n:06}.txt").read_text().splitlines()
            check([float(x.split()[13]) for x in first] == [o["location"][2] for o in target], "kitti: places by torchvision")
    print(f"kitti: {len(rows)} boxes enclose their masks through P2, {tilted} of them tilted" + (", also by torchvision" if is_whole else ""))


def kitti_depth():
    out = export("kitti-depth")
    for n, r in records.items():
        drive = out / part[n] / f"drive_{r['sequence']['sequence']:06}_sync"
        same_picture(r, drive / f"image_02/data/{n:010}.png")
        got = png(drive / f"proj_depth/groundtruth/image_02/{n:010}.png").astype(float) / 256
        truth = plane(r, "depth")
        check(((got == 0) == (truth == 0)).all() and np.abs(got - truth).max() <= 1 / 512 + 1e-6, f"kitti-depth: {n}")
    print("kitti-depth: decodes to the planes within half a step")


def kitti_flow():
    out = export("kitti-flow")
    pairs = [n for n, r in records.items() if r["sequence"]["index"] < 11]
    check(sum(((out / f"KittiFlow/{p}.txt").read_text().split() for p in parts), []) == [f"{n:06}" for p in parts for n in parts[p] if n in pairs], "kitti-flow: lists")
    hidden = 0
    for n in pairs:
        folder = out / "KittiFlow/training"
        same_picture(records[n], folder / f"image_2/{n:06}_10.png")
        same_picture(records[n + 1], folder / f"image_2/{n:06}_11.png")
        truth = plane(records[n], "flow_forward")
        for name in ("flow_occ", "flow_noc"):
            codes = png(folder / f"{name}/{n:06}_10.png").astype(float)
            flow, valid = (codes[..., :2] - 2**15) / 64, codes[..., 2] == 1
            seen = truth[..., 2] == 1
            expected = seen if name == "flow_noc" else seen | (truth[..., :2] != 0).any(axis=2)
            check((valid == expected).all(), f"kitti-flow: valid pixels of {n}")
            check(np.abs(flow - truth[..., :2])[valid].max() <= 1 / 128 + 1e-6, f"kitti-flow: flow of {n}")
            hidden += (expected & ~seen).sum()
    check(hidden > 0, "no flow of hidden points")
    if is_whole:
        from torchvision.datasets import KittiFlow
        read = KittiFlow(str(out), split="train")
        check(len(read) == len(pairs), "kitti-flow: by torchvision")
    print(f"kitti-flow: {len(pairs)} pairs decode to the planes within half a step, {hidden} hidden pixels among them")


def load_ply(path):
    """bop_toolkit_lib.inout.load_ply, for the binary files of models."""
    data = path.read_bytes()
    head, body = data.split(b"end_header\n", 1)
    n, m = (int(re.search(rb"element %s (\d+)" % x, head)[1]) for x in (b"vertex", b"face"))
    vertices = np.frombuffer(body, "<f4", 6 * n).reshape(n, 6).astype(float)
    faces = np.frombuffer(body, np.dtype([("n", "u1"), ("i", "<i4", 3)]), m, 24 * n)
    check((faces["n"] == 3).all() and len(body) == 24 * n + 13 * m, f"{path}: triangles")
    return vertices[:, :3], vertices[:, 3:], faces["i"]


def silhouette(points, faces, w, h):
    """The pixels whose centres any of the projected triangles covers; centres are whole numbers."""
    out = np.zeros((h, w), bool)
    ys, xs = np.mgrid[:h, :w]
    for a, b, c in points[faces]:
        def side(p, q):
            return (q[0] - p[0]) * (ys - p[1]) - (q[1] - p[1]) * (xs - p[0])
        s = np.stack([side(a, b), side(b, c), side(c, a)])
        out |= (s >= 0).all(axis=0) | (s <= 0).all(axis=0)
    return out


def bop():
    out = export("bop")
    info = json.loads((out / "models/models_info.json").read_text())
    models = {int(k): load_ply(out / f"models/obj_{int(k):06}.ply") for k in info}
    classes = json.loads((out / "models/classes.json").read_text())
    check(sorted(p.name for p in (out / "models").glob("*.ply")) == [f"obj_{k:06}.ply" for k in sorted(models)], "bop: models")
    for k, (points, normals, faces) in models.items():
        m = info[str(k)]
        far = np.linalg.norm(points[:, None] - points[None], axis=2).max()
        check(abs(m["diameter"] - far) < 1e-9 * far, f"bop: diameter of {k}")
        low, size = points.min(axis=0), points.max(axis=0) - points.min(axis=0)
        check(np.allclose([m["min_" + c] for c in "xyz"], low) and np.allclose([m["size_" + c] for c in "xyz"], size), f"bop: bounds of {k}")
        check(np.abs(low + size / 2).max() < 1e-3 and np.allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-5), f"bop: origin and normals of {k}")
        a, b, c = points[faces].transpose(1, 0, 2)
        outwards = (np.cross(b - a, c - a) * normals[faces[:, 0]]).sum(axis=1)
        check((outwards >= -1e-3).all(), f"bop: triangles of {k} wind inwards")
        # A symmetry brings the model onto itself.
        for s in m.get("symmetries_discrete", []):
            s = np.array(s).reshape(4, 4)
            moved = points @ s[:3, :3].T + s[:3, 3]
            check(np.linalg.norm(moved[:, None] - points[None], axis=2).min(axis=1).max() < 1e-3, f"bop: a symmetry of {k}")
        if classes[str(k)]["name"] == "tall box":
            check(len(m["symmetries_discrete"]) == 3, "bop: symmetries of the box")
        if classes[str(k)]["name"] == "rod":
            check(np.allclose(m["symmetries_continuous"][0]["axis"], [0, 0, 1]), "bop: the rod's axis")
    scales = [k for k in models if classes[str(k)]["name"] == "tall box"]
    check(1 <= len(scales) <= 2 and len(models) <= 4, f"bop: {len(models)} models")
    worst, drawn = 0, 0
    for p, frames in parts.items():
        folder = out / p / "000000"
        camera, gt, gt_info = (json.loads((folder / f"{x}.json").read_text()) for x in ("scene_camera", "scene_gt", "scene_gt_info"))
        check([int(x) for x in gt] == frames and list(gt) == list(gt_info) == list(camera), f"bop: images of {p}")
        targets = collections.Counter()
        for n in frames:
            r, c = records[n], camera[str(n)]
            same_picture(r, folder / f"rgb/{n:06}.png")
            k, rotation, t = k_of(r)
            check(np.allclose(np.array(c["cam_K"]).reshape(3, 3), k) and np.allclose(c["cam_t_w2c"], t * 1000), f"bop: camera of {n}")
            depth, truth = png(folder / f"depth/{n:06}.png") * c["depth_scale"], plane(r, "depth") * 1000
            check(np.abs(depth - truth).max() <= c["depth_scale"] / 2 + 1e-3, f"bop: depth of {n}")
            check(len(gt[str(n)]) == len(gt_info[str(n)]) == len(things(r)), f"bop: objects of {n}")
            for j, (i, pose, say) in enumerate(zip(things(r), gt[str(n)], gt_info[str(n)])):
                check(classes[str(pose["obj_id"])]["category"] == i["category"], f"bop: model of {n}")
                full, seen = (np.array(Image.open(folder / f"{x}/{n:06}_{j:06}.png")) for x in ("mask", "mask_visib"))
                check(set(np.unique(full)) | set(np.unique(seen)) <= {0, 255}, "bop: values of masks")
                full, seen = full == 255, seen == 255
                check((full == pixels(r, i["amodal_rle"])).all() and (seen == pixels(r, i["rle"])).all(), f"bop: masks of {n}")
                # calc_gt_info: counts, boxes and the visible share.
                def spans(mask):
                    ys, xs = np.nonzero(mask)
                    return [xs.min(), ys.min(), xs.max() - xs.min(), ys.max() - ys.min()] if len(xs) else [-1] * 4
                check(say["px_count_visib"] == seen.sum() and say["px_count_valid"] == (full & (depth > 0)).sum(), f"bop: counts of {n}")
                check(say["visib_fract"] == (seen.sum() / say["px_count_all"] if say["px_count_all"] else 0), f"bop: visib_fract of {n}")
                check(say["bbox_visib"] == spans(seen), f"bop: bbox_visib of {n}")
                points, _, faces = models[pose["obj_id"]]
                at = points @ np.array(pose["cam_R_m2c"]).reshape(3, 3).T + pose["cam_t_m2c"]
                if at[:, 2].min() < 50:
                    continue
                uv = at @ np.array(c["cam_K"]).reshape(3, 3).T
                uv = uv[:, :2] / uv[:, 2:]
                w, h = r["width"], r["height"]
                mine = silhouette(uv, faces, w, h)
                union = (mine | full).sum()
                if union:
                    # Both snap corners and decide ties in their own ways: two pixels are nothing.
                    worst = max(worst, ((mine != full).sum() - 2) / union)
                    drawn += 1
                if seen.any() and say["px_count_all"] > say["px_count_valid"]:
                    # Beyond the frame, on the toolkit's canvas three times as large, unless the object leaves that too.
                    if uv[:, 0].min() > -w and uv[:, 0].max() < 2 * w and uv[:, 1].min() > -h and uv[:, 1].max() < 2 * h:
                        large = silhouette(uv + [w, h], faces, 3 * w, 3 * h)
                        check(abs(large.sum() - say["px_count_all"]) <= 0.01 * large.sum() + 2, f"bop: px_count_all of {n}")
                        box = np.array(spans(large)) - [w, h, 0, 0]
                        check(np.abs(box - say["bbox_obj"]).max() <= 1, f"bop: bbox_obj of {n}")
                if say["visib_fract"] >= 0.1:
                    targets[n, pose["obj_id"]] += 1
        if p != "train":
            rows = json.loads((out / f"{p}_targets_bop19.json").read_text())
            found = {(x["im_id"], x["obj_id"]): x["inst_count"] for x in rows}
            check(all(found[k] >= v for k, v in targets.items()), "bop: targets")
    check(drawn > 100 and worst < 0.02, f"bop: models' silhouettes differ from masks by {worst:.4f}")
    said = run("export", dataset, "--format", "bop", "--out", work / "x", code=65)
    check("--scene" in said and not (work / "x").exists(), said)
    print(f"bop: {len(models)} models drawn at {drawn} poses fill their masks (worst difference {100 * worst:.2f} % of the union)")


def mot():
    out = export("mot")
    if is_whole:
        import motmetrics as mm
    count = 0
    for p, frames in parts.items():
        for s in sorted({records[n]["sequence"]["sequence"] for n in frames}):
            own = [n for n in frames if records[n]["sequence"]["sequence"] == s]
            folder = out / p / f"{s:06}"
            ini = configparser.ConfigParser()
            ini.read(folder / "seqinfo.ini")
            q = ini["Sequence"]
            check([q[x] for x in ("name", "imDir", "frameRate", "seqLength", "imWidth", "imHeight", "imExt")]
                  == [f"{s:06}", "img1", "10", str(len(own)), "200", "120", ".png"], "mot: seqinfo.ini")
            rows = np.loadtxt(folder / "gt/gt.txt", delimiter=",", ndmin=2)
            expected = []
            for f, n in enumerate(own, 1):
                same_picture(records[n], folder / f"img1/{f:06}.png")
                for i in things(records[n]):
                    if i["amodal_box"]:
                        x, y, w, h = i["amodal_box_full"] or i["amodal_box"]
                        v = i["visibility"]
                        expected.append([f, i["id"], x + 1, y + 1, w, h, 1, i["category"], i["visible"] / (v["unbounded"] or v["amodal"])])
            check(rows.shape == (len(expected), 9) and np.abs(rows - expected).max() < 1e-5, f"mot: rows of {s}")
            # An id is one object throughout.
            by_id = collections.defaultdict(set)
            for n in own:
                for i in things(records[n]):
                    by_id[i["id"]].add((i["name"], i["category"]))
            check(all(len(x) == 1 for x in by_id.values()), "mot: ids change")
            count += len(rows)
            if is_whole:
                with quiet():
                    truth = mm.io.loadtxt(str(folder / "gt/gt.txt"), fmt="mot16", min_confidence=1)
                    scored = mm.utils.compare_to_groundtruth(truth, truth, "iou", distth=0.5)
                    summary = mm.metrics.create().compute(scored, metrics=["mota", "idf1", "num_switches", "num_objects"], name="x")
                check(summary.mota["x"] == 1 and summary.idf1["x"] == 1 and summary.num_switches["x"] == 0
                      and summary.num_objects["x"] == len(rows), f"mot: {summary}")
    print(f"mot: {count} rows equal the records'" + (", MOTA and IDF1 1.0 against themselves by motmetrics" if is_whole else ""))


def mots():
    out = export("mots")
    for p, frames in parts.items():
        for s in sorted({records[n]["sequence"]["sequence"] for n in frames}):
            own = [n for n in frames if records[n]["sequence"]["sequence"] == s]
            rows = [line.split(" ") for line in (out / p / f"{s:06}/gt/gt.txt").read_text().splitlines()]
            for f, n in enumerate(own, 1):
                r = records[n]
                ids = png(out / p / f"{s:06}/instances/{f:06}.png")
                truth = np.zeros_like(ids)
                for i in things(r):
                    truth[pixels(r, i["rle"])] = i["category"] * 1000 + i["id"]
                check((ids == truth).all(), f"mots: image of {n}")
                of_frame = [x for x in rows if x[0] == str(f)]
                check({int(x[1]) for x in of_frame} == set(np.unique(ids)) - {0}, f"mots: rows of {n}")
                for x in of_frame:
                    mask = masks.decode({"size": [int(x[3]), int(x[4])], "counts": x[5].encode()}).astype(bool)
                    check((mask == (ids == int(x[1]))).all() and int(x[1]) // 1000 == int(x[2]), f"mots: mask in {n}")
    print("mots: images and rows equal the records' masks")


def cvat():
    for style in ("bridged", "rle"):
        out = export("cvat", "--polygons", style, out=f"cvat-{style}")
        for p, frames in parts.items():
            tree = ElementTree.parse(out / f"{p}.xml").getroot()
            check([x.find("name").text for x in tree.iter("label")] == names, "cvat: labels")
            check([x.get("name") for x in tree.iter("image")] == [f"{n:06}.png" for n in frames], f"cvat: images of {p}")
            for image, n in zip(tree.iter("image"), frames):
                r = records[n]
                same_picture(r, out / "images" / image.get("name"))
                shown = [i for i in r["instances"] if i["box"]]
                boxes = [[float(b.get(k)) for k in ("xtl", "ytl", "xbr", "ybr")] for b in image.iter("box")]
                check(boxes == [[x, y, x + w, y + h] for x, y, w, h in (i["box"] for i in shown)], f"cvat: boxes of {n}")
                check([b.get("label") for b in image.iter("box")] == [names[i["category"] - 1] for i in shown], f"cvat: labels of {n}")
                for m, i in zip(image.iter("mask" if style == "rle" else "polygon"), shown, strict=True):
                    check(m.get("group_id") == str(i["id"]), f"cvat: group of {n}")
                    if style == "rle":
                        runs = [int(x) for x in m.get("rle").split(",")]
                        w, h, x, y = (int(m.get(k)) for k in ("width", "height", "left", "top"))
                        flat = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
                        flat = np.pad(flat, (0, w * h - len(flat)))
                        mask = np.zeros((r["height"], r["width"]), bool)
                        mask[y:y + h, x:x + w] = flat.reshape(h, w)
                    else:
                        corners = np.array([x.split(",") for x in m.get("points").split(";")], float)
                        mask = polygon_pixels(corners, r["width"], r["height"])
                    check((mask == pixels(r, i["rle"])).all(), f"cvat {style}: mask of {n}")
        if is_whole and style == "bridged":
            import datumaro
            read = datumaro.Dataset.import_from(str(out), "cvat")
            found = {(x.subset, x.id): x for x in read}
            check(len(found) == len(records), f"cvat: {len(found)} images by datumaro")
            for n, r in records.items():
                item = found[part[n], f"{n:06}"]
                boxes = sorted(a.get_bbox() for a in item.annotations if a.type == datumaro.AnnotationType.bbox)
                check(np.allclose(boxes, sorted(i["box"] for i in r["instances"] if i["box"])), f"cvat: boxes of {n} by datumaro")
    print("cvat: boxes, polygons and masks equal the records'" + (", boxes also by datumaro" if is_whole else ""))


def nerfstudio():
    out = export("nerfstudio")
    t = json.loads((out / "transforms.json").read_text())
    check(t["camera_model"] == "OPENCV" and len(t["frames"]) == len(records), "nerfstudio: frames")
    for p, frames in parts.items():
        check(t[p + "_filenames"] == [f"images/{n:06}.png" for n in frames], f"nerfstudio: {p}")
    for f in t["frames"]:
        r = records[int(pathlib.Path(f["file_path"]).stem)]
        same_picture(r, out / f["file_path"])
        depth = png(out / f["depth_file_path"]) / 1000
        truth = plane(r, "depth")
        check(np.abs(depth - truth).max() <= 0.0005 + 1e-6, f"nerfstudio: depth of {r['frame']}")
        # nerfstudio's rays: pixel centres at + 0.5, OpenGL's axes; with z-depth they end where the world's surface is.
        c2w = np.array(f["transform_matrix"])
        ys, xs = np.mgrid[:f["h"], :f["w"]] + 0.5
        rays = np.stack([(xs - f["cx"]) / f["fl_x"], -(ys - f["cy"]) / f["fl_y"], -np.ones_like(xs)], axis=2)
        world = (rays * truth[..., None]) @ c2w[:3, :3].T + c2w[:3, 3]
        seen = truth > 0
        # On outlines the planes' points are held inside their triangles, off the ray.
        off = np.abs(world - plane(r, "world_position"))[seen].max(axis=1)
        check((off > 1e-5).mean() < 0.005, f"nerfstudio: camera of {r['frame']}")
    masked = export("nerfstudio", "--annotations", "masks,camera", out="nerfstudio-masks")
    for f in json.loads((masked / "transforms.json").read_text())["frames"]:
        r = records[int(pathlib.Path(f["file_path"]).stem)]
        mask = np.array(Image.open(masked / f["mask_path"]))
        truth = np.any([pixels(r, i["rle"]) for i in r["instances"]], axis=0)
        check((mask == 255 * truth).all() and "depth_file_path" not in f, f"nerfstudio: mask of {r['frame']}")
    print("nerfstudio: rays through cameras and depth end at the planes' positions in the world")


def planes():
    for format in ("npy", "exr"):
        out = export(format)
        head = {p["name"]: p for p in json.loads((out / "planes.json").read_text())["planes"]}
        check(set(head) == {p["name"] for p in records[0]["planes"]}, f"{format}: planes.json")
        for n, r in records.items():
            folder = out / part[n]
            same_picture(r, folder / f"rgb/{n:06}.png")
            check((np.array(Image.open(folder / f"instance/{n:06}.png"))
                   == np.array(Image.open(dataset / f"labels/instance/{n:06}.png"))).all(), f"{format}: ids of {n}")
            for name in ("depth", "flow_forward", "normal"):
                if format == "npy":
                    got = np.load(folder / f"{name}/{n:06}.npy")
                elif is_whole:
                    import OpenEXR
                    with OpenEXR.File(str(folder / f"{name}/{n:06}.exr"), separate_channels=True) as f:
                        channels = f.channels()
                        got = np.stack([channels[c].pixels for c in head[name]["channels"]], axis=-1)
                        got = got[..., 0] if got.shape[-1] == 1 else got
                else:
                    continue
                check(got.dtype == np.float32, f"{format}: type of {name}")
                if name == "normal":
                    codes = rgb16((dataset / f"labels/normal/{n:06}.png").read_bytes()).astype(float)
                    truth = codes * 2 / 65535 - 1
                    truth[(codes == 0).all(axis=2)] = 0
                else:
                    truth = plane(r, name)
                check(np.abs(got - truth).max() < 1e-6, f"{format}: {name} of {n}")
    print("npy, exr: floats equal the planes'" + ("" if is_whole else " (exr by its own reader in the tests)"))


def same_bytes():
    """Twice, from the tar layout with other links, and from shards that were merged: the same bytes."""
    formats = "kitti,kitti-depth,kitti-flow,bop,mot,mots,cvat,nerfstudio,npy"
    run("render", scene, "--chunk", 5, "--layout", "tar", "--out", work / "tar", "--quiet")
    for k in range(2):
        run("render", scene, "--chunk", 5, "--shard", f"{k}/2", "--out", work / f"shard{k}", "--quiet")
    run("merge", work / "shard0", work / "shard1", "--out", work / "merged")
    sources = (("a", dataset, "hard"), ("b", work / "tar", "copy"), ("c", work / "merged", "symlink"))
    for name, source, link in sources:
        run("export", source, "--format", formats, "--no-splits", "--link", link, "--scene", scene, "--out", work / f"same-{name}")
    for other in "bc":
        subprocess.run(["diff", "-r", work / "same-a", work / f"same-{other}"], check=True)
    for f in (work / "same-c").rglob("*"):
        if f.is_symlink():
            check(not str(f.readlink()).startswith("/"), f"{f}: an absolute link")
    print("exports of folders, archives and merged shards: the same bytes")


def lacks():
    """What is not there is named."""
    bare = work / "bare"
    run("render", scene, "--frames", 2, "--annotations", "instance", "--out", bare, "--quiet")
    for format, name in (("kitti", "boxes_3d"), ("kitti-depth", "depth"), ("kitti-flow", "flow_forward"), ("bop", "poses"), ("mot", "amodal_boxes")):
        said = run("export", bare, "--format", format, "--out", work / "y", code=65)
        check(format in said and f'"{name}"' in said and "--annotations" in said, said)
    run("export", bare, "--format", "mots", "--out", work / "y-mots")
    check(not (work / "y").exists(), "something was left behind")
    print("annotations that are missing: named")


def samples():
    run_samples(
        own, {"torchvision", "motmetrics", "datumaro", "OpenEXR"},
        lambda format, out: run(
            "export", dataset, "--format", format, "--out", out, *(["--scene", scene] if format == "bop" else [])))


own = {"kitti", "kitti-depth", "kitti-flow", "bop", "mot", "mots", "cvat", "nerfstudio", "npy", "exr"}

for part_of_check in (kitti, kitti_depth, kitti_flow, bop, mot, mots, cvat, nerfstudio, planes, same_bytes, lacks, samples):
    part_of_check()
