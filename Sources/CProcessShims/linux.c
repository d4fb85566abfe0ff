#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "CProcessShims.h"

int diorama_syncfs(int fd) { return syncfs(fd); }

int diorama_exchange(const char *a, const char *b) {
  return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}

long long diorama_file_system_type(const char *path) {
  struct statfs s;
  return statfs(path, &s) == 0 ? (long long)s.f_type : -1;
}

void diorama_begin_writing(int fd, long long offset, long long count) {
  sync_file_range(fd, offset, count, SYNC_FILE_RANGE_WRITE);
}

void diorama_return_memory(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

// Before main: a process that was started without descriptors 0, 1 or 2 would give their numbers to the next files that it
// opens, and write its messages into images. They get something harmless; writing to it stays an error.
__attribute__((constructor)) static void guard_descriptors(void) {
  for (int fd = 0; fd <= 2; ++fd) {
    // Opening gives the lowest free number, which is this one.
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDONLY) != fd) _exit(74);
  }
}

int diorama_lock_range(int fd, long long start, long long length) {
  struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
  int status;
  do status = fcntl(fd, F_OFD_SETLKW, &range);
  while (status < 0 && errno == EINTR);
  return status;
}

int diorama_allowed_processors(void) {
  cpu_set_t set;
  // Machines of more processors than the fixed set holds answer EINVAL; they count all that are online.
  long n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : sysconf(_SC_NPROCESSORS_ONLN);
  return n > 0 ? (int)n : 1;
}
