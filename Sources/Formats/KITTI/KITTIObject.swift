// `kitti`: KITTI 3D object detection.
//
//     training/image_2/000012.png   the picture
//     training/label_2/000012.txt   type truncated occluded alpha left top right bottom h w l x y z rotation_y
//     training/calib/000012.txt     P0 to P3, R0_rect, Tr_velo_to_cam, Tr_imu_to_velo
//     ImageSets/SPLIT.txt           000012
//
// - The numbers in names are the frames'. Every split lies in `training`, since KITTI's `testing` has no labels; readers take
//   their parts from ImageSets.
// - left, top, right, bottom: first and last pixel, from 0, of the amodal box cut to the picture.
// - truncated: 1 - pixels inside the picture / pixels on an image plane without end.
// - occluded: by the visible share of the pixels inside the picture. KITTI's annotators judged by eye and published no bounds;
//   ours: 0 (fully visible) from 0.95, 1 (partly occluded) from 0.5, 2 (largely occluded) below, 3 (unknown) where no pixel lies
//   inside.
// - Only what is seen has a row. What is below the export's thresholds is `DontCare`, with its 2D box alone.
// - Boxes in space: see `KITTIBox`. Camera axes are OpenCV's, which are KITTI's.
// - One camera stands for all four, without a baseline: P0 to P3 are K with its principal point counted from pixels' centres.
//   A velodyne in the camera's place has KITTI's axes, x forward, y left, z up.
// - White space in the names of classes becomes `_`.

import Annotators
import Geometry
import Imaging
import Stage

final class KITTIObject: FormatWriter {
  static let manual = FormatManual(
    name: "kitti", summary: "KITTI objects: 2D boxes, upright 3D boxes in camera axes and calibration.",
    carries: [
      .amodalBoxes: .lossy("cut to the picture"),
      .boxes3D: .lossy("boxes turn about the camera's y axis alone; tilted ones become upright ones around them"),
      .visibility: .lossy("truncation, and occlusion in three steps"), .camera: .carried,
    ],
    needs: [
      FormatNeed("boxes_3d", purpose: "boxes in space"),
      FormatNeed("amodal_boxes", purpose: "boxes in the picture"),
      FormatNeed("visibility", purpose: "`truncated` and `occluded`"),
    ], ignored: "DontCare", pictures: [.png],
    limits:
      "Pinhole cameras alone. `occluded` is 0 from a visible share of 0.95, 1 from 0.5, 2 below, 3 without a pixel in the "
      + "picture. Classes of stuff are left out.")

  private let export: FormatExport
  private let types: [String]
  private var lists: [OutputFile] = []

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    types = export.classes.list.map { String($0.name.map { $0.isWhitespace ? "_" : $0 }) }
    for (i, t) in types.enumerated() {
      guard t != "DontCare", !t.isEmpty, !types[..<i].contains(t) else {
        throw .refused(
          "kitti: found the class \"\(export.classes.list[i].name)\", expected another type than DontCare and the classes "
            + "before it; --classes renames it")
      }
    }
    for folder in ["image_2", "label_2", "calib"] { try export.makeFolder("training/" + folder) }
    for split in export.splits { lists.append(try export.stream("ImageSets/\(split).txt")) }
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    try frame.requirePinhole(for: "kitti")
    _ = try export.placePicture(of: frame, in: "training/image_2")
    var text = ""
    for i in frame.instances where i.record.box != nil && !export.stuff.contains(i.category) {
      text += try row(i, in: frame)
    }
    try export.write(Array(text.utf8), to: "training/label_2/\(frame.number).txt")
    try export.write(Array(calibration(frame.record.camera).utf8), to: "training/calib/\(frame.number).txt")
    let line = Array("\(frame.number)\n".utf8)
    try FormatError.files { () throws(FileError) in try lists[frame.split].write(line) }
  }

  private func row(_ i: ExportedInstance, in frame: ExportedFrame) throws(FormatError) -> String {
    let values = i.record.values
    guard let amodal = values.amodalBox, let box = amodal ?? i.record.box, let space = values.box3D,
      let visibility = values.visibility
    else {
      throw .refused(
        "frame \(frame.record.frame), instance \(i.record.id): found no amodal_box, box_3d or visibility, expected all as "
          + "the dataset's head says")
    }
    let edges = [box.x, box.y, box.x + box.width - 1, box.y + box.height - 1].map { "\($0).00" }
    guard !i.isIgnored else {
      return "DontCare -1 -1 -10 \(edges.joined(separator: " ")) -1 -1 -1 -1000 -1000 -1000 -10\n"
    }
    let b = KITTIBox(space, frame.record.camera)
    if b.fill < 0.999 { export.lose(.boxes3D, "tilted boxes, with upright ones around them", iou: b.fill) }
    let numbers = [b.height, b.width, b.length, b.bottom.x, b.bottom.y, b.bottom.z, b.rotationY].map { decimal($0, 6) }
    let truncation = visibility.truncation ?? 0
    return
      "\(types[i.category - 1]) \(decimal(truncation, 4)) \(KITTIObject.occluded(visibility.visibility)) "
      + "\(decimal(b.alpha, 6)) \(edges.joined(separator: " ")) \(numbers.joined(separator: " "))\n"
  }

  /// KITTI's state of occlusion for a visible share.
  static func occluded(_ visibility: Double?) -> Int {
    guard let v = visibility else { return 3 }
    return v >= 0.95 ? 0 : v >= 0.5 ? 1 : 2
  }

  private func calibration(_ camera: Camera) -> String {
    let k = camera.matrixFromPixelCentres
    let p = [k.row0, k.row1, k.row2].map { "\($0.x) \($0.y) \($0.z) 0.0" }.joined(separator: " ")
    return (0..<4).map { "P\($0): \(p)\n" }.joined()
      + "R0_rect: 1 0 0 0 1 0 0 0 1\nTr_velo_to_cam: 0 -1 0 0 0 0 -1 0 1 0 0 0\n"
      + "Tr_imu_to_velo: 1 0 0 0 0 1 0 0 0 0 1 0\n"
  }

  func finish() throws(FormatError) {
    try FormatError.files { () throws(FileError) in for f in lists { try f.commit(sync: false) } }
  }
}
