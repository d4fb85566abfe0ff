import Documents
import Testing

@testable import Sampling

/// Reads a document of one file.
func document(_ text: String) throws -> Node {
  var nodes = 0
  do { return try YAMLReader.read(text, file: 0, nodes: &nodes) } catch {
    throw SceneError(message: error.message(files: ["t.yaml"]))
  }
}

func refusal(_ text: String) -> String {
  do {
    return "read: \(yaml(try document(text)))"
  } catch { return "\(error)" }
}

@Suite struct YAMLTests {
  @Test func plainScalarsFollowTheCoreSchema() throws {
    let expected: [(String, Node.Content)] = [
      ("12", .integer(12)), ("-3", .integer(-3)), ("+4", .integer(4)), ("0x1F", .integer(31)), ("0o17", .integer(15)),
      ("1.5", .real(1.5)), (".5", .real(0.5)), ("1.", .real(1)), ("1e3", .real(1000)), ("-2.5E-3", .real(-0.0025)),
      ("true", .boolean(true)), ("False", .boolean(false)), ("null", .null), ("~", .null), ("", .null),
      ("yes", .string("yes")), ("on", .string("on")), ("1_000", .string("1_000")), ("12:30", .string("12:30")),
      ("\"12\"", .string("12")), ("'true'", .string("true")), ("0777", .integer(777)), ("1e", .string("1e")),
      (".", .string(".")), ("-", .string("-")), ("0x", .string("0x")), ("+.inf", .real(.infinity)),
      ("99999999999999999999", .real(1e20)), ("--1", .string("--1")), ("nan", .string("nan")),
    ]
    for (text, content) in expected where text != "-" {
      let node = try document("a: \(text)")
      #expect(node["a"] == Node(content), "\(text) reads as \(String(describing: node["a"]))")
    }
  }

  @Test func marksCountFromOne() throws {
    let node = try document("a: 1\nb:\n  - x\n  - {c: 2}\n")
    #expect(node["a"]?.mark == Mark(line: 1, column: 4))
    guard case .sequence(let items)? = node["b"]?.content else {
      Issue.record("no list")
      return
    }
    #expect(items[0].mark == Mark(line: 3, column: 5))
    #expect(items[1]["c"]?.mark == Mark(line: 4, column: 9))
  }

