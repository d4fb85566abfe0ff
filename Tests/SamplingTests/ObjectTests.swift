import Documents
import Geometry
import Stage
import Testing

@testable import Sampling

/// Populations, prototypes, groups, layouts and what rests on what.
@Suite struct ObjectTests {
  private static let head = "camera: {eye: [9, 0, 3]}\nframes: 100\n"

  private func frame(_ text: String, _ index: Int = 0) throws -> Frame {
    try compiled(ObjectTests.head + text).frame(index, assets: TestAssets())
  }

  private func boxes(_ frame: Frame, _ prefix: String = "") -> [OrientedBox] {
    frame.instances.filter { $0.name.hasPrefix(prefix) }.map {
      OrientedBox(lower: $0.mesh.lowerBound, upper: $0.mesh.upperBound, $0.objectToWorld)
    }
  }

  private func layout(_ layout: String, count: Int, shape: String = "{box: {size: [0.4, 0.2, 0.6]}}") throws
    -> [OrientedBox]
  {
    boxes(try frame("objects:\n  - {id: a, category: a, count: \(count), shape: \(shape), layout: {\(layout)}}"))
  }

  @Test func everyLayoutsSampleReads() throws {
    for manual in layoutRegistry.manuals { _ = try layoutRegistry.decode(try document(manual.sample)) }
    for manual in ruleRegistry.manuals { _ = try ruleRegistry.decode(try document(manual.sample)) }
  }

  @Test func rowsStandSideBySide() throws {
    let b = try layout("row: {gap: 0.1}", count: 3)
    #expect(b.map { ($0.center.x * 1e6).rounded() / 1e6 } == [-0.5, 0, 0.5])
    #expect(b.allSatisfy { abs($0.lower.z) < 1e-6 && $0.center.y == 0 })
    let spaced = try layout("row: {axis: y, spacing: 2, centered: false}", count: 3)
    #expect(spaced.map { $0.center.y } == [0, 2, 4])
  }

  @Test func stacksPile() throws {
    let b = try layout("stack: {}", count: 3)
    #expect(b.map { ($0.lower.z * 1e6).rounded() / 1e6 } == [0, 0.6, 1.2])
  }

