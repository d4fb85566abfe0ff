import Documents
import Geometry

/// The colours of glowing bodies and of daylight.
struct ColorTemperature: Distribution {
  static let manual = Manual(
    name: "temperature", summary: "The colour of a black body, its largest channel 1: lamps are warm, the sky is cold.",
    sample: "{$temperature: [2700, 6500]}",
    limits: "Uniform in the temperature. Chromaticity to 0.01 of the Planckian locus.")
  static let shorthand = Shorthand.fields(["low", "high"])

  var low = 6500.0
  var high = 6500.0

  static let range = Bound.closed(1667, 25000)

  static let fields: [Field<ColorTemperature>] = [
    Field("low", \.low, "Kelvin.", required: true, in: range),
    Field("high", \.high, "Kelvin.", required: true, in: range),
  ]

  func validate(_ node: Node) throws(DocumentError) { try checkOrder(Quantity(low), Quantity(high), at: node) }

  func draw(_ random: inout RandomStream) -> Node.Content {
    let c = ColorTemperature.color(random.uniform(low, high))
    return .reals([c.x, c.y, c.z])
  }

  /// Linear RGB with largest channel 1, from the cubic fit of the Planckian locus (Kim et al., US patent 7,024,034).
  static func color(_ kelvin: Double) -> Vector3 {
    let t = 1000 / kelvin
    let x =
      kelvin <= 4000
      ? ((-0.266_123_9 * t - 0.234_358_0) * t + 0.877_695_6) * t + 0.179_910
      : ((-3.025_846_9 * t + 2.107_037_9) * t + 0.222_634_7) * t + 0.240_390
    let y =
      if kelvin <= 2222 {
        ((-1.106_381_4 * x - 1.348_110_20) * x + 2.185_558_32) * x - 0.202_196_83
      } else if kelvin <= 4000 {
        ((-0.954_947_6 * x - 1.374_185_93) * x + 2.091_370_15) * x - 0.167_488_67
      } else {
        ((3.081_758_0 * x - 5.873_386_70) * x + 3.751_129_97) * x - 0.370_014_83
      }
    let (cx, cz) = (x / y, (1 - x - y) / y)
    let rgb = Vector3(
      3.240_625_5 * cx - 1.537_208_0 - 0.498_628_6 * cz, -0.968_930_7 * cx + 1.875_756_1 + 0.041_517_5 * cz,
      0.055_710_1 * cx - 0.204_021_1 + 1.056_995_9 * cz)
    let clipped = Vector3(max(rgb.x, 0), max(rgb.y, 0), max(rgb.z, 0))
    return clipped / max(clipped.x, max(clipped.y, clipped.z))
  }
}
