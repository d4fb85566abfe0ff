// `bop`: the BOP challenge's format of 6D poses (Hodaň et al., "BOP: Benchmark for 6D object pose estimation", 2018), all of it written
// directly: the toolkit's passes over masks and scene_gt_info are not needed.
//
//     camera.json, models/                    the first frame's camera; see `BOPModels`
//     SPLIT/000000/scene_camera.json          cam_K, depth_scale, cam_R_w2c, cam_t_w2c by image
//     SPLIT/000000/scene_gt.json              cam_R_m2c, cam_t_m2c, obj_id
//     SPLIT/000000/scene_gt_info.json         boxes, counts of pixels and visib_fract
//     SPLIT/000000/rgb/000012.png, depth/000012.png
//     SPLIT/000000/mask/000012_000003.png     amodal, 0 and 255; the instance's place in scene_gt
//     SPLIT/000000/mask_visib/000012_000003.png
//     SPLIT_targets_bop19.json                of every split but train: what is to be found (visib_fract of 0.1 or more)
//
// - A scene holds 1,000 frames of its split; an image's id is the frame's number. Every labelled object of the frame is listed, seen
//   or not, but for classes of stuff, sheared objects (no rigid pose) and those below the export's thresholds.
// - Rotations by rows, OpenCV axes, millimetres. K counts from pixels' centres.
// - depth x depth_scale = mm. A 16-bit plane is linked with its own scale; floats are written in steps of 0.1 mm where the frame's
//   depth allows that (6.5 m), else of 1 mm.
// - px_count_all counts the silhouette on an image plane without end (the toolkit: on a canvas three times as large), px_count_valid
//   that inside the frame, px_count_visib what is seen; visib_fract = px_count_visib / px_count_all. Where an object reaches through
//   the near plane its silhouette has no end: px_count_all is px_count_valid, which is reported.
// - Boxes are [x, y, w, h] with w = xmax - xmin, one less than the number of columns; bbox_obj may reach beyond the frame. Both are -1
//   where nothing is seen.

import Annotators
import Documents
import Geometry
import ImageCoding
import Imaging
import Stage

final class BOPFormat: FormatWriter {
  static let manual = FormatManual(
    name: "bop", summary: "BOP 6D poses: models, poses, masks, depth and scene_gt_info.",
    carries: [
      .poses: .carried, .camera: .carried, .masks: .carried, .amodalMasks: .carried, .boxes: .carried,
      .amodalBoxes: .carried, .visibility: .carried, .instance: .carried,
      .depth: .lossy("16 bits"),
    ],
    needs: [
      FormatNeed("poses", purpose: "poses"), FormatNeed("depth", purpose: "depth"),
      FormatNeed("amodal_masks", purpose: "mask/"), FormatNeed("amodal_boxes", purpose: "bbox_obj"),
      FormatNeed("visibility", purpose: "px_count_all"),
    ], pictures: [.png],
    limits:
      "Pinhole cameras alone; at most 2,000 models. Needs the scene (`--scene`) for its meshes; models have no colours. Classes of "
      + "stuff are left out.")

  private static let framesPerScene = 1000

  /// The open scene of a split.
  private struct Scene {
    var number: Int
    var files: [OutputFile]
    var count = 0
  }

