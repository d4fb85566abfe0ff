import Documents
import Geometry
import Stage

extension Sensor.Mosaic: DocumentWord {}
extension Sensor.Demosaic: DocumentWord {}
extension Development.ToneCurveName: DocumentWord {}

/// `camera: sensor:` as a mapping.
struct SensorSpec: DocumentRecord {
  var width = 36.0
  var height: Double?
  var sensor = Sensor()
  var defectSeed = 0

  static let fields: [Field<SensorSpec>] = [
    Field("width", \.width, "Millimetres. Default: 36.", in: .positive),
    Field("height", \.height, "Millimetres. Default: as the picture's shape has it.", in: .positive),
    Field(
      "iso", \.sensor.iso, "Sensitivity: fewer photons for the same picture, more noise. Default: 100.",
      in: .closed(1, 10_000_000)),
    Field(
      "white_electrons", \.sensor.whiteElectrons, "Electrons that white stands for at ISO 100. Default: 10000.",
      in: .closed(1, 10_000_000)),
    Field(
      "read_noise", \.sensor.readNoise, "Electrons (root mean square) that reading adds. Default: 3.",
      in: .closed(0, 100_000)),
    Field("shot_noise", \.sensor.hasShotNoise, "Whether photons are counted. Default: true."),
    Field(
      "headroom", \.sensor.headroom, "Stops above white at which a pixel is full. Default: 1.", in: .closed(0, 16)),
    Field("mosaic", \.sensor.mosaic, "Colour filters over the pixels. Default: none, every pixel sees all three."),
    Field("demosaic", \.sensor.demosaic, "How a mosaic's missing colours are made. Default: malvar."),
    Field("dead_pixels", \.sensor.deadPixels, "Share of pixels that stay black. Default: 0.", in: .closed(0, 0.1)),
    Field("hot_pixels", \.sensor.hotPixels, "Share of pixels that are always full. Default: 0.", in: .closed(0, 0.1)),
    Field("defect_seed", \.defectSeed, "Which pixels those are. Default: 0.", in: .closed(0, 0x1p32 - 1)),
  ]

  static var grammar: Grammar { .record("Sensor") { fieldGrammars } }
}

/// `camera: development:`
struct DevelopmentSpec: DocumentRecord {
  var whiteBalance = ColorValue(Vector3(1, 1, 1))
  var toneCurve = Development.ToneCurveName.srgb
  var sharpening = 0.0
  var jpegQuality: Int?
  var bitDepth = 8

  static let fields: [Field<DevelopmentSpec>] = [
    Field(
      "white_balance", \.whiteBalance,
      "Factors on linear red, green and blue; a colour of light is balanced by its inverse. Default: 1."),
    Field("tone_curve", \.toneCurve, "From linear light to the picture. Default: srgb."),
    Field(
      "sharpening", \.sharpening, "How much of the difference to a blurred copy is added. Default: 0.",
      in: .closed(0, 10)),
    Field(
      "jpeg_quality", \.jpegQuality, "Takes the picture through a JPEG file of this quality. Default: it is not.",
      in: .closed(1, 100)),
    Field("bit_depth", \.bitDepth, "8 or 16 bits a channel. Default: 8.", in: .closed(8, 16)),
  ]

  static var grammar: Grammar { .record("Development") { fieldGrammars } }

  func validate(_ node: Node) throws(DocumentError) {
    guard bitDepth == 8 || bitDepth == 16 else { throw DocumentError(node["bit_depth"] ?? node, expected: "8 or 16") }
    guard jpegQuality == nil || bitDepth == 8 else {
      throw DocumentError(node.mark, found: "jpeg_quality with 16 bits", expected: "8 bits, which is what JPEG holds")
    }
  }

  var development: Development {
    var d = Development()
    d.whiteBalance = whiteBalance.linear
    d.toneCurve = toneCurve
    d.sharpening = sharpening
    d.jpegQuality = jpegQuality
    d.bitDepth = bitDepth
    return d
  }
}
