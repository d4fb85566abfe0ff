#include <string.h>
#include <unistd.h>

#include "CProcessShims.h"

const char *diorama_build_target(void) {
#if defined(__x86_64__) && defined(__AVX2__)
  return "x86-64-v3";
#elif defined(__x86_64__)
  return "x86-64";
#elif defined(__aarch64__)
  return "arm64";
#else
  return "other";
#endif
}

#if defined(__x86_64__) && defined(__AVX2__)
// Runs before main and before any Swift code. The function itself is compiled for the baseline, so that it can speak on
// a CPU that lacks what the rest of the binary needs.
__attribute__((constructor(101), target("arch=x86-64"), noinline)) static void diorama_require_cpu(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma")) return;
  static const char message[] =
      "diorama: this binary was built for CPUs with AVX2 (x86-64-v3), which this one lacks; "
      "build with `make build CPU=baseline`\n";
  ssize_t ignored = write(2, message, sizeof message - 1);
  (void)ignored;
  _exit(70);
}
#endif
