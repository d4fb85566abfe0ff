import Documents
import Geometry

/// Ground that rises and falls: by noise, or by given heights.
public struct HeightField: Shape {
  /// Extents along x and y in metres.
  public var size = Vector2(1, 1)
  /// Heights row by row from the far side (+y), west to east, in metres; none for noise.
  public var heights: [[Double]] = []
  /// Of the noise, in metres.
  public var amplitude = 0.1
  /// Hills across the longer side, about.
  public var frequency = 4.0
  public var octaves = 4
  public var seed = 0
  /// Steps along the longer side, for noise.
  public var segments = 96
  /// Of the solid under the lowest point, in metres; 0 for a surface alone.
  public var base = 0.0

  public init() {}

  public init(
    size: Vector2, amplitude: Double = 0.1, frequency: Double = 4, octaves: Int = 4, seed: Int = 0, segments: Int = 96,
    base: Double = 0
  ) {
    self.size = size
    self.amplitude = amplitude
    self.frequency = frequency
    self.octaves = octaves
    self.seed = seed
    self.segments = segments
    self.base = base
  }

  public init(size: Vector2, heights: [[Double]], base: Double = 0) {
    self.size = size
    self.heights = heights
    self.base = base
  }

  public static let manual = Manual(
    name: "height_field",
    summary: "Ground that rises and falls, by noise or by given heights; the middle of its bounds along x and y is the "
      + "origin, and z = 0 is the noise's mean.",
    sample: """
      height_field:
        size: [2, 2]
        amplitude: 0.08
        frequency: 5
        seed: 3
        base: 0.1
      """,
    limits: "Without a base it is an open surface, seen from above. No overhangs. The texture is laid on from above.")

  public static let fields: [Field<HeightField>] = [
    Field("size", \.size, "Extents along x and y in metres; default [1, 1].", in: ShapeBound.length),
    Field(
      "heights", \.heights,
      "Heights in metres, rows from +y to -y, each from -x to +x; 2 to 1024 rows of one length. "
        + "Default: noise."),
    Field("amplitude", \.amplitude, "Height of the noise in metres; default 0.1.", in: .closed(0, 1e6)),
    Field("frequency", \.frequency, "Hills along the longer side, about; default 4.", in: .closed(0.1, 256)),
    Field("octaves", \.octaves, "Octaves of noise, each twice as fine as the last; default 4.", in: .closed(1, 8)),
    Field("seed", \.seed, "Which ground; default 0.", in: .closed(0, 4_294_967_295)),
    Field("segments", \.segments, "Steps along the longer side, for noise; default 96.", in: .closed(1, 1024)),
    Field(
      "base", \.base, "Thickness of the solid below the lowest point in metres; default 0, none.", in: .closed(0, 1e6)),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    guard !heights.isEmpty else { return }
    let width = heights[0].count
    guard (2...1024).contains(heights.count), (2...1024).contains(width), heights.allSatisfy({ $0.count == width })
    else {
      throw DocumentError(
        (node["heights"] ?? node).mark, found: "\(heights.count) rows, the first of \(width) heights",
        expected: "2 to 1024 rows of 2 to 1024 heights, all of one length", path: "heights")
    }
    guard heights.allSatisfy({ $0.allSatisfy { abs($0) <= 1e6 } }) else {
      throw DocumentError(
        (node["heights"] ?? node).mark, found: "a height beyond 1e6", expected: "heights within 1e6", path: "heights")
    }
  }

  public func makeMesh() -> Mesh {
    let longer = max(size.x, size.y)
    func steps(_ length: Double) -> Int { max(1, Int((Double(segments) * length / longer).rounded(.up))) }
    let given = !heights.isEmpty
    let columns = given ? heights[0].count - 1 : steps(size.x)
    let rows = given ? heights.count - 1 : steps(size.y)
    let noise = VolumeNoise(frequency: frequency / longer, octaves: octaves, seed: UInt32(truncatingIfNeeded: seed))
    func place(_ i: Int, _ j: Int) -> Vector2 {
      Vector2((Double(i) / Double(columns) - 0.5) * size.x, (0.5 - Double(j) / Double(rows)) * size.y)
    }
    func height(_ i: Int, _ j: Int) -> (z: Double, slope: Vector2) {
      if given {
        let (west, east) = (max(i - 1, 0), min(i + 1, columns))
        let (north, south) = (max(j - 1, 0), min(j + 1, rows))
        return (
          heights[j][i],
          Vector2(
            (heights[j][east] - heights[j][west]) / (place(east, j).x - place(west, j).x),
            (heights[north][i] - heights[south][i]) / (place(i, north).y - place(i, south).y))
        )
      }
      // Between lattice planes, where the noise is not 0.
      let (value, gradient) = noise.value(Vector3(place(i, j), 0.37 * longer / frequency))
      return (amplitude * value, Vector2(gradient.x, gradient.y) * amplitude)
    }
    var surface = SurfaceBuilder()
    var lowest = Double.infinity
    surface.sheet(columns: columns, rows: rows) { i, j in
      let (z, slope) = height(i, j)
      lowest = min(lowest, z)
      let uv = Vector2(Double(i) / Double(columns), Double(j) / Double(rows))
      return .init(position: Vector3(place(i, j), z), normal: Vector3(-slope.x, -slope.y, 1), uv: uv)
    }
    if base > 0 { addBase(columns, rows, place, { height($0, $1).z }, lowest - base, &surface) }
    return surface.mesh()
  }

  /// Four walls and a floor. The walls run counter-clockwise seen from above.
  private func addBase(
    _ columns: Int, _ rows: Int, _ place: (Int, Int) -> Vector2, _ height: (Int, Int) -> Double, _ floor: Double,
    _ surface: inout SurfaceBuilder
  ) {
    let south = (0...columns).map { ($0, rows) }
    let east = (0...rows).reversed().map { (columns, $0) }
    let north = (0...columns).reversed().map { ($0, 0) }
    let west = (0...rows).map { (0, $0) }
    let longer = max(size.x, size.y)
    var rim: [Vector2] = []
    for (wall, normal) in [
      (south, Vector3(0, -1, 0)), (east, Vector3(1, 0, 0)), (north, Vector3(0, 1, 0)), (west, Vector3(-1, 0, 0)),
    ] {
      surface.sheet(columns: wall.count - 1, rows: 1) { i, j in
        let (column, row) = wall[i]
        let p = place(column, row)
        let z = j == 0 ? height(column, row) : floor
        let along = dot(cross(Vector3(0, 0, 1), normal), Vector3(p, 0)) / longer
        return .init(position: Vector3(p, z), normal: normal, uv: Vector2(along, -z / longer))
      }
      rim += wall.dropLast().map { place($0.0, $0.1) }
    }
    let down = Vector3(0, 0, -1)
    let centre = surface.vertex(Vector3(0, 0, floor), normal: down, uv: Vector2(0.5, 0.5))
    let corners = rim.map { p in
      surface.vertex(Vector3(p, floor), normal: down, uv: Vector2(0.5 + p.x / size.x, 0.5 + p.y / size.y))
    }
    for k in corners.indices { surface.triangle(centre, corners[(k + 1) % corners.count], corners[k]) }
  }
}
