import Geometry
import Stage
import Testing

@testable import Importing

private let seedModel = """
  mtllib m.mtl other.mtl
  v -1 -1 -1 1 0 0\nv 1 -1 -1\nv 1 1 -1\nv -1 1 -1.5e-1\nv -1 -1 1\nv 1 -1 1\nv .5 1 1\nv -1 1 1
  vt 0 0\nvt 1 0.5\nvn 0 0 1\nvn 1 0 0
  usemtl a\ns 1\nf 1/1/1 4/2/1 3/1/2 2\nf 5 6 7 8 -4\ns off\nf 1 2 \\
  6 5\nusemtl b\ng x\nf -7//1 -6//2 -2//1 -3//1\nl 1 2\nf 4 1 5 8
  """

private let seedMaterials = """
  newmtl a\nKd 0.5 0.5 1\nKs 1 1 1\nNs 30\nmap_Kd -s 1 2 -o 0.5 wood grain.png\nd 0.5
  newmtl b\nPr 0.25\nPm 1\nKe 1 2 3\nmap_Kd sub/b.png -bm 2
  """

/// Damaged files load or are refused with a message, and what loads is whole. Fixed seeds: a failure comes again.
@Suite struct ImportFuzzTests {
  /// Bytes that mean something to the readers are put in more often than others.
  private let spice = Array(" \n\r\t\\/-+.#0123456789efvnstlmg".utf8)

  private func damaged(_ text: String, _ random: inout TestRandom) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0...random.below(6) {
      let at = random.below(bytes.count)
      let byte = random.below(4) == 0 ? UInt8(random.below(256)) : spice[random.below(spice.count)]
      switch random.below(5) {
      case 0: bytes.remove(at: at)
      case 1: bytes.insert(byte, at: at)
      case 2: bytes.removeSubrange(at..<min(at + random.below(40), bytes.count))
      case 3:
        bytes.insert(contentsOf: bytes[at..<min(at + random.below(60), bytes.count)], at: random.below(bytes.count))
      default: bytes[at] = byte
      }
      if bytes.isEmpty { return [0x76] }
    }
    return bytes
  }

  @Test func damagedModelsLoadWholeOrAreRefused() {
    var random = TestRandom(seed: 77)
    var (loaded, refused) = (0, 0)
    for round in 0..<4000 {
      let object = random.below(4) == 0 ? Array(seedModel.utf8) : damaged(seedModel, &random)
      let materials = damaged(seedMaterials, &random)
      do throws(ImportError) {
        let m = try importOBJ(object, file: "m.obj") { $0 == "m.mtl" ? materials : nil }
        #expect(faults(of: m) == [], "round \(round)")
        loaded += 1
      } catch {
        #expect(
          error.description.hasPrefix("m.obj:") || error.description.hasPrefix("m.mtl:"), "round \(round): \(error)")
        refused += 1
      }
    }
    #expect(loaded > 400 && refused > 400, "\(loaded) loaded, \(refused) refused")
  }

  @Test func everyTruncationLoadsOrIsRefused() {
    let bytes = Array(seedModel.utf8)
    for length in 0...bytes.count {
      do throws(ImportError) {
        #expect(faults(of: try importOBJ(Array(bytes.prefix(length)), file: "m.obj") { _ in nil }) == [])
      } catch { #expect(!error.found.isEmpty && !error.expected.isEmpty) }
    }
  }
}
