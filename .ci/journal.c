// Writes down all that a program does to the files below a folder, for .ci/power.py: loaded with LD_PRELOAD. The file
// JOURNAL gets a record an operation on a path (or a descriptor of a path) that begins with JOURNAL_ROOT, in the order in
// which they were done: a head as below, one or two paths, and the bytes that were written.
#include "shim.h"

#include <pthread.h>
#include <stdint.h>

struct head {
  char operation;  // Create, Write, Fsync, Syncfs, Rename, Link, Unlink, Mkdir, rmDir
  char padding[3];
  uint32_t path, second;  // lengths
  uint32_t bytes;
  uint64_t inode;
  uint64_t offset;
};

// Held over an operation and its record, so that the order of records is that of operations.
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static int journal = -1;

static int is_ours(const char *path) {
  const char *root = getenv("JOURNAL_ROOT");
  return root && path && strncmp(path, root, strlen(root)) == 0;
}

static int is_our_descriptor(int fd) {
  char path[PATH_BYTES];
  return path_of(fd, path) && is_ours(path);
}

static void put(const void *bytes, size_t count) {
  if (NEXT(write)(journal, bytes, count) != (ssize_t)count) abort();
}

static void note(char operation, const char *path, const char *second, const void *bytes, size_t count, uint64_t inode,
                 uint64_t offset) {
  if (journal < 0) journal = NEXT(open)(getenv("JOURNAL"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (journal < 0) abort();
  struct head h = {.operation = operation, .path = path ? strlen(path) : 0, .second = second ? strlen(second) : 0,
                   .bytes = count, .inode = inode, .offset = offset};
  put(&h, sizeof h);
  put(path, h.path);
  put(second, h.second);
  put(bytes, h.bytes);
}

static uint64_t inode_of(int fd) {
  struct stat s;
  return fstat(fd, &s) == 0 ? s.st_ino : 0;
}

static int open_next(const char *name, const char *path, int flags, mode_t mode) {
  int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
  if (!(flags & O_CREAT) || !is_ours(path)) return next(path, flags, mode);
  pthread_mutex_lock(&order);
  int was_there = access(path, F_OK) == 0;
  int fd = next(path, flags, mode);
  int code = errno;
  if (fd >= 0 && (!was_there || (flags & O_TRUNC))) note('C', path, NULL, NULL, 0, inode_of(fd), 0);
  pthread_mutex_unlock(&order);
  errno = code;
  return fd;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  if (!is_our_descriptor(fd)) return NEXT(write)(fd, bytes, count);
  pthread_mutex_lock(&order);
  off_t offset = lseek(fd, 0, SEEK_CUR);
  ssize_t n = NEXT(write)(fd, bytes, count);
  int code = errno;
  if (n > 0) note('W', NULL, NULL, bytes, n, inode_of(fd), offset);
  pthread_mutex_unlock(&order);
  errno = code;
  return n;
}

// A program that took another way to write would pass unseen.
#define REFUSED(result, name, ...) \
  result name(__VA_ARGS__) { fprintf(stderr, "journal: " #name " is not written down\n"); abort(); }
REFUSED(ssize_t, pwrite, int fd, const void *b, size_t n, off_t o)
REFUSED(ssize_t, pwrite64, int fd, const void *b, size_t n, off_t o)
REFUSED(ssize_t, copy_file_range, int a, off_t *x, int b, off_t *y, size_t n, unsigned flags)
REFUSED(ssize_t, sendfile, int a, int b, off_t *o, size_t n)
REFUSED(int, ftruncate, int fd, off_t n)
REFUSED(int, ftruncate64, int fd, off_t n)

// What one call did, written down where it succeeded.
#define DONE(call, ours, ...)        \
  if (!(ours)) return call;          \
  pthread_mutex_lock(&order);        \
  int status = call, code = errno;   \
  if (status == 0) note(__VA_ARGS__); \
  pthread_mutex_unlock(&order);      \
  errno = code;                      \
  return status

int fsync(int fd) { DONE(NEXT(fsync)(fd), is_our_descriptor(fd), 'F', NULL, NULL, NULL, 0, inode_of(fd), 0); }
int fdatasync(int fd) { DONE(NEXT(fdatasync)(fd), is_our_descriptor(fd), 'F', NULL, NULL, NULL, 0, inode_of(fd), 0); }
int syncfs(int fd) { DONE(NEXT(syncfs)(fd), is_our_descriptor(fd), 'S', NULL, NULL, NULL, 0, 0, 0); }
int rename(const char *a, const char *b) { DONE(NEXT(rename)(a, b), is_ours(b), 'R', a, b, NULL, 0, 0, 0); }
int link(const char *a, const char *b) { DONE(NEXT(link)(a, b), is_ours(b), 'L', a, b, NULL, 0, 0, 0); }
int unlink(const char *a) { DONE(NEXT(unlink)(a), is_ours(a), 'U', a, NULL, NULL, 0, 0, 0); }
int rmdir(const char *a) { DONE(NEXT(rmdir)(a), is_ours(a), 'D', a, NULL, NULL, 0, 0, 0); }
int mkdir(const char *path, mode_t mode) {
  struct stat s;
  DONE(NEXT(mkdir)(path, mode), is_ours(path), 'M', path, NULL, NULL, 0, stat(path, &s) == 0 ? s.st_ino : 0, 0);
}
