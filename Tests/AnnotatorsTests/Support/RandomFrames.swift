import Geometry
import Imaging
import Stage

@testable import Annotators

extension Camera {
  /// A camera at `eye` that looks at `target`, world +z up.
  static func looking(
    from eye: Vector3, at target: Vector3 = Vector3(), _ width: Int, _ height: Int, f: Double, near: Double = 0.01
  ) -> Camera {
    let r = lookAt(eye: eye, target: target, up: Vector3(0, 0, 1)) ?? .identity
    return Camera(
      fx: f, fy: f, cx: Double(width) / 2, cy: Double(height) / 2, rotation: r, translation: -(r * eye), near: near)
  }
}

extension Instance {
  init(
    id: Int, _ mesh: Mesh, at position: Vector3 = Vector3(), _ linear: Matrix3 = .identity, category: Int = 1,
    material: Material = Material(), name: String? = nil
  ) {
    self.init(
      id: UInt32(id), category: id == 0 ? 0 : category, name: name ?? "things[\(id)]", mesh: mesh,
      objectToWorld: AffineTransform(linear: linear, translation: position),
      materials: Array(repeating: material, count: mesh.slotNames.count))
  }
}

enum Shapes {
  static let box = Box(size: Vector3(1, 1, 1)).makeMesh()
  static let ball = Sphere(radius: 0.5, segments: 20, rings: 10).makeMesh()
  static let ring = Torus(majorRadius: 0.5, minorRadius: 0.15, segments: 20, tubeSegments: 8).makeMesh()
  static let ground = PlaneShape(size: Vector2(20, 20), repeats: Vector2(4, 4)).makeMesh()
}

/// The lenses that labels must be right under.
let testLenses: [(name: String, projection: Projection, f: Double)] = [
  ("pinhole", .pinhole, 60),
  ("barrel", .brownConrady(BrownConrady(k: [-0.22, 0.04], p1: 0.001, p2: -0.002)), 60),
  ("fisheye of 220 degrees", .fisheye(KannalaBrandt(limit: 110 * Double.pi / 180)), 22),
  ("orthographic", .orthographic, 18),
]

/// A few things on and above a ground, seen from the side: boxes, balls and rings, turned, scaled and mirrored at random; the
/// ground is stuff or has no label.
func randomFrame(
  seed: UInt64, things: Int = 7, width: Int = 96, height: Int = 72,
  lens: (projection: Projection, f: Double) = (.pinhole, 60)
) -> Frame {
  var random = TestRandom(seed)
  func between(_ a: Double, _ b: Double) -> Double { a + (b - a) * random.unit() }
  var camera = Camera.looking(
    from: Vector3(between(2, 4), between(-4, -2), between(1, 3)), at: Vector3(between(-1, 1), 0, 0.3), width, height,
    f: lens.f)
  camera.projection = lens.projection
  var frame = Frame(
    index: Int(seed), width: width, height: height, camera: camera,
    sun: Sun(direction: Vector3(0.48, -0.6, 0.64), irradiance: Vector3(2.5, 2.4, 2.2)),
    ambient: HemisphericLight(sky: Vector3(0.3, 0.35, 0.4), ground: Vector3(0.2, 0.15, 0.1)))
  frame.instances.append(
    Instance(id: seed % 2 == 0 ? 0 : 1, Shapes.ground, at: Vector3(0, 0, -0.5), category: 2, name: "ground"))
  for k in 0..<things {
    let axis = Vector3(between(-1, 1), between(-1, 1), between(0.1, 1)).normalized ?? Vector3(0, 0, 1)
    let across = axis.anyPerpendicular
    var linear = Matrix3(columns: across, cross(axis, across), axis)
    linear = linear * Matrix3(diagonal: Vector3(between(0.3, 1.5), between(0.3, 1.5), between(0.3, 1.5)))
    // Every third one mirrored.
    if k % 3 == 2 { linear = Matrix3(columns: -linear.column0, linear.column1, linear.column2) }
    var instance = Instance(
      id: k + 2, [Shapes.box, Shapes.ball, Shapes.ring][k % 3],
      at: Vector3(between(-2, 2), between(-2, 2), between(-0.4, 1)), linear, category: k % 2 == 0 ? 1 : 3,
      material: Material(
        baseColor: Vector3(random.unit(), random.unit(), random.unit()), metallic: random.unit(),
        roughness: random.unit(), emission: Vector3(0, random.unit(), 0)))
    instance.attributes = [
      NamedValue("defective", .boolean(k % 2 == 0)), NamedValue("text", .text("B\"\(k)")),
      NamedValue("wear", .number(random.unit())), NamedValue("tip", .numbers([1, random.unit()])),
    ]
    instance.symmetries = [Symmetry(axis: Vector3(0, 0, 1)), Symmetry(axis: Vector3(1, 0, 0), fold: 2)]
    instance.partNames = instance.mesh.slotNames.map { _ in k % 2 == 0 ? "lid" : "body" }
    let corner = instance.mesh.vertices[k * 7 % instance.mesh.vertices.count].position
    instance.keypoints = [
      Keypoint("tip", Vector3(0, 0, 0.5)), Keypoint("heart", Vector3(0.05, 0, 0.1)),
      Keypoint("corner", Vector3(corner)),
    ]
    frame.instances.append(instance)
  }
  // On the ground, through the air and past the camera.
  frame.polylines = [
    Polyline(
      name: "ring", kind: "border",
      points: [Vector3(-2, -2, -0.5), Vector3(2, -2, -0.5), Vector3(2, 2, -0.5), Vector3(-2, 2, -0.5)], isClosed: true),
    Polyline(
      name: "wire", kind: "", points: [Vector3(-3, 1, 0.2), Vector3(between(-1, 1), 0, 0.4), Vector3(3, -1, 0.1)],
      isClosed: false),
    Polyline(name: "past", kind: "", points: [Vector3(0, 6, 0), Vector3(3, -9, 1.5)], isClosed: false),
  ]
  frame.parameters = [NamedValue("elevation", .number(random.unit())), NamedValue("kind", .text("test"))]
  return frame
}
