import Documents
import Geometry
import Stage

/// One element of `objects:` in a concrete document.
struct ObjectSpec: DocumentRecord {
  var id = ""
  var category: String?
  var shape: Shared<Verbatim>?
  var mesh: Shared<MeshSpec>?
  var position = Vector3()
  var rotation: RotationValue?
  var scale: ScaleValue?
  var matrix: MatrixValue?
  var material: Shared<MaterialSpec>?
  var materials: [String: Shared<MaterialSpec>]?
  var shadow = true

  static let fields: [Field<ObjectSpec>] = [
    Field("id", \.id, "The object's name, unique in the scene; the dice of the object hang on it.", required: true),
    Field("category", \.category, "The class that the labels name. Without it the object is background."),
    Field("shape", \.shape, "A parametric shape."),
    Field("mesh", \.mesh, "A mesh file in place of a shape."),
    Field("position", \.position, "Where the origin of the shape lies; metres. Default: [0, 0, 0]."),
    Field("rotation", \.rotation, "Turns the shape about its origin, after `scale`. Default: none."),
    Field("scale", \.scale, "A factor, or one an axis of the shape. Default: 1."),
    Field("matrix", \.matrix, "Object to world as 3x4 or 4x4 matrix, in place of position, rotation and scale."),
    Field("material", \.material, "The material of all slots."),
    Field("materials", \.materials, "Materials by slot name, for meshes of several; they win over `material`."),
    Field("shadow", \.shadow, "Whether the object casts a shadow. Default: true."),
  ]

  static var grammar: Grammar { .record("Object") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard !id.isEmpty else { throw DocumentError(node["id"] ?? node, expected: "a name") }
    guard (shape == nil) != (mesh == nil) else {
      throw DocumentError(
        node.mark, found: shape == nil ? "an object without a form" : "an object with shape and mesh",
        expected: "one of shape, mesh")
    }
    if matrix != nil, node["position"] != nil || rotation != nil || scale != nil {
      throw DocumentError(
        node.mark, found: "matrix beside position, rotation or scale", expected: "the matrix or the others")
    }
    if let matrix, !(abs(matrix.transform.linear.determinant) > 0) {
      throw DocumentError(node["matrix"] ?? node, expected: "a matrix that can be inverted")
    }
  }

  var objectToWorld: AffineTransform {
    if let matrix { return matrix.transform }
    var linear = rotation?.matrix ?? .identity
    if let s = scale?.factors {
      linear = Matrix3(linear.row0 * s, linear.row1 * s, linear.row2 * s)
    }
    return AffineTransform(linear: linear, translation: position)
  }
}

/// `mesh:`
struct MeshSpec: DocumentRecord, Hashable {
  var file = FilePath(path: "", mark: .none)

  static let fields: [Field<MeshSpec>] = [
    Field("file", \.file, "An OBJ file; its MTL materials come with it.", required: true)
  ]

  static var grammar: Grammar { .record("Mesh") { fieldGrammars } }
}
