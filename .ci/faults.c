// Makes file operations of a program fail, for .ci/faults.py: loaded with LD_PRELOAD. The Nth call of the operation
// FAULT_CALL on a path (or a descriptor of a path) that contains FAULT_PATH fails with the error number FAULT_ERRNO, and so
// do all after it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls;

static int fails(const char *call, const char *path) {
  const char *chosen = getenv("FAULT_CALL"), *part = getenv("FAULT_PATH");
  if (!chosen || !part || strcmp(chosen, call) != 0 || !path || !strstr(path, part)) return 0;
  if (atomic_fetch_add(&calls, 1) + 1 < atol(getenv("FAULT_N"))) return 0;
  errno = atoi(getenv("FAULT_ERRNO"));
  return 1;
}

static int fails_fd(const char *call, int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n < 0) return 0;
  path[n] = 0;
  return fails(call, path);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int open_next(const char *name, const char *path, int flags, mode_t mode) {
  if (fails(flags & O_CREAT ? "create" : "open", path)) return -1;
  return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name))(path, flags, mode);
}
int open(const char *path, int flags, ...) {
  va_list a;
  va_start(a, flags);
  mode_t mode = flags & O_CREAT ? va_arg(a, mode_t) : 0;
  va_end(a);
  return open_next("open", path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  va_list a;
  va_start(a, flags);
  mode_t mode = flags & O_CREAT ? va_arg(a, mode_t) : 0;
  va_end(a);
  return open_next("open64", path, flags, mode);
}
ssize_t write(int fd, const void *b, size_t n) { return fails_fd("write", fd) ? -1 : NEXT(write)(fd, b, n); }
ssize_t pread(int fd, void *b, size_t n, off_t o) { return fails_fd("read", fd) ? -1 : NEXT(pread)(fd, b, n, o); }
ssize_t read(int fd, void *b, size_t n) { return fails_fd("read", fd) ? -1 : NEXT(read)(fd, b, n); }
int fsync(int fd) { return fails_fd("sync", fd) ? -1 : NEXT(fsync)(fd); }
int syncfs(int fd) { return fails_fd("syncfs", fd) ? -1 : NEXT(syncfs)(fd); }
int rename(const char *a, const char *b) { return fails("rename", b) ? -1 : NEXT(rename)(a, b); }
int mkdir(const char *path, mode_t mode) { return fails("mkdir", path) ? -1 : NEXT(mkdir)(path, mode); }
