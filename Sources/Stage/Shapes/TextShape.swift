import Documents
import Geometry

/// Raised letters; "text" in a scene.
public struct TextShape: Shape {
  public private(set) var text = "A"
  /// Of the capitals from foot to top, in metres.
  public private(set) var height = 1.0
  /// The pen's width relative to the height.
  public private(set) var stroke = 0.12
  /// Along z, in metres.
  public private(set) var depth = 0.1
  /// Between neighbouring characters, relative to the height.
  public private(set) var spacing = 0.16

  /// The letter A.
  public init() {}

  /// - Throws: what a scene would be told, for a text that the font cannot draw or a number out of its range.
  public init(
    text: String, height: Double = 1, stroke: Double = 0.12, depth: Double = 0.1, spacing: Double = 0.16
  ) throws(DocumentError) {
    func member(_ key: String, _ content: Node.Content) -> Node.Member {
      Node.Member(key: key, keyMark: .none, value: Node(content))
    }
    self = try TextShape.decodeFields(
      Node(
        .mapping([
          member("text", .string(text)), member("height", .real(height)), member("stroke", .real(stroke)),
          member("depth", .real(depth)), member("spacing", .real(spacing)),
        ])))
  }

  public static let manual = Manual(
    name: "text",
    summary: "Raised letters and digits of a built-in font of strokes, upright in the xy plane, to be read from +z, "
      + "centred at the origin. The texture lies flat on the front, one picture for each cap height.",
    sample: """
      text:
        text: "DIORAMA-42"
        height: 0.04
        depth: 0.004
      """,
    limits: "One line of the characters A-Z, 0-9 and - . / +, without kerning. Every stroke is a closed solid of its "
      + "own with round ends, and strokes overlap where they meet; each stroke of a character is thinner by a "
      + "thousandth than the one before. Write a text of digits in quotes: 007 is the number 7.")

  public static let fields: [Field<TextShape>] = [
    Field(
      "text", \.text, "1 to 32 of the characters A-Z, 0-9, - . / and +; lower case is drawn as upper case.",
      required: true),
    Field("height", \.height, "Height of the capitals along y in metres; default 1.", in: ShapeBound.length),
    Field(
      "stroke", \.stroke, "Width of the strokes relative to the height; default 0.12.", in: .closed(0.04, 0.25)),
    Field("depth", \.depth, "Thickness along z in metres; default 0.1.", in: ShapeBound.length),
    Field(
      "spacing", \.spacing, "Gap between neighbouring characters relative to the height; default 0.16.",
      in: .closed(0.02, 4)),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    let mark = (node["text"] ?? node).mark
    guard (1...32).contains(text.count) else {
      throw DocumentError(
        mark, found: "a text of \(text.count) characters", expected: "1 to 32 characters", path: "text")
    }
    for c in text where StrokeFont.glyph(c) == nil {
      throw DocumentError(
        mark, found: "the character \"\(c)\" in \"\(text)\"", expected: "characters among A-Z, 0-9, - . / and +",
        path: "text")
    }
  }

  public func makeMesh() -> Mesh {
    // Of a capital's height, the pen takes half its width above and half below the path.
    let pen = stroke * height
    let unit = (height - pen) / StrokeFont.height
    let glyphs = text.compactMap { StrokeFont.glyph($0) }
    let gaps = Double(glyphs.count - 1) * spacing * height
    let width = glyphs.reduce(gaps) { $0 + $1.width * unit + pen }
    var surface = SurfaceBuilder()
    var left = -width / 2
    for glyph in glyphs {
      let origin = Vector2(left + pen / 2, (pen - height) / 2)
      // No two strokes of a character have equal pens: where they meet, none of their edges are the same to the bit, and
      // the mesh is closed by the strict rule of `Mesh.isClosed`.
      var count = 0
      for path in glyph.strokes {
        let strokes = PenStroke.strokes(along: path.map { origin + $0 * unit }) { k in
          pen / 2 * (1 - Double(count + k) / 1024)
        }
        for s in strokes { s.build(into: &surface, depth: depth, frame: (Vector2(-width, height) / 2, height)) }
        count += strokes.count
      }
      left += glyph.width * unit + pen + spacing * height
    }
    return surface.mesh()
  }
}
