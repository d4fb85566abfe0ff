import Documents
import Testing

@testable import Sampling

@Suite struct ExpressionTests {
  /// What `{$expr: text}` gives among some `let` values; an error's message where there is one.
  private func value(_ text: String) -> String {
    do {
      let scene = try compiled(
        """
        camera: {eye: [5, 0, 1]}
        frames: 4
        let: {w: 2, v: [1, 2, 3], s: oak, r: {$uniform: [3, 3]}, m: {a: {b: 7}}}
        objects: [{id: a, shape: {$expr: "\(text)"}}]
        """)
      return "\(try scene.document(frame: 0))"
    } catch {
      let message = "\(error)"
      return message
    }
  }

  private func evaluated(_ text: String) throws -> Node {
    let names = [
      "w": Node(.integer(2)), "v": Node(.sequence([1, 2, 3].map { Node(.integer($0)) })),
      "s": Node(.string("oak")), "r": Node(.real(0.5)),
      "m": Node(.mapping([.init(key: "q", keyMark: .none, value: Node(.integer(9)))])),
    ]
    let known = names.keys.sorted()
    let (expression, used) = try ExpressionParser.parse(text, mark: .none, names: known)
    var context = Context(values: used.compactMap { names[$0] })
    return Node(try expression.evaluate(&context, at: .none))
  }

  private struct Context: ExpressionContext {
    var values: [Node]
    mutating func value(ofSlot slot: Int) -> Node { values[slot] }
    func value(of builtin: Expression.Builtin) -> Node.Content { builtin == .pi ? .real(Double.pi) : .integer(5) }
  }

  @Test(arguments: [
    ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("2 ^ 3 ^ 2", "512.0"), ("-2 ^ 2", "-4.0"), ("7 / 2", "3.5"),
    ("7 % 3", "1"),
    ("-7 % 3", "2"), ("w * r", "1.0"), ("v + 1", "[2, 3, 4]"), ("v * v", "[1, 4, 9]"), ("2 * v - v", "[1, 2, 3]"),
    ("v[1] + v.z", "5"), ("[w, r]", "[2, 0.5]"), ("max(1, 5, 3)", "5"), ("min(v)", "1"), ("clamp(9, 0, 4)", "4.0"),
    ("lerp(0, 10, 0.25)", "2.5"), ("sqrt(16)", "4.0"), ("sin(30)", "0.49999999999999994"), ("length([3, 4])", "5.0"),
    ("sum(v)", "6.0"), ("size(v)", "3"), ("floor(2.7)", "2"), ("round(-2.5)", "-3"), ("abs(-3)", "3"),
    ("1 if w > 1 else 2", "1"), ("'a' if not (w > 1) else 'b'", "b"), ("w == 2 and r < 1", "true"),
    ("s + '.png'", "oak.png"),
    ("'n' + w", "n2"), ("s == 'oak'", "true"), ("m.q", "9"), ("index + frame", "10"), ("1e3", "1000.0"),
    ("true", "true"),
    ("9223372036854775807 + 1", "9.223372036854775807e+18"),
  ]) func formulas(text: String, expected: String) throws {
    let result = yaml(try evaluated(text)).split(separator: "\n").joined()
    #expect(
      result == expected
        || Double(result).flatMap { a in Double(expected).map { abs(a - $0) <= 1e-9 * abs($0) } } == true,
      "\(text) = \(result)")
  }

  @Test(arguments: [
    ("1 +", "found the end of the formula"), ("1 / 0", "found 1.0 / 0.0, expected a finite result"),
    ("wdth", "found name \"wdth\", expected one of m, r, s, v, w, pi, frame, frames, index, count"),
    ("sqr(2)", "did you mean \"sqrt\"?"),
    ("sqrt(-1)", "found sqrt of what it is not defined for"), ("v + [1]", "found lists of 3 and 1"),
    ("v[3]", "found a list of 3 at 3"),
    ("1 2", "found \"2\", expected an operator"), ("s * 2", "found \"oak\", expected a number"),
    ("a ; b", "found \";\" in a formula"),
    ("'open", "found a text without its end"), ("max()", "found max of 0 values"),
    ("1 if 2 else 3", "found 2, expected true or false"),
    ("((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1))", "found a formula nested too deeply"),
    ("2 ^ 3 ^ 4 ^ 5 ^ 6", "expected a finite result"),
  ]) func faults(text: String, expected: String) {
    do {
      let node = try evaluated(text)
      Issue.record("\(text) gave \(node)")
    } catch let error as DocumentError {
      #expect(error.message(files: []).contains(expected), "\(error.message(files: []))")
    } catch { Issue.record("\(error)") }
  }

  @Test func namesAreDrawnOncePerScope() throws {
    let text = """
      camera: {eye: [5, 0, 1], fov: {$expr: "40 + shared"}}
      let:
        shared: {$uniform: [0, 1]}
        twice: {$expr: "2 * shared"}
      objects:
        - id: boxes
          count: 3
          let:
            width: {$uniform: [1, 2]}
            height: {$expr: "width / 2 + shared"}
          shape: {box: {size: [{$expr: width}, {$expr: twice}, {$expr: height}]}}
          position: [{$expr: "index - (count - 1) / 2"}, 0, {$expr: "height / 2"}]
      """
    let scene = try compiled(text)
    var widths: Set<Double> = []
    for frame in 0..<2 {
      let document = try scene.document(frame: frame)
      #expect(document["let"] == nil)
      guard case .sequence(let objects)? = document["objects"]?.content else { return }
      let shared = (document["camera"]?["fov"]?.number ?? 0) - 40
      for (k, o) in objects.enumerated() {
        #expect(o["let"] == nil)
        guard case .sequence(let size)? = o["shape"]?["box"]?["size"]?.content,
          case .sequence(let p)? = o["position"]?.content
        else { continue }
        let (w, t, h) = (size[0].number ?? 0, size[1].number ?? 0, size[2].number ?? 0)
        widths.insert(w)
        #expect(abs(t - 2 * shared) < 1e-9 && abs(h - w / 2 - shared) < 1e-9)
        #expect(p[0].number == Double(k) - 1 && p[2].number == h / 2)
      }
    }
    #expect(widths.count == 6, "every copy draws its own")
  }

  @Test func circlesAndUnknownNames() {
    func said(_ text: String) -> String {
      do {
        _ = try compiled("camera: {eye: [5, 0, 1]}\n" + text)
        return "nothing"
      } catch { return "\(error)" }
    }
    #expect(said("let: {a: {$expr: b}, b: {$expr: \"a + 1\"}}").contains("let.a.$expr"))
    #expect(
      said("let: {a: {$expr: b}, b: {$expr: \"a + 1\"}}").contains("found a value that needs itself: a -> b -> a"))
    #expect(said("let: {a: {$expr: a}}").contains("needs itself: a -> a"))
    #expect(
      said("exposure: {$expr: \"2 * wdith\"}\nlet: {width: 2}").hasPrefix(
        "scene.yaml:2:19: exposure.$expr: found name \"wdith\""))
    #expect(said("let: {frame: 1}").contains("a name that is not taken"))
    #expect(said("let: {2x: 1}").contains("letters, digits"))
  }
}
