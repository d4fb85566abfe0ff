import Documents
import Geometry
import Stage

/// The whole of a concrete document.
struct SceneSpec: DocumentRecord {
  var name: String?
  var description: String?
  var image = Shared(ImageSpec())
  var frames = 1
  var seed = 0
  var categories: Shared<[CategorySpec]>?
  var camera: CameraSpec?
  var sun: Shared<SunSpec>?
  var lights: [LightSyntax] = []
  var ambient: Shared<AmbientSpec>?
  var ambientOcclusion: AmbientOcclusionSpec?
  var environment: Shared<EnvironmentSpec>?
  var background: Shared<BackgroundSpec>?
  var exposure = 0.0
  var textureFilter = TextureFilter.trilinear
  var output = Shared(OutputSettings())
  var annotations: AnnotationSyntax?
  var formats: AnnotationSyntax?
  var parameters: LabelValues?
  var polylines: [PolylineSpec] = []
  var sequence: SequenceSpec?
  var objects: [Shared<ObjectSpec>] = []

  static let fields: [Field<SceneSpec>] = [
    Field("name", \.name, "The scene's name. Default: the file's, without its extension."),
    Field("description", \.description, "What the scene is for; free text."),
    Field("image", \.image, "The size of the pictures."),
    Field("frames", \.frames, "How many frames the dataset has. Default: 1.", in: .closed(1, 0x1p32 - 2)),
    Field("seed", \.seed, "Another seed gives another dataset of the same kind. Default: 0.", in: .nonNegative),
    Field(
      "categories", \.categories,
      "The classes in the order of their ids, from 1. Default: those of the objects, in order of first mention."),
    Field("camera", \.camera, "Where the camera stands and what lens it has.", required: true),
    Field("sun", \.sun, "A distant light. Default: none."),
    Field("lights", \.lights, "Lamps and panels, at most 16. Default: none."),
    Field(
      "ambient", \.ambient,
      "Light from all around, blended between above and below. Default: grey, or none beside an environment."),
    Field(
      "ambient_occlusion", \.ambientOcclusion,
      "Keeps light from all around out of corners, as far as the camera sees them. Default: none."),
    Field("environment", \.environment, "Light from all around by direction: a sky, a studio, an .hdr file."),
    Field(
      "background", \.background,
      "What is seen where nothing is: a colour or a picture. Default: the environment, or black where there is none."),
    Field("exposure", \.exposure, "Stops: every step doubles the brightness. Default: 0.", in: .closed(-32, 32)),
    Field(
      "texture_filter", \.textureFilter,
      "How textures are averaged: anisotropic keeps them sharp at flat angles, and takes longer. Default: trilinear."),
    Field("output", \.output, "How the label images are stored."),
    Field(
      "annotations", \.annotations,
      "What frames are annotated with. Default: [rgb, boxes, masks, instance, semantic, depth]."),
    Field(
      "formats", \.formats,
      "What is derived when all frames are there: coco and coco-chunks in annotations/, others in exports/NAME. Default: "
        + "coco, or coco-chunks above 50,000 frames."),
    Field(
      "parameters", \.parameters,
      "Named values of the frame that the `image_labels` annotation hands on, such as {elevation: {$expr: elevation}}."),
    Field(
      "polylines", \.polylines,
      "Lines in the world for the `polylines` annotation, such as borders of lanes; they are not drawn. Default: none."),
    Field(
      "sequence", \.sequence,
      "Where in time a printed frame lies, and the frames around it; written by `diorama sample`. Default: no time."),
    Field("objects", \.objects, "What stands in the scene, in drawing order."),
  ]

  /// The keys of a scene file: those of a concrete document and those that are used up on the way to it.
  static var allKeys: [String] { fields.map(\.name) + SceneTemplate.usedKeys }

  static var grammar: Grammar { .record("Scene") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard lights.count <= LocalLight.most else {
      throw DocumentError(
        node["lights"]?.mark ?? node.mark, found: "\(lights.count) lights", expected: "at most \(LocalLight.most)")
    }
    try PolylineSpec.checkNames(polylines, node)
  }
}

/// `texture_filter:`
extension TextureFilter: DocumentWord {}

