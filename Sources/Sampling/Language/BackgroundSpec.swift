import Documents
import Geometry
import Stage

/// `background:`, a colour or a picture.
enum BackgroundSpec: DocumentValue {
  case color(ColorValue)
  case picture(any BackgroundPart)

  static var grammar: Grammar { .anyOf([ColorValue.grammar, backgroundRegistry.grammar]) }

  static func decode(_ node: Node) throws(DocumentError) -> BackgroundSpec {
    if case .mapping = node.content { return .picture(try backgroundRegistry.decode(node)) }
    let color = try ColorValue.decode(node)
    try color.check(.nonNegative, at: node)
    return .color(color)
  }
}

/// A kind of background picture: one file or a few in `Language/`, one line in `backgroundRegistry` and one test.
protocol BackgroundPart: DocumentPart {
  /// The picture for a frame of `width` x `height` pixels.
  func picture(width: Int, height: Int, _ assets: BackgroundAssets) throws(DocumentError) -> BackgroundPicture
}

/// What backgrounds are made from.
struct BackgroundAssets {
  var source: any AssetSource
  var files: SceneFiles
}

/// Every background that a scene can name: one line each.
let backgroundRegistry = PartRegistry<any BackgroundPart>(
  kind: "background",
  [
    .init(GradientBackground.self) { $0 },
    .init(NoiseBackground.self) { $0 },
    .init(ImageBackground.self) { $0 },
  ])

/// A straight run from one colour to another.
struct GradientBackground: BackgroundPart {
  static let manual = Manual(
    name: "gradient", summary: "A straight run from one colour to another across the picture.",
    sample: """
      gradient:
        from: "#8fb4d9"
        to: "#e8e4da"
        angle: 10
      """,
    limits: "It is fixed to the picture and does not turn with the camera.")

  var from = ColorValue(Vector3(1, 1, 1))
  var to = ColorValue(Vector3(0, 0, 0))
  var angle = 0.0

  static let fields: [Field<GradientBackground>] = [
    Field("from", \.from, "The colour that it begins with: at the top, unless it is turned. Default: white."),
    Field("to", \.to, "The colour that it ends with. Default: black."),
    Field("angle", \.angle, "Degrees by which it is turned, counter-clockwise; 90 begins at the left. Default: 0."),
  ]

  func picture(width: Int, height: Int, _ assets: BackgroundAssets) -> BackgroundPicture {
    let texture = assets.source.texture(of: RampPattern(), resolution: 256)
    // v runs from 0 to 1 between the outermost corners along the direction of the run; in pixels, so that it is straight.
    let (s, c) = StableMath.sincos(angle.degreesInRadians)
    let (w, h) = (Double(width), Double(height))
    let length = abs(s) * w + abs(c) * h
    let along = Vector2(s * w, c * h) / length
    // The ramp rises from the first texel's middle to the last one's.
    let (start, span) = (0.5 / 256, 255.0 / 256)
    return BackgroundPicture(
      texture: texture, ramp: .init(first: from.linear, second: to.linear),
      origin: Vector2(0.5, start + span * (0.5 - (along.x + along.y) / 2)), across: Vector2(0, span * along.x),
      down: Vector2(0, span * along.y))
  }
}

/// A straight rise from 0 at the first texel's middle to 1 at the last one's, for `GradientBackground` alone.
private struct RampPattern: Pattern {
  static let manual = Manual(name: "ramp", summary: "A straight rise along v.", sample: "ramp:")
  static let fields: [Field<RampPattern>] = []
  var samplesAcrossTexel: Int { 1 }
  func value(u: Double, v: Double) -> Double { min(max((v * 256 - 0.5) / 255, 0), 1) }
}

/// Clouds of noise between two colours.
struct NoiseBackground: BackgroundPart {
  static let manual = Manual(
    name: "noise", summary: "Clouds of noise between two colours: a background without any meaning.",
    sample: """
      noise:
        colors: ["#334455", [0.8, 0.7, 0.6]]
        cells: 6
        seed: 3
      """,
    limits: "It is fixed to the picture and does not turn with the camera.")

  var colors = [ColorValue(Vector3(0, 0, 0)), ColorValue(Vector3(1, 1, 1))]
  var cells = 5
  var octaves = 5
  var contrast = 2.0
  var seed = 0

  static let fields: [Field<NoiseBackground>] = [
    Field("colors", \.colors, "The two colours. Default: black and white."),
    Field("cells", \.cells, "Clouds across the picture. Default: 5.", in: .closed(1, 128)),
    Field("octaves", \.octaves, "Octaves, each twice as fine as the last. Default: 5.", in: .closed(1, 8)),
    Field("contrast", \.contrast, "Steepness about the middle. Default: 2.", in: .closed(0, 16)),
    Field("seed", \.seed, "Which clouds. Default: 0.", in: .closed(0, 4_294_967_295)),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    guard colors.count == 2 else {
      throw DocumentError(node["colors"] ?? node, expected: "two colours").inside("colors")
    }
  }

  func picture(width: Int, height: Int, _ assets: BackgroundAssets) -> BackgroundPicture {
    let pattern = NoisePattern(cells: cells, octaves: octaves, gain: 0.5, contrast: contrast, seed: seed)
    let longer = Double(max(width, height))
    return BackgroundPicture(
      texture: assets.source.texture(of: pattern, resolution: 512),
      ramp: .init(first: colors[0].linear, second: colors[1].linear),
      across: Vector2(Double(width) / longer, 0), down: Vector2(0, Double(height) / longer), repeats: true)
  }
}

/// An image file.
struct ImageBackground: BackgroundPart {
  static let manual = Manual(
    name: "image", summary: "An image file, cropped to the picture's shape.",
    sample: """
      image:
        file: {$glob: "backgrounds/*.png"}
        zoom: {$uniform: [1, 2]}
        position: [{$uniform: [0, 1]}, {$uniform: [0, 1]}]
        flip: {$boolean: 0.5}
      """,
    limits: "Light and shadow in the image have nothing to do with the scene's.")

  var file = FilePath(path: "", mark: .none)
  var zoom = 1.0
  var position = Vector2(0.5, 0.5)
  var flip = false
  var flipVertical = false
  var intensity = 1.0

  static let fields: [Field<ImageBackground>] = [
    Field("file", \.file, "A PNG or JPEG image, in sRGB.", required: true),
    Field(
      "zoom", \.zoom, "1 shows as much of the image as fits, 2 half as far across. Default: 1.", in: .closed(1, 64)),
    Field(
      "position", \.position, "Which part is shown, from [0, 0], the upper left, to [1, 1]. Default: the middle.",
      in: .unit),
    Field("flip", \.flip, "Whether left and right change places. Default: false."),
    Field("flip_vertical", \.flipVertical, "Whether top and bottom change places. Default: false."),
    Field(
      "intensity", \.intensity, "Factor of its radiance; at 1 the image's white is white. Default: 1.",
      in: .nonNegative),
  ]

  func picture(width: Int, height: Int, _ assets: BackgroundAssets) throws(DocumentError) -> BackgroundPicture {
    let texture: Texture
    do { texture = try assets.source.texture(path: assets.files.path(of: file), isColour: true) } catch {
      throw DocumentError(file.mark, found: "\"\(file.path)\": \(error.message)", expected: "an image file")
        .inside("file")
    }
    var picture = BackgroundPicture(texture: texture, scale: Vector3(repeating: intensity))
    let level = texture.levels[0]
    picture.crop(
      Int(level.width), Int(level.height), toFill: width, height, zoom: zoom, position: position,
      flip: (flip, flipVertical))
    return picture
  }
}
