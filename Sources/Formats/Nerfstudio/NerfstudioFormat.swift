// `nerfstudio`: transforms.json, as nerfstudio's dataparser reads it.
//
//     transforms.json    camera_model, frames, and train_filenames, val_filenames, ... where the dataset was split
//     images/000012.png  the pictures
//     depth/000012.png   16 bits of millimetres along the optical axis; 0 nothing (where the dataset has `depth`)
//     masks/000012.png   255 where an exported instance is seen, else 0; written only where --annotations names masks, since
//                        training passes over pixels of 0
//
// - transform_matrix: camera to world by rows, metres, OpenGL's camera axes (x right, y up, z backward): records' y and z turned
//   round. The world is the records', +Z up.
// - fl_x, fl_y, cx, cy are in raster units, as in records; every frame has its own. Distortion by nerfstudio's keys: OPENCV with k1,
//   k2, k3, p1, p2; OPENCV_FISHEYE with k1 to k4. There is one camera model for all frames. The denominator of the rational model
//   (k4 to k6) has no key: such cameras are refused, as are parallel rays.
// - A fisheye's depth is a distance, which nerfstudio takes for z: it is not written, which is reported.
// - It is for whoever exports to see that the scene stands still: all frames are of one world.

import Annotators
import Documents
import Geometry
import ImageCoding
import Imaging
import Stage

final class NerfstudioFormat: FormatWriter {
  static let manual = FormatManual(
    name: "nerfstudio", summary: "nerfstudio's transforms.json: cameras, pictures, depth and masks of one world.",
    carries: [
      .camera: .carried, .depth: .lossy("16 bits of millimetres"),
      .masks: .lossy("one mask a picture, of all exported instances; only where --annotations names masks"),
    ], pictures: [.png, .jpeg], limits: "Pinholes, Brown's distortion without a denominator, and fisheyes.")

  private let export: FormatExport
  private let file: OutputFile
  private var lists: [OutputFile] = []
  private var model: String?
  private let hasDepth: Bool
  private let hasMasks: Bool

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    let wanted = export.options.wanted
    hasDepth = export.has("depth") && (wanted?.contains(.depth) ?? true)
    hasMasks = wanted?.contains(.masks) ?? false
    file = try export.stream("transforms.json")
    if export.splits.count > 1 {
      for split in export.splits { lists.append(try export.stream(".names-" + split)) }
    }
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    let record = frame.record
    let lens = try lens(of: frame)
    guard model == nil || model == lens.model else {
      throw .refused(
        "nerfstudio: frame \(record.frame): found the camera model \(lens.model) after \(model ?? ""), expected one for all "
          + "frames")
    }
    let picture = try export.placePicture(of: frame, in: "images")
    var w = JSONWriter()
    w.beginObject()
    w.member("file_path", picture)
    if hasDepth, lens.isAxial {
      let depth = "depth/\(frame.number).png"
      try export.placeDepth(of: frame, at: depth, steps: 1000)
      w.member("depth_file_path", depth)
    } else if hasDepth {
      export.lose(.depth, "fisheyes' depth, which is a distance")
    }
    if hasMasks {
      let mask = "masks/\(frame.number).png"
      try writeMask(of: frame, to: mask)
      w.member("mask_path", mask)
    }
    let camera = record.camera
    w.member("fl_x", camera.fx)
    w.member("fl_y", camera.fy)
    w.member("cx", camera.cx)
    w.member("cy", camera.cy)
    w.member("w", record.width)
    w.member("h", record.height)
    for (key, value) in lens.distortion {
      w.key(key)
      w.number(value)
    }
    w.key("transform_matrix")
    w.beginArray()
    let (r, p) = (camera.rotation.transpose, camera.position)
    for (row, t) in [(r.row0, p.x), (r.row1, p.y), (r.row2, p.z)] { w.numbers(row.x, -row.y, -row.z, t) }
    w.numbers(0, 0, 0, 1)
    w.endArray()
    w.endObject()
    let isFirst = model == nil
    try FormatError.files { () throws(FileError) in
      if isFirst { try begin(lens.model) } else { try file.write(",\n") }
      try file.write(w.bytes)
      guard export.splits.count > 1 else { return }
      try lists[frame.split].write(Array((frame.index == 0 ? "" : ",") + quoted(picture)).flatMap(\.utf8))
    }
  }

  private func begin(_ model: String) throws(FileError) {
    self.model = model
    try file.write(Array("{\"camera_model\":\"\(model)\",\"frames\":[\n".utf8))
  }

  private func lens(
    of frame: ExportedFrame
  ) throws(FormatError) -> (model: String, isAxial: Bool, distortion: [(StaticString, Double)]) {
    switch frame.record.camera.projection {
    case .pinhole:
      return ("OPENCV", true, [("k1", 0), ("k2", 0), ("k3", 0), ("p1", 0), ("p2", 0)])
    case .brownConrady(let lens) where lens.k[3...].allSatisfy { $0 == 0 }:
      return (
        "OPENCV", true, [("k1", lens.k[0]), ("k2", lens.k[1]), ("k3", lens.k[2]), ("p1", lens.p1), ("p2", lens.p2)]
      )
    case .fisheye(let lens):
      return (
        "OPENCV_FISHEYE", false, [("k1", lens.k[0]), ("k2", lens.k[1]), ("k3", lens.k[2]), ("k4", lens.k[3])]
      )
    case .brownConrady, .orthographic:
      throw .refused(
        "nerfstudio: frame \(frame.record.frame): found parallel rays or a rational distortion (k4 to k6), expected a pinhole, "
          + "k1 to k3 with p1 and p2, or a fisheye")
    }
  }

  private func writeMask(of frame: ExportedFrame, to path: String) throws(FormatError) {
    var mask = Plane<UInt8>(width: frame.record.width, height: frame.record.height, repeating: 0)
    for i in frame.instances where !i.isIgnored && i.record.box != nil {
      try frame.mask(of: i).paint(255, into: &mask)
    }
    try export.writePNG(mask, to: path)
  }

  func finish() throws(FormatError) {
    let isEmpty = model == nil
    try FormatError.files { () throws(FileError) in
      if isEmpty { try begin("OPENCV") }
      try file.write("\n]")
      for (split, list) in zip(export.splits, lists) {
        try file.write(Array(",\n\(quoted(split + "_filenames")):[".utf8))
        try file.append(contentsOf: list)
        try file.write("]")
        list.discard()
      }
      try file.write("}\n")
      try file.commit(sync: false)
    }
  }
}
