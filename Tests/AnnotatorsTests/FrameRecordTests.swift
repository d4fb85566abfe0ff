import Documents
import Geometry
import Imaging
import Stage
import Testing

@testable import Annotators

@Suite struct FrameRecordTests {
  static func record(instances n: Int = 3, seed: UInt64 = 1) throws -> FrameRecord {
    let frame = testFrame(
      width: 40, height: 30,
      instances: (1...n).map { testInstance(id: UInt32($0), name: "naïve \"\\[\($0)]") })
    let plane = randomIndexPlane(width: 40, height: 30, count: n, seed: seed)
    let regions = try VisibleRegionScanner().regions(of: plane, instanceCount: n)
    return FrameRecord(
      source: Digest(of: "scene"), frame: 7, width: 40, height: 30, camera: frame.camera, background: frame.background,
      sun: frame.sun, ambient: frame.ambient, exposure: -0.5, depthScale: 0.001,
      planes: [PlaneRecord(name: "rgb", file: "images/000007.png", bytes: 1234, digest: Digest(of: "rgb"))],
      instances: zip(frame.instances, regions).map { InstanceRecord($0, $1) })
  }

  @Test func lineRoundTrips() throws {
    for seed in 0..<20 {
      let record = try Self.record(instances: 1 + seed, seed: UInt64(seed))
      let line = record.line
      let back = try FrameRecord(line: line)
      #expect(back == record)
      #expect(back.line == line)
      #expect(line.count { $0 == 0x0A } == 1 && line.last == 0x0A)
    }
  }

  @Test func noSunIsNull() throws {
    var record = try Self.record()
    record.sun = nil
    #expect(try FrameRecord(line: record.line) == record)
  }

  @Test func digestCoversLabelsAndNotSizes() throws {
    let record = try Self.record()
    var other = record
    other.planes[0].bytes += 1
    #expect(other.labelsDigest == record.labelsDigest)
    other.instances[1].visiblePixels += 1
    #expect(other.labelsDigest != record.labelsDigest)
  }

  /// Whatever byte of a record changes, reading notices or gives another record; it never traps.
  @Test func everyDamageIsSeen() throws {
    let record = try Self.record(instances: 2)
    let line = record.line
    for i in line.indices {
      var damaged = line
      damaged[i] ^= 1
      if let back = try? FrameRecord(line: damaged) { #expect(back != record, "byte \(i)") }
      #expect(throws: JSONError.self) { try FrameRecord(line: Array(line[..<max(i - 1, 0)])) }
    }
  }

  @Test func errorsNameTheMember() throws {
    let text = String(decoding: try Self.record().line, as: UTF8.self)
    for (from, to, expected) in [
      ("\"exposure\"", "\"exposition\"", "a member of a frame record"), ("\"version\":2", "\"version\":1", "version 2"),
      ("\"visible\":", "\"visible\":-", "0 or more"), ("\"triangles\":1", "\"triangles\":2", "damaged"),
    ] {
      let parts = text.split(separator: from, maxSplits: 1, omittingEmptySubsequences: false)
      let changed = parts.joined(separator: to)
      do {
        _ = try FrameRecord(line: Array(changed.utf8), number: 12)
        Issue.record("no error for \(to)")
      } catch {
        #expect(error.line == 12 && "\(error)".contains(expected), "\(error)")
      }
    }
  }
}
