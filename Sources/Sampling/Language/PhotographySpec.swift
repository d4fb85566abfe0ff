import Documents
import Geometry
import Stage

extension CameraSpec {
  /// `sensor:` in any of its forms.
  func readSensor() throws(DocumentError) -> SensorSpec? {
    guard let node = sensor?.node else { return nil }
    do throws(DocumentError) {
      if case .mapping = node.content { return try SensorSpec.decodeFields(node) }
      var spec = SensorSpec()
      if node.number != nil {
        spec.width = try Double.decode(node)
      } else {
        let v = try numbers(node, 2, "the sensor's width, or its width and height, in millimetres")
        (spec.width, spec.height) = (v[0], v[1])
      }
      guard spec.width > 0, spec.height ?? 1 > 0 else { throw DocumentError(node, expected: "sizes above 0") }
      return spec
    } catch { throw error.inside("sensor") }
  }

  /// Whether `sensor:` says more than how large it is.
  var hasSensorModel: Bool {
    guard case .mapping(let members)? = sensor?.node.content else { return false }
    return members.contains { !["width", "height"].contains($0.key) }
  }

  /// What happens to the light between lens and file.
  ///
  /// - Parameter number: the camera's place in its rig.
  func photography(_ camera: Camera, width: Int, view number: Int, at node: Node) throws(DocumentError)
    -> PhotographicChain
  {
    var chain = PhotographicChain()
    let sensor = try readSensor()
    if let lens {
      chain.lens.naturalVignetting = lens.naturalVignetting
      chain.lens.vignetting = lens.vignetting
      chain.lens.chromaticAberration = lens.chromaticAberration
      if let distance = lens.focusDistance {
        guard let fNumber = lens.fNumber else {
          throw DocumentError(node.mark, found: "focus_distance without f_number", expected: "both").inside("lens")
        }
        if case .orthographic = camera.projection {
          throw DocumentError(
            node.mark, found: "focus_distance with parallel rays", expected: "a camera with a lens"
          ).inside("lens")
        }
        let millimetres = focalLength ?? camera.fx / Double(width) * (sensor?.width ?? 36)
        guard distance > millimetres / 1000 else {
          throw DocumentError(
            node.mark, found: "focus_distance \(distance) with a focal length of \(millimetres) mm",
            expected: "a distance beyond the focal length"
          ).inside("lens")
        }
        chain.lens.defocus = .init(fNumber: fNumber, focusDistance: distance, focalLength: millimetres / 1000)
      }
    }
    if let shutter { chain.shutter = shutter.shutter }
    if hasSensorModel, let sensor {
      var model = sensor.sensor
      model.defectSeed = UInt32(truncatingIfNeeded: sensor.defectSeed)
      model.noiseSeed = UInt64(noiseSeed) &+ UInt64(number) << 48
      chain.sensor = model
    }
    if let metering {
      let ev100: Double
      if let given = metering.ev100 {
        ev100 = given
      } else {
        guard let n = lens?.fNumber, let t = shutter?.time, t > 0 else {
          throw DocumentError(
            node.mark, found: "manual metering without them", expected: "the lens's f_number and the shutter's time"
          ).inside("metering")
        }
        // ISO 2720: EV = log2(N^2 / t) for the meter's speed; at ISO 100 less log2(S / 100).
        ev100 = StableMath.log2(n * n / t * 100 / (sensor?.sensor.iso ?? 100))
      }
      // Saturation-based speed of ISO 12232: a luminance of 1.2 2^EV100 cd/m2 is white (Lagarde & de Rousiers 2014).
      chain.gain = metering.luminance / (1.2 * StableMath.exp2(ev100))
    }
    if let development { chain.development = development.development }
    return chain
  }

  /// Metres and radians a second.
  var motion: Motion { Motion(velocity: velocity, rotation: angularVelocity * (Double.pi / 180)) }
}
