import Documents
import Geometry
import Stage

extension GLTFBuilder {
  /// Adds the sun and the lights with a place; gives the numbers of their nodes. Lights of glTF shine along their -z: the
  /// sun in lux, the others in candela, which are the frame's own units.
  mutating func addLights() -> [Int] {
    var added: [Int] = []
    if let sun = frame.sun, sun.irradiance != Vector3() {
      added.append(add("sun", "directional", sun.irradiance, along: -sun.direction, at: Vector3()))
    }
    var unshadowed: [String] = []
    if let sun = frame.sun, sun.irradiance != Vector3(), !sun.castsShadow { unshadowed.append("sun") }
    var (rectangles, spots, balls) = (0, 0, 0)
    for (k, light) in frame.lights.enumerated() where light.intensity != Vector3() {
      let name = "light \(k + 1)"
      if !light.castsShadow { unshadowed.append(name) }
      switch light.shape {
      case .point:
        balls += 1
        added.append(add(name, "point", light.intensity, along: Vector3(0, 0, -1), at: light.position))
      case .spot(let axis, let inner, let outer):
        (balls, spots) = (balls + 1, spots + 1)
        // The inner angle has to be the smaller one; a step is nearly one all the same.
        let cone: [(String, Node)] = [
          ("innerConeAngle", .real(min(inner, outer * 0.999))), ("outerConeAngle", .real(outer)),
        ]
        added.append(add(name, "spot", light.intensity, along: axis, at: light.position, cone: cone))
      case .rectangle(let halfWidth, let halfHeight):
        rectangles += 1
        // As bright straight ahead as the rectangle is from afar: radiance times area. glTF's falloff from the axis to a
        // right angle is the square of the cosine, the rectangle's is the cosine.
        let area = 4 * halfWidth.length * halfHeight.length
        let cone: [(String, Node)] = [("innerConeAngle", .real(0)), ("outerConeAngle", .real(.pi / 2))]
        added.append(
          add(
            name, "spot", light.intensity * area, along: cross(halfWidth, halfHeight), at: light.position, cone: cone))
      }
    }
    if rectangles > 0 {
      notes.append("\(rectangles == 1 ? "a rectangular light is" : "\(rectangles) rectangular lights are") a wide spot")
    }
    if balls > 0 {
      notes.append(
        "the radius of points and spots is left out: their shadows are sharp, and light grows up to their middle")
    }
    if spots > 0 { notes.append("the edge of a spot falls off by glTF's curve, between the same angles") }
    if !unshadowed.isEmpty {
      notes.append(unshadowed.joined(separator: ", ") + ": that the light casts no shadows is left out")
    }
    return added
  }

  private mutating func add(
    _ name: String, _ type: String, _ intensity: Vector3, along axis: Vector3, at position: Vector3,
    cone: [(String, Node)]? = nil
  ) -> Int {
    let most = max(intensity.x, intensity.y, intensity.z)
    var light: [(String, Node)] = [
      ("type", .text(type)), ("name", .text(name)), ("color", .vector(intensity / most)),
      ("intensity", .real(most * lightScale)),
    ]
    if let cone { light.append(("spot", .object(cone))) }
    lights.append(.object(light))
    extensions.insert("KHR_lights_punctual")
    let z = -(axis.normalized ?? Vector3(0, 0, -1))
    let x = z.anyPerpendicular
    let place = AffineTransform(linear: Matrix3(columns: x, cross(z, x), z), translation: position)
    let own = Node.object([("light", .whole(lights.count - 1))])
    return addNode([
      ("name", .text(nodeNames.unique(name))), ("matrix", .matrix(place)),
      ("extensions", .object([("KHR_lights_punctual", own)])),
    ])
  }
}
