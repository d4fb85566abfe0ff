import Foundation
import Testing

/// `diorama report` as its users call it.
@Suite struct ReportCommandTests {
  private static let scene = """
    image: {width: 96, height: 72}
    seed: 3
    annotations: [visibility]
    categories: [ball, box]
    camera: {target: [0, 0, 0.3], azimuth: {$uniform: [0, 360]}, elevation: {$uniform: [15, 60]}, distance: {$uniform: [4, 7]}, fov: 45}
    sun: {azimuth: {$uniform: [0, 360]}, elevation: 50}
    ambient: {sky: 0.4, ground: 0.2}
    objects:
      - {id: ground, shape: {plane: {size: [12, 12]}}, material: {color: {$choice: ["#808478", "#a08060"]}}}
      - id: balls
        category: ball
        count: {$integer: [2, 4]}
        shape: {sphere: {radius: 0.3}}
        position: {$uniform: [[-1.2, -1.2, 0.3], [1.2, 1.2, 0.3]]}
        material: {color: {$hsv: {hue: [0, 360], saturation: 0.8, value: 0.9}}}
      - {id: box, category: box, shape: {box: {size: [0.6, 0.6, 0.6]}}, position: [0, 0, 0.3]}
    """

  private func dataset(_ scratch: Scratch, _ name: String, _ options: String...) throws -> String {
    let scene = try scratch.write(Self.scene, to: "scene.yaml")
    let made = try diorama(arguments: ["render", scene, "--out", scratch.path(name), "--quiet"] + options)
    #expect(made.code == 0, "\(made.errors)")
    return scratch.path(name)
  }

  private func json(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func pageAndJSONSayWhatIsThere() throws {
    let scratch = try Scratch()
    let folder = try dataset(scratch, "folder", "--frames", "24", "--chunk", "10")
    let tar = try dataset(scratch, "tar", "--frames", "24", "--chunk", "7", "--layout", "tar")
    // The scene that the set keeps, and its file: the same.
    for (name, set, file) in [("a", folder, []), ("b", tar, ["--scene", scratch.path("scene.yaml")])] {
      let split = try diorama("split", set, "--parts", "train=2,val=1")
      #expect(split.code == 0, "\(split.errors)")
      let outcome = try diorama(
        arguments: [
          "report", set, "--group", "objects[ground].material.color", "--out", scratch.path("\(name).html"), "--json",
          scratch.path("\(name).json"), "--tiles", "6", "--require", "frames==24", "--require", "balance>50%",
        ] + file)
      #expect(outcome.code == 0 && outcome.output.contains("24 frames"), "\(outcome.errors)")
    }
    // The layout changes nothing.
    for end in ["html", "json"] {
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: scratch.path("a.\(end)")))
          == Data(contentsOf: URL(fileURLWithPath: scratch.path("b.\(end)"))))
    }
    let told = try json(scratch.path("a.json"))
    let schema = try json(
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Documentation/report.schema.json").path)
    let faults = SchemaCheck(schema).faults(told, schema, "$")
    #expect(faults == [])
    let metrics = try #require(told["metrics"] as? [String: Any])
    #expect(metrics["frames"] as? Int == 24 && metrics["parameter_coverage"] is Double && metrics["leaks"] is Int)
    let drawn = try #require((told["parameters"] as? [String: Any])?["drawn"] as? [[String: Any]])
    let elevation = try #require(drawn.first { $0["path"] as? String == "camera.elevation" })
    #expect(elevation["asked"] as? [[Double]] == [[15, 60]] && elevation["values"] as? Int == 24)
    let colour = try #require(drawn.first { $0["path"] as? String == "objects[ground].material.color" })
    let options = try #require(colour["asked"] as? [[String: Any]])
    #expect(options.reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == 24)
    // Two colours over three dozen frames lie in both parts.
    let leaks = try #require((told["split"] as? [String: Any])?["leaks"] as? [[String: Any]])
    #expect(leaks.filter { $0["kind"] as? String == "group" }.count == 2, "\(leaks)")
    let page = try String(contentsOfFile: scratch.path("a.html"), encoding: .utf8)
    #expect(page.contains("camera.elevation") && page.contains("id=\"tiles\"") && !page.contains("://"))
    // Every metric and every warning's key stands in the documentation.
    let manual = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Documentation/Report.md"), encoding: .utf8)
    for name in metrics.keys { #expect(manual.contains("`\(name)`"), "\(name)") }
    // A schema that forbids nothing would prove nothing.
    var broken = told
    broken["frames"] = 3
    broken["warnings"] = [["key": 3]]
    #expect(SchemaCheck(schema).faults(broken, schema, "$").count >= 3)
  }

  @Test func aSetIsNoDistanceFromItself() throws {
    let scratch = try Scratch()
    let set = try dataset(scratch, "set", "--frames", "12")
    let own = try diorama(
      "report", set, "--against", set + "/annotations/coco.json", "--json", scratch.path("own.json"), "--require",
      "size.ks==0", "--require", "classes.js==0", "--require", "objects_per_image.wasserstein==0")
    #expect(own.code == 0 && !own.output.contains("change:"), "\(own.output)\(own.errors)")
    #expect(FileManager.default.fileExists(atPath: set + "/report.html"))
    // The same objects at half the size: the advice is to enlarge ours by less than one, in words.
    var coco = try json(set + "/annotations/coco.json")
    var annotations = try #require(coco["annotations"] as? [[String: Any]])
    for k in annotations.indices {
      let box = try #require(annotations[k]["bbox"] as? [Double])
      annotations[k]["bbox"] = [box[0] + box[2] / 4, box[1] + box[3] / 4, box[2] / 2, box[3] / 2]
      annotations[k]["segmentation"] = nil
    }
    coco["annotations"] = annotations
    try JSONSerialization.data(withJSONObject: coco).write(to: URL(fileURLWithPath: scratch.path("half.json")))
    let half = try diorama("report", set, "--against", scratch.path("half.json"), "--require", "size.ks<0.1")
    #expect(half.code == 1 && half.message.contains { $0.hasPrefix("diorama: size.ks<0.1: found ") }, "\(half.errors)")
    #expect(half.output.contains("change: Objects are larger than the real ones"), "\(half.output)")
  }

  @Test func endsHaveTheirCodes() throws {
    let scratch = try Scratch()
    let set = try dataset(scratch, "set", "--frames", "6")
    func code(_ arguments: String..., part: String) throws -> Int32 {
      let outcome = try diorama(arguments: ["report"] + arguments)
      #expect(outcome.errors.contains(part), "\(arguments): \(outcome.errors)")
      return outcome.code
    }
    let unmet = try diorama("report", set, "--require", "frames>6", "--require", "leaks==0", "--require", "objects>0")
    #expect(unmet.code == 1)
    #expect(
      unmet.message == ["diorama: frames>6: found 6", "diorama: leaks==0: not known: the dataset was not split"])
    #expect(try code(set, "--require", "balence>0.8", part: "did you mean \"balance\"") == 64)
    #expect(try code(set, "--require", "size.ks<0.1", part: "without --against") == 64)
    #expect(try code(set, "--group", "sun", part: "without parts") == 65)
    #expect(try code(set, "--group", "camera.elevation", "--draws", "0", part: "--draws 0") == 64)
    #expect(try code(set, "--scene", "a.yaml", "--assets", ".", part: "expected one of them") == 64)
    #expect(try code(scratch.path("none"), part: "cannot open") == 74)
    #expect(try code(set, "--against", scratch.path("none.json"), part: "none.json") == 74)
    #expect(try code(set, "--against", scratch.path("scene.yaml"), part: "scene.yaml") == 65)
    let other = try scratch.write(Self.scene.replacingOccurrences(of: "0.2}", with: "0.3}"), to: "other.yaml")
    #expect(try code(set, "--scene", other, part: "digest") == 65)
    try FileManager.default.removeItem(atPath: set + "/images/000002.png")
    let missing = try diorama("report", set)
    #expect(missing.code == 0 && missing.output.contains("are missing: frames 2"), "\(missing.output)\(missing.errors)")
    try Data("no picture".utf8).write(to: URL(fileURLWithPath: set + "/images/000003.png"))
    #expect(try code(set, part: "000003.png") == 65)
  }
}

