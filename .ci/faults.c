// Makes file operations of a program fail, for .ci/faults.py: loaded with LD_PRELOAD. The Nth call of the operation
// FAULT_CALL on a path (or a descriptor of a path) that contains FAULT_PATH fails with the error number FAULT_ERRNO, and so
// do all after it.
#include "shim.h"

#include <stdatomic.h>

static atomic_long calls;

static int fails(const char *call, const char *path) {
  const char *chosen = getenv("FAULT_CALL"), *part = getenv("FAULT_PATH");
  if (!chosen || !part || strcmp(chosen, call) != 0 || !path || !strstr(path, part)) return 0;
  if (atomic_fetch_add(&calls, 1) + 1 < atol(getenv("FAULT_N"))) return 0;
  errno = atoi(getenv("FAULT_ERRNO"));
  return 1;
}

static int fails_fd(const char *call, int fd) {
  char path[PATH_BYTES];
  return path_of(fd, path) && fails(call, path);
}

static int open_next(const char *name, const char *path, int flags, mode_t mode) {
  if (fails(flags & O_CREAT ? "create" : "open", path)) return -1;
  return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name))(path, flags, mode);
}

ssize_t write(int fd, const void *b, size_t n) { return fails_fd("write", fd) ? -1 : NEXT(write)(fd, b, n); }
ssize_t pread(int fd, void *b, size_t n, off_t o) { return fails_fd("read", fd) ? -1 : NEXT(pread)(fd, b, n, o); }
ssize_t read(int fd, void *b, size_t n) { return fails_fd("read", fd) ? -1 : NEXT(read)(fd, b, n); }
int fsync(int fd) { return fails_fd("sync", fd) ? -1 : NEXT(fsync)(fd); }
int syncfs(int fd) { return fails_fd("syncfs", fd) ? -1 : NEXT(syncfs)(fd); }
int rename(const char *a, const char *b) { return fails("rename", b) ? -1 : NEXT(rename)(a, b); }
int mkdir(const char *path, mode_t mode) { return fails("mkdir", path) ? -1 : NEXT(mkdir)(path, mode); }