  @Test func whatIsWrittenReadsBackAsItWas() throws {
    let texts = [
      "plain", "two words", "", " lead", "trail ", "true", "12", "1e5", "a: b", "a #b", "- x", "[x", "\"q\"",
      "new\nline",
      "tab\t", "ümläut", "\u{1F600}", "null", "~", "a\u{7F}\u{85}\u{2028}b", "boxes[3]", "$x", "#fff", "key:", "'",
      "a/b.png", "0x", "-1", ".", "...", "---", "%a", "@a", "`a", "!t", "&a", "*a", "|", ">", "?", "a,b",
      "{",
    ]
    let numbers: [Double] = [
      0.1, -0.0, 1e-320, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1 / 3, 1e22, 123_456_789.123, 5, 1e-5,
      .infinity, -.infinity, .nan,
    ]
    var items = texts.map { Node(.string($0)) } + numbers.map { Node(.real($0)) }
    items += [.init(.null), .init(.boolean(true)), .init(.integer(.min)), .init(.sequence([])), .init(.mapping([]))]
    let keyed = Node(
      .mapping(texts.filter { $0.count < 100 }.map { .init(key: $0, keyMark: .none, value: Node(.integer(1))) }))
    let list = Node(.sequence(items))
    let tree = Node(
      .mapping([
        .init(key: "list", keyMark: .none, value: list), .init(key: "keyed", keyMark: .none, value: keyed),
        .init(key: "nested", keyMark: .none, value: Node(.sequence([list, keyed, Node(.sequence([list, keyed]))]))),
        .init(key: "deep", keyMark: .none, value: Node(.sequence([Node(.sequence([Node(.sequence([list]))]))]))),
      ]))
    let read = try document(yaml(tree))
    #expect(read == tree)
    for (i, x) in numbers.enumerated() {
      guard case .sequence(let list)? = read["list"]?.content, case .real(let y) = list[texts.count + i].content else {
        Issue.record("no number")
        return
      }
      #expect(x.isNaN ? y.isNaN : x.bitPattern == y.bitPattern)
    }
    for item in items { #expect(try document(yaml(item)) == item, "\(yaml(item))") }
  }

  @Test func refusesWhatIsNoDocument() {
    #expect(refusal("a: 1\na: 2") == "t.yaml:2:1: found the key \"a\" a second time, expected each key once")
    #expect(
      refusal("b: 1\na: [1, 2")
        == "t.yaml:3:1: found text that does not parse: did not find expected ',' or ']' "
        + "(while parsing a flow sequence in line 2, column 4), expected valid YAML")
    #expect(refusal("a: \"x").hasPrefix("t.yaml:1:"))
    #expect(refusal("? [a]\n: 1").contains("found a list or a mapping as a key"))
    #expect(refusal("a: *b").contains("alias"))
    #expect(
      refusal("a: 1\n---\nb: 2").hasPrefix("t.yaml:2:1: found text that does not parse: but found another document"))
    #expect(refusal("a: \t- 1\n\tb: 2").hasPrefix("t.yaml:"))
  }

  @Test func refusesBombs() {
    #expect(refusal(String(repeating: "[", count: 100_000)).contains("inside one another"))
    #expect(refusal(String(repeating: "- ", count: 100_000) + "x").contains("inside one another"))
    #expect(
      refusal((0..<100).map { String(repeating: " ", count: $0) + "a:\n" }.joined()).contains("inside one another"))
    let bomb = (1...12).reduce("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n") { text, k in
      text + "a\(k): &a\(k) [" + (0..<10).map { _ in "*a\(k - 1)" }.joined(separator: ", ") + "]\n"
    }
    #expect(refusal(bomb).contains("more than 400000 nodes"))
  }

  /// Pieces of YAML and the same in one-line style.
  static let same: [(String, String)] = [
    ("- a\n- b", "[a, b]"), ("-  - a\n   - b\n-\n - c", "[[a, b], [c]]"), ("a:\n- 1\n- 2\nb: 3", "{a: [1, 2], b: 3}"),
    ("a:\n  b:\n    c: 1\n  d: 2", "{a: {b: {c: 1}, d: 2}}"), ("- a: 1\n  b: 2\n- c: 3", "[{a: 1, b: 2}, {c: 3}]"),
    ("a:\nb:\n", "{a: null, b: null}"), ("-\n- x\n-", "[null, x, null]"), ("a: b c\n  d\n\n  e", "{a: \"b c d\\ne\"}"),
    ("a: 'it''s'\nb: \"x\\ty\\u00e9\\U0001F600\"", "{a: \"it's\", b: \"x\\ty\u{e9}\u{1F600}\"}"),
    ("a: \"x\n  y\n\n  z\\\n  w\"", "{a: \"x y\\nzw\"}"),
    ("a: |\n  x\n   y\n\n  z\nb: 1", "{a: \"x\\n y\\n\\nz\\n\", b: 1}"),
    ("a: >-\n  x\n  y\n\n  z\n", "{a: \"x y\\nz\"}"), ("a: |+\n  x\n\n", "{a: \"x\\n\\n\"}"),
    ("a: |2-\n    x", "{a: \"  x\"}"),
    ("a: >\n  x\n   deep\n  y\n", "{a: \"x\\n deep\\ny\\n\"}"), ("|\n x\n", "\"x\\n\""),
    ("# c\n\na: 1 # d\n  # e\nb: 2#f", "{a: 1, b: \"2#f\"}"), ("--- # x\na: 1\n...\n# y", "{a: 1}"), ("--- a", "a"),
    ("a: &x [1, 2]\nb: *x\nc: &y {d: *x}\ne: *y", "{a: [1, 2], b: [1, 2], c: {d: [1, 2]}, e: {d: [1, 2]}}"),
    ("a: &x\n  b: 1\nc: *x", "{a: {b: 1}, c: {b: 1}}"), ("&r\na: 1", "{a: 1}"), ("a: &n\nb: *n", "{a: null, b: null}"),
    ("{a: 1, b, \"c\":2, d: [ ], e: {}, f: ,}", "{a: 1, b: null, c: 2, d: [], e: {}, f: null}"),
    ("[a: 1, b,\n # c\n  c d\n  e, 'f']", "[{a: 1}, b, c d e, f]"), ("[[1,2],[3]]", "[[1, 2], [3]]"),
    ("a: http://x.y/z", "{a: \"http://x.y/z\"}"), ("a: -1\nb: - 1", ""), ("a: 12:30", "{a: \"12:30\"}"),
    ("a: [x:y, -z]", "{a: [\"x:y\", \"-z\"]}"),
    ("\u{FEFF}a: 1\r\nb: 2\r\n", "{a: 1, b: 2}"), ("", "null"), ("# only", "null"), ("a: b: c", ""),
    ("a: 1\n b: 2", ""),
    ("a:\n  - 1\n - 2", ""), ("- a\nb: 1", ""), ("\ta: 1", ""), ("a: !x 1", ""), ("%YAML 1.2\n---\na", "a"),
    ("a: *b", ""),
    ("*a : 1", ""), ("? a", "{a: null}"), ("[a]: 1", ""), ("a: [1]]", ""), ("a: 'x' y", ""), ("a: \"\\q\"", ""),
    ("a: @x", ""),
    ("{a: 1", ""), ("[1, , 2]", ""), ("a: |x\n y", ""), ("a\nb: 1", ""), ("a: \u{1}", ""), ("- - - x", "[[[x]]]"),
    ("a: 'x\n---\ny'", ""), ("? [a]\n: 1", ""), ("key with spaces: 1", "{key with spaces: 1}"), ("'k': 1", "{k: 1}"),
    ("a: x #c\n", "{a: x}"), ("boxes[0]: 1", "{\"boxes[0]\": 1}"), ("- {a: 1}\n- [b]", "[{a: 1}, [b]]"),
    ("a:    1   ", "{a: 1}"),
  ]

  @Test(arguments: same) func blockAndFlowSayTheSame(block: String, flow: String) throws {
    if flow.isEmpty {
      #expect(refusal(block).hasPrefix("t.yaml:"), "\(refusal(block))")
    } else {
      #expect(try document(block) == document(flow), "\(refusal(block))")
    }
  }

  @Test func aliasBombsCountAsKeysToo() {
    let bomb = (1...12).reduce("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n") { text, k in
      text + "a\(k): &a\(k) [" + (0..<10).map { _ in "*a\(k - 1)" }.joined(separator: ", ") + "]\n"
    }
    for key in ["*a12 : 1", "? *a12\n: 1", "[*a12]: 1", "{*a12 : 1}: 2", "b: {[*a12]: 1}", "- {? [*a12] : 1}"] {
      #expect(refusal(bomb + key).contains("key"), "\(key)")
    }
    #expect(refusal("a: &a [1]\nb: {c: *a, d: 'x: *a : y'} # *a : 1\ne: [*a, *a]").hasPrefix("read:"))
    #expect(refusal("a: &a [1]\n? *a\n: 1").contains("key"))
    #expect(refusal("{*a : 1}").contains("undefined alias"))
  }
}
