import Documents
import Geometry

/// An angle of sheet metal with screw holes.
public struct Bracket: Shape {
  /// Along x and along z, in metres.
  public var legs = Vector2(0.06, 0.04)
  /// Along y, in metres.
  public var width = 0.03
  public var thickness = 0.003
  /// Holes in each leg.
  public var holes = 2
  /// In metres.
  public var holeDiameter = 0.006

  public init() {}

  public init(
    legs: Vector2, width: Double, thickness: Double, holes: Int = 2, holeDiameter: Double = 0.006
  ) {
    self.legs = legs
    self.width = width
    self.thickness = thickness
    self.holes = holes
    self.holeDiameter = holeDiameter
  }

  public static let manual = Manual(
    name: "bracket",
    summary: "An angle of sheet metal with screw holes: one leg lies along +x, the other stands along +z, their outer "
      + "corner along y through the origin.",
    sample: """
      bracket:
        legs: [0.06, 0.04]
        width: 0.03
        thickness: 0.003
        holes: 2
      """,
    limits: "The legs are two solids that overlap by 1/64 of the thickness; the corner is sharp.")

  public static let fields: [Field<Bracket>] = [
    Field("legs", \.legs, "Lengths along x and along z in metres; default [0.06, 0.04].", in: ShapeBound.length),
    Field("width", \.width, "Width along y in metres; default 0.03.", in: ShapeBound.length),
    Field("thickness", \.thickness, "Of the sheet, in metres; default 0.003.", in: ShapeBound.length),
    Field("holes", \.holes, "Holes in each leg, 0 to 8; default 2.", in: .closed(0, 8)),
    Field("hole_diameter", \.holeDiameter, "In metres; default 0.006.", in: ShapeBound.length),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    guard thickness < 0.5 * legs.min() else {
      throw DocumentError(
        (node["thickness"] ?? node).mark, found: "a sheet of \(thickness) with legs of \(legs.x) and \(legs.y)",
        expected: "a sheet thinner than half of the shorter leg")
    }
    let room = (legs.min() - thickness) / Double(max(holes, 1))
    guard holes == 0 || holeDiameter < 0.9 * min(room, width) else {
      throw DocumentError(
        (node["hole_diameter"] ?? node["holes"] ?? node).mark,
        found: "\(holes) holes of diameter \(holeDiameter) in a leg", expected: "room for them")
    }
  }

  private static let segments = 32

  /// A leg from `start` to `end` with its holes beyond the other leg's thickness.
  private func leg(from start: Double, to end: Double) -> Plate {
    let step = (end - thickness) / Double(max(holes, 1))
    let rings = (0..<holes).map { k in
      let centre = Vector2(thickness + step * (Double(k) + 0.5), 0)
      return (0..<Bracket.segments).map { centre + circlePoint($0, of: Bracket.segments) * (holeDiameter / 2) }
    }
    let half = width / 2
    return Plate(
      outline: [Vector2(start, -half), Vector2(end, -half), Vector2(end, half), Vector2(start, half)], holes: rings,
      crease: 30)
  }

  public func makeMesh() -> Mesh {
    var surface = SurfaceBuilder()
    surface.extrude(leg(from: 0, to: legs.x), from: 0, to: thickness)
    // Upright: x becomes z, and z becomes -x.
    let turn: (Vector3) -> Vector3 = { Vector3(-$0.z, $0.y, $0.x) }
    surface.extrude(
      leg(from: thickness * (63.0 / 64), to: legs.y), from: -thickness, to: 0, pose: turn, turn: turn)
    return surface.mesh()
  }
}
