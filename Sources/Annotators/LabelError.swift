/// Why a frame's labels cannot be written as asked. Nothing is clipped or wrapped in silence: the run ends instead.
public enum LabelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An instance id does not fit the 16 bits of the instance plane.
  case instanceID(UInt32, name: String)
  /// A category id does not fit the 16 bits of the semantic plane.
  case category(Int, name: String)
  /// Two instances of the frame bear the same id.
  case sharedID(UInt32, first: String, second: String)
  /// A depth does not fit 16 bits at `scale` metres a unit.
  case depth(x: Int, y: Int, metres: Double, scale: Double)
  /// A pixel names an instance that the frame does not have.
  case unknownInstance(UInt32, x: Int, y: Int)
  /// The renderer did not find out what annotators need.
  case missing(String)
  /// A value does not fit its plane.
  case misfit(plane: String, x: Int, y: Int, value: Double, most: Double, hint: String)
  /// The objects of a sequence are not the same in all its frames.
  case changing(name: String, here: String, there: String)
  /// There are more ids than a plane can tell apart.
  case tooMany(plane: String, count: Int, most: Int)
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
      "the depth at pixel (\(x), \(y)) is \(metres) m, which at \(scale) m a unit is past the 65535 of a 16-bit plane; "
        + "a depth scale of \(LabelError.fittingScale(metres)) m a unit fits"
    case .unknownInstance(let index, let x, let y):
      "pixel (\(x), \(y)) shows instance number \(index), which the frame does not have"
    case .missing(let what): "the renderer did not give \(what), which the annotations asked for need"
    case .misfit(let plane, let x, let y, let value, let most, let hint):
      "the \(plane) plane's value \(value) at pixel (\(x), \(y)) is past its \(most); \(hint)"
    case .changing(let name, let here, let there):
      "\"\(name)\" is \(here) in this frame and \(there) in another of its sequence; objects and ids last for a sequence"
    case .tooMany(let plane, let count, let most):
      "the \(plane) plane tells \(most) apart, but the frame has \(count)"
    case .size(let w, let h, let ew, let eh): "the rendered frame is \(w)x\(h), the frame asks for \(ew)x\(eh)"
    }
  }

  /// The smallest power of ten, from 1e-6 on, that brings `metres` within 16 bits.
  static func fittingScale(_ metres: Double) -> Double {
    let scales = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000, 1e4, 1e5, 1e6]
    return scales.first { metres * (1 / $0) + 0.5 < 65536 } ?? .infinity
  }
}
