// What a distribution was asked to draw, to be held against what came out. A distribution says it by conforming to
// `AskingDistribution`; one that does not (rotations, colours by hue) is shown by what came out alone.

import Documents
import Geometry
import Stage

/// What may be drawn at a place of a scene.
public enum AskedValues: Equatable, Sendable {
  /// Numbers between two ends, a range for each number of a list. `isEven` where all of the range is to be met, so that a set
  /// that leaves part of it empty is worth a warning; else the range is only a bound.
  case numbers([ClosedRange<Double>], isEven: Bool)
  /// A bell without ends: three standard deviations to either side of the mean, which 99.7 % fall into.
  case spread([ClosedRange<Double>])
  /// One of several, with the share of each; shares sum to 1.
  case options([String], shares: [Double])
}

/// A distribution that can say what it is asked for.
protocol AskingDistribution: Distribution {
  var asked: AskedValues { get }
}

extension TracedDraw {
  /// Its path with a star in place of the number of a population's copy: `objects.boxes[*].scale`, and `camera.target[1]`.
  public var parameter: String {
    guard path.hasSuffix(name) else { return path }
    return SceneCheck.generalized(String(path.dropLast(name.count))) + name
  }

  /// What the scene asks for at its place; nil where that is not the same for every draw (its parameters are drawn or worked
  /// out themselves), or the distribution cannot say it.
  public var asked: AskedValues? {
    guard let draw else { return variants }
    return switch draw.source {
    case .fixed(let distribution): (distribution as? any AskingDistribution)?.asked
    case .chooser(let chooser, _): (chooser as? any AskingDistribution)?.asked
    case .parametric, .parametricChooser, .covering: nil
    }
  }
}

extension AskedValues {
  /// Each number between its own ends.
  static func between(_ low: Quantity, _ high: Quantity, isEven: Bool = true) -> AskedValues {
    let n = Quantity.common(low, high) ?? 1
    return .numbers((0..<n).map { low.component($0)...max(high.component($0), low.component($0)) }, isEven: isEven)
  }

  static func around(_ center: Vector3, _ reach: Vector3) -> AskedValues {
    func range(_ c: Double, _ r: Double) -> ClosedRange<Double> { c - abs(r)...c + abs(r) }
    return .numbers(
      [range(center.x, reach.x), range(center.y, reach.y), range(center.z, reach.z)], isEven: false)
  }

  static func among(_ options: [Verbatim], _ weights: [Double]?) -> AskedValues {
    let weights = weights ?? options.map { _ in 1 }
    let sum = weights.reduce(0, +)
    return .options(options.map { AskedValues.line($0.node) }, shares: weights.map { sum > 0 ? $0 / sum : 0 })
  }

  /// A value on one line, the keys in order: the same however the scene is written.
  package static func line(_ node: Node) -> String {
    yaml(ordered(node)).split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
  }

  private static func ordered(_ node: Node) -> Node {
    switch node.content {
    case .sequence(let items): Node(.sequence(items.map(ordered)), mark: node.mark)
    case .mapping(let members):
      Node(
        .mapping(
          members.sorted { $0.key < $1.key }.map {
            Node.Member(key: $0.key, keyMark: $0.keyMark, value: ordered($0.value))
          }),
        mark: node.mark)
    default: node
    }
  }

  /// The same, cut where it is long.
  package static func short(_ line: String) -> String { line.count > 60 ? line.prefix(57) + "..." : line }
}

extension Uniform: AskingDistribution { var asked: AskedValues { .between(low, high) } }
// Its values are few where the range is wide.
extension LogUniform: AskingDistribution { var asked: AskedValues { .between(low, high, isEven: false) } }
extension TruncatedNormal: AskingDistribution { var asked: AskedValues { .numbers([low...high], isEven: false) } }
extension Beta: AskingDistribution { var asked: AskedValues { .numbers([low...high], isEven: false) } }
extension IntegerRange: AskingDistribution {
  var asked: AskedValues { .numbers([Double(low)...Double(high)], isEven: true) }
}

extension Normal: AskingDistribution {
  var asked: AskedValues {
    let n = Quantity.common(mean, deviation) ?? 1
    return .spread(
      (0..<n).map {
        mean.component($0) - 3 * deviation.component($0)...mean.component($0) + 3 * deviation.component($0)
      })
  }
}

extension Poisson: AskingDistribution {
  var asked: AskedValues {
    let reach = 3 * mean.squareRoot()
    return .spread([max(mean - reach, 0)...mean + reach])
  }
}

extension Curve: AskingDistribution {
  var asked: AskedValues {
    let x = points.map(\.x)
    return .numbers([(x.min() ?? 0)...(x.max() ?? 0)], isEven: false)
  }
}

extension Coin: AskingDistribution {
  var asked: AskedValues { .options(["false", "true"], shares: [1 - probability, probability]) }
}

extension Choice: AskingDistribution { var asked: AskedValues { .among(options, weights) } }
extension Quota: AskingDistribution { var asked: AskedValues { .among(options, shares) } }
extension Cycle: AskingDistribution { var asked: AskedValues { .among(options, nil) } }

extension PointInBox: AskingDistribution {
  var asked: AskedValues {
    .numbers(
      [(center.x, size.x), (center.y, size.y), (center.z, size.z)].map { $0.0 - abs($0.1) / 2...$0.0 + abs($0.1) / 2 },
      isEven: true)
  }
}

extension PointInBall: AskingDistribution {
  var asked: AskedValues { .around(center, Vector3(radius, radius, radius)) }
}

extension PointOnSphere: AskingDistribution {
  var asked: AskedValues { .around(center, Vector3(radius, radius, radius)) }
}

extension PointInDisc: AskingDistribution {
  var asked: AskedValues { .around(center, Vector3(radius, radius, radius)) }
}

extension PointInCylinder: AskingDistribution {
  var asked: AskedValues {
    let flat = AskedValues.around(center, Vector3(radius, radius, 0))
    guard case .numbers(var ranges, _) = flat else { return flat }
    ranges[2] = center.z + height.low...center.z + height.high
    return .numbers(ranges, isEven: false)
  }
}

extension Yaw: AskingDistribution { var asked: AskedValues { .numbers([low...max(high, low)], isEven: true) } }

extension RGBColor: AskingDistribution {
  var asked: AskedValues {
    let (a, b) = (low.linear, high.linear)
    return .numbers([(a.x, b.x), (a.y, b.y), (a.z, b.z)].map { min($0.0, $0.1)...max($0.0, $0.1) }, isEven: true)
  }
}
