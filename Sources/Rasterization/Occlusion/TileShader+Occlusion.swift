import CLanes
import Geometry
import LaneMath

extension TileShader {
  /// Notes the point and the normal at every second pixel and row of a tile.
  ///
  /// - Parameter turn: from the axes in which this shades to the camera's; nil where they are the same.
  func note(
    _ ids: UnsafeMutablePointer<UInt32>, _ places: UnsafeMutablePointer<UInt32>, count: Int, tile: TileRectangle,
    _ list: borrowing FragmentList, turn: Matrix3?, into map: borrowing OcclusionMap
  ) {
    let turn = turn.map { (SIMD3<Float>($0.row0), SIMD3<Float>($0.row1), SIMD3<Float>($0.row2)) }
    @inline(__always) func turned(_ v: Lanes3, _ i: Int) -> SIMD3<Float> {
      let p = SIMD3(v.x[i], v.y[i], v.z[i])
      guard let turn else { return p }
      return SIMD3((turn.0 * p).sum(), (turn.1 * p).sum(), (turn.2 * p).sum())
    }
    var n = 0
    let (ownIds, ownPlaces) = list.slice(from: 0)
    var i = 0
    while i < count {
      let pixel = FragmentPlace.pixel(places[i])
      if pixel & TileGrid.side != 0 {
        // Fragments come in the order of pixels: eight of an odd row are passed over at once.
        let isRow = i &+ 8 <= count && FragmentPlace.pixel(places[i &+ 7]) ^ pixel < TileGrid.side
        i &+= isRow ? 8 : 1
        continue
      }
      if FragmentPlace.isCentre(places[i]) && pixel & 1 == 0 {
        (ownIds[n], ownPlaces[n]) = (ids[i], places[i])
        n &+= 1
      }
      i &+= 1
    }
    guard n > 0 else { return }
    for i in 0..<7 { (ownIds[n + i], ownPlaces[n + i]) = (ownIds[n - 1], ownPlaces[n - 1]) }
    // A run of eight values of a row.
    let run = SIMD8<UInt32>(0, 2, 4, 6, 8, 10, 12, 14)
    let mask = lanes_splat_uint(UInt32(TileGrid.pixels - 1))
    var held = UInt32.max
    var first = 0
    while first < n {
      let group = min((n - first + 7) / 8, ShadingBatch.group)
      findPoints(UnsafePointer(ownIds + first), UnsafePointer(ownPlaces + first), group, tile, &held)
      for b in 0..<group {
        let batch = batches + b
        let place = UnsafeRawPointer(ownPlaces + first + 8 * b).loadUnaligned(as: SIMD8<UInt32>.self)
        let pixel = FragmentPlace.pixel(ownPlaces[first + 8 * b])
        let column = pixel & (TileGrid.side - 1)
        if turn == nil && column <= TileGrid.side - 16 && n - first - 8 * b >= 8
          && map.takes(run: (tile.x + column) / 2)
          && lanes_any_uint(place & mask ^ lanes_add_uint(run, lanes_splat_uint(UInt32(pixel)))) == 0
        {
          map.put(
            run: (tile.x + column) / 2, (tile.y + pixel / TileGrid.side) / 2, batch.pointee.position,
            batch.pointee.normal)
          continue
        }
        for i in 0..<min(8, n - first - 8 * b) {
          let pixel = FragmentPlace.pixel(ownPlaces[first + 8 * b + i])
          let (x, y) = (tile.x + pixel % TileGrid.side, tile.y + pixel / TileGrid.side)
          map.put(x / 2, y / 2, turned(batch.pointee.position, i), turned(batch.pointee.normal, i))
        }
      }
      first += 8 * group
    }
  }
}
