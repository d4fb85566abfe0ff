import Foundation
import ImageCoding
import Testing

@testable import Imaging

/// Metrics against what scikit-image and the published FLIP say of the stored pairs: `.ci/check_metrics.py` wrote
/// expected.json with those packages, and CI has it say so again.
@Suite struct MetricsTests {
  struct Expected: Decodable {
    var maximum: Int
    var mean: Double
    var changed: Double
    var psnr: Double
    var ssim: Double
    var flip: Double
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Pairs")

  static func image(_ name: String) throws -> RasterImage {
    try decodePNG(Array(try Data(contentsOf: folder.appendingPathComponent(name + ".png"))))
  }

  @Test func pairsMeasureAsPublished() throws {
    let data = try Data(contentsOf: Self.folder.appendingPathComponent("expected.json"))
    let expected = try JSONDecoder().decode([String: Expected].self, from: data)
    #expect(expected.count == 6)
    for (name, e) in expected {
      let (a, b) = (try Self.image(name + "-a"), try Self.image(name + "-b"))
      let d = try ImageDifference(a, b)
      #expect(d.maximum == e.maximum && abs(d.mean - e.mean) < 1e-9, "\(name)")
      #expect(abs(Double(d.changedPixels) / Double(d.pixelCount) - e.changed) < 1e-9, "\(name)")
      #expect(abs(d.psnr - e.psnr) < 1e-6, "\(name): \(d.psnr)")
      let ssim = try #require(try StructuralSimilarity.mean(a, b))
      #expect(abs(ssim - e.ssim) < 1e-6, "\(name): SSIM \(ssim)")
      let flip = try FlipMap(a, b).mean
      #expect(abs(flip - e.flip) < 1e-4, "\(name): FLIP \(flip)")
    }
  }

  @Test func equalPicturesAreAlike() throws {
    let a = try Self.image("blurred-a")
    #expect(try StructuralSimilarity.mean(a, a) == 1)
    #expect(try FlipMap(a, a).errors.values.allSatisfy { $0 == 0 })
  }

  /// Black against white is as different as pictures can be; a single pixel is not, and shows where it is.
  @Test func flipKnowsItsEnds() throws {
    func flat(_ code: UInt8) -> RasterImage {
      RasterImage(width: 40, height: 30, channels: 3, samples: .eight([UInt8](repeating: code, count: 3600)))
    }
    let flip = try FlipMap(flat(0), flat(255))
    #expect(flip.errors.values.allSatisfy { $0 > 0.9 && $0 <= 1 })
    var samples = [UInt8](repeating: 100, count: 3600)
    for c in 0..<3 { samples[(15 * 40 + 20) * 3 + c] = 255 }
    let spot = try FlipMap(flat(100), RasterImage(width: 40, height: 30, channels: 3, samples: .eight(samples)))
    let largest = spot.errors.values.indices.max { spot.errors.values[$0] < spot.errors.values[$1] }
    #expect(largest == 15 * 40 + 20 && spot.errors[0, 0] == 0 && spot.mean < 0.1)
  }

  @Test func smallAndUnlikeImages() throws {
    let small = RasterImage(width: 10, height: 30, channels: 1, samples: .eight([UInt8](repeating: 9, count: 300)))
    #expect(try StructuralSimilarity.mean(small, small) == nil)
    #expect(try FlipMap(small, small).mean == 0)
    let other = RasterImage(width: 30, height: 10, channels: 1, samples: .eight([UInt8](repeating: 9, count: 300)))
    #expect(throws: ImageDifference.Mismatch.self) { try StructuralSimilarity.mean(small, other) }
    #expect(throws: ImageDifference.Mismatch.self) { try FlipMap(small, other) }
  }
}
