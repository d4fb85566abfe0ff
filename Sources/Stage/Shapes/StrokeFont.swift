import Geometry

// A font of strokes: capitals, digits and a few signs as the paths that a round pen draws, for letters as solid objects
// that need no font file. (The captions of preview pictures have a coarser alphabet of their own.)
//
// The grid: capitals are 6 units high, x runs to the right and y up from the baseline, and every glyph has a width of its
// own; all of a path lies in 0...width by 0...6. The pen's width comes on top. Curves are pieces of ellipses, cut into 32
// chords a turn, and nowhere bend more sharply than a radius of 1.05 units: the widest pen that `TextShape` allows has a
// radius of 1 unit, so that a stroke's inner side never folds over.

enum StrokeFont {
  typealias Point = Vector2

  struct Glyph {
    /// Of the paths, in units.
    let width: Double
    let strokes: [[Point]]
  }

  /// Height of the capitals' paths in units.
  static let height = 6.0

  /// All characters that there are.
  static let characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./+"

  /// The glyph of a character; lower case is drawn as upper case. Nil where the font has none.
  static func glyph(_ character: Character) -> Glyph? {
    guard let code = character.asciiValue else { return nil }
    let isLower = code >= UInt8(ascii: "a") && code <= UInt8(ascii: "z")
    return drawing(Character(Unicode.Scalar(isLower ? code - 32 : code)))
  }

  /// A stretch of a path.
  private enum Piece {
    /// On to a point in a straight line.
    case to(Double, Double)
    /// On to and along an ellipse about (x, y) with radii a and b, between two angles in eighths of a turn: 0 is the
    /// right, 2 the top. Upwards is counter-clockwise.
    case arc(Double, Double, Double, Double, Int, Int)
  }

  private static func path(_ pieces: Piece...) -> [Point] {
    var points: [Point] = []
    func add(_ p: Point) { if p != points.last { points.append(p) } }
    for piece in pieces {
      switch piece {
      case .to(let x, let y): add(Point(x, y))
      case .arc(let x, let y, let a, let b, let from, let to):
        for k in stride(from: 4 * from, through: 4 * to, by: from < to ? 1 : -1) {
          add(Point(x, y) + circlePoint(k & 31, of: 32) * Point(a, b))
        }
      }
    }
    return points
  }

  private static func glyph(_ width: Double, _ strokes: [Point]...) -> Glyph { Glyph(width: width, strokes: strokes) }

