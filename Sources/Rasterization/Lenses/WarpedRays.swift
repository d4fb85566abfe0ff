import CLanes
import LaneMath

/// The rays of a `RayField` as shading asks for them, eight fragments at a time. Pointers are valid for the frame's
/// rendering.
struct WarpedRays {
  /// See `RayField`.
  let x: UnsafePointer<Int32>
  let y: UnsafePointer<Int32>
  let slope: UnsafePointer<SIMD4<Float>>
  let width: Int

  /// Places on the plane, in its pixels, and how they move with the picture's.
  struct Batch {
    var x = lanes(0)
    var y = lanes(0)
    var dxdx = lanes(0)
    var dydx = lanes(0)
    var dxdy = lanes(0)
    var dydy = lanes(0)
  }

  @inline(never)
  func fetch(_ places: SIMD8<UInt32>, _ tile: TileRectangle, into out: inout Batch) {
    @inline(__always) func pixel(_ i: Int) -> Int {
      let k = FragmentPlace.pixel(places[i])
      return (tile.y + k / TileGrid.side) * width + tile.x + k % TileGrid.side
    }
    let s = columns { slope[pixel($0)] }
    let centre = columns { SIMD4(Float(x[pixel($0)]), Float(y[pixel($0)]), 0, 0) }
    // Offsets of the sample in pixels; its place is cut to 1/256 as it is for coverage.
    @inline(__always) func offset(_ from: UInt32) -> Lanes {
      (lanes_from_uint(lanes_shift_right_uint(places, from) & lanes_splat_uint(15)) - 8) * 16
    }
    let (ox, oy) = (offset(16), offset(20))
    out.x = (centre.x + numbers(integers(ox * s.x + oy * s.z))) * (1 / 256)
    out.y = (centre.y + numbers(integers(ox * s.y + oy * s.w))) * (1 / 256)
    (out.dxdx, out.dydx, out.dxdy, out.dydy) = (s.x, s.y, s.z, s.w)
  }
}
