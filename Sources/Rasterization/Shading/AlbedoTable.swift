import Stage

/// How much light a GGX surface mirrors in one bounce off its microfacets, of white light from all around: E, of what a perfect
/// mirror would, and B, the part of E that Schlick's Fresnel term adds at grazing angles. A surface with reflectances f0 and
/// f90 mirrors `f0 * (E - B) + f90 * B`. `SplitSum` has the numbers.
enum AlbedoTable {
  static let side = SplitSum.side
  static let last = Float(SplitSum.side - 1)

  /// For one roughness, node by node of the view's cosine: E, B, and what each grows by to the next node.
  typealias Row = InlineArray<32, SIMD4<Float>>

  // Written once, never freed: any thread may read it.
  private nonisolated(unsafe) static let nodes: UnsafePointer<SIMD4<Float>> = {
    let out = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: side * side)
    for j in 0..<side {
      for i in 0..<side {
        let at = j * side + i
        let (here, next) = (SplitSum.table[at], SplitSum.table[i + 1 < side ? at + 1 : at])
        let (e, eNext) = (here.x + here.y, next.x + next.y)
        out[at] = SIMD4(e, here.y, eNext - e, next.y - here.y)
      }
    }
    return UnsafePointer(out)
  }()

  /// The node below a cosine in a table between two rows of the roughness.
  @inline(__always)
  static func node(_ i: Int, roughness: Float) -> SIMD4<Float> {
    let y = min(max(roughness, 0), 1) * last
    let j = min(Int(y), side - 2)
    let f = y - Float(j)
    let at = nodes + (j * side + i)
    return at[0] * (1 - f) + at[side] * f
  }

  static func row(roughness: Float) -> Row {
    precondition(side == 32, "a row has as many nodes as the table")
    var row = Row(repeating: SIMD4(repeating: 0))
    for i in 0..<side { row[i] = node(i, roughness: roughness) }
    return row
  }

  /// E for a cosine and a roughness, 0 to 1; and B.
  @inline(__always)
  static func factors(cosine: Float, roughness: Float) -> (e: Float, b: Float) {
    let x = min(max(cosine, 0), 1) * last
    let i = min(Int(x), side - 2)
    let f = x - Float(i)
    let n = node(i, roughness: roughness)
    return (n.x + n.z * f, n.y + n.w * f)
  }
}