  @Test func gridsAndRings() throws {
    let b = try layout("grid: {columns: 2, spacing: [1, 3]}", count: 4)
    #expect(
      b.map { Vector2($0.center.x, $0.center.y) } == [
        .init(-0.5, -1.5), .init(0.5, -1.5), .init(-0.5, 1.5), .init(0.5, 1.5),
      ])
    let ring = try layout("ring: {radius: 2, facing: center}", count: 4)
    #expect(
      ring.allSatisfy { abs((($0.center.x * $0.center.x) + ($0.center.y * $0.center.y)).squareRoot() - 2) < 1e-6 })
    // The long side, 0.4 along x, points at the middle.
    #expect(ring.allSatisfy { abs(abs(dot($0.a, Vector3($0.center.x, $0.center.y, 0))) - 0.4) < 1e-6 })
  }

  @Test func scatteredThingsKeepApart() throws {
    let b = try layout("scatter: {size: [4, 3], spacing: 0.5, yaw: [0, 360]}", count: 20)
    #expect(b.count == 20)
    for i in b.indices {
      #expect(abs(b[i].center.x) <= 2 && abs(b[i].center.y) <= 1.5 && abs(b[i].lower.z) < 1e-6)
      for j in 0..<i {
        #expect((b[i].center - b[j].center).length >= 0.5)
        #expect(!b[i].overlaps(b[j]))
      }
    }
    #expect(throws: SceneError.self) { try layout("scatter: {size: [1, 1], spacing: 0.5}", count: 60) }
    let some = try layout("scatter: {radius: 1, spacing: 0.5, fill: true}", count: 60)
    #expect(some.count > 4 && some.count < 60)
  }

  @Test func scatterOnATable() throws {
    let f = try frame(
      """
      objects:
        - {id: table, shape: {box: {size: [2, 1, 0.1]}}, position: [5, 0, 0.75], rotation: [0, 0, 30]}
        - {id: cups, category: cup, count: 6, shape: {cylinder: {radius: 0.05, height: 0.1}}, layout: {scatter: {on: table, margin: 0.06, gap: 0.02}}}
      """)
    let table = boxes(f, "table")[0]
    for cup in boxes(f, "cups") {
      #expect(abs(cup.lower.z - 0.8) < 1e-6)
      let d = cup.center - table.center
      #expect(
        abs(dot(d, table.a)) / dot(table.a, table.a) <= 0.95 && abs(dot(d, table.b)) / dot(table.b, table.b) <= 0.9)
    }
  }

  @Test func shelvesAndPaths() throws {
    let b = try layout("shelves: {levels: 2, level_height: 1, width: 1, gap: 0.05}", count: 4)
    #expect(b.map { ($0.lower.z * 1e6).rounded() / 1e6 } == [0, 0, 1, 1])
    #expect(abs(b[0].lower.x + 0.5) < 1e-6 && abs(b[1].lower.x + 0.05) < 1e-6)
    let path = try layout("path: {points: [[0, 0, 0], [0, 4, 0]], side: 1}", count: 3)
    #expect(path.map { ($0.center.y * 1e6).rounded() / 1e6 } == [0, 2, 4])
    #expect(path.allSatisfy { abs($0.center.x + 1) < 1e-6 && abs(abs($0.a.y) - 0.2) < 1e-6 })
    let smooth = try layout("path: {points: [[0, 0, 0], [2, 2, 0], [4, 0, 0]], smooth: true}", count: 9)
    #expect(smooth.count == 9 && abs(smooth[8].center.x - 4) < 1e-6)
    #expect(throws: SceneError.self) { try layout("path: {points: [[0, 0, 0], [1, 0, 0]], spacing: 1}", count: 3) }
  }

  @Test func volumesKeepApart() throws {
    let b = try layout("volume: {size: [3, 3, 3], center: [0, 0, 5]}", count: 12)
    for i in b.indices { for j in 0..<i { #expect(!b[i].overlaps(b[j])) } }
    #expect(b.allSatisfy { $0.center.z >= 3.5 && $0.center.z <= 6.5 })
  }

  @Test func groupsNest() throws {
    let f = try frame(
      """
      objects:
        - id: rack
          count: 2
          layout: {row: {spacing: 10}}
          objects:
            - id: pile
              position: [0, 0, 1]
              rotation: [0, 0, 90]
              objects:
                - {id: crate, category: crate, count: 2, shape: {box: {size: [2, 1, 1]}}, layout: {row: {gap: 1}}}
      """)
    #expect(
      f.instances.map(\.name) == [
        "rack[0].pile.crate[0]", "rack[0].pile.crate[1]", "rack[1].pile.crate[0]", "rack[1].pile.crate[1]",
      ])
    let centers = boxes(f).map(\.center)
    #expect((centers[0] - Vector3(-5, -1.5, 0.5)).length < 1e-6 && (centers[3] - Vector3(5, 1.5, 0.5)).length < 1e-6)
    let scene = try compiled(
      ObjectTests.head
        + "objects: [{id: g, position: [1, 0, 0], objects: [{id: a, shape: box, position: [0, 0, {$uniform: [0, 1]}]}]}]"
    )
    let again = try compiled(yaml(try scene.document(frame: 3)))
    let assets = TestAssets()
    #expect(fingerprint(try again.frame(0, assets: assets)) == fingerprint(try scene.frame(3, assets: assets)))
  }

  @Test func thingsRestOnWhatIsUnderThem() throws {
    let f = try frame(
      """
      objects:
        - {id: floor, shape: {plane: {size: [20, 20]}}}
        - {id: step, shape: {box: {size: [2, 2, 0.5]}}, position: [0, 0, 0.25]}
        - {id: a, category: a, shape: {box: {size: [1, 1, 1]}}, position: [0.4, 0, 3], rest: true}
        - {id: b, category: a, shape: {box: {size: [1, 1, 1]}}, position: [5, 0, -7], rest: true}
        - {id: c, category: a, shape: {sphere: {radius: 0.25}}, position: [0.2, 0.1, 9], rest: true}
        - {id: heap, category: a, count: 12, shape: {box: {size: [0.5, 0.3, 0.2]}}, rotation: {$rotation: {}},
           position: {$in_box: {size: [1, 1, 0], center: [-5, 0, 9]}}, rest: true}
      """)
    #expect(abs(boxes(f, "a")[0].lower.z - 0.5) < 1e-6)
    #expect(abs(boxes(f, "b")[0].lower.z) < 1e-6)
    #expect(abs(boxes(f, "c")[0].lower.z - 1.5) < 1e-3)
    let heap = boxes(f, "heap")
    for i in heap.indices {
      #expect(heap[i].lower.z > -1e-6)
      for j in 0..<i { #expect(heap[i].separation(heap[j]) > -1e-6, "\(i) in \(j)") }
      // Nothing floats: lowered by a millimetre it is in the floor or in something before it.
      let lowered = heap[i].transformed(AffineTransform(translation: Vector3(0, 0, -0.001)))
      #expect(lowered.lower.z < 0 || (0..<i).contains { lowered.overlaps(heap[$0]) })
    }
  }

  @Test func boxesOverlapAsTheyShould() {
    let unit = OrientedBox(lower: Vector3(-1, -1, -1), upper: Vector3(1, 1, 1))
    func box(_ x: Double, _ angle: Double) -> OrientedBox {
      let turn = Quaternion(angle: angle.degreesInRadians, axis: Vector3(0, 0, 1)).matrix
      return OrientedBox(
        lower: Vector3(-1, -1, -1), upper: Vector3(1, 1, 1),
        AffineTransform(linear: turn, translation: Vector3(x, 0, 0)))
    }
    #expect(unit.overlaps(box(1.999, 0)) && !unit.overlaps(box(2, 0)) && !unit.overlaps(box(2.001, 0)))
    #expect(unit.overlaps(box(2.41, 45)) && !unit.overlaps(box(2.42, 45)))
    #expect(unit.overlaps(box(2.1, 0), gap: 0.2) && !unit.overlaps(box(2.1, 0), gap: 0.05))
    #expect(abs(unit.separation(box(3, 0)) - 1) < 1e-6)
    let heights = box(0.5, 0).transformed(AffineTransform(translation: Vector3(0, 0, 7))).overlapHeights(unit)
    #expect(heights.map { abs($0.lowerBound + 9) < 1e-6 && abs($0.upperBound + 5) < 1e-6 } == true)
  }

  @Test func prototypesVariantsAndMaterials() throws {
    let text = """
      materials:
        steel: {color: [0.5, 0.5, 0.5], metallic: 1, roughness: {$uniform: [0.1, 0.3]}}
      prototypes:
        can: {category: can, shape: {cylinder: {radius: 0.1}}, material: {color: [1, 0, 0], roughness: 0.9}}
        tall_can: {prototype: can, shape: {cylinder: {radius: 0.1, height: 2}}}
      objects:
        - {id: one, prototype: tall_can, material: {color: [0, 1, 0]}}
        - {id: two, prototype: can, material: steel}
        - id: many
          count: 10
          position: {$uniform: [[0, 0, 0], [1, 1, 1]]}
          variants:
            - {prototype: can, weight: 3}
            - {category: ball, shape: sphere}
            - {category: rare, shape: box, frames: 0.25}
      """
    let one = try frame(text).instances[0]
    #expect(
      one.materials[0].baseColor == Vector3(0, 1, 0) && one.materials[0].roughness == 0.9 && one.mesh.upperBound.z == 1)
    let two = try frame(text).instances[1]
    #expect(two.materials[0].metallic == 1 && two.materials[0].roughness < 0.3)
    var rare: [Int] = []
    var cans = 0
    for k in 0..<100 {
      let f = try frame(text, k)
      #expect(f.instances.count == 12)
      rare.append(f.instances.filter { $0.category == 2 }.count)
      cans += f.instances.filter { $0.name.hasPrefix("many") && $0.category == 3 }.count
    }
    #expect(rare.filter { $0 == 1 }.count == 25 && rare.filter { $0 == 0 }.count == 75, "exactly its share of frames")
    #expect(abs(Double(cans) / 975 - 0.75) < 0.07)
  }

  @Test func partsAreOneObject() throws {
    let f = try frame(
      """
      objects:
        - id: hammer
          category: tool
          position: [1, 2, 3]
          material: {color: [0.1, 0.1, 0.1]}
          parts:
            - {name: head, shape: {box: {size: [0.3, 0.1, 0.1]}}, position: [0, 0, 0.5], material: {color: [0, 0, 1]}}
            - {name: handle, shape: {cylinder: {radius: 0.02, height: 1}}, scale: [-1, 1, 1]}
      """)
    #expect(f.instances.count == 1 && f.instances[0].materials.map(\.baseColor.z) == [1, 0.1])
    #expect(f.instances[0].mesh.isClosed && f.instances[0].mesh.slotNames == ["0.default", "1.default"])
    #expect(abs(f.instances[0].mesh.upperBound.z - 0.55) < 1e-6)
  }
}
