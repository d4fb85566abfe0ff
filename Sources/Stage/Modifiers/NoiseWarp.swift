import Documents
import Geometry

/// Moves points by three independent noises: dents, wobbles, uneven surfaces.
public struct NoiseWarp: Modifier {
  /// How far points move at most, about, relative to the longest side of the bounds.
  public var amplitude = 0.05
  /// Bumps along the longest side, about.
  public var frequency = 3.0
  public var octaves = 2
  public var seed = 0

  public init() {}

  public init(amplitude: Double, frequency: Double = 3, octaves: Int = 2, seed: Int = 0) {
    self.amplitude = amplitude
    self.frequency = frequency
    self.octaves = octaves
    self.seed = seed
  }

  public static let manual = Manual(
    name: "noise",
    summary: "Moves the surface by noise, in all directions: dents, wobbles, things that are not quite straight.",
    sample: """
      noise:
        amplitude: {$uniform: [0, 0.04]}
        frequency: 3
        seed: {$integer: [0, 1000]}
      """,
    limits: "To keep the surface from folding over itself, amplitude times frequency is limited to 0.25.")

  public static let fields: [Field<NoiseWarp>] = [
    Field(
      "amplitude", \.amplitude, "How far points move, about, over the longest side of the bounds; default 0.05.",
      in: .closed(0, 1)),
    Field("frequency", \.frequency, "Bumps along the longest side, about; default 3.", in: .closed(0.1, 64)),
    Field(
      "octaves", \.octaves, "Octaves of noise, each twice as fine and half as strong; default 2.", in: .closed(1, 4)),
    Field("seed", \.seed, "Which noise; default 0.", in: .closed(0, 4_294_967_295)),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    guard amplitude * frequency <= 0.25 else {
      throw DocumentError(
        (node["amplitude"] ?? node["frequency"] ?? node).mark,
        found: "amplitude \(amplitude) with frequency \(frequency)",
        expected: "a product of at most 0.25")
    }
  }

  public func warp(lower: Vector3, upper: Vector3) -> Warp {
    let size = (upper - lower).max()
    guard size > 0, amplitude > 0 else { return { ($0, .identity) } }
    let noises = (0..<3).map { k in
      VolumeNoise(
        frequency: frequency / size, octaves: octaves,
        seed: UInt32(truncatingIfNeeded: seed) &+ UInt32(truncatingIfNeeded: k) &* 0x51ED_270B)
    }
    let reach = amplitude * size
    // From a corner of the bounds, off the lattice, so that the same object at another place has the same dents.
    let offset = Vector3(0.37, 0.73, 0.19) * (size / frequency) - lower
    return { p in
      let q = p + offset
      let (x, y, z) = (noises[0].value(q), noises[1].value(q), noises[2].value(q))
      let derivative = Matrix3(
        Vector3(1, 0, 0) + x.gradient * reach, Vector3(0, 1, 0) + y.gradient * reach,
        Vector3(0, 0, 1) + z.gradient * reach)
      return (p + Vector3(x.value, y.value, z.value) * reach, derivative)
    }
  }

  public func longestEdge(lower: Vector3, upper: Vector3) -> Double {
    // Eight edges a bump of the finest octave that matters.
    amplitude == 0 ? .infinity : max((upper - lower).max() / (frequency * Double(min(octaves, 2)) * 6), 1e-9)
  }
}
