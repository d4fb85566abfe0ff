// What a process must do in C: look at the CPU before any code built for it runs, and note signals.
#ifndef DIORAMA_PROCESS_SHIMS_H
#define DIORAMA_PROCESS_SHIMS_H

/// The instruction set this binary was built for: "x86-64", "x86-64-v3", "arm64" or "other".
const char *diorama_build_target(void);

#endif
