#define _GNU_SOURCE
#include <unistd.h>

#include "CProcessShims.h"

int diorama_syncfs(int fd) { return syncfs(fd); }
