// Letters as strokes, for captions on preview pictures: no font file, any size, antialiased.
//
// A glyph is a few polylines on a grid 4 wide and 6 high (capitals; the baseline is y = 6, descenders reach 8). Two
// digits are a point, x then y; a space ends a polyline; a point given twice is a dot. What has no glyph here is drawn
// as an empty box: a caption shall show that something stood there.

struct StrokeFont {
  typealias Point = SIMD2<Float>

  /// Distance between the left edges of neighbouring letters, in grid units.
  static let advance: Float = 6
  /// From the top of a capital to the foot of a descender.
  static let lineHeight: Float = 8

  static func polylines(_ character: Character) -> [[Point]] {
    let code = glyphs[character] ?? "0040460600"
    return code.split(separator: " ").map { line in
      let digits = line.utf8.map { Float($0) - 48 }
      return stride(from: 0, to: digits.count - 1, by: 2).map { Point(digits[$0], digits[$0 + 1]) }
    }
  }

  private static let glyphs: [Character: String] = [
    " ": "", "A": "062046 1434", "B": "003041423303 334445360600", "C": "4130100105163645", "D": "00204244260600",
    "E": "40000646 0333", "F": "400006 0333", "G": "41301001051636454323", "H": "0006 4046 0343", "I": "1030 2026 1636",
    "J": "4045361605", "K": "0006 0440 1346", "L": "000646", "M": "0600234046", "N": "06004640",
    "O": "103041453616050110", "P": "06003041423303", "Q": "103041453616050110 2446", "R": "06003041423303 2346",
    "S": "413010010213334445361605", "T": "0040 2026", "U": "000516364540", "V": "002640", "W": "0016233640",
    "X": "0046 4006", "Y": "002340 2326", "Z": "00400646",
    "a": "12324346 441405163645", "b": "0006 0312324345361605", "c": "4332120305163645", "d": "4046 4332120305163645",
    "e": "04444332120305163645", "f": "40302126 1232", "g": "4247381807 4332120305163645", "h": "0006 0312324346",
    "i": "2226 2020", "j": "32372818 3030", "k": "0006 3205 1436", "l": "202536", "m": "0206 03122326 23324346",
    "n": "0206 0312324346", "o": "123243453616050312", "p": "0208 0312324345361605", "q": "4248 4332120305163645",
    "r": "0206 04132232", "s": "43321203143445361605", "t": "202536 1232", "u": "0205163645 4246", "v": "022642",
    "w": "0216233642", "x": "0246 4206", "y": "0226 4218", "z": "02420646",
    "0": "103041453616050110 1531", "1": "112026 1636", "2": "01103041420646", "3": "01103041423323 334445361605",
    "4": "36300444", "5": "400003334445361605", "6": "4130100105163645443303", "7": "004016",
    "8": "130201103041423313 1304051636454433", "9": "0516364541301001021343",
    "-": "1333", "_": "0747", ".": "2626", ",": "2617", ":": "2323 2626", "/": "0640", "[": "30101636", "]": "10303616",
    "(": "30212536", ")": "10212516", "#": "1016 3036 0242 0444", "+": "2125 0343", "'": "2021", "=": "0242 0444",
  ]
}
