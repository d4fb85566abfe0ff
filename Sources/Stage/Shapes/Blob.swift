import Documents
import Geometry

/// A ball whose surface is moved in and out by noise: stones, potatoes, clay.
public struct Blob: Shape {
  /// In metres, before the noise.
  public var radius = 0.5
  /// How far the surface moves, as a fraction of the radius.
  public var amplitude = 0.25
  /// Bumps across the diameter, about.
  public var frequency = 2.0
  public var octaves = 3
  public var seed = 0
  public var segments = 64
  public var rings = 32

  public init() {}

  public init(
    radius: Double, amplitude: Double = 0.25, frequency: Double = 2, octaves: Int = 3, seed: Int = 0,
    segments: Int = 64, rings: Int = 32
  ) {
    self.radius = radius
    self.amplitude = amplitude
    self.frequency = frequency
    self.octaves = octaves
    self.seed = seed
    self.segments = segments
    self.rings = rings
  }

  public static let manual = Manual(
    name: "blob",
    summary: "A ball whose surface is moved in and out by noise: stones, potatoes, lumps of clay; about the origin.",
    sample: """
      blob:
        radius: 0.03
        amplitude: 0.3
        frequency: 2
        seed: {$integer: [0, 1000]}
      """,
    limits: "Star-shaped: every part of the surface is seen from the middle. u runs around the z axis, v from top to "
      + "bottom by angle.")

  public static let fields: [Field<Blob>] = [
    Field("radius", \.radius, "Radius in metres before the noise; default 0.5.", in: ShapeBound.length),
    Field(
      "amplitude", \.amplitude, "How far the surface moves, as a fraction of the radius; 0 to 0.8, default 0.25.",
      in: .closed(0, 0.8)),
    Field("frequency", \.frequency, "Bumps across, about; 0.1 to 32, default 2.", in: .closed(0.1, 32)),
    Field("octaves", \.octaves, "Octaves of noise, each twice as fine as the last; default 3.", in: .closed(1, 6)),
    Field("seed", \.seed, "Which blob; default 0.", in: .closed(0, 4_294_967_295)),
    Field("segments", \.segments, "Steps around the z axis; default 64.", in: ShapeBound.segments),
    Field("rings", \.rings, "Bands from pole to pole; default 32.", in: ShapeBound.rings),
  ]

  public func makeMesh() -> Mesh {
    let noise = VolumeNoise(frequency: frequency / 2, octaves: octaves, seed: UInt32(truncatingIfNeeded: seed))
    let around = (0...segments).map { circlePoint($0, of: segments) }
    let upright = (0...rings).map { circlePoint($0, of: 2 * rings) }
    var surface = SurfaceBuilder(scale: Vector3(repeating: radius))
    surface.sheet(columns: segments, rows: rings) { i, j in
      let d = Vector3(around[i] * upright[j].y, upright[j].x)
      // Off the lattice, on which the noise is 0 and a ball of whole size has its poles.
      let (value, gradient) = noise.value(d + Vector3(0.37, 0.73, 0.19))
      let reach = 1 + amplitude * value
      // The gradient of |p| - reach(p / |p|).
      let slope = gradient * amplitude
      let normal = d - (slope - d * dot(d, slope)) / reach
      let u = (Double(i) + (j == 0 ? 0.5 : j == rings ? -0.5 : 0)) / Double(segments)
      return .init(position: d * reach, normal: normal, uv: Vector2(u, Double(j) / Double(rings)))
    }
    return surface.mesh()
  }
}
