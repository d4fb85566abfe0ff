import Documents
import Testing

@testable import Sampling

/// Random mutation of scenes: whatever the bytes are, reading and decoding them ends, soon, in a scene or a message.
@Suite struct FuzzTests {
  /// Pieces that stand for what has meaning in the language.
  private static let pieces = [
    "[", "]", "{", "}", ":", ": ", "- ", "\n", "\n  ", "#", "&a ", "*a", "|", ">", "'", "\"", "\\", "$uniform",
    "{$expr: ",
    "{$choice: [", "-1", "0", "1e999", "1e-320", "99999999999999999999", ".nan", ".inf", "null", "true", "count: 70000",
    "\u{0}", "\t", "\u{FEFF}", "~", "!!", "%", "@", "? ", "---\n", "$glob", "include: ", "let: {a: {$expr: a}}",
    "size: [0, 0, 0]",
    "rotation: [0, 0, 0, 0]", "((((", "+ 1", "^ 999", "\u{1F600}", "\u{E9}", "id: ", "layout: {scatter: {radius: 0}}",
    "$sobol", "{$quota: []}", "rest: true", "matrix: [[0,0,0,0],[0,0,0,0],[0,0,0,0]]",
  ]

  private static func seconds(_ body: () -> Void) -> Double {
    let t = ContinuousClock().measure(body)
    return Double(t.components.seconds) + Double(t.components.attoseconds) * 1e-18
  }

  @Test func readingAndDecodingAlwaysEnds() throws {
    var corpus = try sceneNames.map { try SceneLoader.text(sceneFolder + $0 + ".yaml") }
    corpus += SceneErrorTests.broken.map { "camera: {eye: [5, 0, 1]}\n" + $0.0 }
    corpus += YAMLTests.same.map(\.0) + [CompiledSceneTests.small]
    let assets = TestAssets()
    var random = RandomStream(seed: 20_26, frame: 0, path: .root.child("fuzz"))
    var (scenes, refused, slowest) = (0, 0, 0.0)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(6)
    var rounds = 0
    while clock.now < end, rounds < 20_000 {
      rounds += 1
      var bytes = Array(corpus[random.below(corpus.count)].utf8)
      // A window keeps the rounds short.
      if bytes.count > 1500, random.unit() < 0.7 {
        let start = random.below(bytes.count - 1500)
        bytes = Array("camera: {eye: [5, 0, 1]}\n".utf8) + bytes[start..<(start + 1500)]
      }
      for _ in 0..<(1 + random.below(4)) {
        let at = random.below(bytes.count + 1)
        switch random.below(5) {
        case 0: bytes.insert(contentsOf: FuzzTests.pieces[random.below(FuzzTests.pieces.count)].utf8, at: at)
        case 1: if at < bytes.count { bytes[at] = UInt8(random.below(256)) }
        case 2: bytes.removeSubrange(at..<min(at + 1 + random.below(8), bytes.count))
        case 3:
          let from = random.below(bytes.count + 1)
          bytes.insert(contentsOf: bytes[from..<min(from + random.below(60), bytes.count)], at: at)
        default:
          let other = Array(corpus[random.below(corpus.count)].utf8)
          let from = random.below(other.count + 1)
          bytes.insert(contentsOf: other[from..<min(from + random.below(200), other.count)], at: at)
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let time = FuzzTests.seconds {
        do throws(SceneError) {
          let scene = try CompiledScene(text: text, path: sceneFolder + "fuzz.yaml")
          scene.attach(assets: assets, visibility: nil)
          _ = try scene.document(frame: 1)
          scenes += 1
        } catch {
          refused += 1
          if error.message.isEmpty { Issue.record("an error without a message: \(text)") }
        }
      }
      if time > 5 { Issue.record("\(time) s for: \(text)") }
      slowest = max(slowest, time)
    }
    print("fuzzing: \(rounds) documents, \(scenes) scenes, \(refused) refused, the slowest took \(slowest) s")
    #expect(rounds > 20 && refused > 0)
  }

  @Test func writtenTreesReadBack() throws {
    var random = RandomStream(seed: 7, frame: 0, path: .root.child("trees"))
    func tree(_ depth: Int) -> Node {
      switch random.below(depth > 4 ? 5 : 7) {
      case 0: return Node(.null)
      case 1: return Node(.boolean(random.unit() < 0.5))
      case 2: return Node(.integer(Int(truncatingIfNeeded: random.bits()) >> random.below(64)))
      case 3: return Node(.real(Double(bitPattern: random.bits())))
      case 4: return Node(.string(text()))
      case 5: return Node(.sequence((0..<random.below(5)).map { _ in tree(depth + 1) }))
      default:
        var keys: [String] = []
        for _ in 0..<random.below(5) { let k = text(); if !keys.contains(k) { keys.append(k) } }
        return Node(.mapping(keys.map { .init(key: $0, keyMark: .none, value: tree(depth + 1)) }))
      }
    }
    // libyaml drops a byte order mark even from a quoted text; no name has use for one.
    let pieces = FuzzTests.pieces.filter { !$0.unicodeScalars.contains("\u{FEFF}") }
    func text() -> String { (0..<random.below(4)).map { _ in pieces[random.below(pieces.count)] }.joined() }
    for _ in 0..<3000 {
      let node = tree(0)
      let written = yaml(node)
      #expect(try document(written) == node, "\(written)")
    }
  }
}
