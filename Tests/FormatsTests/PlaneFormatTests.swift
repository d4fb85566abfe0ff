import Annotators
import ImageCoding
import Imaging
import Testing

@testable import Formats

@Suite struct PlaneFormatTests {
  static let flowPNG = PlaneDescription(
    "flow_forward", .png, channels: ["U", "V", "M"], bits: 16, scale: 1 / 64.0, offset: -512, unit: "px",
    isSmooth: true,
    flagChannels: 1)
  static let ids = PlaneDescription("instance", .png, channels: ["I"], bits: 16, unit: "instance id", isSmooth: false)

  /// Flow of 1.5, -2 in every second pixel.
  static func flow(_ r: FrameRecord) -> PlaneImage {
    let samples = (0..<r.width * r.height).flatMap { k -> [UInt16] in k % 2 == 0 ? [32864, 32640, 1] : [0, 0, 0] }
    return .raster(RasterImage(width: r.width, height: r.height, channels: 3, samples: .sixteen(samples)))
  }

  private static func set() throws -> TestSet {
    try TestSet(planes: [
      (flowPNG, flow), KITTITests.planes[1],
      (ids, { .sixteen(Plane(width: $0.width, height: $0.height, repeating: 3)) }),
    ])
  }

  private static func check(_ format: any FormatWriter.Type, _ ending: String) throws {
    try checkFormat(format, try set()) { x in
      for (split, records) in x.frames {
        for r in records {
          func floats(_ name: String, _ channels: [String]) throws -> FloatImage {
            let file = try #require(x.files["\(split)/\(name)/\(sixDigits(r.frame)).\(ending)"])
            return ending == "npy" ? try decodeNPY(file) : try decodeEXR(file, channels: channels)
          }
          #expect(try floats("depth", ["Z"]).samples == KITTITests.millimetres(r).map { Float($0) * 0.005 })
          let flow = try floats("flow_forward", ["U", "V", "M"]).samples
          #expect(flow == (0..<r.width * r.height).flatMap { $0 % 2 == 0 ? [1.5, -2, 1] : [0, 0, 0] })
          #expect(x.files["\(split)/rgb/\(sixDigits(r.frame)).png"] != nil)
          #expect(x.files["\(split)/instance/\(sixDigits(r.frame)).png"] != nil)
        }
      }
      #expect(
        try x.text("planes.json").contains("\"files\":\"SPLIT/depth/*.\(ending)\",\"channels\":[\"Z\"],\"unit\":\"m\""))
    }
  }

  @Test func arraysHoldThePlanes() throws { try Self.check(NPYPlanes.self, "npy") }
  @Test func imagesHoldThePlanes() throws { try Self.check(EXRPlanes.self, "exr") }

  @Test func planesCanBeChosen() throws {
    let (set, folder) = (try Self.set(), try TestFolder())
    var options = ExportOptions()
    options.wanted = [.depth]
    _ = try set.export(NPYPlanes.self, options, to: folder.path + "/x")
    #expect(try FileSystem.names(in: folder.path + "/x/train") == ["depth", "rgb"])
  }
}
