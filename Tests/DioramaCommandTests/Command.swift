// Runs the program that was built beside these tests, as its users do.

import Foundation

/// How a process ended.
struct Outcome {
  var code: Int32
  var output: String
  var errors: String

  /// What it said on standard error in words, without progress (lines of JSON).
  var message: [Substring] { errors.split(separator: "\n").filter { !$0.hasPrefix("{") } }
}

/// The folder that the tests' own program lies in.
private let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
private let program = products.appendingPathComponent("diorama").path
/// The root of the package, where Scenes/ is.
private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Runs `diorama` with these arguments at the root of the package.
func diorama(_ arguments: String...) throws -> Outcome { try run(program, arguments) }

func diorama(arguments: [String]) throws -> Outcome { try run(program, arguments) }

/// Runs a line of shell, in which `$diorama` is the program.
func shell(_ line: String, executable: String = "/bin/sh", before: [String] = []) throws -> Outcome {
  try run(executable, before + ["-c", line])
}

private func run(_ executable: String, _ arguments: [String]) throws -> Outcome {
  let scratch = try Scratch()
  let process = Process()
  process.executableURL = URL(fileURLWithPath: executable)
  process.arguments = arguments
  process.currentDirectoryURL = root
  process.environment = ProcessInfo.processInfo.environment.merging(["diorama": program]) { $1 }
  // Files rather than pipes: nobody has to read while the process runs.
  let (output, errors) = (scratch.path("output"), scratch.path("errors"))
  for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
  process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
  process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
  process.standardInput = FileHandle.nullDevice
  // Threads that run tests have signals blocked, which a process inherits; a shell that cannot hear of its children's ends
  // waits for ever.
  var (none, own) = (sigset_t(), sigset_t())
  sigemptyset(&none)
  pthread_sigmask(SIG_SETMASK, &none, &own)
  defer { pthread_sigmask(SIG_SETMASK, &own, nil) }
  try process.run()
  process.waitUntilExit()
  // A signal's number plus 128, as a shell says it.
  let code = process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
  return Outcome(
    code: code, output: try String(contentsOfFile: output, encoding: .utf8),
    errors: try String(contentsOfFile: errors, encoding: .utf8))
}

/// A folder that goes with the test.
final class Scratch {
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("diorama-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  func write(_ text: String, to name: String) throws -> String {
    try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    return path(name)
  }

  /// All files and folders below, by relative path.
  func names(in name: String = "") -> Set<String> {
    Set(FileManager.default.enumerator(atPath: path(name))?.compactMap { $0 as? String } ?? [])
  }

  func files(in name: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for n in names(in: name) {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: path(name) + "/" + n, isDirectory: &isFolder)
      if !isFolder.boolValue { found[n] = try Data(contentsOf: URL(fileURLWithPath: path(name) + "/" + n)) }
    }
    return found
  }
}
