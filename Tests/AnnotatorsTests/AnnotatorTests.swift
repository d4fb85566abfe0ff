import Documents
import Geometry
import ImageCoding
import Imaging
import Rasterization
import Stage
import Testing

@testable import Annotators

/// What holds for every annotator, and for the choice of them.
@Suite struct AnnotatorTests {
  @Test(arguments: annotatorRegistry.names) func annotatorHoldsWhatItSays(name: String) throws {
    var frames = [randomFrame(seed: 1), randomFrame(seed: 2, width: 33, height: 40)]
    for lens in testLenses { frames.append(randomFrame(seed: 3, lens: (lens.projection, lens.f))) }
    // Nothing to see, and a single pixel.
    frames.append(Frame(width: 9, height: 5, camera: .looking(from: Vector3(3, 0, 0), 9, 5, f: 5)))
    frames.append(randomFrame(seed: 4, width: 1, height: 1))
    try checkAnnotator(name, frames)
  }

  @Test func encodingsAreChosen() throws {
    for (name, file) in [("depth", "npy"), ("normal", "exr"), ("albedo", "exr"), ("uv", "exr"), ("shading", "npy")] {
      let plan = try AnnotationPlan(
        Node(.sequence([Node(.mapping([.init(key: name, keyMark: .none, value: encoding(file))]))])))
      let a = try annotate(randomFrame(seed: 5), plan)
      guard case .floats? = a.planes[name] else {
        Issue.record("\(name) as \(file)")
        continue
      }
      #expect(a.descriptions[name]?.file.rawValue == file)
    }
  }

  private func encoding(_ file: String) -> Node {
    Node(.mapping([.init(key: "encoding", keyMark: .none, value: Node(.string(file)))]))
  }

  @Test func whatIsWrongIsSaid() throws {
    func message(_ node: Node) -> String {
      do {
        _ = try AnnotationPlan(node)
        return ""
      } catch { return error.message(files: []) }
    }
    func names(_ list: String...) -> Node { Node(.sequence(list.map { Node(.string($0)) })) }
    #expect(message(names("depht")).contains("did you mean \"depth\""))
    #expect(message(names("depth", "depth")).contains("each annotation once"))
    #expect(message(Node(.string("depth"))).contains("a list of annotations"))
    let bad = Node(.sequence([Node(.mapping([.init(key: "uv", keyMark: .none, value: encoding("png"))]))]))
    #expect(message(bad).contains("npy, exr"))
  }

  @Test func thePlanIsInOneOrder() throws {
    let a = try AnnotationPlan(names: ["poses", "normal", "depth"])
    let b = try AnnotationPlan(names: ["depth", "rgb", "normal", "poses", "masks"])
    #expect(a.annotators.map(\.name) == b.annotators.map(\.name))
    #expect(a.annotators.map(\.name) == ["rgb", "boxes", "masks", "depth", "normal", "poses"])
    #expect(AnnotationPlan.standard.annotators.map(\.name) == AnnotationPlan.standardNames)
    #expect(AnnotationPlan.standard.needs == [] && AnnotationPlan.standard.geometry == [])
  }

  @Test func pngHoldsWhatFloatsSay() throws {
    for name in [
      "normal", "shading_normal", "object_coordinates", "albedo", "roughness", "metallic", "depth", "distance",
    ] {
      let frame = randomFrame(seed: 6)
      let png = try annotate(frame, name)
      let floats = try annotate(
        frame,
        try AnnotationPlan(
          Node(.sequence([Node(.mapping([.init(key: name, keyMark: .none, value: encoding("npy"))]))]))))
      let (a, b) = (png.values(name), floats.values(name))
      let step = png.descriptions[name]?.scale ?? 0
      let channels = png.descriptions[name]?.channels.count ?? 1
      #expect(a.count == b.count && !a.isEmpty)
      for k in a.indices where png.rendered.gbuffer.instanceIndex.values[k / channels] != GBuffer.nothing {
        // Half a step, and what floats round.
        #expect(abs(a[k] - b[k]) <= step * 0.5001 + abs(b[k]) * 5e-6, "\(name) \(k): \(a[k]) \(b[k])")
      }
    }
  }

  @Test func objectsOfFewPixelsAreLeftOutOnRequest() throws {
    let frame = randomFrame(seed: 7, things: 12)
    let all = try annotate(frame, "boxes")
    #expect(all.record.instances.count == frame.instances.count { $0.id != 0 })
    let least = all.record.instances.map(\.visiblePixels).sorted()[5] + 1
    let option = Node(.mapping([.init(key: "least_pixels", keyMark: .none, value: Node(.integer(least)))]))
    let plan = try AnnotationPlan(
      Node(.sequence([Node(.mapping([.init(key: "boxes", keyMark: .none, value: option)])), Node(.string("poses"))])))
    let some = try annotate(frame, plan)
    #expect(some.record.instances.map(\.id) == all.record.instances.filter { $0.visiblePixels >= least }.map(\.id))
    #expect(some.record.instances.count < all.record.instances.count)
    // The others' values are their own.
    for i in some.record.instances {
      let index = try #require(frame.instances.firstIndex { $0.id == i.id })
      let t = frame.camera.worldToCamera * frame.instances[index].objectToWorld.translation
      #expect(i.values.pose?.translation == t)
    }
  }

  @Test func idsThatDoNotFitEndTheRun() throws {
    var frame = randomFrame(seed: 8)
    frame.instances[3].id = 70_000
    #expect(throws: LabelError.self) { try annotate(frame, "instance") }
    // With more room the frame is fine, as long as nobody asks for 16 bits.
    let a = try annotate(frame, "instance32", "panoptic")
    #expect(a.record.instances.contains { $0.id == 70_000 })
    guard case .raster(let image)? = a.planes["instance32"], case .eight(let s) = image.samples else {
      Issue.record("instance32 is RGB")
      return
    }
    let ids = a.rendered.gbuffer.instanceIndex.values.map { $0 == GBuffer.nothing ? 0 : frame.instances[Int($0)].id }
    for (k, id) in ids.enumerated() {
      #expect(UInt32(s[3 * k]) + UInt32(s[3 * k + 1]) << 8 + UInt32(s[3 * k + 2]) << 16 == id)
    }
    frame.instances[3].id = 1 << 24
    #expect(throws: LabelError.self) { try annotate(frame, "instance32") }
    #expect(throws: LabelError.self) { try annotate(frame, "panoptic") }
  }
}
