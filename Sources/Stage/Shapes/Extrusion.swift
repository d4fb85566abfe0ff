import Documents
import Geometry

/// A flat outline raised to a solid: signs, profiles, plates with holes.
public struct Extrusion: Shape {
  /// The outline in the xy plane, in metres, either way round.
  public var outline = [Vector2(-0.5, -0.5), Vector2(0.5, -0.5), Vector2(0.5, 0.5), Vector2(-0.5, 0.5)]
  public var holes: [[Vector2]] = []
  /// Along z, in metres.
  public var height = 0.2
  /// Walls have an edge where the outline turns by more degrees than this.
  public var crease = 30.0

  public init() {}

  public init(outline: [Vector2], holes: [[Vector2]] = [], height: Double, crease: Double = 30) {
    self.outline = outline
    self.holes = holes
    self.height = height
    self.crease = crease
  }

  public static let manual = Manual(
    name: "extrusion",
    summary: "A flat outline in the xy plane, with holes, raised to a solid from z = -height/2 to height/2.",
    sample: """
      extrusion:
        outline: [[0, 0], [0.06, 0], [0.06, 0.02], [0.02, 0.02], [0.02, 0.06], [0, 0.06]]
        holes: [[[0.005, 0.005], [0.015, 0.005], [0.01, 0.015]]]
        height: 0.01
      """,
    limits: """
      Outlines must not cross or touch. The texture lies flat on both ends, one picture for the longer side of the \
      outline's bounds, and at the same scale on the walls.
      """)

  public static let fields: [Field<Extrusion>] = [
    Field("outline", \.outline, "The outline as [x, y] in metres, 3 points or more; either way round.", required: true),
    Field("holes", \.holes, "Outlines of holes; all points together are at most 512. Default: none."),
    Field("height", \.height, "Height along z in metres; default 0.2.", in: ShapeBound.length),
    Field(
      "crease", \.crease, "Walls have an edge where the outline turns by more than this, in degrees; default 30.",
      in: .closed(0, 180)),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    if let fault = PolygonTriangles.fault(outer: outline, holes: holes) {
      throw DocumentError(
        (node["outline"] ?? node).mark, found: fault, expected: "outlines of an area, apart from each other")
    }
  }

  public func makeMesh() -> Mesh {
    var surface = SurfaceBuilder()
    surface.extrude(Plate(outline: outline, holes: holes, crease: crease), from: -height / 2, to: height / 2)
    return surface.mesh()
  }
}

/// A flat piece with holes.
struct Plate {
  /// Counter-clockwise.
  var outline: [Vector2]
  /// Clockwise.
  var holes: [[Vector2]]
  /// Degrees.
  var crease: Double
  /// Holes that have no walls of the plate's own.
  var openHoles: Set<Int> = []

  init(outline: [Vector2], holes: [[Vector2]], crease: Double, openHoles: Set<Int> = []) {
    self.outline = PolygonTriangles.doubleArea(outline) > 0 ? outline : outline.reversed()
    self.holes = holes.map { PolygonTriangles.doubleArea($0) < 0 ? $0 : $0.reversed() }
    self.crease = crease
    self.openHoles = openHoles
  }
}

extension SurfaceBuilder {
  /// The walls and both ends of a plate. `pose` puts points of the plate where they belong; it keeps lengths and
  /// handedness.
  mutating func extrude(
    _ plate: Plate, from bottom: Double, to top: Double,
    pose: (Vector3) -> Vector3 = { $0 }, turn: (Vector3) -> Vector3 = { $0 }
  ) {
    var lower = Vector2(repeating: .infinity)
    var upper = Vector2(repeating: -.infinity)
    for p in plate.outline {
      lower = pointwiseMin(lower, p)
      upper = pointwiseMax(upper, p)
    }
    let length = max(upper.x - lower.x, upper.y - lower.y)
    let rings = [plate.outline] + plate.holes
    for (r, ring) in rings.enumerated() where r == 0 || !plate.openHoles.contains(r - 1) {
      // An outline has the solid on its right: against the sense of area.
      let outline = Outline(points: ring.reversed(), isClosed: true, crease: plate.crease)
      for run in outline.runs {
        var last: (top: UInt32, bottom: UInt32)?
        for c in run {
          // Seen from outside, the way runs to the left.
          let u = (1 - c.along) * outline.length / length
          let normal = turn(Vector3(c.normal, 0))
          let new = (
            top: vertex(pose(Vector3(c.position, top)), normal: normal, uv: Vector2(u, 0)),
            bottom: vertex(pose(Vector3(c.position, bottom)), normal: normal, uv: Vector2(u, (top - bottom) / length))
          )
          if let last { quad(new.top, new.bottom, last.bottom, last.top) }
          last = new
        }
      }
    }
    let points = rings.flatMap { $0 }
    var start = plate.outline.count
    let holes = plate.holes.map { hole -> [Int] in
      defer { start += hole.count }
      return Array(start..<start + hole.count)
    }
    let triangles = PolygonTriangles.triangles(points, outer: Array(plate.outline.indices), holes: holes)
    for side in [1.0, -1.0] {
      let corners = points.map { p in
        vertex(
          pose(Vector3(p, side > 0 ? top : bottom)), normal: turn(Vector3(0, 0, side)),
          uv: Vector2(side > 0 ? p.x - lower.x : upper.x - p.x, upper.y - p.y) / length)
      }
      for (a, b, c) in triangles {
        if side > 0 {
          triangle(corners[a], corners[b], corners[c])
        } else {
          triangle(corners[a], corners[c], corners[b])
        }
      }
    }
  }
}
