import Documents
import Geometry
import Imaging

/// What a surface is like at one point: colour, finish and relief.
public struct SurfacePoint: Hashable, Sendable {
  /// Linear RGB reflectance, 0 to 1.
  public var color = Vector3(0.5, 0.5, 0.5)
  /// Perceptual roughness, 0 to 1.
  public var roughness = 0.5
  /// 0 dielectric to 1 metal.
  public var metallic = 0.0
  /// Above the mean surface, in units of the texture's side.
  public var height = 0.0

  public init() {}

  /// Covers the surface by a share of another.
  mutating func cover(_ share: Double, color c: Vector3, roughness r: Double, metallic m: Double = 0) {
    color += (c - color) * share
    roughness += (r - roughness) * share
    metallic += (m - metallic) * share
  }
}

/// One layer of a procedural material, laid over those below it. It tiles in both directions. A layer is one file in
/// `Surfaces/`, one line in `surfaceRegistry` and one test that calls `checkSurface`.
public protocol SurfaceLayer: DocumentPart, Hashable {
  /// Changes the points of a row, at u = (i + 0.5) / count; a row at a time, so that noise is made by rows. Values have
  /// period 1 in both directions. Only arithmetic of `StableMath`.
  func lay(on row: inout [SurfacePoint], v: Double)
}

/// Every surface layer that a scene can name: one line each.
public let surfaceRegistry = PartRegistry<any SurfaceLayer>(
  kind: "surface layer",
  [
    .init(Plastic.self) { $0 },
    .init(Paint.self) { $0 },
    .init(BrushedMetal.self) { $0 },
    .init(Fabric.self) { $0 },
    .init(Concrete.self) { $0 },
    .init(Rust.self) { $0 },
    .init(Scratches.self) { $0 },
    .init(Dirt.self) { $0 },
  ])

/// The maps that layers make together.
public final class SurfaceMaps: Sendable {
  /// Linear RGB.
  public let color: Texture
  /// Data: green is roughness, blue is metallic.
  public let metallicRoughness: Texture
  /// Data: the normal as `2 * texel - 1`, x along u, y up the image, z outwards; nil where the surface is flat.
  public let normal: Texture?

  public var byteCount: Int { color.byteCount + metallicRoughness.byteCount + (normal?.byteCount ?? 0) }

  /// - Parameters:
  ///   - layers: from the lowest to the uppermost.
  ///   - resolution: texels a side, 1 to 8192.
  public init(_ layers: [any SurfaceLayer], resolution n: Int) {
    precondition((1...8192).contains(n), "a resolution from 1 to 8192")
    func code(_ x: Double) -> UInt16 { UInt16(min(max(x, 0), 1) * 65535 + 0.5) }
    var colors: [SIMD4<UInt16>] = []
    var finishes: [SIMD4<UInt16>] = []
    var heights: [Double] = []
    colors.reserveCapacity(n * n)
    finishes.reserveCapacity(n * n)
    heights.reserveCapacity(n * n)
    for y in 0..<n {
      var row = [SurfacePoint](repeating: SurfacePoint(), count: n)
      for layer in layers { layer.lay(on: &row, v: (Double(y) + 0.5) / Double(n)) }
      for p in row {
        colors.append(SIMD4(code(p.color.x), code(p.color.y), code(p.color.z), 65535))
        finishes.append(SIMD4(65535, code(p.roughness), code(p.metallic), 65535))
        heights.append(p.height)
      }
    }
    color = Texture(base: Plane(width: n, height: n, values: colors))
    metallicRoughness = Texture(base: Plane(width: n, height: n, values: finishes))
    let isFlat = heights.allSatisfy { $0 == heights[0] }
    normal = isFlat ? nil : SurfaceMaps.normals(heights, n)
  }

  /// Normals by central differences; heights and steps are in units of the texture's side.
  private static func normals(_ heights: [Double], _ n: Int) -> Texture {
    func code(_ x: Double) -> UInt16 { UInt16(min(max(x * 0.5 + 0.5, 0), 1) * 65535 + 0.5) }
    var texels: [SIMD4<UInt16>] = []
    texels.reserveCapacity(n * n)
    for y in 0..<n {
      let (above, below) = ((y + n - 1) % n * n, (y + 1) % n * n)
      for x in 0..<n {
        let (left, right) = ((x + n - 1) % n, (x + 1) % n)
        let alongU = (heights[y * n + right] - heights[y * n + left]) * Double(n) / 2
        // y of the normal points up the image, against v.
        let up = (heights[above + x] - heights[below + x]) * Double(n) / 2
        let slope = Vector3(-alongU, -up, 1)
        let normal = slope / slope.length
        texels.append(SIMD4(code(normal.x), code(normal.y), code(normal.z), 65535))
      }
    }
    return Texture(base: Plane(width: n, height: n, values: texels))
  }
}

/// Octaves of noise over a row, for layers.
func layerNoise(
  _ count: Int, v: Double, cells: Int, rows: Int? = nil, octaves: Int = 3, seed: Int, purpose: UInt32 = 0
) -> [Double] {
  OctaveNoise(
    columns: cells, rows: rows ?? cells, octaves: octaves, gain: 0.5,
    seed: UInt32(truncatingIfNeeded: seed) &+ purpose &* 0x9E37_79B9
  ).values(v: v, count: count)
}

extension Field where Root: SurfaceLayer {
  static func seed(_ path: any WritableKeyPath<Root, Int> & Sendable) -> Field {
    Field("seed", path, "Which of many alike; default 0.", in: PatternBound.seed)
  }
}
