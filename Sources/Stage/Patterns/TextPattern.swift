import Documents
import Geometry

/// Printed text: one line of the built-in font of strokes, fitted into the square.
public struct TextPattern: Pattern {
  public private(set) var text = "A"
  /// Width over height of the place where it is printed; 0 for that of the text with its margin.
  public private(set) var aspect = 0.0
  /// The pen's width relative to the height of the capitals.
  public private(set) var stroke = 0.14
  /// Free border, relative to the height of the capitals.
  public private(set) var margin = 0.2

  /// The letter A.
  public init() {}

  /// - Throws: what a scene would be told, for a text that the font cannot draw or a number out of its range.
  public init(
    text: String, aspect: Double = 0, stroke: Double = 0.14, margin: Double = 0.2
  ) throws(DocumentError) {
    func member(_ key: String, _ content: Node.Content) -> Node.Member {
      Node.Member(key: key, keyMark: .none, value: Node(content))
    }
    self = try TextPattern.decodeFields(
      Node(
        .mapping([
          member("text", .string(text)), member("aspect", .real(aspect)), member("stroke", .real(stroke)),
          member("margin", .real(margin)),
        ])))
  }

  public static let manual = Manual(
    name: "text",
    summary: "Printed text: one line in the second colour on the first, as large as fits, in the middle.",
    sample: """
      text:
        text: "LOT-0815"
        aspect: 4
      """,
    limits:
      "The characters A-Z, 0-9 and - . / + of a built-in font of strokes, and blanks; lower case is drawn as upper "
      + "case. A resolution of 256 or more keeps small strokes.")

  public static let fields: [Field<TextPattern>] = [
    Field("text", \.text, "1 to 32 characters.", required: true),
    Field(
      "aspect", \.aspect, "Width over height of the place where it is printed, 0.05 to 50; default 0, the text's own.",
      in: .closed(0, 50)),
    Field("stroke", \.stroke, "Width of the strokes relative to the height; default 0.14.", in: .closed(0.04, 0.3)),
    Field("margin", \.margin, "Free border relative to the height; default 0.2.", in: .closed(0, 4)),
  ]

  public func validate(_ node: Node) throws(DocumentError) {
    let mark = (node["text"] ?? node).mark
    guard (1...32).contains(text.count), text.contains(where: { $0 != " " }) else {
      throw DocumentError(
        mark, found: "a text of \(text.count) characters", expected: "1 to 32 characters, not all blank", path: "text")
    }
    for c in text where c != " " && StrokeFont.glyph(c) == nil {
      throw DocumentError(
        mark, found: "the character \"\(c)\" in \"\(text)\"", expected: "characters among A-Z, 0-9, - . / + and blanks",
        path: "text")
    }
    guard aspect == 0 || aspect >= 0.05 else {
      throw DocumentError(
        (node["aspect"] ?? node).mark, found: "\(aspect)", expected: "0, or an aspect of 0.05 to 50", path: "aspect")
    }
  }

  /// A straight piece of a stroke, in units of the font.
  private struct Chord {
    var from: Vector2
    var along: Vector2
    var square: Double
  }

  /// The text laid out: its chords by character, and its size.
  private struct Line {
    /// Where a character's chords lie, with the pen's width, and the chords.
    var characters: [(left: Double, right: Double, chords: [Chord])] = []
    var width = 0.0
    var pen = 0.0
  }

  private var line: Line {
    var line = Line()
    // Of a capital's height, the pen takes half its width above and half below the path.
    line.pen = StrokeFont.height * stroke / (1 - stroke)
    var x = 0.0
    for (k, character) in text.enumerated() {
      if k > 0 { x += 0.2 * StrokeFont.height }
      guard let glyph = StrokeFont.glyph(character) else {
        x += 0.5 * StrokeFont.height
        continue
      }
      let origin = Vector2(x + line.pen / 2, line.pen / 2)
      var chords: [Chord] = []
      for path in glyph.strokes {
        for (a, b) in zip(path, path.dropFirst()) {
          chords.append(Chord(from: origin + a, along: b - a, square: dot(b - a, b - a)))
        }
      }
      line.characters.append((x, x + glyph.width + line.pen, chords))
      x += glyph.width + line.pen
    }
    line.width = x
    return line
  }

  /// The frame's lower left corner and its size, in units of the font.
  private func frame(_ line: Line) -> (corner: Vector2, size: Vector2) {
    let height = StrokeFont.height + line.pen
    let border = 2 * margin * height
    var size = Vector2(line.width + border, height + border)
    if aspect > 0 {
      // As large as fits: the shorter side grows.
      if size.x < aspect * size.y { size.x = aspect * size.y } else { size.y = size.x / aspect }
    }
    return ((Vector2(line.width, height) - size) / 2, size)
  }

  private func value(_ p: Vector2, _ line: Line) -> Double {
    let limit = line.pen * line.pen / 4
    for character in line.characters where p.x >= character.left && p.x <= character.right {
      for chord in character.chords {
        let d = p - chord.from
        let t = min(max(dot(d, chord.along) / chord.square, 0), 1)
        let off = d - chord.along * t
        if dot(off, off) <= limit { return 1 }
      }
    }
    return 0
  }

  public func value(u: Double, v: Double) -> Double {
    let line = line
    let (corner, size) = frame(line)
    return value(
      corner + Vector2(floorAndFraction(u).fraction, 1 - floorAndFraction(v).fraction) * size, line)
  }

  public func addRow(v: Double, across: Int, to sums: inout [Double]) {
    let line = line
    let (corner, size) = frame(line)
    let y = corner.y + (1 - floorAndFraction(v).fraction) * size.y
    let step = size.x / Double(sums.count * across)
    for x in 0..<sums.count {
      for i in 0..<across {
        sums[x] += value(Vector2(corner.x + (Double(x * across + i) + 0.5) * step, y), line)
      }
    }
  }
}
