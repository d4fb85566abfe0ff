import Annotators
import Imaging

/// Something that two states of a frame, or of a dataset, do not have alike.
public struct Difference: Equatable, Sendable {
  /// From the mildest to the gravest: what breaks a label comes before what changes a picture.
  public enum Kind: String, Sendable, CaseIterable {
    case picture = "picture changed"
    case plane = "plane changed"
    case value = "value changed"
    case mask = "mask changed"
    case box = "box moved"
    case order = "order changed"
    case category = "class changed"
    case instanceAdded = "instance added"
    case instanceRemoved = "instance removed"
    case form = "other form"
    case frameAdded = "frame added"
    case frameMissing = "frame missing"
  }

  public var kind: Kind
  /// The annotation that it is seen in: a plane, or `boxes`, `masks` and so on for values of the records.
  public var plane: String
  /// Whom it concerns; empty where it is about the frame as a whole.
  public var instances: [InstanceName]
  public var what: String
  /// Within its kind, 0 to 1.
  public var degree: Double
  /// Within what the caller allows.
  public var isTolerated = false

  public init(_ kind: Kind, _ plane: String, _ instances: [InstanceName] = [], _ what: String, degree: Double = 0) {
    (self.kind, self.plane, self.instances, self.what) = (kind, plane, instances, what)
    self.degree = min(max(degree, 0), 1)
  }

  /// Larger is graver: the kind's rank, and the degree within it.
  public var severity: Double { Double(Kind.allCases.firstIndex(of: kind) ?? 0) + 0.999 * degree }

  /// "rgb, instance 3 "cups[2]" (cup): ...".
  public var description: String {
    var text = plane
    if instances.count == 1 {
      text += ", " + instances[0].description
    } else if !instances.isEmpty {
      text += ", \(instances.count) instances"
    }
    text += ": " + kind.rawValue + ": " + what
    if instances.count > 1 {
      text += "; " + instances.prefix(4).map(\.description).joined(separator: ", ")
      if instances.count > 4 { text += " and \(instances.count - 4) more" }
    }
    return text
  }
}

/// An instance as messages name it.
public struct InstanceName: Hashable, Sendable, CustomStringConvertible {
  public var id: Int
  public var name: String
  public var category: String
  /// How many of its pixels have changed, where that is known.
  public var pixels: Int?

  public var description: String {
    "instance \(id) \"\(name)\" (\(category))" + (pixels.map { ", \($0) px" } ?? "")
  }
}

/// A value of the scene that is another one now: what may have caused a difference.
public struct ParameterChange: Hashable, Sendable, CustomStringConvertible {
  /// "sun.azimuth", or "file textures/wood.png" for the bytes of a file.
  public var path: String
  /// Canonical JSON; nil where there was or is none.
  public var before: String?
  public var after: String?

  public var description: String { "\(path): \(before ?? "nothing") -> \(after ?? "nothing")" }
}

/// How far apart two planes are. Values are codes of the file for whole numbers, and the floats themselves elsewhere.
public struct PlaneMetrics: Equatable, Sendable {
  public var maximum: Double
  /// Of the absolute differences, over all samples.
  public var mean: Double
  public var changedPixels: Int
  public var pixelCount: Int
  /// Decibels; nil for floats, infinite for equal planes.
  public var psnr: Double?
  /// Of pictures alone; nil for those smaller than its window.
  public var ssim: Double?
  /// The mean over the picture; of pictures alone.
  public var flip: Double?

  public var changedShare: Double { Double(changedPixels) / Double(max(pixelCount, 1)) }

  public var description: String {
    var text = "\(changedPixels) of \(pixelCount) pixels, largest difference \(shortNumber(maximum)), mean "
    text += shortNumber(mean)
    if let psnr, psnr.isFinite { text += ", PSNR \(shortNumber(psnr)) dB" }
    if let ssim { text += ", SSIM \(shortNumber(ssim))" }
    if let flip { text += ", FLIP \(shortNumber(flip))" }
    return text
  }
}

/// Four significant digits or so, for people.
func shortNumber(_ x: Double) -> String {
  guard x.isFinite else { return "\(x)" }
  var unit = 1.0
  while abs(x) * unit < 1000, unit < 1e9, x != 0 { unit *= 10 }
  let rounded = (x * unit).rounded() / unit
  return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
}