  private let export: FormatExport
  private let models: BOPModels
  private var scenes: [Scene?]
  private var targets: [OutputFile?] = []
  private var hasTarget: [Bool]
  private var isFirst = true

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    try export.requireMeshes()
    models = try BOPModels(export)
    scenes = export.splits.map { _ in nil }
    hasTarget = export.splits.map { _ in false }
    for split in export.splits {
      try export.makeFolder(split)
      let file = split == "train" ? nil : try export.stream(split + "_targets_bop19.json")
      targets.append(file)
      if let file { try FormatError.files { () throws(FileError) in try file.write("[") } }
    }
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    try frame.requirePinhole(for: "bop")
    let folder = try openScene(of: frame)
    try export.place("rgb", of: frame, at: "\(folder)/rgb/\(frame.number).png")
    let scale = try placeDepth(of: frame, at: "\(folder)/depth/\(frame.number).png")
    if isFirst { try writeCamera(frame, scale) }
    isFirst = false
    for kind in ["mask", "mask_visib"] { try export.makeFolder("\(folder)/\(kind)") }
    let meshes = try export.meshes(of: frame)
    var (gt, info) = (JSONWriter(), JSONWriter())
    gt.beginArray()
    info.beginArray()
    var count = 0
    var found: [Int: Int] = [:]
    for i in frame.instances where !i.isIgnored && !export.stuff.contains(i.category) {
      let values = i.record.values
      guard let pose = values.pose, let amodal = values.amodalMask, let visibility = values.visibility else {
        throw .refused(
          "frame \(frame.record.frame), instance \(i.record.id): found no pose, amodal mask or visibility, expected all as the "
            + "dataset's head says")
      }
      guard let mesh = meshes[i.record.id], mesh.triangleCount == i.record.triangles else {
        throw .refused(
          "bop: frame \(frame.record.frame), instance \(i.record.id): found another mesh in the scene than of "
            + "\(i.record.triangles) triangles, expected the scene that the dataset was made from")
      }
      guard !BOPFormat.isSheared(i.record, pose, frame.record.camera) else {
        export.lose(.poses, "sheared objects, which have no rigid pose and are left out")
        continue
      }
      let model = try models.model(of: mesh, pose, category: i.category, frame: frame.record.frame)
      writePose(pose, model, to: &gt)
      let share = writeInfo(i.record, visibility, to: &info)
      if share >= 0.1 { found[model.id, default: 0] += 1 }
      let name = "\(frame.number)_\(sixDigits(count)).png"
      try writeMask(try frame.mask(amodal, of: i), to: "\(folder)/mask/\(name)")
      try writeMask(try frame.mask(of: i), to: "\(folder)/mask_visib/\(name)")
      count += 1
    }
    gt.endArray()
    info.endArray()
    let rows = [camera(frame.record.camera, scale), gt.bytes, info.bytes]
    try append(rows, of: frame)
    try appendTargets(found, of: frame)
  }

  // MARK: Scenes

  /// Begins a scene where the last one is full; gives its folder.
  private func openScene(of frame: ExportedFrame) throws(FormatError) -> String {
    let (s, number) = (frame.split, frame.index / BOPFormat.framesPerScene)
    let folder = "\(export.splits[s])/\(sixDigits(number))"
    if scenes[s]?.number != number {
      try closeScene(s)
      var files: [OutputFile] = []
      for name in ["scene_camera", "scene_gt", "scene_gt_info"] {
        files.append(try export.stream("\(folder)/\(name).json"))
      }
      try FormatError.files { () throws(FileError) in for f in files { try f.write("{") } }
      scenes[s] = Scene(number: number, files: files)
    }
    return folder
  }

  private func closeScene(_ s: Int) throws(FormatError) {
    guard let scene = scenes[s] else { return }
    try FormatError.files { () throws(FileError) in
      for f in scene.files {
        try f.write("\n}\n")
        try f.commit(sync: false)
      }
    }
    scenes[s] = nil
  }

  /// Adds a frame's members to the scene's three files.
  private func append(_ rows: [[UInt8]], of frame: ExportedFrame) throws(FormatError) {
    guard let scene = scenes[frame.split] else { return }
    let lead = Array("\(scene.count == 0 ? "" : ",")\n\"\(frame.record.frame)\":".utf8)
    try FormatError.files { () throws(FileError) in
      for (f, row) in zip(scene.files, rows) { try f.write(lead + row) }
    }
    scenes[frame.split]?.count += 1
  }

  private func appendTargets(_ found: [Int: Int], of frame: ExportedFrame) throws(FormatError) {
    let s = frame.split
    guard let file = targets[s], let scene = scenes[s] else { return }
    for (id, n) in found.sorted(by: { $0.key < $1.key }) {
      let row =
        "\(hasTarget[s] ? "," : "")\n{\"im_id\":\(frame.record.frame),\"inst_count\":\(n),\"obj_id\":\(id),"
        + "\"scene_id\":\(scene.number)}"
      try FormatError.files { () throws(FileError) in try file.write(Array(row.utf8)) }
      hasTarget[s] = true
    }
  }

  // MARK: Values

  /// The frame's depth; gives the millimetres of a step.
  private func placeDepth(of frame: ExportedFrame, at path: String) throws(FormatError) -> Double {
    if let plane = export.dataset.annotation("depth")?.plane, plane.file == .png {
      try export.place("depth", of: frame, at: path)
      // Steps are decimal in scenes, but not in a double times 1000.
      let mm = plane.scale * 1000
      let nice = (mm * 1e9).rounded() / 1e9
      return nice > 0 ? nice : mm
    }
    let most = try export.values("depth", of: frame).max() ?? 0
    let isNear = most <= 6.5535
    try export.placeDepth(of: frame, at: path, steps: isNear ? 10000 : 1000)
    return isNear ? 0.1 : 1
  }

  private func camera(_ camera: Camera, _ depthScale: Double) -> [UInt8] {
    var w = JSONWriter()
    w.beginObject()
    w.key("cam_K")
    w.matrix(camera.matrixFromPixelCentres)
    w.member("depth_scale", depthScale)
    w.key("cam_R_w2c")
    w.matrix(camera.rotation)
    w.key("cam_t_w2c")
    w.millimetres(camera.translation)
    w.endObject()
    return w.bytes
  }

  private func writeCamera(_ frame: ExportedFrame, _ depthScale: Double) throws(FormatError) {
    let camera = frame.record.camera
    var w = JSONWriter()
    w.beginObject()
    let members: [(StaticString, Double)] = [
      ("cx", camera.cx - 0.5), ("cy", camera.cy - 0.5), ("depth_scale", depthScale), ("fx", camera.fx),
      ("fy", camera.fy), ("height", Double(frame.record.height)), ("width", Double(frame.record.width)),
    ]
    for (key, value) in members {
      w.key(key)
      w.number(value)
    }
    w.endObject()
    w.newline()
    try export.write(w.bytes, to: "camera.json")
  }

  /// Whether the object's matrix is more than its pose and scale.
  private static func isSheared(_ i: InstanceRecord, _ pose: PoseRecord, _ camera: Camera) -> Bool {
    let rest = camera.rotation * i.objectToWorld.linear
    let rigid = pose.rotation * Matrix3(diagonal: pose.scale)
    let most = max(abs(pose.scale.x), max(pose.scale.y, pose.scale.z))
    return zip([rest.row0, rest.row1, rest.row2], [rigid.row0, rigid.row1, rigid.row2]).contains {
      let d = $0 - $1
      return max(abs(d.x), max(abs(d.y), abs(d.z))) > 1e-6 * most
    }
  }

  /// The model's pose: it has the object's axes, and its origin lies at the model's centre.
  private func writePose(_ pose: PoseRecord, _ model: BOPModels.Model, to w: inout JSONWriter) {
    w.beginObject()
    w.key("cam_R_m2c")
    w.matrix(pose.rotation)
    w.key("cam_t_m2c")
    w.millimetres(pose.rotation * model.center + pose.translation)
    w.member("obj_id", model.id)
    w.endObject()
  }

  /// - Returns: visib_fract.
  private func writeInfo(_ i: InstanceRecord, _ visibility: VisibilityRecord, to w: inout JSONWriter) -> Double {
    let isSeen = i.box != nil
    if visibility.unboundedPixels == nil {
      export.lose(.visibility, "objects whose silhouette has no end: px_count_all is px_count_valid")
    }
    let all = visibility.unboundedPixels ?? visibility.amodalPixels
    let share = all > 0 ? Double(i.visiblePixels) / Double(all) : 0
    let whole = i.values.fullBox.flatMap { $0 } ?? i.values.amodalBox.flatMap { $0 }
    w.beginObject()
    w.key("bbox_obj")
    w.spans(isSeen ? whole : nil)
    w.key("bbox_visib")
    w.spans(i.box)
    w.member("px_count_all", all)
    w.member("px_count_valid", visibility.amodalPixels)
    w.member("px_count_visib", i.visiblePixels)
    w.member("visib_fract", share)
    w.endObject()
    return share
  }

  private func writeMask(_ mask: RunLengthMask, to path: String) throws(FormatError) {
    var plane = Plane<UInt8>(width: mask.width, height: mask.height, repeating: 0)
    mask.paint(255, into: &plane)
    try export.writePNG(plane, to: path)
  }

  func finish() throws(FormatError) {
    for s in scenes.indices { try closeScene(s) }
    try models.finish()
    try FormatError.files { () throws(FileError) in
      for case let file? in targets {
        try file.write("\n]\n")
        try file.commit(sync: false)
      }
    }
  }
}

extension JSONWriter {
  /// Nine numbers by rows.
  fileprivate mutating func matrix(_ m: Matrix3) {
    numbers(
      m.row0.x, m.row0.y, m.row0.z, m.row1.x, m.row1.y, m.row1.z, m.row2.x, m.row2.y, m.row2.z)
  }

  fileprivate mutating func millimetres(_ v: Vector3) { numbers(v.x * 1000, v.y * 1000, v.z * 1000) }

  /// x, y and the distances to the last column and row; -1 for no box.
  fileprivate mutating func spans(_ b: PixelBox?) {
    guard let b else { return integers(-1, -1, -1, -1) }
    integers(b.x, b.y, b.width - 1, b.height - 1)
  }
}
