// Lights and poses as members of a record.

import Documents
import Geometry
import Imaging
import Stage

extension Sun {
  func write(to w: inout JSONWriter) {
    w.beginObject()
    w.key("direction")
    direction.write(to: &w)
    w.key("irradiance")
    irradiance.write(to: &w)
    w.member("angular_diameter", angularDiameter)
    w.member("shadow", castsShadow)
    w.endObject()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    var direction: Vector3?
    var irradiance: Vector3?
    var diameter: Double?
    var shadow: Bool?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "direction": try r.once(&direction) { r throws(JSONError) in try r.vector3() }
      case "irradiance": try r.once(&irradiance) { r throws(JSONError) in try r.vector3() }
      case "angular_diameter": try r.once(&diameter) { r throws(JSONError) in try r.number() }
      case "shadow": try r.once(&shadow) { r throws(JSONError) in try r.boolean() }
      default: throw r.unknown(key, "a member of a sun")
      }
    }
    guard let direction, let irradiance, let diameter, let shadow else {
      throw r.error(expected: "all members of a sun before its end")
    }
    self.init(direction: direction, irradiance: irradiance, angularDiameter: diameter, castsShadow: shadow)
  }
}

extension HemisphericLight {
  init(from r: inout JSONReader) throws(JSONError) {
    var sky: Vector3?
    var ground: Vector3?
    try r.beginObject()
    while let key = try r.nextKey() {
      switch key {
      case "sky": try r.once(&sky) { r throws(JSONError) in try r.vector3() }
      case "ground": try r.once(&ground) { r throws(JSONError) in try r.vector3() }
      default: throw r.unknown(key, "a member of an ambient light")
      }
    }
    guard let sky, let ground else { throw r.error(expected: "all members of an ambient light before its end") }
    self.init(sky: sky, ground: ground)
  }
}

extension AffineTransform {
  /// Twelve numbers, the rows of the 3x4 matrix.
  func write(to w: inout JSONWriter) {
    w.beginArray()
    for (row, t) in [(linear.row0, translation.x), (linear.row1, translation.y), (linear.row2, translation.z)] {
      row.writeComponents(to: &w)
      w.number(t)
    }
    w.endArray()
  }

  init(from r: inout JSONReader) throws(JSONError) {
    let v = try r.shortNumbers(12)
    self.init(
      linear: Matrix3(Vector3(v[0], v[1], v[2]), Vector3(v[4], v[5], v[6]), Vector3(v[8], v[9], v[10])),
      translation: Vector3(v[3], v[7], v[11]))
  }
}

extension PixelBox {
  init(from r: inout JSONReader) throws(JSONError) {
    var v = SIMD4<Int>()
    var n = 0
    try r.beginArray()
    while try r.nextElement() {
      let value = try r.integer()
      if n < 4 { v[n] = value }
      n += 1
    }
    guard n == 4 else { throw r.error(expected: "a box of 4 numbers before this") }
    self.init(x: v[0], y: v[1], width: v[2], height: v[3])
  }
}

extension Vector3 {
  func write(to w: inout JSONWriter) { w.numbers(x, y, z) }

  func writeComponents(to w: inout JSONWriter) {
    w.number(x)
    w.number(y)
    w.number(z)
  }
}
