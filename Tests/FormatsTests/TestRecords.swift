import Annotators
import Geometry
import Glibc
import Imaging
import Stage
import Testing

@testable import Formats

/// A folder that goes with the test.
final class TestFolder {
  let path: String

  init() throws {
    path = FileSystem.temporaryName(for: "/tmp/diorama-test")
    try FileSystem.makeFolder(path)
  }

  deinit { TestFolder.remove(path) }

  static func remove(_ path: String) {
    if FileSystem.isFolder(path) {
      for name in (try? FileSystem.names(in: path)) ?? [] { remove(path + "/" + name) }
      rmdir(path)
    } else {
      unlink(path)
    }
  }

  /// All files below, by their relative path.
  func files(_ under: String = "") throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for name in try FileSystem.names(in: path + under) {
      let relative = under + "/" + name
      if FileSystem.isFolder(path + relative) {
        found.merge(try files(relative)) { a, _ in a }
      } else {
        found[String(relative.dropFirst())] = try FileSystem.read(path + relative)
      }
    }
    return found
  }
}

let testDataset = DatasetDescription(
  name: "test \"set\"",
  categories: [
    Stage.Category(id: 1, name: "box", supercategory: "solid"), Stage.Category(id: 2, name: "sphère"),
    Stage.Category(id: 3, name: "torus"),
  ])

/// Frames with 0 to 4 instances, some hidden, some with holes; frame numbers have gaps.
func testRecords(_ count: Int) -> [FrameRecord] {
  (0..<count).map { n in
    let (width, height) = (20 + n % 3, 15)
    var owner = [Int](repeating: 0, count: width * height)
    let instances = n % 5
    for k in 0..<max(instances - 1, 0) {
      for y in k * 2..<min(height, k * 2 + 6) {
        for x in k * 3..<min(width, k * 3 + 7) where (x + y * 2 + n) % 7 != 0 { owner[y * width + x] = k + 1 }
      }
    }
    return FrameRecord(
      source: Digest(of: "test"), frame: n * n, width: width, height: height,
      camera: Camera(fx: 1, fy: 1, cx: 0, cy: 0, rotation: .identity, translation: Vector3()), background: Vector3(),
      sun: nil, ambient: HemisphericLight(sky: Vector3(), ground: Vector3()), exposure: 0, depthScale: 0.001,
      planes: [PlaneRecord(name: "rgb", file: "images/\(n * n).png", bytes: 1, digest: Digest(of: "\(n)"))],
      instances: (0..<instances).map { k in
        var counts: [UInt32] = [0]
        var inside = false
        for x in 0..<width {
          for y in 0..<height {
            if (owner[y * width + x] == k + 1) != inside {
              inside.toggle()
              counts.append(0)
            }
            counts[counts.count - 1] += 1
          }
        }
        let mask = RunLengthMask(width: width, height: height, counts: counts)
        return InstanceRecord(
          id: UInt32(k + 1), category: 1 + k % 3, name: "i[\(k)]", visiblePixels: mask.area, box: mask.box,
          mask: mask.compressed, objectToWorld: .identity, triangles: 12)
      })
  }
}
