import Documents
import Geometry

/// A colour of a scene, linear RGB inside. A list is linear RGB, a text `"#rrggbb"` is sRGB, a number is a linear grey.
public struct ColorValue: DocumentValue, Hashable {
  /// Each 0 or more; reflectances are at most 1.
  public var linear: Vector3

  public init(_ linear: Vector3) { self.linear = linear }

  public static let hexadecimal = "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"

  public static var grammar: Grammar { grammar(.nonNegative) }
  public static func grammar(_ bound: Bound) -> Grammar {
    .anyOf([
      .text("an sRGB colour, \"#rrggbb\"", pattern: hexadecimal), .list(.number(bound), count: 3), .number(bound),
    ])
  }

  public static func decode(_ node: Node) throws(DocumentError) -> ColorValue {
    switch node.content {
    case .string(let s):
      guard let code = sRGB(s) else {
        throw DocumentError(node, expected: "a colour: \"#rrggbb\" (sRGB) or [r, g, b] (linear)")
      }
      return ColorValue(code)
    case .integer, .real:
      let grey = try Double.decode(node)
      return ColorValue(Vector3(grey, grey, grey))
    case .sequence(let s) where s.count == 3: return ColorValue(try Vector3.decode(node))
    default: throw DocumentError(node, expected: "a colour: \"#rrggbb\" (sRGB) or [r, g, b] (linear)")
    }
  }

  public func check(_ bound: Bound, at node: Node) throws(DocumentError) {
    for x in [linear.x, linear.y, linear.z] where x < 0 || !bound.contains(x) {
      throw DocumentError(node, expected: "a colour with channels " + (bound == .unit ? "from 0 to 1" : "of 0 or more"))
    }
  }

  /// `#rgb` or `#rrggbb`.
  private static func sRGB(_ text: String) -> Vector3? {
    let bytes = Array(text.utf8)
    guard bytes.count == 4 || bytes.count == 7, bytes[0] == UInt8(ascii: "#") else { return nil }
    var digits: [Int] = []
    for c in bytes.dropFirst() {
      guard let d = Character(Unicode.Scalar(c)).hexDigitValue else { return nil }
      digits.append(d)
      if bytes.count == 4 { digits.append(d) }
    }
    func channel(_ k: Int) -> Double { ColorValue.linear(sRGB: Double(digits[2 * k] * 16 + digits[2 * k + 1]) / 255) }
    return Vector3(channel(0), channel(1), channel(2))
  }

  /// The sRGB transfer function (IEC 61966-2-1), from code value 0...1 to linear light.
  public static func linear(sRGB c: Double) -> Double {
    c <= 0.04045 ? c / 12.92 : StableMath.pow((c + 0.055) / 1.055, 2.4)
  }

  /// sRGB code values of a hue in degrees, a saturation and a value (Smith 1978), then linear.
  public static func hsv(hue: Double, saturation: Double, value: Double) -> ColorValue {
    let h = (hue / 60) - 6 * ((hue / 360).rounded(.down))
    func channel(_ n: Double) -> Double {
      let k = n + h < 6 ? n + h : n + h - 6
      return linear(sRGB: value * (1 - saturation * max(0, min(k, min(4 - k, 1)))))
    }
    return ColorValue(Vector3(channel(5), channel(3), channel(1)))
  }
}
