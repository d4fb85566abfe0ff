// `kitti-depth`: KITTI depth completion and prediction (Uhrig et al., "Sparsity invariant CNNs", 2017), in its folders:
//
//     SPLIT/drive_000000_sync/image_02/data/0000000012.png                        the picture
//     SPLIT/drive_000000_sync/proj_depth/groundtruth/image_02/0000000012.png      16 bits: metres x 256; 0 nothing
//     SPLIT/drive_000000_sync/image_02/intrinsics/0000000012.txt                  K by rows, from pixels' centres
//
// The drive is the frame's sequence, 0 in scenes without time; the picture's number, of ten digits, is the frame's. Depth ends at
// 255.996 m: what is farther becomes 0, which is reported.

import Annotators
import Geometry
import Stage

final class KITTIDepth: FormatWriter {
  static let manual = FormatManual(
    name: "kitti-depth", summary: "KITTI depth: 16-bit PNGs of metres x 256, with intrinsics.",
    carries: [.depth: .lossy("steps of 1/256 m, to 255.996 m"), .camera: .lossy("K alone")],
    needs: [FormatNeed("depth", purpose: "depth")], pictures: [.png], limits: "Pinhole cameras alone.")

  private let export: FormatExport

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    for split in export.splits { try export.makeFolder(split) }
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    try frame.requirePinhole(for: "kitti-depth")
    let drive = "\(export.splits[frame.split])/drive_\(sixDigits(frame.record.sequence?.sequence ?? 0))_sync"
    let number = padded(frame.record.frame, 10)
    try export.place("rgb", of: frame, at: "\(drive)/image_02/data/\(number).png")
    try export.placeDepth(
      of: frame, at: "\(drive)/proj_depth/groundtruth/image_02/\(number).png", steps: 256)
    let k = frame.record.camera.matrixFromPixelCentres
    let text = [k.row0, k.row1, k.row2].map { "\($0.x) \($0.y) \($0.z)" }.joined(separator: " ") + "\n"
    try export.write(Array(text.utf8), to: "\(drive)/image_02/intrinsics/\(number).txt")
  }

  func finish() throws(FormatError) {}
}
