import Testing

/// What is wrong ends in one clear message and its exit code, and leaves nothing behind.
@Suite struct FaultTests {
  static let start = "image: {width: 32, height: 24}\ncamera: {eye: [3, 3, 2], target: [0, 0, 0]}\n"

  struct Fault: CustomTestStringConvertible {
    var name: String
    var scene: String
    var code: Int32 = 65
    var said: [String]
    var testDescription: String { name }
  }

  static let scenes = [
    Fault(
      name: "missing texture",
      scene: start + "objects: [{id: a, shape: box, material: {texture: {file: none.png}}}]",
      said: ["scene.yaml:3:58: ", "none.png", "No such file"]),
    Fault(
      name: "texture that is none",
      scene: start + "objects: [{id: a, shape: box, material: {texture: {file: scene.yaml}}}]",
      said: ["scene.yaml", "expected"]),
    Fault(
      name: "missing mesh", scene: start + "objects: [{id: a, mesh: {file: none.obj}}]",
      said: ["scene.yaml:3:32: ", "none.obj", "No such file"]),
    Fault(
      name: "unknown key", scene: start + "objects: [{id: a, shape: {sphere: {radus: 1}}}]",
      said: ["scene.yaml:3:36: ", "objects[0].shape.sphere", "\"radus\"", "did you mean \"radius\"?"]),
    Fault(
      name: "count of -1", scene: start + "objects: [{id: a, shape: box, count: -1}]",
      said: ["scene.yaml:3:38: ", "objects[0].count", "found -1", "expected a whole number from 0"]),
    Fault(
      name: "index out of range", scene: start + "objects: [{id: a, mesh: {file: bad.obj}}]",
      said: ["bad.obj:4", "9"]),
    Fault(
      name: "image of 0x0", scene: "image: {width: 0, height: 0}\ncamera: {eye: [3, 3, 2]}\n",
      said: ["scene.yaml:1:16: ", "image.width", "found 0", "expected"]),
    Fault(
      name: "image of 100000x100000", scene: "image: {width: 100000, height: 100000}\ncamera: {eye: [3, 3, 2]}\n",
      said: ["scene.yaml:1:16: ", "image.width", "found 100000", "expected"]),
    Fault(name: "no YAML", scene: "image: {width: 3\n", said: ["scene.yaml:", "expected"]),
    Fault(name: "empty file", scene: "", said: ["scene.yaml", "expected"]),
  ]

  @Test(arguments: scenes) func faultOfAScene(fault: Fault) throws {
    let scratch = try Scratch()
    let scene = try scratch.write(fault.scene, to: "scene.yaml")
    _ = try scratch.write("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n", to: "bad.obj")
    let outcome = try diorama("render", scene, "--frames", "2", "--out", scratch.path("out"))
    check(outcome, fault.code, fault.said)
    #expect(scratch.names() == ["scene.yaml", "bad.obj"], "nothing is left behind")
  }

  struct Usage: CustomTestStringConvertible {
    var arguments: [String]
    var code: Int32 = 64
    var said: [String]
    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let usages = [
    Usage(arguments: ["--size", "0x0"], said: ["--size", "0x0"]),
    Usage(arguments: ["--size", "100000x100000"], said: ["--size", "100000x100000"]),
    Usage(arguments: ["--size", "32768x32768"], said: ["--size", "32768x32768"]),
    Usage(arguments: ["--frames", "-1"], said: ["--frames"]),
    Usage(arguments: ["--frames", "0"], said: ["--frames", "found 0", "expected"]),
    Usage(arguments: ["--threads", "0"], said: ["--threads", "found 0", "expected"]),
    Usage(arguments: ["--first", "4294967295"], said: ["--first", "expected"]),
    Usage(arguments: ["--framse", "3"], said: ["--framse", "--frames"]),
    Usage(arguments: ["more"], said: ["more"]),
  ]