  private static func drawing(_ character: Character) -> Glyph? {
    switch character {
    case "A": glyph(4.2, path(.to(0, 0), .to(2.1, 6), .to(4.2, 0)), path(.to(0.63, 1.8), .to(3.57, 1.8)))
    case "B":
      glyph(
        3.8, path(.to(0, 0), .to(0, 6)), path(.to(0, 6), .to(2.1, 6), .arc(2.1, 4.6, 1.4, 1.4, 2, -2), .to(0, 3.2)),
        path(.to(2.1, 3.2), .arc(2.2, 1.6, 1.6, 1.6, 2, -2), .to(0, 0)))
    case "C": glyph(3.6, path(.arc(2.1, 3, 2.1, 3, 1, 7)))
    case "D": glyph(4, path(.to(0, 0), .to(0, 6)), path(.to(0, 6), .to(1.4, 6), .arc(1.4, 3, 2.6, 3, 2, -2), .to(0, 0)))
    case "E": glyph(3.4, path(.to(3.4, 6), .to(0, 6), .to(0, 0), .to(3.4, 0)), path(.to(0, 3.1), .to(2.8, 3.1)))
    case "F": glyph(3.4, path(.to(3.4, 6), .to(0, 6), .to(0, 0)), path(.to(0, 3.1), .to(2.8, 3.1)))
    case "G": glyph(4.2, path(.arc(2.1, 3, 2.1, 3, 1, 8), .to(2.5, 3)))
    case "H": glyph(4, path(.to(0, 0), .to(0, 6)), path(.to(4, 0), .to(4, 6)), path(.to(0, 3), .to(4, 3)))
    case "I": glyph(2.2, path(.to(1.1, 0), .to(1.1, 6)), path(.to(0, 6), .to(2.2, 6)), path(.to(0, 0), .to(2.2, 0)))
    case "J": glyph(3, path(.to(3, 6), .arc(1.5, 1.8, 1.5, 1.8, 0, -4)))
    case "K": glyph(3.9, path(.to(0, 0), .to(0, 6)), path(.to(3.8, 6), .to(0, 2.2)), path(.to(1.3, 3.5), .to(3.9, 0)))
    case "L": glyph(3.2, path(.to(0, 6), .to(0, 0), .to(3.2, 0)))
    case "M": glyph(5, path(.to(0, 0), .to(0, 6), .to(2.5, 2), .to(5, 6), .to(5, 0)))
    case "N": glyph(4.2, path(.to(0, 0), .to(0, 6), .to(4.2, 0), .to(4.2, 6)))
    case "O": glyph(4.4, path(.arc(2.2, 3, 2.2, 3, 0, 8)))
    case "P":
      glyph(3.8, path(.to(0, 0), .to(0, 6)), path(.to(0, 6), .to(2.2, 6), .arc(2.2, 4.4, 1.6, 1.6, 2, -2), .to(0, 2.8)))
    case "Q": glyph(4.4, path(.arc(2.2, 3, 2.2, 3, 0, 8)), path(.to(2.8, 1.5), .to(4.4, 0)))
    case "R":
      glyph(
        3.9, path(.to(0, 0), .to(0, 6)), path(.to(0, 6), .to(2.2, 6), .arc(2.2, 4.4, 1.6, 1.6, 2, -2), .to(0, 2.8)),
        path(.to(1.9, 2.8), .to(3.9, 0)))
    case "S": glyph(3.8, path(.arc(1.9, 4.5, 1.9, 1.5, 1, 6), .arc(1.9, 1.5, 1.9, 1.5, 2, -3)))
    case "T": glyph(4, path(.to(0, 6), .to(4, 6)), path(.to(2, 6), .to(2, 0)))
    case "U": glyph(4, path(.to(0, 6), .arc(2, 2, 2, 2, 4, 8), .to(4, 6)))
    case "V": glyph(4.2, path(.to(0, 6), .to(2.1, 0), .to(4.2, 6)))
    case "W": glyph(5.6, path(.to(0, 6), .to(1.4, 0), .to(2.8, 5), .to(4.2, 0), .to(5.6, 6)))
    case "X": glyph(4, path(.to(0, 6), .to(4, 0)), path(.to(0, 0), .to(4, 6)))
    case "Y": glyph(4, path(.to(0, 6), .to(2, 3), .to(4, 6)), path(.to(2, 3), .to(2, 0)))
    case "Z": glyph(4, path(.to(0, 6), .to(4, 6), .to(0, 0), .to(4, 0)))
    // The slash tells it from an O.
    case "0": glyph(3.8, path(.arc(1.9, 3, 1.9, 3, 0, 8)), path(.to(1.3, 2), .to(2.5, 4)))
    case "1": glyph(3, path(.to(0, 4.8), .to(1.5, 6), .to(1.5, 0)), path(.to(0, 0), .to(3, 0)))
    case "2": glyph(3.8, path(.arc(1.9, 4.2, 1.8, 1.8, 4, -1), .to(0, 0), .to(3.8, 0)))
    case "3": glyph(3.6, path(.arc(1.8, 4.6, 1.6, 1.4, 3, -2)), path(.arc(1.8, 1.6, 1.8, 1.6, 2, -3)))
    case "4": glyph(3.9, path(.to(2.9, 0), .to(2.9, 6), .to(0, 1.7), .to(3.9, 1.7)))
    case "5": glyph(3.8, path(.to(3.4, 6), .to(0.7, 6), .arc(1.9, 1.9, 1.9, 1.9, 3, -3)))
    case "6": glyph(3.8, path(.arc(1.9, 1.9, 1.9, 1.9, 0, 8)), path(.arc(3, 1.9, 3, 4.1, 4, 2)))
    case "7": glyph(3.8, path(.to(0, 6), .to(3.8, 6), .to(1.2, 0)))
    case "8": glyph(3.8, path(.arc(1.9, 4.55, 1.5, 1.45, 0, 8)), path(.arc(1.9, 1.55, 1.9, 1.55, 0, 8)))
    case "9": glyph(3.8, path(.arc(1.9, 4.1, 1.9, 1.9, 0, 8)), path(.arc(0.8, 4.1, 3, 4.1, 0, -2)))
    case "-": glyph(2.6, path(.to(0, 2.8), .to(2.6, 2.8)))
    case ".": glyph(0, path(.to(0, 0), .to(0, 0.4)))
    case "/": glyph(3, path(.to(0, 0), .to(3, 6)))
    case "+": glyph(3.2, path(.to(0, 2.8), .to(3.2, 2.8)), path(.to(1.6, 1.2), .to(1.6, 4.4)))
    default: nil
    }
  }
}
