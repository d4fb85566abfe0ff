// `kitti-flow`: KITTI optical flow (Menze & Geiger, "Object scene flow for autonomous vehicles", 2015), as torchvision's KittiFlow
// looks for it:
//
//     KittiFlow/training/image_2/000012_10.png    a frame's picture
//     KittiFlow/training/image_2/000012_11.png    that of the frame after it in its sequence
//     KittiFlow/training/flow_occ/000012_10.png   16 bits: u, v = (sample - 2^15) / 64, third channel 1 where there is flow
//     KittiFlow/training/flow_noc/000012_10.png   the same, of points alone that are seen in both
//     KittiFlow/SPLIT.txt                         000012
//
// A sequence's last frame, and one whose next was not rendered, make no pair and are left out, which is reported. Where the plane
// `flow_forward` is a PNG it has flow of points seen in both alone, so `flow_occ` is `flow_noc`, both linked. From floats `flow_occ`
// has the points that are hidden or outside in the next frame too; of these one with flow of exactly 0, 0 cannot be told from none
// and is left out. Flow of 512 pixels or more has no code and is left out, which is reported.

import Annotators
import ImageCoding
import Imaging
import Stage

final class KITTIFlow: FormatWriter {
  static let manual = FormatManual(
    name: "kitti-flow", summary: "KITTI optical flow: pairs of pictures with 16-bit PNGs of flow.",
    carries: [.flow: .lossy("forward alone, steps of 1/64 pixel, to 512 pixels")],
    needs: [FormatNeed("flow_forward", purpose: "flow")], pictures: [.png],
    limits: "Scenes with time alone. Every split lies in `training`; SPLIT.txt lists its pairs.")

  private static let root = "KittiFlow"

  private let export: FormatExport
  private let isStoredSo: Bool
  private var lists: [OutputFile] = []
  /// By camera of a rig, the frame whose next has not come yet.
  private var waiting: [String: ExportedFrame] = [:]

  init(_ export: FormatExport) throws(FormatError) {
    self.export = export
    isStoredSo = export.dataset.annotation("flow_forward")?.plane?.file == .png
    if isStoredSo { export.loseAll(.flow, "a PNG plane has no flow of points that are hidden in the next frame") }
    for folder in ["image_2", "flow_occ", "flow_noc"] { try export.makeFolder("\(KITTIFlow.root)/training/\(folder)") }
    for split in export.splits { lists.append(try export.stream("\(KITTIFlow.root)/\(split).txt")) }
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    guard let place = frame.record.sequence else {
      throw .refused(
        "kitti-flow: frame \(frame.record.frame): found a frame without time, expected one of a sequence (`sequence:` in the "
          + "scene)")
    }
    let view = frame.record.camera.view
    if let first = waiting[view] {
      let other = first.record.sequence
      if other?.sequence == place.sequence, other.map({ $0.index + 1 }) == place.index {
        try writePair(first, frame)
      } else {
        export.lose(.flow, KITTIFlow.alone)
      }
    }
    waiting[view] = frame
  }

  private static let alone = "frames without a next one in the export"

  private func writePair(_ first: ExportedFrame, _ second: ExportedFrame) throws(FormatError) {
    let training = KITTIFlow.root + "/training"
    try export.place("rgb", of: first, at: "\(training)/image_2/\(first.number)_10.png")
    try export.place("rgb", of: second, at: "\(training)/image_2/\(first.number)_11.png")
    for (folder, takesHidden) in [("flow_occ", true), ("flow_noc", false)] {
      let path = "\(training)/\(folder)/\(first.number)_10.png"
      if isStoredSo {
        try export.place("flow_forward", of: first, at: path)
      } else {
        let image = try codes(first, takesHidden: takesHidden)
        try export.writePNG(to: path) { e throws(ImageCodingError) in try e.write(image, as: .smooth, isSRGB: false) }
      }
    }
    let line = Array("\(first.number)\n".utf8)
    try FormatError.files { () throws(FileError) in try lists[first.split].write(line) }
  }

  private func codes(_ frame: ExportedFrame, takesHidden: Bool) throws(FormatError) -> RasterImage {
    guard case .floats(let flow) = try export.image("flow_forward", of: frame), flow.channels == 3 else {
      throw .damaged(
        file: try export.plane("flow_forward", of: frame).file, "found no three channels of floats, expected U, V and M"
      )
    }
    var codes = [UInt16](repeating: 0, count: flow.samples.count)
    var isCut = false
    for k in stride(from: 0, to: codes.count, by: 3) {
      let (u, v) = (Double(flow.samples[k]), Double(flow.samples[k + 1]))
      guard flow.samples[k + 2] == 1 || (takesHidden && (u != 0 || v != 0)) else { continue }
      let (a, b) = ((u * 64 + 32768.5).rounded(.down), (v * 64 + 32768.5).rounded(.down))
      guard let a = UInt16(exactly: a), let b = UInt16(exactly: b) else {
        isCut = true
        continue
      }
      (codes[k], codes[k + 1], codes[k + 2]) = (a, b, 1)
    }
    if isCut, takesHidden { export.lose(.flow, "frames with flow of 512 pixels or more, which is left out") }
    return RasterImage(width: flow.width, height: flow.height, channels: 3, samples: .sixteen(codes))
  }

  func finish() throws(FormatError) {
    for _ in waiting { export.lose(.flow, KITTIFlow.alone) }
    try FormatError.files { () throws(FileError) in for f in lists { try f.commit(sync: false) } }
  }
}