  @Test(arguments: usages) func faultOfTheCommandLine(usage: Usage) throws {
    let scratch = try Scratch()
    let all = ["render", "Scenes/dominoes.yaml", "--out", scratch.path("out")] + usage.arguments
    let outcome = try shell("exec \"$diorama\" " + all.map { "'\($0)'" }.joined(separator: " "))
    #expect(outcome.code == usage.code)
    for part in usage.said { #expect(outcome.errors.contains(part), "said: \(outcome.errors)") }
    #expect(scratch.names().isEmpty)
  }

  @Test func missingScene() throws {
    let scratch = try Scratch()
    for command in ["render", "preview"] {
      let outcome = try diorama(command, scratch.path("no.yaml"), "--out", scratch.path("out"))
      check(outcome, 65, ["no.yaml", "No such file"])
    }
    check(try diorama("sample", scratch.path("no.yaml"), "--frame", "0"), 65, ["no.yaml", "No such file"])
    #expect(scratch.names().isEmpty)
  }

  /// Permission bits do not bind root; a path below a file and one in /proc bind everybody.
  @Test func folderThatCannotBeMade() throws {
    let scratch = try Scratch()
    let file = try scratch.write("mine", to: "file")
    for out in [file, file + "/out", "/proc/none/out"] {
      let outcome = try diorama("render", "Scenes/primitives.yaml", "--frames", "1", "--size", "32x24", "--out", out)
      check(outcome, 74, [out.hasPrefix("/proc") ? "/proc/none" : file])
    }
    for command in [["preview"], ["sample", "--frame", "0"]] {
      let outcome = try shell(
        "exec \"$diorama\" \(command[0]) Scenes/primitives.yaml \(command.dropFirst().joined(separator: " ")) "
          + (command[0] == "preview" ? "--frames 1 --size 32x24 " : "") + "--out '\(file)/out'")
      check(outcome, 74, [file])
    }
    #expect(scratch.names() == ["file"])
    #expect(try scratch.files(in: "")["file"].map { String(decoding: $0, as: UTF8.self) } == "mine")
  }

  /// A write that fails half-way: no file may grow beyond 40 blocks of 512 or 1024 bytes, which the head is smaller than.
  @Test func fileThatCannotGrow() throws {
    let scratch = try Scratch()
    let outcome = try shell(
      "trap '' XFSZ; ulimit -f 40; exec \"$diorama\" render Scenes/primitives.yaml --frames 3 --size 640x480 "
        + "--out '\(scratch.path("out"))'")
    check(outcome, 74, [scratch.path("out") + "/images/00000", "File too large"])
    #expect(scratch.names().isEmpty, "nothing is left behind")
  }

  /// A disk that fills up: a memory file system of 512 kB, in a user namespace of its own where we are not root.
  @Test(.enabled("mounting is allowed here") { (try? shell(mounting("true")))?.code == 0 })
  func diskThatFillsUp() throws {
    let outcome = try shell(
      FaultTests.mounting(
        "\"$diorama\" render Scenes/dominoes.yaml --frames 40 --chunk 2 --threads 1 --size 160x120 --out /mnt/out; "
          + "code=$?; cd /mnt/out && find . -type f | sort; exit $code"))
    check(outcome, 74, ["/mnt/out/", "No space left on device"])
    // What was committed stays; nothing else does.
    let left = outcome.output.split(separator: "\n")
    let images = left.filter { $0.hasPrefix("./images/") }.count
    #expect(images >= 2 && images % 2 == 0 && left.contains("./dataset.json"))
    #expect(left.filter { $0.hasPrefix("./chunks/") }.count == images / 2)
    #expect(left.count == 1 + images * 4 + images / 2, "\(left)")
  }

  static func mounting(_ line: String) -> String {
    "exec unshare --user --map-root-user --mount /bin/sh -c 'mount -t tmpfs -o size=512k tmpfs /mnt && { "
      + line.replacing("'", with: "'\\''") + "\n}'"
  }

  func check(_ outcome: Outcome, _ code: Int32, _ parts: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(outcome.code == code, "said: \(outcome.errors)", sourceLocation: sourceLocation)
    let lines = outcome.message.filter { !$0.contains("to see it again: diorama render ") }
    #expect(lines.count == 1, "one message: \(outcome.errors)", sourceLocation: sourceLocation)
    for part in parts {
      #expect(outcome.message.first?.contains(part) == true, "said: \(outcome.errors)", sourceLocation: sourceLocation)
    }
  }
}
