import Annotators
import Formats
import Imaging
import Rasterization
import Sampling
import Testing

@testable import Datasets

/// Scenes that are fitted to sets whose parameters are known.
@Suite struct FitTests {
  /// With comments in every place, so that losing one is seen.
  static let scene = """
    # Blocks, balls and poles on a table.
    image: {width: 192, height: 144}   # small
    frames: 400
    seed: 1

    camera:
      target: [0, 0, 0.4]
      azimuth: {$uniform: [0, 360]}
      elevation: {$uniform: [25, 50]}   # never from above
      distance: {$uniform: [9, 12]}
      fov: 45

    objects:
      - {id: table, shape: {plane: {size: [40, 40]}}}   # no label
      - id: things
        count: {$integer: [2, 5]}  # a few
        position:
          $in_box:
            size: [5, 5, 0.6]   # wide
            center: [0, 0, 0.7]
        rotation: {$yaw: [0, 360]}
        scale: {$uniform: [0.7, 1.2]}  # "metres", about
        # All alike at first.
        variants:
          - {category: block, weight: 1, shape: {box: {size: [1, 1, 1]}}}
          - category: ball   # round
            shape: {sphere: {radius: 0.5, segments: 24, rings: 12}}
          - {category: pole, shape: {cylinder: {radius: 0.15, height: 1.6, segments: 16}}}

    """

  /// The same with other numbers.
  static let hidden =
    scene.replacing("elevation: {$uniform: [25, 50]}", with: "elevation: {$uniform: [40, 65]}")
    .replacing("count: {$integer: [2, 5]}", with: "count: {$integer: [5, 10]}")
    .replacing("scale: {$uniform: [0.7, 1.2]}", with: "scale: {$uniform: [0.5, 0.8]}")
    .replacing("weight: 1, shape: {box", with: "weight: 5, shape: {box")
    .replacing("category: ball   # round", with: "category: ball\n        weight: 3")
    .replacing("{category: pole, shape", with: "{category: pole, weight: 2, shape")

  /// The scene's labels as a COCO file, by the way that datasets go.
  static func coco(_ text: String, frames: Int, _ folder: TestFolder) throws -> String {
    let scene = try CompiledScene(text: text, path: "hidden.yaml", overrides: SceneOverrides(frames: frames, seed: 77))
    let source = try FrameSource(scene, annotations: try AnnotationPlan(names: ["boxes"]))
    var options = testOptions(folder, 0..<frames, threads: ProcessAllotment.threads, chunk: 500)
    options.formats = try DerivedFormat.list(["coco"])
    _ = try renderDataset(source, options) { _ in
      let rasterizer = Rasterizer()
      return { frame, _ in rasterizer.render(frame, .labelsOnly) }
    }
    return folder.path + "/annotations/coco.json"
  }

  private static func written(_ text: String, _ folder: TestFolder) throws -> String {
    let path = folder.path + "/scene.yaml"
    try Array(text.utf8).withUnsafeBufferPointer { b throws(FileError) in
      try FileSystem.create(path, UnsafeRawBufferPointer(b), sync: false)
    }
    return path
  }

  @Test func hiddenParametersAreFound() throws {
    let (folder, set) = (try TestFolder(), try TestFolder())
    let target = try Self.coco(Self.hidden, frames: 1500, set)
    let scene = try Self.written(Self.scene, folder)
    let classes = try FitClasses(coco: target, categories: ["block", "ball", "pole"])
    #expect(classes.notes == [])
    var options = FitOptions()
    options.threads = ProcessAllotment.threads
    let result = try fitScene(path: scene, to: classes.statistics, options)

    // Distances: at least halved, by Jensen-Shannon, for all but one of the first five.
    let pairs = zip(result.before, result.after).map { ($0.key, $0.distance, $1.distance) }
    let five = pairs.filter { ["classes", "objects_per_image", "size", "log2_aspect", "overlap"].contains($0.0) }
    let halved = five.filter { $0.2.jensenShannon <= $0.1.jensenShannon / 2 }
    #expect(five.count == 5 && halved.count >= 4, "\(result.summary)")
    let size = try #require(pairs.first { $0.0 == "size" })
    #expect(size.2.kolmogorovSmirnov! < 0.1 && size.1.kolmogorovSmirnov! > 0.2, "\(result.summary)")

    // Weights: shares within a twentieth of themselves.
    let change = try #require(result.changes.first { $0.kind == "variants" })
    let weights = change.after.split { "[], ".contains($0) }.compactMap { Double($0) }
    let sum = weights.reduce(0, +)
    for (w, truth) in zip(weights, [0.5, 0.3, 0.2]) { #expect(abs(w / sum - truth) < 0.05 * truth, "\(weights)") }

    // The text: comments and lines are there, in order; only numbers are others and weights have come.
    let fitted = try CompiledScene(text: result.text, path: scene)
    _ = try SceneCheck(fitted, frames: 20, assets: equip(fitted))
    func skeleton(_ text: String) -> [String] {
      text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        String(line.filter { !"0123456789.-".contains($0) }).replacing("weight: , ", with: "").replacing(
          "weight: ", with: "")
      }
    }
    // One variant stands in lines of its own, so its weight has one too, in front of it: `- weight: x`, then `category`.
    let (old, new) = (skeleton(Self.scene), skeleton(result.text))
    #expect(new.count == old.count + 1)
    #expect(Set(old).subtracting(skeleton("      - category: ball   # round")).isSubset(of: new))
    #expect(result.text.contains("        category: ball   # round\n"))

    // Another run, with another number of threads, gives the same bytes.
    options.threads = 3
    let again = try fitScene(path: scene, to: classes.statistics, options)
    #expect(again.text == result.text && again.json == result.json)
  }

