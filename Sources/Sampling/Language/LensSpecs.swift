import Documents
import Geometry
import Stage

/// `camera: distortion:`
struct DistortionSpec: DocumentRecord {
  var k1 = 0.0
  var k2 = 0.0
  var p1 = 0.0
  var p2 = 0.0
  var k3 = 0.0
  var k4 = 0.0
  var k5 = 0.0
  var k6 = 0.0

  static let fields: [Field<DistortionSpec>] = [
    Field("k1", \.k1, "Radial, with the square of the distance from the axis; below 0 is a barrel. Default: 0."),
    Field("k2", \.k2, "Radial, with the fourth power. Default: 0."),
    Field("p1", \.p1, "Tangential. Default: 0."),
    Field("p2", \.p2, "Tangential. Default: 0."),
    Field("k3", \.k3, "Radial, with the sixth power. Default: 0."),
    Field("k4", \.k4, "Like `k1`, below the line of OpenCV's rational model. Default: 0."),
    Field("k5", \.k5, "Like `k2`, below the line. Default: 0."),
    Field("k6", \.k6, "Like `k3`, below the line. Default: 0."),
  ]

  static var grammar: Grammar { .record("Distortion") { fieldGrammars } }

  var lens: BrownConrady { BrownConrady(k: [k1, k2, k3, k4, k5, k6], p1: p1, p2: p2) }
}

/// `camera: fisheye:`
struct FisheyeSpec: DocumentRecord {
  var k1 = 0.0
  var k2 = 0.0
  var k3 = 0.0
  var k4 = 0.0
  var circle = 360.0

  static let fields: [Field<FisheyeSpec>] = [
    Field("k1", \.k1, "With the third power of the angle from the axis; all 0 is the equidistant lens. Default: 0."),
    Field("k2", \.k2, "With the fifth power. Default: 0."),
    Field("k3", \.k3, "With the seventh power. Default: 0."),
    Field("k4", \.k4, "With the ninth power. Default: 0."),
    Field(
      "circle", \.circle, "Degrees that the lens shows from side to side; black beyond. Default: all there is.",
      in: .closed(1, 360)),
  ]

  static var grammar: Grammar { .record("Fisheye") { fieldGrammars } }

  var lens: KannalaBrandt { KannalaBrandt(k: [k1, k2, k3, k4], limit: circle.degreesInRadians / 2) }
}

/// `camera: lens:`
struct LensSpec: DocumentRecord {
  var fNumber: Double?
  var focusDistance: Double?
  var naturalVignetting = 0.0
  var vignetting = Vector3()
  var chromaticAberration = Vector2()

  static let fields: [Field<LensSpec>] = [
    Field(
      "f_number", \.fNumber, "Focal length over the aperture; with `focus_distance` it blurs what is out of focus.",
      in: .closed(0.5, 256)),
    Field(
      "focus_distance", \.focusDistance, "Metres to the plane that is sharp. Default: everything is.", in: .positive),
    Field(
      "natural_vignetting", \.naturalVignetting,
      "The share of the cosine-to-the-fourth darkening towards the corners. Default: 0.", in: .unit),
    Field(
      "vignetting", \.vignetting,
      "[v1, v2, v3]: transmission 1 + v1 q + v2 q^2 + v3 q^3, q from 0 in the middle to 1 in the farthest corner. Default: none.",
      in: .closed(-4, 4)),
    Field(
      "chromatic_aberration", \.chromaticAberration,
      "By how much red and blue are drawn larger than green; 0.001 is a usual lens. Default: [0, 0].",
      in: .closed(-0.05, 0.05)),
  ]

  static var grammar: Grammar { .record("Lens") { fieldGrammars } }
}

/// `camera: shutter:`
struct ShutterSpec: DocumentRecord {
  var time = 0.0
  var readout = 0.0
  var samples = 8

  static let fields: [Field<ShutterSpec>] = [
    Field(
      "time", \.time, "Seconds that each row is exposed for; things that move smear. Default: 0.", in: .closed(0, 60)),
    Field(
      "readout", \.readout, "Seconds from the first row to the last: a rolling shutter. Default: 0.", in: .closed(0, 60)
    ),
    Field(
      "samples", \.samples,
      "Pictures drawn within that time, each at the full price, where something moves. Default: 8.", in: .closed(2, 256)
    ),
  ]

  static var grammar: Grammar { .record("Shutter") { fieldGrammars } }

  var shutter: Shutter {
    var s = Shutter()
    (s.time, s.readout, s.samples) = (time, readout, samples)
    return s
  }
}

/// `camera: metering:`
struct MeteringSpec: DocumentRecord {
  var ev100: Double?
  var isManual = false
  var luminance = 1.0

  static let fields: [Field<MeteringSpec>] = [
    Field("ev100", \.ev100, "The exposure value at ISO 100 that the camera is set for.", in: .closed(-24, 32)),
    Field(
      "manual", \.isManual,
      "Takes it from the lens's f_number, the shutter's time and the sensor's iso. Default: false."),
    Field(
      "luminance", \.luminance, "Candela a square metre that a radiance of 1 stands for. Default: 1.", in: .positive),
  ]

  static var grammar: Grammar { .record("Metering") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard (ev100 != nil) != isManual else {
      throw DocumentError(
        node.mark, found: isManual ? "ev100 and manual" : "neither ev100 nor manual", expected: "one of the two")
    }
  }
}
