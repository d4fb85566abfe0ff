import Geometry
import Stage
import Testing

@testable import Importing

/// Environments through the library.
@Suite struct EnvironmentFileTests {
  /// A flat Radiance picture of one colour: 0.5 in red, 0.25 in green, 0.125 in blue.
  private func picture(_ width: Int, _ height: Int) -> [UInt8] {
    let header = "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y \(height) +X \(width)\n"
    return Array(header.utf8) + (0..<width * height).flatMap { _ -> [UInt8] in [128, 64, 32, 128] }
  }

  @Test func aFileIsReadOnceAndSharedByAll() throws {
    let folder = try TestFolder()
    let path = try folder.write("grey.hdr", picture(64, 32))
    let library = AssetLibrary()
    let environment = try library.environment(file: path, cuttingSun: true)
    #expect(try library.environment(file: path, cuttingSun: true) === environment)
    #expect((environment.radiance(Vector3(1, 2, 3), roughness: 0.4) - Vector3(0.5, 0.25, 0.125)).length < 1e-6)
    #expect(environment.sun == nil)
  }

  @Test func skiesAreSharedByTheirParameters() {
    let library = AssetLibrary()
    let sky = library.environment(of: ClearSky(elevation: 30))
    #expect(library.environment(of: ClearSky(elevation: 30)) === sky)
    #expect(library.environment(of: ClearSky(elevation: 31)) !== sky)
    var rust = Rust()
    let maps = library.surface(of: [Plastic(), rust], resolution: 16)
    #expect(library.surface(of: [Plastic(), rust], resolution: 16) === maps)
    rust.coverage = 0.9
    #expect(library.surface(of: [Plastic(), rust], resolution: 16) !== maps)
  }

  @Test func whatIsNoSphereIsRefused() throws {
    let folder = try TestFolder()
    func refusal(_ name: String, _ bytes: [UInt8]) throws -> String {
      let path = try folder.write(name, bytes)
      do {
        _ = try AssetLibrary().environment(file: path, cuttingSun: false)
        return "loads"
      } catch { return error.description }
    }
    #expect(try refusal("square.hdr", picture(32, 32)).contains("twice as wide as high"))
    #expect(try refusal("short.hdr", Array(picture(64, 32).dropLast(9))).contains("short.hdr"))
    #expect(try refusal("text.hdr", Array("hello".utf8)).contains("expected a Radiance HDR file"))
  }
}
