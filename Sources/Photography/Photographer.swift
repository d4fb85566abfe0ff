// From linear light to a picture, in the order in which a camera does it:
//
//     radiance --defocus--> --lateral chromatic aberration--> --vignetting--> --exposure-->            the lens
//       --photons, read noise, saturation--> --dead and hot pixels--> --mosaic, demosaic-->            the sensor
//       --white balance--> --tone curve--> --sharpening--> --8 or 16 bits--> --JPEG-->                 the development
//
// Motion blur and the rolling shutter come before all of this: see `ShutterPlan`. A step is a file. All of it is a pure
// function of the light, the depth, the chain and the frame's noise seed; sums are in a fixed order, and no step looks at
// anything but those.

import Geometry
import ImageCoding
import Imaging
import LaneMath
import Stage

/// Develops pictures, one at a time; keeps its buffers between them.
public final class Photographer {
  private var spare = LinearImage(width: 1, height: 1)
  private var raw = RawPlane()
  private var defects: PixelDefects?
  private var curves: [Development.ToneCurveName: ToneTable] = [:]

  public init() {}

  /// Develops a picture.
  ///
  /// - Parameters:
  ///   - light: radiance; what it holds afterwards has no meaning.
  ///   - depth: metres, 0 where nothing is seen; asked for where the lens blurs.
  ///   - exposure: stops.
  /// - Throws: where the picture is too large for JPEG.
  public func develop(
    _ light: inout LinearImage, depth: Plane<Float>?, camera: Camera, _ chain: PhotographicChain, exposure: Double
  ) throws(ImageCodingError) -> RasterImage {
    if let lens = chain.lens.defocus, let depth {
      prepareSpare(light)
      Defocus(lens, f: (camera.fx * camera.fy).squareRoot()).apply(light, depth, into: &spare)
      swap(&light, &spare)
    }
    if chain.lens.chromaticAberration != Vector2() {
      prepareSpare(light)
      ChromaticAberration(chain.lens.chromaticAberration, camera).apply(light, into: &spare)
      swap(&light, &spare)
    }
    let transmission = Transmission(
      chain.lens, camera, width: light.width, height: light.height, gain: chain.gain * StableMath.exp2(exposure))
    let development = chain.development
    let (table, balance) = (curve(development.toneCurve), SIMD3<Float>(development.whiteBalance))
    if let sensor = chain.sensor, sensor.mosaic != .none {
      let width = light.width
      exposeMosaic(sensor, &light, through: transmission.isIdentity ? nil : transmission) { row, plane in
        table.apply(toRow: row, plane: plane, width: width, whiteBalance: balance)
      }
    } else {
      if !transmission.isIdentity { transmission.apply(to: &light) }
      if let sensor = chain.sensor { expose(sensor, &light) }
      table.apply(to: &light, whiteBalance: balance)
    }
    let sharpening = Float(development.sharpening)
    if development.bitDepth == 16 {
      return RasterImage(
        width: light.width, height: light.height, channels: 3,
        samples: .sixteen(Quantization.sixteen(light, sharpening: sharpening)))
    }
    var bytes = Quantization.eight(light, sharpening: sharpening)
    if let quality = development.jpegQuality {
      try JPEGArtefacts.apply(to: &bytes, width: light.width, height: light.height, quality: quality)
    }
    return RasterImage(width: light.width, height: light.height, channels: 3, samples: .eight(bytes))
  }

  private func prepareSpare(_ like: LinearImage) {
    if spare.width != like.width || spare.height != like.height {
      spare = LinearImage(width: like.width, height: like.height)
    }
  }

  private func curve(_ name: Development.ToneCurveName) -> ToneTable {
    if let known = curves[name] { return known }
    let made = ToneTable(name)
    curves[name] = made
    return made
  }

  /// A sensor that sees three colours in each pixel.
  private func expose(_ sensor: Sensor, _ light: inout LinearImage) {
    let noise = SensorNoise(sensor)
    noise.apply(to: &light)
    defects(of: sensor, light)?.apply(to: &light, full: noise.full)
  }

  /// A sensor under a mosaic; `next` takes each row of three colours as it is made.
  private func exposeMosaic(
    _ sensor: Sensor, _ light: inout LinearImage, through lens: Transmission?, then next: Demosaic.Row
  ) {
    let noise = SensorNoise(sensor)
    raw.fill(light, sensor.mosaic, through: lens)
    noise.apply(to: &raw)
    defects(of: sensor, light)?.apply(to: &raw, full: noise.full)
    raw.mirrorEdges()
    switch sensor.demosaic {
    case .bilinear: Demosaic.bilinear(raw, into: &light, then: next)
    case .malvar: Demosaic.malvar(raw, into: &light, then: next)
    }
  }

  private func defects(of sensor: Sensor, _ light: LinearImage) -> PixelDefects? {
    if defects?.areThose(of: sensor, width: light.width, height: light.height) != true {
      defects = PixelDefects(sensor, width: light.width, height: light.height)
    }
    return defects
  }
}
