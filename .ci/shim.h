// What the libraries that stand between a program and its files (faults.c, journal.c) have in common. Whoever includes it
// defines `open_next`, which gets the calls of `open` and `open64` with the mode as an argument.
#ifndef DIORAMA_SHIM_H
#define DIORAMA_SHIM_H

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

// The function of that name that would have been called without the library.
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

enum { PATH_BYTES = 4096 };

// Puts the path of a descriptor's file; 0 where it has none.
static int path_of(int fd, char path[PATH_BYTES]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, PATH_BYTES - 1);
  if (n < 0) return 0;
  path[n] = 0;
  return 1;
}

static int open_next(const char *name, const char *path, int flags, mode_t mode);

#define OPENING(name)                                    \
  int name(const char *path, int flags, ...) {           \
    va_list a;                                           \
    va_start(a, flags);                                  \
    mode_t mode = flags & O_CREAT ? va_arg(a, mode_t) : 0; \
    va_end(a);                                           \
    return open_next(#name, path, flags, mode);          \
  }
OPENING(open)
OPENING(open64)

#endif
