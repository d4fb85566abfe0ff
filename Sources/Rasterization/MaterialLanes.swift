/// The materials of eight fragments.
struct MaterialLanes {
  typealias Row = (x: Lanes, y: Lanes, z: Lanes, w: Lanes)

  var mapping: Row
  var size: Row
  var first: Row
  var span: Row
  var emission: Row

  /// Eight materials, fetched lane by lane.
  @inline(__always)
  init(_ m: UnsafePointer<UnsafePointer<ShadingMaterial>>) {
    @inline(__always) func rows(_ field: (UnsafePointer<ShadingMaterial>) -> SIMD4<Float>) -> Row {
      transpose(
        (field(m[0]), field(m[1]), field(m[2]), field(m[3]), field(m[4]), field(m[5]), field(m[6]), field(m[7])))
    }
    mapping = rows { $0.pointee.mapping }
    size = rows { $0.pointee.size }
    first = rows { $0.pointee.first }
    span = rows { $0.pointee.span }
    emission = rows { $0.pointee.emission }
  }

  /// The same material in every lane.
  @inline(never)
  init(all m: UnsafePointer<ShadingMaterial>) {
    @inline(__always) func spread(_ v: SIMD4<Float>) -> Row { (lanes(v.x), lanes(v.y), lanes(v.z), lanes(v.w)) }
    mapping = spread(m.pointee.mapping)
    size = spread(m.pointee.size)
    first = spread(m.pointee.first)
    span = spread(m.pointee.span)
    emission = spread(m.pointee.emission)
  }
}
