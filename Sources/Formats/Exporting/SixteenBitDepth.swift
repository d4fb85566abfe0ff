// Depth in 16-bit PNGs of a format's own scale.

import Annotators
import ImageCoding
import Imaging
import Stage

extension FormatExport {
  /// A plane's values in the order of its samples; in its description's unit.
  func values(_ name: String, of frame: ExportedFrame) throws(FormatError) -> [Double] {
    let image = try image(name, of: frame)
    guard let values = dataset.annotation(name)?.plane?.values(image) else {
      throw .damaged(file: try plane(name, of: frame).file, "found another kind of image than the dataset's head says")
    }
    return values
  }

  /// Writes a frame's depth as 16-bit PNG of `steps` a metre, rounded half up and at least 1 where something is seen. What lies
  /// farther than 65,535 steps becomes 0, nothing, and counts as lost. A plane that has this scale already is linked.
  func placeDepth(of frame: ExportedFrame, at relative: String, steps: Double) throws(FormatError) {
    if let plane = dataset.annotation("depth")?.plane, plane.file == .png, plane.bits == 16,
      abs(plane.scale * steps - 1) < 1e-12
    {
      return try place("depth", of: frame, at: relative)
    }
    var codes = Plane<UInt16>(width: frame.record.width, height: frame.record.height, repeating: 0)
    let depth = try values("depth", of: frame)
    guard depth.count == codes.values.count else {
      throw .damaged(
        file: try plane("depth", of: frame).file,
        "found \(depth.count) values, expected \(codes.width) x \(codes.height)")
    }
    var isCut = false
    for (k, z) in depth.enumerated() where z > 0 {
      let code = max((z * steps + 0.5).rounded(.down), 1)
      if code <= 65535 { codes.values[k] = UInt16(code) } else { isCut = true }
    }
    if isCut { lose(.depth, "frames with depths beyond \(decimal(65535 / steps, 3)) m, which are 0") }
    try writePNG(to: relative) { e throws(ImageCodingError) in try e.write(codes, as: .smooth) }
  }
}
