import Documents
import Geometry

/// A spur gear with straight flanks.
public struct Gear: Shape {
  public var teeth = 20
  /// Of the pitch circle, in metres.
  public var diameter = 0.05
  /// Along z, in metres.
  public var height = 0.01
  /// Diameter of the hole in the middle, in metres; 0 for none.
  public var bore = 0.01

  public init() {}

  public init(teeth: Int, diameter: Double, height: Double, bore: Double) {
    self.teeth = teeth
    self.diameter = diameter
    self.height = height
    self.bore = bore
  }

  public static let manual = Manual(
    name: "gear",
    summary: "A spur gear with a hole along z, centred at the origin.",
    sample: """
      gear:
        teeth: 18
        diameter: 0.04
        height: 0.008
        bore: 0.008
      """,
    limits: "Teeth have straight flanks in the proportions of standard gears (height 2.25 modules), not involutes.")

  public static let fields: [Field<Gear>] = [
    Field("teeth", \.teeth, "Number of teeth; 6 to 100, default 20.", in: .closed(6, 100)),
    Field("diameter", \.diameter, "Diameter of the pitch circle in metres; default 0.05.", in: ShapeBound.length),
    Field("height", \.height, "Thickness along z in metres; default 0.01.", in: ShapeBound.length),
    Field("bore", \.bore, "Diameter of the hole in metres, 0 for none; default 0.01.", in: .closed(0, 1e6)),
  ]

  /// Radius at the teeth's feet: 1.25 modules below the pitch circle.
  private var footRadius: Double { diameter / 2 - 1.25 * diameter / Double(teeth) }

  public func validate(_ node: Node) throws(DocumentError) {
    guard bore < 1.8 * footRadius, bore == 0 || bore >= 1e-6 else {
      throw DocumentError(
        (node["bore"] ?? node).mark, found: "a bore of \(bore) in a gear whose teeth stand on \(2 * footRadius)",
        expected: "0, or a bore of at most nine tenths of that")
    }
  }

  public func makeMesh() -> Mesh {
    let module = diameter / Double(teeth)
    let (foot, tip) = (footRadius, diameter / 2 + module)
    var outline: [Vector2] = []
    for k in 0..<teeth {
      // In sixteenths of a tooth: from the gap up a flank, over the tip and down.
      for (part, radius) in [(2, foot), (5, tip), (10, tip), (13, foot)] {
        outline.append(circlePoint(16 * k + part, of: 16 * teeth) * radius)
      }
    }
    let hole = bore > 0 ? [(0..<48).map { circlePoint($0, of: 48) * (bore / 2) }] : []
    var surface = SurfaceBuilder()
    surface.extrude(Plate(outline: outline, holes: hole, crease: 20), from: -height / 2, to: height / 2)
    return surface.mesh()
  }
}
