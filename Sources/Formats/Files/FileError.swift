import Glibc

/// A file operation that failed: which file, what was tried, and why.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  public var path: String
  /// "write", "create", "rename": the verb of "cannot ...".
  public var operation: String
  /// The system's error number.
  public var code: Int32

  public init(_ path: String, _ operation: String, code: Int32 = errno) {
    self.path = path
    self.operation = operation
    self.code = code
  }

  public var reason: String { String(cString: strerror(code)) }
  public var description: String { "\(path): cannot \(operation): \(reason)" }
}
