import Geometry

/// A screw thread around the z axis: a rounded ridge that climbs by `pitch` a turn, right-handed, and fades out at both
/// ends, where the surface is a cylinder of radius `base`.
struct Thread {
  /// At the foot of the ridge, and at the ends; metres.
  var base: Double
  /// Height of the ridge over the foot: outwards where above 0, inwards, as in a nut, below 0.
  var depth: Double
  var pitch: Double
  var bottom: Double
  var top: Double
  /// Steps around.
  var segments: Int
  /// True for the surface of a hole, seen from the axis.
  var isHole = false

  private static let stepsPerPitch = 12

  /// Rows follow the ridge, so that it has no steps: each climbs by a pitch on its way around, and what would stick out at
  /// an end is pressed onto the end's circle, where it has no area.
  func build(into surface: inout SurfaceBuilder) {
    let per = Thread.stepsPerPitch
    let rows = Int(((top - bottom) / pitch * Double(per)).rounded(.up)) + per
    let around = (0...segments).map { circlePoint($0, of: segments) }
    let runout = min(pitch, (top - bottom) / 4)
    surface.sheet(columns: segments, rows: rows) { column, j in
      // Seen from inside a hole, the way to the right goes clockwise.
      let i = isHole ? segments - column : column
      // In parts of a pitch, a whole number: corners that meet at the seam agree to the bit.
      let climb = (rows - j) * segments + i * per - per * segments
      let z = min(max(bottom + Double(climb) * pitch / Double(per * segments), bottom), top)
      let (s, c) = StableMath.sincos(2 * Double.pi * Double((rows - j) % per) / Double(per))
      let (from, to) = ((z - bottom) / runout, (top - z) / runout)
      let t = min(max(min(from, to), 0), 1)
      let fade = t * t * (3 - 2 * t)
      let fadeSlope = 6 * t * (1 - t) / runout * (from < to ? 1 : -1)
      let wave = 0.5 - 0.5 * c
      let radius = base + depth * fade * wave
      // The radius depends on the height and on the ridge's phase, which falls as the turn grows.
      let along = depth * fade * Double.pi * s / pitch
      let slope = along + depth * wave * fadeSlope
      let aside = Vector3(-around[i].y, around[i].x, 0)
      let normal =
        Vector3(around[i], 0) - Vector3(0, 0, slope) + aside * (along * pitch / (2 * Double.pi * radius))
      return .init(
        position: Vector3(around[i] * radius, z), normal: isHole ? -normal : normal,
        uv: Vector2(
          Double(column) / Double(segments),
          (top - bottom) / (2 * Double.pi * base) * (1 - (z - bottom) / (top - bottom))))
    }
  }
}
