import Documents
import Geometry
import Testing

@testable import Stage

@Suite struct TextTests {
  @Test(arguments: [
    ("I", 9, "f5b1e214ce3bec5188eb86ddb63db4a8"), ("O", 4, "51ae05e9b26d3f7bd8f9529684368ba2"),
    ("D-9", 16, "3408fd223c480e5f514955cbbaeae9c2"),
  ])
  func text(_ text: String, pieces: Int, golden: String) throws {
    checkShape(try TextShape(text: text, height: 2), ShapeTruths(pieces: pieces, smoothness: 0.96, golden: golden))
  }

  @Test func aBarHasItsSize() throws {
    // A straight stroke is a box with two half-round ends: the hyphen is 2.6 units and a pen long.
    let (height, pen, depth) = (3.0, 0.6, 0.25)
    let length = 2.6 * (height - pen) / 6
    let half = Double.pi * pen * pen / 4
    checkShape(
      try TextShape(text: "-", height: height, stroke: pen / height, depth: depth),
      ShapeTruths(
        volume: (length * pen + half) * depth, tessellation: polygonLoss(16), pieces: 3, smoothness: 0.98,
        golden: "06b157f04bed8682169ccfaa97bc85e4"))
  }

  /// Every character fills the capitals' height or a part of it, lies in its cell and is closed with any pen.
  @Test(arguments: [0.04, 0.12, 0.25]) func glyphsLieInTheirCells(stroke: Double) throws {
    for c in StrokeFont.characters {
      let glyph = try #require(StrokeFont.glyph(c))
      #expect(!glyph.strokes.isEmpty, "\(c)")
      for p in glyph.strokes.joined() {
        #expect(p.x >= -1e-9 && p.x <= glyph.width + 1e-9 && p.y >= -1e-9 && p.y <= 6 + 1e-9, "\(c): \(p)")
      }
      let mesh = try TextShape(text: String(c), stroke: stroke).makeMesh()
      #expect(mesh.isClosed, "\(c)")
      let width = glyph.width * (1 - stroke) / 6 + stroke
      #expect(mesh.upperBound.x <= width / 2 + 1e-6 && mesh.lowerBound.x >= -width / 2 - 1e-6, "\(c)")
      #expect(mesh.upperBound.y <= 0.5 + 1e-6 && mesh.lowerBound.y >= -0.5 - 1e-6, "\(c)")
      if c.isLetter || c.isNumber {
        #expect(mesh.upperBound.y > 0.5 - stroke / 100 && mesh.lowerBound.y < -0.5 + stroke / 100, "\(c)")
      }
    }
  }

  @Test func charactersDiffer() throws {
    var seen: [Mesh] = []
    for c in StrokeFont.characters {
      let mesh = try TextShape(text: String(c)).makeMesh()
      #expect(!seen.contains(mesh), "\(c)")
      seen.append(mesh)
    }
    #expect(Set(StrokeFont.characters).count == 26 + 10 + 4)
  }

  @Test func textRunsToTheRight() throws {
    // Of "L-", the upright is on the left and the foot is below: neither turned nor mirrored, read from +z.
    let corners = try TextShape(text: "L").makeMesh().vertices.map(\.position)
    #expect(corners.contains { $0.x < 0 && $0.y > 0.4 } && !corners.contains { $0.x > 0 && $0.y > 0.4 })
    #expect(corners.contains { $0.x > 0.2 && $0.y < -0.4 })
    let bounds = try TextShape(text: "L-").makeMesh()
    #expect(bounds.vertices.map(\.position).filter { $0.x > 0.2 }.allSatisfy { abs($0.y) < 0.2 })
  }

  @Test func longTextsAreClosed() throws {
    for spacing in [0.02, 0.16, 4] {
      let shape = try TextShape(text: "HHHHMWOOAB0123456789SCGJUQ8-+./Z", stroke: 0.25, spacing: spacing)
      #expect(shape.makeMesh().isClosed)
    }
  }

  @Test func lowerCaseIsUpperCase() throws {
    #expect(try TextShape(text: "az09").makeMesh() == TextShape(text: "AZ09").makeMesh())
  }

  @Test func whatTheFontLacksIsNamed() throws {
    for (text, culprit) in [("Café", "é"), ("A B", " "), ("A_B", "_"), ("A🙂", "🙂"), ("@", "@"), ("[", "[")] {
      let error = #expect(throws: DocumentError.self) { try shapeRegistry.make("text", ["text": .string(text)]) }
      #expect(error?.found.contains("the character \"\(culprit)\"") == true, "\(String(describing: error))")
      #expect(error?.path == "text.text" || error?.path == "text", "\(String(describing: error))")
    }
    let faults: [KeyValuePairs<String, Node.Content>] = [
      [:], ["text": .string("")], ["text": .string(String(repeating: "A", count: 33))],
      ["text": .string("A"), "stroke": .real(0.3)], ["text": .string("A"), "depth": .real(0)],
    ]
    for fields in faults {
      #expect(throws: DocumentError.self, "\(fields)") { try shapeRegistry.make("text", fields) }
    }
    #expect(throws: Never.self) { try shapeRegistry.make("text", ["text": .integer(42)]) }
  }
}
