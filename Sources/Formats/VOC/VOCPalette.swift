/// The colours of Pascal VOC's devkit (VOClabelcolormap): from the most significant on, bits of the index go in turn to red,
/// green and blue. 0 is black, all 256 differ, and 255 is taken for void.
enum VOCPalette {
  static func color(_ index: Int) -> (UInt8, UInt8, UInt8) {
    var (r, g, b) = (0, 0, 0)
    var rest = index
    for bit in stride(from: 7, through: 0, by: -1) {
      r |= (rest & 1) << bit
      g |= (rest >> 1 & 1) << bit
      b |= (rest >> 2 & 1) << bit
      rest >>= 3
    }
    return (UInt8(r), UInt8(g), UInt8(b))
  }
}
