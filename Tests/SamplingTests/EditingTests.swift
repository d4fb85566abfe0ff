import Documents
import Stage
import Testing

@testable import Sampling

/// Numbers change in a scene's text; everything else stays to the byte.
@Suite struct EditingTests {
  private func editor(_ text: String) throws -> SceneEditor { try SceneEditor(text: text, path: "a.yaml") }

  private func site(_ e: SceneEditor, _ path: String) throws -> DistributionSite {
    try #require(e.sites.first { $0.paths.contains(path) }, "\(e.sites.map(\.paths))")
  }

  private func marks(_ node: Node?) -> [Mark] {
    switch node?.content {
    case .sequence(let items): items.map(\.mark)
    case .none: []
    default: node.map { [$0.mark] } ?? []
    }
  }

  /// Replaces the numbers of one parameter by others.
  private func replacing(_ text: String, _ path: String, _ name: String, _ numbers: [String]) throws -> String {
    let e = try editor(text)
    let nodes = marks(try site(e, path).parameters[name])
    #expect(nodes.count == numbers.count)
    return try e.applying(zip(nodes, numbers).map { .number($0, to: $1) })
  }

  @Test func numbersChangeAndNothingElse() throws {
    let text = """
      \u{FEFF}# größe: {$uniform: [1, 2]}
      a: {"ü\u{1F600}]": 1, x: {$uniform: {low: 0.10,   high: +3e-1}}, 'y': [1, 2] } # {
      b:
        # between
        $uniform:
          - 1   # one
          - 2.50  # x: 1
      c: {$uniform: [ # begins
          -1 , # "quoted ] here"
          7
        ]}
      "d # e": [{id: k, v: {$normal: [0x10, 2]}}]\r
      f: {$poisson: 3}
      """
    #expect(
      try replacing(text, "a.x", "high", ["0.5"]) == text.replacing("+3e-1", with: "0.5"))
    #expect(
      try replacing(text, "b", "low", ["9"]) == text.replacing("- 1   # one", with: "- 9   # one"))
    #expect(try replacing(text, "c", "high", ["70"]) == text.replacing("    7\n", with: "    70\n"))
    #expect(try replacing(text, "d # e[k].v", "mean", ["-1.5"]) == text.replacing("0x10", with: "-1.5"))
    #expect(try replacing(text, "f", "mean", ["4"]) == text.replacing("$poisson: 3", with: "$poisson: 4"))
  }

  @Test func linesOfAnyKindAreCounted() throws {
    for end in ["\r\n", "\n", "\r", "\u{2028}", "\u{85}"] {
      let text = ["# \u{E4}\u{1F600}", "a: {$uniform: [1, 2]}", "b: {$uniform: [3, 4]}  # c", ""].joined(separator: end)
      #expect(
        try replacing(text, "b", "high", ["5"]) == text.replacing("3, 4]", with: "3, 5]"), "\(end.unicodeScalars)")
    }
  }

  @Test func weightsComeWhereThereWereNone() throws {
    func weighted(_ text: String) throws -> String {
      let e = try editor(text)
      return try e.applying([.weights(try site(e, "a").mark, name: "weights", ["2", "0.5"])])
    }
    #expect(
      try weighted("a: {$choice: [x, {y: [1, \"]\"]}]} # c")
        == "a: {$choice: {weights: [2, 0.5], options: [x, {y: [1, \"]\"]}]}} # c")
    #expect(
      try weighted("a: {$choice: {options: [x, y]}}") == "a: {$choice: {weights: [2, 0.5], options: [x, y]}}")
    #expect(
      try weighted("a:\n  $choice:\n    # first\n    - x\n    - y: 1\n      z: 2\n")
        == "a:\n  $choice:\n    # first\n    weights: [2, 0.5]\n    options:\n    - x\n    - y: 1\n      z: 2\n")
    #expect(
      try weighted("a:\n  $choice:\n    options: [x, y]\n")
        == "a:\n  $choice:\n    weights: [2, 0.5]\n    options: [x, y]\n")
    #expect(
      try weighted("a:\r\n  $choice:\r\n    - x\r\n    - y\r\n")
        == "a:\r\n  $choice:\r\n    weights: [2, 0.5]\r\n    options:\r\n    - x\r\n    - y\r\n")
    // It's no quote within a word, and a comment may hold a bracket.
    #expect(
      try weighted("a: {$choice: [it's, # ]\n  y]}") == "a: {$choice: {weights: [2, 0.5], options: [it's, # ]\n  y]}}")
    // Items as deep as their key, and an anchor in front of the list: refused, with the place.
    for text in ["a:\n  $choice:\n  - x\n  - y\n", "a: {$choice: &l [x, y]}\nb: *l"] {
      let error = #expect(throws: SceneError.self) { _ = try weighted(text) }
      #expect(error?.message.hasPrefix("a.yaml:") == true && error?.message.contains("cannot be changed") == true)
    }
  }

  @Test func variantsGetWeights() throws {
    let text = """
      objects:
        - id: a
          variants:
            # one
            - shape: box   # first
              scale: 2
            - {shape: sphere}
            - {shape: cone, weight: 3}
      """
    let e = try editor(text)
    let s = try site(e, "objects[a].variants")
    let result = try e.applying([.variantWeights(s.mark, ["1.5", "0.2", nil])])
    #expect(
      result
        == text.replacing("- shape: box   # first", with: "- weight: 1.5\n        shape: box   # first")
        .replacing("{shape: sphere}", with: "{weight: 0.2, shape: sphere}"))
  }

  /// A number behind an anchor or an alias is no number of its own; a distribution that several aliases share is one.
  @Test func anchorsAreLeftAlone() throws {
    let text = "a: {$uniform: [&low 1, 2]}\nb: {$uniform: [*low, 3]}\nc: &d {$uniform: [5, 6]}\ne: *d\n"
    let e = try editor(text)
    for path in ["a", "b"] {
      let low = try #require(try site(e, path).parameters["low"])
      #expect(!e.isEditable(low))
      #expect(throws: SceneError.self) { _ = try e.applying([.number(low.mark, to: "7")]) }
    }
    #expect(try site(e, "c").paths == ["c", "e"])
    #expect(try replacing(text, "e", "low", ["4.5"]) == text.replacing("[5, 6]", with: "[4.5, 6]"))
  }

  /// A constant becomes a distribution, and what would read otherwise is never handed out.
  @Test func constantsBecomeDistributions() throws {
    let text = "a: {count: 24, b: [1, 2]}  # c\n"
    let e = try editor(text)
    #expect(e.constants.map(\.path) == ["a.count", "a.b[0]", "a.b[1]"])
    #expect(
      try e.applying([.number(e.constants[0].node.mark, to: "{$integer: [20, 28]}")])
        == "a: {count: {$integer: [20, 28]}, b: [1, 2]}  # c\n")
    #expect(throws: SceneError.self) { _ = try e.applying([.number(e.constants[0].node.mark, to: "1, d: 2")]) }
  }

  /// What was drawn is told with its owner, by the names that instances have.
  @Test func drawsAreLoggedWithTheirOwners() throws {
    let text = """
      image: {width: 8, height: 8}
      camera: {eye: [0, -9, 1], target: [0, 0, {$uniform: [0, 1]}]}
      let: {k: {$uniform: [1, 2]}}
      objects:
        - {id: one, category: a, shape: sphere, scale: {$uniform: [0.5, 1]}}
        - id: row
          count: 2
          objects:
            - id: item
              count: {$integer: [2, 2]}
              position: [{$uniform: [-1, 1]}, 0, {$expr: k}]
              variants: [{category: a, shape: sphere}, {category: b, shape: box}]
      """
    let e = try editor(text)
    let scene = try CompiledScene(text: text, path: "a.yaml")
    let (frames, draws) = try scene.logged(3, at: Set(e.sites.map(\.mark)), assets: TestAssets())
    func owners(_ path: String) throws -> [String] {
      let mark = try site(e, path).mark
      return draws.filter { $0.mark == mark }.map(\.owner)
    }
    #expect(
      try owners("camera.target[2]") == [""] && owners("let.k") == [""] && owners("objects[one].scale") == ["one"])
    #expect(try owners("objects[row].objects[item].count") == ["row[0].item", "row[1].item"])
    let items = ["row[0].item[0]", "row[0].item[1]", "row[1].item[0]", "row[1].item[1]"]
    #expect(try owners("objects[row].objects[item].position[0]") == items)
    #expect(try owners("objects[row].objects[item].variants") == items)
    #expect(frames.count == 1 && frames[0].instances.map(\.name) == ["one"] + items)
    let count = try #require(draws.first { $0.owner == "row[0].item" })
    #expect(items.map { count.concerns($0) } == [true, true, false, false] && !count.concerns("row[0].items"))
    // What was picked is what is there.
    let picked = draws.compactMap { if case .option(let i) = $0.outcome { i } else { nil } }
    #expect(frames[0].instances.dropFirst().map(\.category) == picked.map { $0 + 1 })
  }
}
