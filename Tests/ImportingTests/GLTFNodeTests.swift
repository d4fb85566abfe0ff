import Geometry
import Stage
import Testing

@testable import Importing

/// Named nodes of glTF files and the keypoints in their extras.
@Suite struct GLTFNodeTests {
  /// A triangle below a node that an animation lifts, with nodes of keypoints.
  private func file(extras: String = "\"keypoint\": \"tip\"") -> GLTFTestFile {
    var file = GLTFTestFile()
    let positions = file.add([0, 0, 0, 1, 0, 0, 0, 1, 0], "VEC3", more: ",\"min\":[0,0,0],\"max\":[1,1,0]")
    let times = file.add([0, 2], "SCALAR", more: ",\"min\":[0],\"max\":[2]")
    let places = file.add([0, 0, 0, 0, 4, 0], "VEC3")
    file.members = [
      "\"meshes\":[{\"primitives\":[{\"attributes\":{\"POSITION\":\(positions)}}]}]",
      """
      "nodes":[{"name":"root","children":[1,2]},
       {"name":"sheet","mesh":0,"translation":[1,2,3]},
       {"name":"head","scale":[2,2,2],"extras":{"keypoints":{"nose":[0,0.5,1],"ear":[1,0,0]}},"children":[3]},
       {"name":"crown","translation":[0,1,0],"extras":{\(extras)}},
       {"name":"elsewhere","extras":{"keypoint":"away"}}]
      """,
      "\"scenes\":[{\"nodes\":[0]}]", "\"scene\":0",
      """
      "animations":[{"name":"lift","samplers":[{"input":\(times),"output":\(places)}],
       "channels":[{"sampler":0,"target":{"node":2,"path":"translation"}}]}]
      """,
    ]
    return file
  }

  @Test func extrasDeclareKeypoints() throws {
    let model = try file().model()
    // +Y up becomes +Z up: (x, y, z) is (x, -z, y).
    #expect(
      model.keypoints == [
        Keypoint("nose", Vector3(0, -2, 1)), Keypoint("ear", Vector3(2, 0, 0)), Keypoint("tip", Vector3(0, 0, 2)),
      ])
    #expect(model.nodes.map(\.name) == ["root", "sheet", "head", "crown", "elsewhere"])
    #expect(model.nodes[1].toModel * Vector3() == Vector3(1, -3, 2))
    #expect(model.notes.isEmpty)
  }

  @Test func animationsMoveThem() throws {
    let model = try file().model(ModelPose(time: 1))
    #expect(model.keypoints.map(\.position) == [Vector3(0, -2, 3), Vector3(2, 0, 2), Vector3(0, 0, 4)])
    #expect(model.nodes[2].toModel.translation == Vector3(0, 0, 2))
    // Of a node, what hangs below it.
    #expect(try file().model(ModelPose(node: "crown")).keypoints.map(\.name) == ["tip"])
  }

  @Test func extrasOfOthersAreLeftAlone() throws {
    for (extras, note) in [
      ("\"keypoint\": 7", "no name"), ("\"keypoints\": [1]", "no object"),
      ("\"keypoints\": {\"a\": [1, 2]}", "3 numbers"),
      ("\"keypoint\": \"nose\"", "a second time"), ("\"other\": {}", ""),
    ] {
      let model = try file(extras: extras).model()
      #expect(model.keypoints.count == 2 && model.notes.contains { $0.contains(note) } == !note.isEmpty)
    }
  }
}