  /// A scene that is as it should be is left alone, to the byte.
  @Test func whatFitsStays() throws {
    let (folder, set) = (try TestFolder(), try TestFolder())
    let target = try Self.coco(Self.scene, frames: 400, set)
    let scene = try Self.written(Self.scene, folder)
    var options = FitOptions()
    (options.frames, options.rounds, options.threads) = (150, 2, ProcessAllotment.threads)
    let classes = try FitClasses(coco: target, categories: ["block", "ball", "pole"])
    let result = try fitScene(path: scene, to: classes.statistics, options)
    #expect(result.text == Self.scene && !result.isChanged, "\(result.summary)")
  }

  /// Constants only where they are named; what is kept is kept.
  @Test func constantsVaryWhereNamed() throws {
    let (folder, set) = (try TestFolder(), try TestFolder())
    let target = try Self.coco(Self.scene.replacing("fov: 45", with: "fov: 53"), frames: 400, set)
    let scene = try Self.written(Self.scene, folder)
    var options = FitOptions()
    (options.frames, options.rounds, options.threads) = (150, 6, ProcessAllotment.threads)
    (options.vary, options.keep) = (["camera.fov"], ["objects", "camera.distance", "camera.elevation"])
    let classes = try FitClasses(coco: target, categories: ["block", "ball", "pole"])
    let result = try fitScene(path: scene, to: classes.statistics, options)
    let change = try #require(result.changes.first)
    #expect(change.path == "camera.fov" && change.before == "45" && result.changes.count == 1, "\(result.summary)")
    let ends = change.after.split { "[], ".contains($0) }.compactMap { Double($0) }
    #expect(ends.count == 2 && abs((ends[0] + ends[1]) / 2 - 53) < 3, "\(change)")
    #expect(result.text.contains("fov: {$uniform: [\(change.after.dropFirst())}\n"))
    for (path, part) in [("camera.fob", "did you mean \"camera.fov\""), ("camera.target[0]", "other than 0")] {
      options.vary = [path]
      let error = #expect(throws: DatasetError.self) {
        _ = try fitScene(path: scene, to: classes.statistics, options)
      }
      #expect(error.map { "\($0)".contains(part) } == true, "\(String(describing: error))")
    }
  }

  @Test func classesAreTheSameByName() throws {
    let folder = try TestFolder()
    let path = folder.path + "/a.json"
    let text = #"""
      {"images":[{"id":1,"width":100,"height":50}],"categories":[{"id":1,"name":"Box"},{"id":2,"name":"crate"},{"id":3,"name":"ball"},{"id":4,"name":"cat"}],
      "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,1,5,5]},{"id":2,"image_id":1,"category_id":2,"bbox":[1,1,5,5]},
      {"id":3,"image_id":1,"category_id":3,"bbox":[1,1,5,5]},{"id":4,"image_id":1,"category_id":4,"bbox":[1,1,5,5]}]}
      """#
    try Array(text.utf8).withUnsafeBufferPointer { b throws(FileError) in
      try FileSystem.create(path, UnsafeRawBufferPointer(b), sync: false)
    }
    let plain = try FitClasses(coco: path, categories: ["box", "ball", "ring"])
    #expect(plain.statistics.all.objects == 1 && plain.statistics.classes.map(\.name) == ["ball"])
    #expect(plain.notes.count == 5 && plain.notes[0].contains("is it \"box\"? (--map Box=box)"), "\(plain.notes)")
    let mapped = try FitClasses(
      coco: path, categories: ["box", "ball", "ring"], names: ["Box": "box", "crate": "box"])
    #expect(mapped.statistics.classes.map(\.name) == ["box", "ball"] && mapped.statistics.all.objects == 3)
    #expect(mapped.statistics.classes[0].shapes.objects == 2 && mapped.notes.count == 2)
    for (categories, names, part) in [
      (["wheel"], [:], "none of the scene's"), (["box"], ["Box": "bix"], "did you mean \"box\""),
      (["box"], ["bxo": "box"], "found no class \"bxo\""),
    ] as [([String], [String: String], String)] {
      let error = #expect(throws: DatasetError.self) {
        _ = try FitClasses(coco: path, categories: categories, names: names)
      }
      #expect(error.map { "\($0)".contains(part) && $0.exitCode == 65 } == true, "\(String(describing: error))")
    }
    // Nothing that is drawn decides about boxes.
    let still = Self.scene.replacing("$uniform: [0, 360]", with: "$constant: 3")
      .replacing("{$uniform: [25, 50]}", with: "30").replacing("{$uniform: [9, 12]}", with: "10")
    let cut =
      String(still.split(separator: "objects:")[0]) + "objects:\n"
      + "  - {id: a, category: ball, shape: sphere, material: {roughness: {$uniform: [0, 1]}}}\n"
    let scene = try Self.written(cut, folder)
    let error = #expect(throws: DatasetError.self) { _ = try fitScene(path: scene, to: plain.statistics) }
    #expect(error.map { "\($0)".contains("nothing to vary") } == true, "\(String(describing: error))")
  }

  /// The densities are those of what is drawn: shares of parts of the range, by the distributions themselves.
  @Test(
    arguments: [
      ("{$uniform: [0.3, 0.7]}", FitFamily.range, [0.3, 0.7]), ("{$log_uniform: [0.3, 7]}", .logRange, [0.3, 7]),
      ("{$normal: [3, 0.4]}", .normal, [3, 0.4]), ("{$poisson: 3.4}", .poisson, [3.4]),
      ("{$integer: [2, 6]}", .wholeRange, [2, 6]),
      ("{$truncated_normal: [2, 1, 0.5, 2.5]}", .truncatedNormal(low: 0.5, high: 2.5), [2, 1]),
    ] as [(String, FitFamily, [Double])])
  func densitiesAreTheDistributions(source: String, family: FitFamily, parameters: [Double]) throws {
    let text = """
      image: {width: 8, height: 8}
      camera: {eye: [0, -3, 1], target: [0, 0, 0]}
      let: {x: \(source)}
      objects: [{id: a, category: a, shape: sphere, position: [{$expr: x}, 0, 0]}]
      """
    let editor = try SceneEditor(text: text, path: "a.yaml")
    let axes = FitAxes(editor, vary: [], keep: []).axes
    #expect(axes.count == 1 && axes[0].family == family && axes[0].start == parameters && axes[0].path == "let.x")
    let scene = try CompiledScene(text: text, path: "a.yaml")
    let assets = equip(scene)
    var values: [Double] = []
    for n in 0..<1500 {
      values += try scene.logged(n, at: [axes[0].site.mark], assets: assets).draws.compactMap { axes[0].value(of: $0) }
    }
    #expect(values.count == 1500)
    values.sort()
    // Where numbers are dense, the share of a stretch between two of them is the density's there, relative to another stretch.
    func mean(_ x: ArraySlice<Double>) -> Double { x.reduce(0, +) / Double(x.count) }
    if family == .poisson || family == .wholeRange {
      for k in 2...5 {
        let share = Double(values.count { $0 == Double(k) }) / 1500
        #expect(abs(share - family.density(Double(k), parameters)) < 0.04)
      }
    } else {
      var integrals: [Double] = []
      for part in 1...3 {
        let (a, b) = (values[300 * part], values[300 * part + 500])
        integrals.append(
          (0..<200).reduce(0) { $0 + family.density(a + (Double($1) + 0.5) * (b - a) / 200, parameters) } * (b - a))
      }
      for i in integrals { #expect(abs(i / integrals[0] - 1) < 0.12, "\(integrals)") }
    }
    #expect(family.density(parameters[0] - 100, parameters) < 1e-12)
  }

  @Test func decimalsAreAsPeopleWriteThem() {
    let step = DecimalStep(of: 0.3, digits: 2)
    #expect(
      step.text(0.45678) == "0.457" && step.text(-0.05) == "-0.05" && step.text(2) == "2" && step.text(-0.0001) == "0")
    #expect(DecimalStep(exponent: 0).text(-12.4) == "-12" && DecimalStep(exponent: 2).text(1234) == "1200")
    #expect(DecimalStep(exponent: -2).text(0.05) == "0.05" && DecimalStep(exponent: -1).rounded(0.25) == 0.3)
  }
}
