import Annotators
import Geometry
import Glibc
import Imaging
import Rasterization
import Stage
import Synchronization

@testable import Datasets
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

let testMesh = Mesh(
  vertices: [
    .init(position: [0, 0, 0], normal: [0, 0, 1], uv: [0, 0]),
    .init(position: [1, 0, 0], normal: [0, 0, 1], uv: [1, 0]),
    .init(position: [0, 1, 0], normal: [0, 0, 1], uv: [0, 1]),
  ], indices: [0, 1, 2])

struct TestFault: Error, CustomStringConvertible {
  var description: String { "the dice fell off the table" }
}

/// Frames of three labelled instances and one without a label; `failing` throws.
func testSource(seed: UInt64 = 3, digest: String = "scene", failing: Int? = nil) -> FrameSource {
  FrameSource(
    name: "synthetic", digest: Digest(of: digest), seed: seed, frameCount: 20,
    categories: [Stage.Category(id: 1, name: "thing"), Stage.Category(id: 2, name: "other")], depthScale: 0.001
  ) { index in
    if index == failing { throw TestFault() }
    return Frame(
      index: index, width: 33, height: 20,
      camera: Camera(fx: 30, fy: 30, cx: 16.5, cy: 10, rotation: .identity, translation: Vector3(0, 0, Double(seed))),
      instances: (0...3).map { k in
        Instance(
          id: UInt32(k), category: k == 0 ? 0 : 1 + k % 2, name: "things[\(k)]", mesh: testMesh,
          objectToWorld: AffineTransform(translation: Vector3(Double(index) / 3, Double(k), 0)), materials: [Material()]
        )
      })
  }
}

/// Draws a rectangle an instance, its place a function of the frame; slow frames come out of order on several threads.
let testRenderer: RendererFactory = { _ in
  { frame, _ in
    var g = GBuffer(width: frame.width, height: frame.height)
    var rgb = [UInt8](repeating: 0, count: frame.width * frame.height * 3)
    for (k, _) in frame.instances.enumerated() {
      let (x0, y0) = ((frame.index * 7 + k * 5) % 30, (frame.index * 3 + k * 4) % 18)
      for y in y0..<min(y0 + 6, frame.height) {
        for x in x0..<min(x0 + 9, frame.width) {
          g.instanceIndex[x, y] = UInt32(k)
          g.depth[x, y] = Float(k + 1) + Float(frame.index % 5) * 0.25
          rgb[(y * frame.width + x) * 3 + k % 3] = UInt8(40 * k + frame.index % 40)
        }
      }
    }
    if frame.index % 3 == 0 { usleep(2000) }
    return RenderedFrame(
      rgb: RasterImage(width: frame.width, height: frame.height, channels: 3, samples: .eight(rgb)), gbuffer: g)
  }
}

func testOptions(_ folder: TestFolder, _ frames: Range<Int>, threads: Int = 2, chunk: Int? = 4) -> RenderOptions {
  var options = RenderOptions(folder: folder.path, frames: frames, threads: threads, chunk: chunk)
  options.isDurable = false
  return options
}

/// Gathers what a run reports.
final class EventLog: Sendable {
  private let events = Mutex<[RenderEvent]>([])

  func note(_ event: RenderEvent) { events.withLock { $0.append(event) } }

  var frames: [Int] {
    events.withLock { $0.compactMap { if case .frame(let n) = $0 { n } else { nil } } }.sorted()
  }

  var damage: [String] {
    events.withLock { $0.compactMap { if case .damage(let s) = $0 { s } else { nil } } }
  }
}

/// The files of a frame of which nothing special is asked.
let standardKinds = DatasetHeader(testSource(), chunk: 1).planes