/// As much of JSON Schema as the report's needs.
private struct SchemaCheck {
  let definitions: [String: Any]

  init(_ schema: [String: Any]) { definitions = schema["$defs"] as? [String: Any] ?? [:] }

  func faults(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    if let reference = schema["$ref"] as? String {
      guard let found = definitions[String(reference.dropFirst("#/$defs/".count))] as? [String: Any] else {
        return ["\(path): no \(reference)"]
      }
      return faults(value, found, path)
    }
    var list: [String] = []
    if let constant = schema["const"], "\(constant)" != "\(value)" {
      list.append("\(path): not \(constant)")
    }
    if let options = schema["enum"] as? [String], !options.contains(value as? String ?? "") {
      list.append("\(path): none of \(options)")
    }
    let types = schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
    if !types.isEmpty, !types.contains(where: { isOf($0, value) }) { return list + ["\(path): not \(types)"] }
    if let object = value as? [String: Any] {
      let properties = schema["properties"] as? [String: Any] ?? [:]
      for name in schema["required"] as? [String] ?? [] where object[name] == nil {
        list.append("\(path): lacks \(name)")
      }
      for (name, member) in object {
        if let own = properties[name] as? [String: Any] {
          list += faults(member, own, path + "." + name)
        } else if let other = schema["additionalProperties"] as? [String: Any] {
          list += faults(member, other, path + "." + name)
        } else if schema["additionalProperties"] as? Bool == false {
          list.append("\(path): \(name) is not known")
        }
      }
    }
    if let array = value as? [Any], let items = schema["items"] as? [String: Any] {
      for (i, element) in array.enumerated() { list += faults(element, items, "\(path)[\(i)]") }
    }
    return list
  }

  private func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": return value is [String: Any]
    case "array": return value is [Any]
    case "string": return value is String
    case "null": return value is NSNull
    case "boolean": return value is Bool
    case "number": return value is NSNumber && !(value is String)
    case "integer": return (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
    default: return false
    }
  }
}
