import LaneMath

/// The materials of eight fragments.
struct MaterialLanes {
  var mapping: Columns
  var size: Columns
  var first: Columns
  var span: Columns
  var emission: Columns
  /// Whether `ShadingMaterial` says all there is to say of each.
  var arePlain: Bool

  /// Puts eight materials, fetched lane by lane, where `out` points: in place, for the value is large.
  @inline(never)
  static func fetch(_ m: UnsafePointer<UnsafePointer<ShadingMaterial>>, into out: UnsafeMutablePointer<Self>) {
    out.pointee = MaterialLanes(m)
  }

  @inline(__always)
  private init(_ m: UnsafePointer<UnsafePointer<ShadingMaterial>>) {
    mapping = columns { m[$0].pointee.mapping }
    size = columns { m[$0].pointee.size }
    first = columns { m[$0].pointee.first }
    span = columns { m[$0].pointee.span }
    emission = columns { m[$0].pointee.emission }
    var signs: Int32 = -1
    for i in 0..<8 { signs &= m[i].pointee.surface }
    arePlain = signs < 0
  }

  /// Puts the same material in every lane.
  @inline(never)
  static func fetch(all m: UnsafePointer<ShadingMaterial>, into out: UnsafeMutablePointer<Self>) {
    out.pointee = MaterialLanes(all: m)
  }

  @inline(__always)
  private init(all m: UnsafePointer<ShadingMaterial>) {
    @inline(__always) func spread(_ v: SIMD4<Float>) -> Columns { (lanes(v.x), lanes(v.y), lanes(v.z), lanes(v.w)) }
    mapping = spread(m.pointee.mapping)
    size = spread(m.pointee.size)
    first = spread(m.pointee.first)
    span = spread(m.pointee.span)
    emission = spread(m.pointee.emission)
    arePlain = m.pointee.surface < 0
  }
}
