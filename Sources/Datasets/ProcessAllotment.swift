// How many processors this process may use, which on a cluster or in a container is not what the machine has.

import CProcessShims
import Formats
import Glibc

public enum ProcessAllotment {
  /// At least 1: the processors that the scheduler allows (affinity), cut down to the CPU quota of the control group,
  /// version 2 or 1, where there is one. Half a processor counts as one.
  public static var threads: Int {
    var n = allowedProcessors
    if let quota = controlGroupQuota { n = min(n, Int(quota.rounded(.up))) }
    return max(n, 1)
  }

  static var allowedProcessors: Int { Int(diorama_allowed_processors()) }

  /// In processors; nil where there is no limit. The groups above ours limit it too, so the smallest counts.
  static var controlGroupQuota: Double? {
    var smallest: Double?
    for line in text("/proc/self/cgroup").split(separator: "\n") {
      // "0::/path" is version 2; "4:cpu,cpuacct:/path" is version 1.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isVersion2 = parts[0] == "0" && parts[1].isEmpty
      guard isVersion2 || parts[1].split(separator: ",").contains("cpu") else { continue }
      let roots =
        isVersion2
        ? ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] : ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"]
      // Inside a container the path may be the host's: then the group is mounted as the root.
      var path = String(parts[2])
      while true {
        for root in roots {
          let folder = root + (path == "/" ? "" : path)
          let quota =
            isVersion2
            ? version2Quota(text(folder + "/cpu.max"))
            : version1Quota(text(folder + "/cpu.cfs_quota_us"), text(folder + "/cpu.cfs_period_us"))
          if let quota { smallest = min(smallest ?? quota, quota) }
        }
        guard path != "/", !path.isEmpty, let slash = path.lastIndex(of: "/") else { break }
        path = slash == path.startIndex ? "/" : String(path[..<slash])
      }
    }
    return smallest
  }

  /// "150000 100000" is one and a half processors; "max 100000" no limit.
  static func version2Quota(_ text: String) -> Double? {
    let parts = text.split { $0 == " " || $0 == "\n" }
    guard parts.count == 2, let quota = Double(parts[0]), let period = Double(parts[1]), quota > 0, period > 0 else {
      return nil
    }
    return quota / period
  }

  /// "-1" is no limit.
  static func version1Quota(_ quota: String, _ period: String) -> Double? {
    version2Quota(quota + " " + period)
  }

  private static func text(_ path: String) -> String {
    guard let file = try? LineReader(path) else { return "" }
    var lines: [String] = []
    while let line = try? file.next({ String(decoding: $0, as: UTF8.self) }) { lines.append(line) }
    return lines.joined(separator: "\n")
  }

  /// Resident memory now and at its highest, in bytes; zeros where the kernel does not tell.
  public static var memory: (now: Int, peak: Int) {
    var (now, peak) = (0, 0)
    for line in text("/proc/self/status").split(separator: "\n") {
      let parts = line.split { $0 == " " || $0 == "\t" }
      guard parts.count >= 2, let kB = Int(parts[1]) else { continue }
      if parts[0] == "VmRSS:" { now = kB << 10 }
      if parts[0] == "VmHWM:" { peak = kB << 10 }
    }
    return (now, peak)
  }
}
