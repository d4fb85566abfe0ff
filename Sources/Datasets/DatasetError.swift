import Annotators
import Formats

/// Why a dataset cannot be made or read.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A frame cannot be made from the scene, or its labels do not fit: the scene or its data is wrong.
  case frame(Int, String)
  /// So many chunks failed, the first of them in this way.
  indirect case chunks(failed: Int, first: DatasetError)
  /// The folder holds something that must not be mixed with what was asked.
  case refused(String)
  /// A file of the dataset is not as it should be.
  case damaged(file: String, String)
  /// A file operation failed.
  case file(FileError)

  /// The process's exit code: 65 the scene or data is wrong, 74 input or output.
  public var exitCode: Int32 {
    switch self {
    case .frame, .refused, .damaged: 65
    case .file: 74
    case .chunks(_, let first): first.exitCode
    }
  }

  public var description: String {
    switch self {
    case .frame(let n, let reason): "frame \(n): \(reason)"
    case .chunks(let n, let first): "\(n) chunks failed, the first with \(first)"
    case .refused(let reason): reason
    case .damaged(let file, let reason): "\(file): \(reason)"
    case .file(let e): "\(e)"
    }
  }

  /// Runs file operations, taking their error as a dataset's.
  static func files<R>(_ body: () throws(FileError) -> R) throws(DatasetError) -> R {
    do { return try body() } catch { throw .file(error) }
  }

  /// Runs an export, taking its error as a dataset's.
  static func formats<R>(_ body: () throws(FormatError) -> R) throws(DatasetError) -> R {
    do { return try body() } catch {
      switch error {
      case .file(let e): throw .file(e)
      case .damaged(let path, let what): throw .damaged(file: path, what)
      case .refused(let reason): throw .refused(reason)
      }
    }
  }

  /// Reads an archive, taking its error as a dataset's.
  static func archive<R>(_ body: () throws(TarError) -> R) throws(DatasetError) -> R {
    do { return try body() } catch {
      switch error {
      case .file(let e): throw .file(e)
      case .damaged(let path, let what): throw .damaged(file: path, what)
      }
    }
  }
}
