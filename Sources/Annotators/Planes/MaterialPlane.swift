// `material`: for each pixel which material of the frame it shows: a number from 1 over the frame's objects in drawing
// order, labelled or not, and each one's material slots; 0 where nothing is seen. 16 bits. The record says what they are:
//
//     "materials": [{"id": 1, "instance": 0, "object": "ground", "slot": "default"}, ...]
//
// `instance` is the object's instance id, 0 where it carries no label.

import Documents
import Imaging
import Rasterization
import Stage

struct MaterialPlane: Annotator {
  static let manual = Manual(
    name: "material", summary: "Numbers of the objects' material slots, 16 bits, listed in the record; 0 is nothing.",
    sample: "annotations: [material]",
    limits: "Numbers are those of a frame; a material that several objects share has one for each.")
  static let fields: [Field<MaterialPlane>] = []

  var hasValues: Bool { true }

  func plane(of dataset: AnnotatedDataset) -> PlaneDescription? {
    PlaneDescription("material", .png, channels: ["I"], bits: 16, unit: "material id", isSmooth: false)
  }

  func draw(_ frame: FrameAnnotation) throws(LabelError) -> PlaneImage {
    var first: [Int] = []
    var next = 1
    for instance in frame.frame.instances {
      first.append(next)
      next += instance.mesh.slotNames.count
    }
    guard next - 1 <= 65535 else { throw .tooMany(plane: "material", count: next - 1, most: 65535) }
    let g = frame.rendered.gbuffer
    var values = [UInt16](repeating: 0, count: g.width * g.height)
    for k in values.indices where g.instanceIndex.values[k] != GBuffer.nothing {
      let i = Int(g.instanceIndex.values[k])
      let slots = frame.frame.instances[i].mesh.materialSlots
      values[k] = UInt16(first[i] + (slots.isEmpty ? 0 : Int(slots[Int(g.triangle.values[k])])))
    }
    return .sixteen(Plane(width: g.width, height: g.height, values: values))
  }

  func describe(_ frame: FrameAnnotation, in record: inout FrameRecord) throws(LabelError) {
    var list: [MaterialRecord] = []
    for instance in frame.frame.instances {
      for slot in instance.mesh.slotNames {
        list.append(MaterialRecord(id: list.count + 1, instance: instance.id, object: instance.name, slot: slot))
      }
    }
    record.materials = list
  }
}
