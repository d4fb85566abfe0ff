/// Why a frame's labels cannot be written as asked. Nothing is clipped or wrapped in silence: the run ends instead.
public enum LabelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An instance id does not fit the 16 bits of the instance plane.
  case instanceID(UInt32, name: String)
  /// A category id does not fit the 16 bits of the semantic plane.
  case category(Int, name: String)
  /// Two instances of the frame bear the same id.
  case sharedID(UInt32, first: String, second: String)
  /// A depth does not fit 16 bits at `scale` units a metre.
  case depth(x: Int, y: Int, metres: Double, scale: Double)
  /// A pixel names an instance that the frame does not have.
  case unknownInstance(UInt32, x: Int, y: Int)
  /// The G-buffer is of another size than the frame.
  case size(width: Int, height: Int, expectedWidth: Int, expectedHeight: Int)

  public var description: String {
    switch self {
    case .instanceID(let id, let name):
      "instance \"\(name)\" has id \(id), but the 16-bit instance plane ends at 65535; use fewer labelled instances"
    case .category(let id, let name):
      "instance \"\(name)\" has category id \(id), but the semantic plane ends at 65535"
    case .sharedID(let id, let first, let second):
      "instances \"\(first)\" and \"\(second)\" have the same id \(id); ids are unique in a frame"
    case .depth(let x, let y, let metres, let scale):
      "the depth at pixel (\(x), \(y)) is \(metres) m, which at \(scale) units a metre is past the 65535 of a 16-bit "
        + "plane; a scale of \(LabelError.fittingScale(metres)) units a metre fits"
    case .unknownInstance(let index, let x, let y):
      "pixel (\(x), \(y)) shows instance number \(index), which the frame does not have"
    case .size(let w, let h, let ew, let eh): "the rendered frame is \(w)x\(h), the frame asks for \(ew)x\(eh)"
    }
  }

  /// The largest power of ten that brings `metres` within 16 bits; for depths beyond 65 535 m it lies below 1.
  static func fittingScale(_ metres: Double) -> Double {
    var scale = 1.0
    while metres * scale * 10 + 0.5 < 65536, scale < 1e6 { scale *= 10 }
    while metres * scale + 0.5 >= 65536, scale > 1e-12 { scale /= 10 }
    return scale
  }
}
