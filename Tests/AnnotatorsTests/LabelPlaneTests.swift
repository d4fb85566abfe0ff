import Imaging
import Rasterization
import Stage
import Testing

@testable import Annotators

@Suite struct LabelPlaneTests {
  static let categories = [Stage.Category(id: 1, name: "a"), Stage.Category(id: 2, name: "b")]

  @Test func identitiesFollowTheInstances() throws {
    let frame = testFrame(
      width: 16, height: 9, instances: [testInstance(id: 0), testInstance(id: 65535, category: 2), testInstance(id: 3)])
    let index = randomIndexPlane(width: 16, height: 9, count: 3, seed: 5)
    let planes = LabelPlanes(categories: Self.categories)
    try planes.fillIdentities(frame, index)
    for i in index.values.indices {
      let instance = index.values[i] == GBuffer.nothing ? nil : frame.instances[Int(index.values[i])]
      #expect(planes.instance.values[i] == UInt16(instance?.id ?? 0))
      #expect(planes.semantic8.values[i] == UInt8(instance?.category ?? 0))
    }
    #expect(planes.semanticImage.bitDepth == 8)
  }

  /// Runs of one instance of any length and place, which are looked up eight at a time where they can be.
  @Test(arguments: [1, 7, 8, 9, 16, 61]) func runsFollowTheInstances(width: Int) throws {
    let frame = testFrame(
      width: width, height: 5,
      instances: [testInstance(id: 700, category: 2), testInstance(id: 0), testInstance(id: 9)])
    var values: [UInt32] = []
    var length = 1
    while values.count < 5 * width {
      values += Array(repeating: [0, GBuffer.nothing, 2, 1][length % 4], count: length)
      length += 1
    }
    let index = Plane(width: width, height: 5, values: Array(values.prefix(5 * width)))
    for categories in [Self.categories, Self.categories + [Stage.Category(id: 300, name: "c")]] {
      let planes = LabelPlanes(categories: categories)
      try planes.fillIdentities(frame, index)
      #expect(planes.instance.values == index.values.map { [0: 700, 2: 9][$0] ?? 0 })
      let expected: [UInt16] = index.values.map { [0: 2, 2: 1][$0] ?? 0 }
      let semantic = planes.hasWideSemantic ? planes.semantic16.values : planes.semantic8.values.map { UInt16($0) }
      #expect(semantic == expected)
    }
  }

  @Test func wideCategoriesTakeSixteenBits() throws {
    let planes = LabelPlanes(categories: [Stage.Category(id: 256, name: "x")])
    let frame = testFrame(width: 2, height: 1, instances: [testInstance(id: 1, category: 256)])
    try planes.fillIdentities(frame, Plane(width: 2, height: 1, values: [0, GBuffer.nothing]))
    #expect(planes.semanticImage == RasterImage(width: 2, height: 1, channels: 1, samples: .sixteen([256, 0])))
  }

  @Test func idsThatDoNotFitEndTheRun() {
    let planes = LabelPlanes(categories: Self.categories)
    let plane = Plane<UInt32>(width: 1, height: 1, repeating: 0)
    let tooLarge = testFrame(width: 1, height: 1, instances: [testInstance(id: 65536)])
    #expect(throws: LabelError.instanceID(65536, name: "things[65536]")) { try planes.fillIdentities(tooLarge, plane) }
    let shared = testFrame(
      width: 1, height: 1, instances: [testInstance(id: 4, name: "p"), testInstance(id: 4, name: "q")])
    #expect(throws: LabelError.sharedID(4, first: "p", second: "q")) { try planes.fillIdentities(shared, plane) }
  }

  @Test func depthRoundsHalfUp() throws {
    let planes = LabelPlanes(categories: [])
    var random = TestRandom(1)
    var values: [Float] = [0, 0.0001, 0.0005, 0.25, 0.5, 0.75, 1, 65.535, 65.5354, 65.5355, 2.5]
    for _ in 0..<2000 { values.append(Float(random.unit() * 65.5)) }
    try planes.fillDepth(Plane(width: values.count, height: 1, values: values), scale: 0.001)
    for (z, code) in zip(values, planes.depth.values) {
      let expected = z == 0 ? 0 : max(1, Int((Double(z) * 1000 + 0.5).rounded(.down)))
      #expect(Int(code) == expected, "z = \(z)")
    }
    // At half a metre a unit these are exact halves: 0.5, 1, 1.5, 2.5 units.
    try planes.fillDepth(Plane(width: 4, height: 1, values: [0.25, 0.5, 0.75, 1.25]), scale: 0.5)
    #expect(planes.depth.values == [1, 1, 2, 3])
  }

  @Test func depthBeyondTheScaleNamesPixelAndRemedy() throws {
    let planes = LabelPlanes(categories: [])
    var plane = Plane<Float>(width: 4, height: 3, repeating: 1)
    plane[2, 1] = 65.5365
    do {
      try planes.fillDepth(plane, scale: 0.001)
      Issue.record("no error")
    } catch {
      #expect(error == .depth(x: 2, y: 1, metres: Double(Float(65.5365)), scale: 0.001))
      #expect(error.description.contains("(2, 1)") && error.description.contains("a depth scale of 0.01 m"))
    }
    for bad in [Float.infinity, .nan] {
      plane[2, 1] = bad
      #expect(throws: LabelError.self) { try planes.fillDepth(plane, scale: 0.001) }
    }
  }
}
