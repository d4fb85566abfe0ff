import Documents
import Geometry
import Stage

/// Points of a mesh's surface.
struct PointOnShape: Distribution {
  static let manual = Manual(
    name: "on_shape", summary: "A point uniform by area over the surface of a shape.",
    sample: "{$on_shape: {shape: {torus: {major_radius: 0.4, minor_radius: 0.1}}}}",
    limits: "Over the triangles of the shape, which lie a little inside a curved surface.")
  static let shorthand = Shorthand.whole("shape")

  var shape = ShapeValue()
  var scale = 1.0
  var center = Vector3()

  static let fields: [Field<PointOnShape>] = [
    Field("shape", \.shape, "The shape, as an object has it.", required: true),
    Field("scale", \.scale, "Its size. Default: 1.", in: .positive),
    Field("center", \.center, "Where its origin lies; metres. Default: the origin."),
  ]

  func draw(_ random: inout RandomStream) -> Node.Content {
    guard let mesh = shape.mesh, let total = shape.areas.last else { return .reals([center.x, center.y, center.z]) }
    let wanted = random.unit() * total
    var (low, high) = (0, shape.areas.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if shape.areas[middle] > wanted { high = middle } else { low = middle + 1 }
    }
    func corner(_ k: Int) -> Vector3 { Vector3(mesh.vertices[Int(mesh.indices[low * 3 + k])].position) }
    // Uniform over a triangle (Osada et al. 2002).
    let r = random.unit().squareRoot()
    let u = random.unit()
    let p = center + (corner(0) * (1 - r) + corner(1) * (r * (1 - u)) + corner(2) * (r * u)) * scale
    return .reals([p.x, p.y, p.z])
  }
}

/// A shape with its mesh and the running sum of its triangles' areas.
struct ShapeValue: DocumentValue {
  var mesh: Mesh?
  var areas: [Double] = []

  static var grammar: Grammar { shapeRegistry.grammar }

  static func decode(_ node: Node) throws(DocumentError) -> ShapeValue {
    let mesh = try shapeRegistry.decode(node).makeMesh()
    var sum = 0.0
    let areas = (0..<mesh.triangleCount).map { t in
      let p = (0..<3).map { Vector3(mesh.vertices[Int(mesh.indices[t * 3 + $0])].position) }
      sum += cross(p[1] - p[0], p[2] - p[0]).length / 2
      return sum
    }
    return ShapeValue(mesh: mesh, areas: areas)
  }
}
