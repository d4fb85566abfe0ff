import Documents
import Stage

/// Colours by hue, saturation and value.
struct HSVColor: Distribution {
  static let manual = Manual(
    name: "hsv", summary: "A colour whose hue, saturation and value lie in given ranges.",
    sample: "{$hsv: {hue: [0, 360], saturation: [0.5, 0.9], value: [0.6, 1]}}",
    limits: "Uniform in the three coordinates, which is not uniform to the eye.")
  static let shorthand = Shorthand.none

  var hue = Range2(0, 360)
  var saturation = Range2(0, 1)
  var value = Range2(0, 1)

  static let fields: [Field<HSVColor>] = [
    Field("hue", \.hue, "Degrees: 0 red, 120 green, 240 blue; may run beyond 360. Default: [0, 360]."),
    Field("saturation", \.saturation, "0 grey to 1 pure. Default: [0, 1].", in: .unit),
    Field("value", \.value, "0 black to 1 bright, as sRGB code value. Default: [0, 1].", in: .unit),
  ]

  func draw(_ random: inout RandomStream) -> Node.Content {
    let h = hue.draw(&random)
    let s = saturation.draw(&random)
    let v = value.draw(&random)
    let c = ColorValue.hsv(hue: h, saturation: s, value: v).linear
    return .reals([c.x, c.y, c.z])
  }
}
