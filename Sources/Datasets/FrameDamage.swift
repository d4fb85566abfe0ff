import Annotators
import Formats
import ImageCoding
import Imaging

extension Dataset {
  /// What is wrong with a frame's files, in words: decoded, their pixels are held against the record's digests. Nil where
  /// all is well.
  ///
  /// - Parameter archive: of the frame's chunk, where it lies in one and that has been read.
  static func damage(of planes: [PlaneRecord], in folder: String, archive: TarIndex?) -> String? {
    var archive = archive
    for plane in planes {
      let path = folder + "/" + plane.file
      let bytes: [UInt8]
      do throws(DatasetError) { bytes = try read(plane, in: folder, archive: &archive) } catch { return "\(error)" }
      let digest: Digest
      do { digest = Digest(ofSamplesOf: try decodePNG(bytes)) } catch { return "\(path): \(error)" }
      if digest != plane.digest { return "\(path): found pixels of digest \(digest), expected \(plane.digest)" }
    }
    return nil
  }
}
