import Documents
import Geometry
import Importing
import Stage

/// One element of `objects:` in a concrete document.
struct ObjectSpec: DocumentRecord {
  var id = ""
  var category: String?
  var shape: Shared<ShapeSyntax>?
  var mesh: Shared<MeshSpec>?
  var parts: [Shared<PartSpec>]?
  var position = Vector3()
  var rotation: RotationValue?
  var scale: ScaleValue?
  var matrix: MatrixValue?
  var modifiers: [ModifierSyntax]?
  var material: Shared<MaterialSpec>?
  var materials: [String: Shared<MaterialSpec>]?
  var decals: [DecalSpec]?
  var shadow = true
  var path: PathSpec?
  var velocity = Vector3()
  var angularVelocity = Vector3()
  var attributes: LabelValues?
  var symmetries: [SymmetrySpec] = []

  static let fields: [Field<ObjectSpec>] = [
    Field("id", \.id, "The object's name, unique in the scene; the dice of the object hang on it.", required: true),
    Field("category", \.category, "The class that the labels name. Without it the object is background."),
    Field("shape", \.shape, "A parametric shape."),
    Field("mesh", \.mesh, "A mesh file in place of a shape."),
    Field("parts", \.parts, "Several shapes and meshes that are one object, in place of a shape."),
    Field("position", \.position, "Where the origin of the shape lies; metres. Default: [0, 0, 0]."),
    Field("rotation", \.rotation, "Turns the shape about its origin, after `scale`. Default: none."),
    Field("scale", \.scale, "A factor, or one an axis of the shape. Default: 1."),
    Field("matrix", \.matrix, "Object to world as 3x4 or 4x4 matrix, in place of position, rotation and scale."),
    Field(
      "modifiers", \.modifiers,
      "What bends the shape, in its own frame before `scale`, one after the other. Default: none."),
    Field("material", \.material, "The material of all slots."),
    Field("materials", \.materials, "Materials by slot name, for meshes of several; they win over `material`."),
    Field("decals", \.decals, "Pictures and prints laid on its surface, one over the other. Default: none."),
    Field("shadow", \.shadow, "Whether the object casts a shadow. Default: true."),
    Field("path", \.path, "The way that it goes along with time; its pose counts from there. Default: none."),
    Field(
      "velocity", \.velocity,
      "Metres a second in the world, while the shutter is open and over the frames of a sequence. Default: [0, 0, 0]."),
    Field(
      "angular_velocity", \.angularVelocity, "Degrees a second about the axis that it points along. Default: [0, 0, 0]."
    ),
    Field(
      "attributes", \.attributes,
      "Named values for the `attributes` annotation, such as {defective: true, text: B7}. Default: none."),
    Field(
      "symmetries", \.symmetries,
      "Turns that leave the object looking as it was, for the `poses` annotation. Default: none."
    ),
  ]

  static var grammar: Grammar { .record("Object") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard !id.isEmpty else { throw DocumentError(node["id"] ?? node, expected: "a name") }
    let forms = [shape != nil, mesh != nil, parts != nil].filter { $0 }.count
    guard forms == 1, parts?.isEmpty != true else {
      throw DocumentError(
        node.mark, found: forms == 0 ? "an object without a form" : "an object of \(forms == 1 ? 0 : forms) forms",
        expected: "one of shape, mesh, parts")
    }
    try pose.validate(node)
  }

  private var pose: PoseFields { PoseFields(position: position, rotation: rotation, scale: scale, matrix: matrix) }

  var objectToWorld: AffineTransform { pose.transform }
}

/// One of an object's `parts:`.
struct PartSpec: DocumentRecord {
  var name: String?
  var shape: Shared<ShapeSyntax>?
  var mesh: Shared<MeshSpec>?
  var position = Vector3()
  var rotation: RotationValue?
  var scale: ScaleValue?
  var matrix: MatrixValue?
  var material: Shared<MaterialSpec>?

  static let fields: [Field<PartSpec>] = [
    Field("name", \.name, "What the part is: a class of its own where the category lists it in its `parts`."),
    Field("shape", \.shape, "A parametric shape."),
    Field("mesh", \.mesh, "A mesh file in place of a shape."),
    Field("position", \.position, "Where the part's origin lies in the object; metres. Default: [0, 0, 0]."),
    Field("rotation", \.rotation, "Turns the part about its origin, after `scale`. Default: none."),
    Field("scale", \.scale, "A factor, or one an axis. Default: 1."),
    Field("matrix", \.matrix, "Part to object as 3x4 or 4x4 matrix, in place of position, rotation and scale."),
    Field("material", \.material, "The part's material. Default: the object's."),
  ]

  static var grammar: Grammar { .record("Part") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard (shape == nil) != (mesh == nil) else {
      throw DocumentError(
        node.mark, found: shape == nil ? "a part without a form" : "a part of two forms", expected: "one of shape, mesh"
      )
    }
    try pose.validate(node)
  }

  private var pose: PoseFields { PoseFields(position: position, rotation: rotation, scale: scale, matrix: matrix) }

  var partToObject: AffineTransform { pose.transform }
}

extension PoseFields {
  func validate(_ node: Node) throws(DocumentError) {
    if matrix != nil, node["position"] != nil || rotation != nil || scale != nil {
      throw DocumentError(
        node.mark, found: "matrix beside position, rotation or scale", expected: "the matrix or the others")
    }
    if let matrix, !(abs(matrix.transform.linear.determinant) > 0) {
      throw DocumentError(node["matrix"] ?? node, expected: "a matrix that can be inverted")
    }
  }
}

/// `mesh:`
struct MeshSpec: DocumentRecord, Hashable {
  var file = FilePath(path: "", mark: .none)
  var scene: String?
  var node: String?
  var animation: String?
  var time: Double?
  var morphWeights: [Double]?

  static let fields: [Field<MeshSpec>] = [
    Field(
      "file", \.file, "An OBJ, PLY, STL, glTF or GLB file; its materials come with it. glTF is turned to z up.",
      required: true),
    Field("scene", \.scene, "The name of a glTF file's scene. Default: the file's own choice, or its first."),
    Field("node", \.node, "The name of a glTF file's node, drawn with what hangs below it. Default: the whole scene."),
    Field("animation", \.animation, "The name of a glTF file's animation. Default: its first, where `time` is given."),
    Field("time", \.time, "Seconds from the animation's start; it holds still at both ends. Default: no animation."),
    Field("morph_weights", \.morphWeights, "Weights of a glTF file's morph targets. Default: the file's."),
  ]

  static var grammar: Grammar { .record("Mesh") { fieldGrammars } }

  /// The part of the file, and the moment.
  var pose: ModelPose {
    ModelPose(
      scene: scene, node: node, animation: animation, time: animation == nil ? time : time ?? 0,
      morphWeights: morphWeights)
  }
}
