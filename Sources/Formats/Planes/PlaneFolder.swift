// What `npy` and `exr` share: every plane of the dataset in a plain folder, as floats that mean what they say.
//
//     SPLIT/rgb/000012.png      the picture
//     SPLIT/depth/000012.npy    32-bit floats in the plane's unit: metres
//     SPLIT/instance/000012.png planes of ids are whole numbers and stay as they are
//     planes.json               of each plane its files, channels, unit and meaning
//
// A plane that has this form already is linked. One in another is decoded: value = sample * scale + offset. Where a 16-bit plane
// with an offset (unit vectors, flow) has 0 in all channels, nothing is seen, and all values are 0, as in planes of floats.

import Annotators
import Documents
import ImageCoding
import Imaging

final class PlaneFolder {
  private let export: FormatExport
  private let file: PlaneDescription.File
  private let planes: [PlaneDescription]

  init(_ export: FormatExport, _ file: PlaneDescription.File) throws(FormatError) {
    self.export = export
    self.file = file
    var w = JSONWriter()
    w.beginObject()
    w.key("planes")
    w.beginArray()
    var planes: [PlaneDescription] = []
    for a in export.dataset.annotations {
      guard let plane = a.plane else { continue }
      if let wanted = export.options.wanted, let content = FormatContent(annotation: a.name), !wanted.contains(content)
      {
        continue
      }
      planes.append(plane)
      let isWhole = PlaneFolder.isWhole(plane)
      w.beginObject()
      w.member("name", plane.name)
      w.member("files", "SPLIT/\(plane.name)/*.\((isWhole ? .png : file).rawValue)")
      w.key("channels")
      w.beginArray()
      for c in plane.channels { w.string(c) }
      w.endArray()
      w.member("unit", plane.name == "rgb" ? "sRGB, 0 to 255" : plane.unit)
      w.member("meaning", a.meaning)
      w.endObject()
    }
    w.endArray()
    w.endObject()
    w.newline()
    self.planes = planes
    try export.write(w.bytes, to: "planes.json")
    for split in export.splits { for plane in planes { try export.makeFolder("\(split)/\(plane.name)") } }
  }

  /// Whether a plane's values are whole numbers that a PNG holds as they are: ids, and the picture's codes.
  private static func isWhole(_ plane: PlaneDescription) -> Bool {
    plane.file == .png && (plane.name == "rgb" || (plane.scale == 1 && plane.offset == 0))
  }

  func add(_ frame: ExportedFrame) throws(FormatError) {
    for plane in planes {
      let path = "\(export.splits[frame.split])/\(plane.name)/\(frame.number)."
      if PlaneFolder.isWhole(plane) {
        try export.place(plane.name, of: frame, at: path + "png")
      } else if plane.file == file {
        try export.place(plane.name, of: frame, at: path + file.rawValue)
      } else {
        let floats = try floats(plane, of: frame)
        let bytes: [UInt8]
        do { bytes = file == .npy ? encodeNPY(floats) : try encodeEXR(floats, channels: plane.channels) } catch {
          throw .refused("\(error)")
        }
        try export.write(bytes, to: path + file.rawValue)
      }
    }
  }

  private func floats(_ plane: PlaneDescription, of frame: ExportedFrame) throws(FormatError) -> FloatImage {
    let image = try export.image(plane.name, of: frame)
    if case .floats(let floats) = image { return floats }
    guard let values = plane.values(image) else {
      throw .damaged(
        file: try export.plane(plane.name, of: frame).file, "found another kind of image than the dataset's head says")
    }
    var samples = values.map { Float($0) }
    if plane.offset != 0, case .raster(let raster) = image, case .sixteen(let codes) = raster.samples {
      for k in stride(from: 0, to: codes.count, by: raster.channels) {
        guard codes[k..<k + raster.channels].allSatisfy({ $0 == 0 }) else { continue }
        for c in k..<k + raster.channels { samples[c] = 0 }
      }
    }
    return FloatImage(
      width: frame.record.width, height: frame.record.height, channels: plane.channels.count, samples: samples)
  }
}

extension FormatContent {
  /// Whatever a plane can be.
  static let ofPlanes: [FormatContent: Carriage] = Dictionary(
    uniqueKeysWithValues: [depth, flow, normal, instance, semantic, panoptic, parts, planes].map { ($0, .carried) })
}
