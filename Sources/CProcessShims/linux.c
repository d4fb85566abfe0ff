#define _GNU_SOURCE
#include <sched.h>
#include <unistd.h>

#include "CProcessShims.h"

int diorama_syncfs(int fd) { return syncfs(fd); }

int diorama_allowed_processors(void) {
  cpu_set_t set;
  // Machines of more processors than the fixed set holds answer EINVAL; they count all that are online.
  long n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : sysconf(_SC_NPROCESSORS_ONLN);
  return n > 0 ? (int)n : 1;
}
