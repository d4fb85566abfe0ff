import Annotators
import Formats
import ImageCoding
import Imaging

extension Dataset {
  /// What is wrong with a frame's files, in words: decoded, their pixels are held against the record's digests. Nil where
  /// all is well.
  static func damage(of planes: [PlaneRecord], in folder: String) -> String? {
    for plane in planes {
      let path = folder + "/" + plane.file
      let bytes: [UInt8]
      do throws(DatasetError) { bytes = try read(plane, in: folder) } catch { return "\(error)" }
      let digest: Digest
      do { digest = Digest(ofSamplesOf: try decodePNG(bytes)) } catch { return "\(path): \(error)" }
      if digest != plane.digest { return "\(path): found pixels of digest \(digest), expected \(plane.digest)" }
    }
    return nil
  }
}
