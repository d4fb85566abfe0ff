/// Why a dataset cannot be written in a format.
public enum FormatError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was asked for cannot be had: what was found, and what was expected.
  case refused(String)
  /// A file of the dataset is not as it should be.
  case damaged(file: String, String)
  case file(FileError)

  public var description: String {
    switch self {
    case .refused(let reason): reason
    case .damaged(let file, let reason): "\(file): \(reason)"
    case .file(let e): "\(e)"
    }
  }

  /// Runs file operations, taking their error as a format's.
  package static func files<R>(_ body: () throws(FileError) -> R) throws(FormatError) -> R {
    do { return try body() } catch { throw .file(error) }
  }
}