/// `image:`
struct ImageSpec: DocumentRecord, Hashable {
  var width = 640
  var height = 480

  static let sides = Bound.closed(1, 32768)
  static let pixels = 1 << 28

  static let fields: [Field<ImageSpec>] = [
    Field("width", \.width, "Pixels. Default: 640.", in: sides),
    Field("height", \.height, "Pixels. Default: 480.", in: sides),
  ]

  static var grammar: Grammar { .record("Image") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard width * height <= ImageSpec.pixels else {
      throw DocumentError(
        node.mark, found: "an image of \(width) x \(height) pixels", expected: "at most 2^28 pixels in all")
    }
  }
}

/// `output:`
public struct OutputSettings: DocumentRecord, Hashable {
  /// Metres a step of the 16-bit depth image.
  public var depthScale = 0.001

  public init() {}

  public static let fields: [Field<OutputSettings>] = [
    Field(
      "depth_scale", \.depthScale, "Metres a step of the 16-bit depth image; 0.001 reaches 65 m. Default: 0.001.",
      in: .positive)
  ]

  public static var grammar: Grammar { .record("Output") { fieldGrammars } }
}

/// An element of `categories:`: a name, or a name with a supercategory.
struct CategorySpec: DocumentValue, Hashable {
  var name: String
  var supercategory = ""
  var stuff = false
  var parts: [String] = []
  var keypoints: [String] = []
  /// Pairs of places in `keypoints`.
  var skeleton: [SIMD2<Int>] = []
  var flip: [Int] = []

  static var grammar: Grammar { .anyOf([.string, Full.grammar]) }

  static func decode(_ node: Node) throws(DocumentError) -> CategorySpec {
    if case .mapping = node.content {
      let full = try Full.decodeFields(node)
      return CategorySpec(
        name: full.name, supercategory: full.supercategory, stuff: full.stuff, parts: full.parts,
        keypoints: full.keypoints, skeleton: full.places(of: full.skeleton), flip: full.counterparts)
    }
    guard case .string = node.content else {
      throw DocumentError(node, expected: "a category's name, or {name, supercategory, stuff, parts, keypoints}")
    }
    return CategorySpec(name: try String.decode(node))
  }

  struct Full: DocumentRecord {
    var name = ""
    var supercategory = ""
    var stuff = false
    var parts: [String] = []
    var keypoints: [String] = []
    var skeleton: [[String]] = []
    var flip: [[String]] = []
    static let fields: [Field<Full>] = [
      Field("name", \.name, "The category's name.", required: true),
      Field("supercategory", \.supercategory, "The kind that it belongs to. Default: none."),
      Field("stuff", \.stuff, "Whether it has no objects but areas: a ground, a wall, for `panoptic`. Default: false."),
      Field("parts", \.parts, "Names of the parts of its objects that are classes of their own. Default: none."),
      Field(
        "keypoints", \.keypoints,
        "Names of the points that its objects declare, in the order of the `keypoints` annotation. Default: none."),
      Field("skeleton", \.skeleton, "Pairs of keypoints that a bone joins: [[neck, head], ...]. Default: none."),
      Field(
        "flip", \.flip,
        "Pairs of keypoints that change places in a flipped picture: [[left_eye, right_eye], ...]. Default: none."),
    ]
    func validate(_ node: Node) throws(DocumentError) {
      guard Set(parts).count == parts.count, !parts.contains("") else {
        throw DocumentError(node["parts"] ?? node, expected: "names, each once")
      }
      guard Set(keypoints).count == keypoints.count, !keypoints.contains("") else {
        throw DocumentError(node["keypoints"] ?? node, expected: "names, each once").inside("keypoints")
      }
      try check(skeleton, node, "skeleton")
      try check(flip, node, "flip")
      var seen: Set<String> = []
      for name in flip.joined() where !seen.insert(name).inserted {
        throw DocumentError(
          (node["flip"] ?? node).mark, found: "\"\(name)\" a second time", expected: "each keypoint in one pair"
        ).inside("flip")
      }
    }
    static var grammar: Grammar { .record("Category") { fieldGrammars } }
  }
}
