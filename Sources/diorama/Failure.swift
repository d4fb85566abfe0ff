import ArgumentParser
import Datasets
import Glibc

/// Prints `diorama: message` and ends with `code`: one line a fault, whatever went wrong.
func fail(_ message: String, code: Int32) -> ExitCode {
  printError("diorama: " + message)
  return ExitCode(code)
}

func fail(_ error: DatasetError) -> ExitCode { fail(error.description, code: error.exitCode) }

/// Says what a file holds that is not drawn.
@Sendable func printNote(_ what: String) { printError("diorama: note: " + what) }

/// A line on standard error.
func printError(_ line: String) {
  let bytes = Array((line + "\n").utf8)
  _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
}
