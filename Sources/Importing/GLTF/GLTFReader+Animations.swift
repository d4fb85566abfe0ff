// Animations: samplers and channels, checked against what they move.

extension GLTFReader {
  mutating func readAnimations() throws(ImportError) {
    for value in try collection("animations") {
      var samplers: [GLTFDocument.Animation.Sampler] = []
      for item in try value.require("samplers").elements() {
        let word = try item.get("interpolation")
        guard let interpolation = GLTFDocument.Animation.Interpolation(rawValue: try word?.text() ?? "LINEAR") else {
          throw (word ?? item).error(expected: "LINEAR, STEP or CUBICSPLINE")
        }
        let input = try item.require("input").index(of: "accessor", count: document.accessors.count)
        let output = try item.require("output").index(of: "accessor", count: document.accessors.count)
        let a = document.accessors[input]
        guard a.type == "SCALAR", a.component == .float else {
          throw item.error(found: "times of type \(a.type)", expected: "SCALAR of floats")
        }
        if interpolation == .cubic, a.count < 2 {
          throw item.error(found: "a cubic spline of one key", expected: "at least 2")
        }
        for k in [input, output] where document.accessors[k].view.map({ document.views[$0].stride != nil }) == true {
          note("keys of an animation with a stride", item)
        }
        let bounds = [try a.value.get("min"), try a.value.get("max")]
        if bounds.contains(where: { $0 == nil }) { note("times without their bounds", item) }
        samplers.append(.init(value: item, input: input, output: output, interpolation: interpolation))
      }
      var channels: [GLTFDocument.Animation.Channel] = []
      let listed = try value.require("channels")
      for item in try listed.elements() {
        let sampler = try item.require("sampler").index(of: "sampler", count: samplers.count)
        let target = try item.require("target")
        guard let node = try target.index("node", of: "node", count: document.nodes.count) else { continue }
        guard let path = GLTFDocument.Animation.Path(rawValue: try target.require("path").text()) else {
          note("a channel for something that is not moved here", target)
          continue
        }
        let channel = GLTFDocument.Animation.Channel(sampler: sampler, node: node, path: path)
        try check(channel, samplers[sampler], item)
        if channels.contains(where: { $0.node == node && $0.path == path }) {
          throw target.error(found: "a second channel for this", expected: "one")
        }
        channels.append(channel)
      }
      let count = try listed.elements().count
      guard !samplers.isEmpty, count > 0 else {
        throw value.error(found: "an animation without samplers or channels", expected: "at least one of each")
      }
      document.animations.append(.init(name: try value.text("name"), samplers: samplers, channels: channels))
    }
  }

  private mutating func check(
    _ channel: GLTFDocument.Animation.Channel, _ sampler: GLTFDocument.Animation.Sampler, _ value: GLTFValue
  ) throws(ImportError) {
    let node = document.nodes[channel.node]
    let output = document.accessors[sampler.output]
    let type: String
    var width = 1
    switch channel.path {
    case .translation, .scale: type = "VEC3"
    case .rotation: type = "VEC4"
    case .weights:
      type = "SCALAR"
      width = node.mesh.map { document.meshes[$0].weights.count } ?? 0
      if width == 0 { note("a channel for weights of a node without morph targets", value) }
    }
    if node.matrix != nil, channel.path != .weights {
      note("a channel for a node that has a matrix, which is replaced", value)
    }
    guard output.type == type, output.component == .float || (output.isNormalized && channel.path != .translation)
    else {
      throw value.error(found: "keys of type \(output.type)", expected: "\(type) of floats")
    }
    let keys = document.accessors[sampler.input].count * (sampler.interpolation == .cubic ? 3 : 1) * width
    guard width == 0 || output.count == keys else {
      throw value.error(found: "\(output.count) keys", expected: "\(keys)")
    }
  }
}
