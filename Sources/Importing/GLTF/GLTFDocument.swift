import Geometry

/// What the JSON of a glTF file says, with every reference checked: an index names something that is there.
struct GLTFDocument {
  struct Buffer {
    var value: GLTFValue
    var uri: GLTFValue?
    var length: Int
  }

  struct View {
    var buffer: Int
    var range: Range<Int>
    /// Bytes from one element to the next; nil where elements lie side by side.
    var stride: Int?
  }

  struct Accessor {
    enum Component: Int {
      case byte = 5120
      case unsignedByte = 5121
      case short = 5122
      case unsignedShort = 5123
      case unsignedInt = 5125
      case float = 5126

      var size: Int {
        switch self {
        case .byte, .unsignedByte: 1
        case .short, .unsignedShort: 2
        case .unsignedInt, .float: 4
        }
      }
    }

    struct Sparse {
      var count: Int
      var indices: (view: Int, offset: Int, component: Component)
      var values: (view: Int, offset: Int)
    }

    var value: GLTFValue
    var view: Int?
    var offset: Int
    var component: Component
    var isNormalized: Bool
    var count: Int
    /// "VEC3".
    var type: String
    /// Rows and columns: a vector has one column. Columns of a matrix begin at multiples of four bytes.
    var rows: Int
    var columns: Int
    var sparse: Sparse?

    var width: Int { rows * columns }
    var columnBytes: Int { columns == 1 ? rows * component.size : (rows * component.size + 3) & ~3 }
    var elementBytes: Int { columnBytes * columns }
    /// Bytes of the last element: nothing fills up its last column.
    var lastBytes: Int { columnBytes * (columns - 1) + rows * component.size }
  }

  struct Primitive {
    var value: GLTFValue
    /// Accessors by attribute: POSITION, NORMAL, ...
    var attributes: [String: Int]
    var indices: Int?
    var material: Int?
    var mode: Int
    var targets: [[String: Int]]
  }

  struct Mesh {
    var name: String?
    var primitives: [Primitive]
    var weights: [Double]
  }

  struct Node {
    var value: GLTFValue
    var name: String?
    var children: [Int]
    var mesh: Int?
    var skin: Int?
    var weights: [Double]?
    /// Used where no translation, rotation and scale are given.
    var matrix: AffineTransform?
    var translation: Vector3
    var rotation: Quaternion
    var scale: Vector3
    var parent: Int?
  }

  struct Skin {
    var value: GLTFValue
    var joints: [Int]
    var inverseBindMatrices: Int?
  }

  struct Scene {
    var name: String?
    var nodes: [Int]
  }

  struct Image {
    var value: GLTFValue
    var uri: GLTFValue?
    var view: Int?
  }

  struct Texture {
    var image: Int?
    var sampler: Int?
  }

  struct Sampler {
    var wrapS: Int
    var wrapT: Int
  }

  struct Animation {
    enum Interpolation: String {
      case linear = "LINEAR"
      case step = "STEP"
      case cubic = "CUBICSPLINE"
    }

    enum Path: String { case translation, rotation, scale, weights }

    struct Sampler {
      var value: GLTFValue
      var input: Int
      var output: Int
      var interpolation: Interpolation
    }

    struct Channel {
      var sampler: Int
      var node: Int
      var path: Path
    }

    var name: String?
    var samplers: [Sampler]
    var channels: [Channel]
  }

  var buffers: [Buffer] = []
  var views: [View] = []
  var accessors: [Accessor] = []
  var meshes: [Mesh] = []
  var nodes: [Node] = []
  var skins: [Skin] = []
  var scenes: [Scene] = []
  var scene: Int?
  var images: [Image] = []
  var textures: [Texture] = []
  var samplers: [Sampler] = []
  var materials: [GLTFValue] = []
  var animations: [Animation] = []
}
