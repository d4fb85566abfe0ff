import Documents
import Geometry

/// A distribution whose value moves within a sequence: no chance is in it, or other dice for each frame.
protocol MovingDistribution: Distribution {
  /// Whether it takes a scene with time.
  static var needsTime: Bool { get }
}

/// Values at moments, and a curve between them.
struct Keyframes: MovingDistribution {
  static let manual = Manual(
    name: "keyframes",
    summary: "A number or list of numbers that goes through given values at given seconds of the sequence.",
    sample: "{$keyframes: {keys: [[0, 1.5], [1, 2], [2.5, 0]], interpolation: smooth}}",
    limits:
      "No chance is in it: a function of the time. Takes `frames_per_sequence`. Components are interpolated one by "
      + "one, those of rotations too.")
  static let shorthand = Shorthand.whole("keys")
  static let needsTime = true

  enum Interpolation: String, DocumentWord { case smooth, linear, step }

  var keys: [Key] = []
  var interpolation = Interpolation.smooth
  var loop = false

  /// A moment, and the value then.
  struct Key: DocumentValue, Hashable {
    var seconds: Double
    var value: Quantity

    static var grammar: Grammar { .list(.anyOf([.number(.any), .list(.number(.any), count: nil)]), count: 2) }

    static func decode(_ node: Node) throws(DocumentError) -> Key {
      guard case .sequence(let pair) = node.content, pair.count == 2 else {
        throw DocumentError(node, expected: "a pair [seconds, value]")
      }
      return Key(seconds: try Double.decode(pair[0]), value: try Quantity.decode(pair[1]))
    }
  }

  static let fields: [Field<Keyframes>] = [
    Field(
      "keys", \.keys, "Pairs [seconds, value], the seconds rising; before and after them it holds.", required: true),
    Field(
      "interpolation", \.interpolation,
      "smooth: a Catmull-Rom curve through the values; linear: straight; step: holds until the next. Default: smooth."),
    Field(
      "loop", \.loop,
      "Whether it begins again with the first key at the last key's time; smooth there too where both have one value. "
        + "Default: false."),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    let list = node["keys"] ?? node
    guard let first = keys.first else { throw DocumentError(list, expected: "at least one pair [seconds, value]") }
    for (a, b) in zip(keys, keys.dropFirst()) where !(a.seconds < b.seconds) {
      throw DocumentError(list.mark, found: "\(b.seconds) s behind \(a.seconds) s", expected: "seconds that rise")
    }
    guard
      keys.allSatisfy({ $0.value.isList == first.value.isList && $0.value.values.count == first.value.values.count })
    else { throw DocumentError(list, expected: "values of one length") }
  }

  func draw(_ random: inout RandomStream) -> Node.Content {
    let values = value(at: random.moment.seconds)
    return keys[0].value.isList ? .reals(values) : .real(values[0])
  }

  func value(at seconds: Double) -> [Double] {
    var t = seconds
    let (first, last) = (keys[0], keys[keys.count - 1])
    if loop, last.seconds > first.seconds, t > first.seconds {
      t = first.seconds + (t - first.seconds).truncatingRemainder(dividingBy: last.seconds - first.seconds)
    }
    guard let next = keys.firstIndex(where: { $0.seconds > t }), next > 0 else {
      return t < first.seconds ? first.value.values : last.value.values
    }
    let (a, b) = (keys[next - 1], keys[next])
    let span = b.seconds - a.seconds
    let u = (t - a.seconds) / span
    return a.value.values.indices.map { c in
      let (p, q) = (a.value.values[c], b.value.values[c])
      switch interpolation {
      case .step: return p
      case .linear: return p * (1 - u) + q * u
      case .smooth:
        // Hermite's cubic with the slopes of Catmull and Rom (1974): through the neighbours, at the ends through the piece. A
        // loop that ends where it begins has neighbours there too, one round away.
        let isRound = loop && keys.count > 2 && first.value == last.value
        let round = last.seconds - first.seconds
        let wraps = (before: next == 1 && isRound, after: next + 1 == keys.count && isRound)
        let before = wraps.before ? keys[keys.count - 2] : next >= 2 ? keys[next - 2] : a
        let after = wraps.after ? keys[1] : next + 1 < keys.count ? keys[next + 1] : b
        let from = before.seconds - (wraps.before ? round : 0)
        let to = after.seconds + (wraps.after ? round : 0)
        let m0 = (q - before.value.values[c]) / (b.seconds - from) * span
        let m1 = (after.value.values[c] - p) / (to - a.seconds) * span
        let (u2, u3) = (u * u, u * u * u)
        return p + (u3 - 2 * u2 + u) * m0 + (3 * u2 - 2 * u3) * (q - p) + (u3 - u2) * m1
      }
    }
  }
}
