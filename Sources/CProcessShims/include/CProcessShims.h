// What a process must do in C: look at the CPU before any code built for it runs, note signals, and call what the headers
// show to C alone.
#ifndef DIORAMA_PROCESS_SHIMS_H
#define DIORAMA_PROCESS_SHIMS_H

/// The instruction set this binary was built for: "x86-64", "x86-64-v3", "arm64" or "other".
const char *diorama_build_target(void);

/// From now on SIGTERM and SIGINT are noted instead of ending the process, which has four seconds to come to an end in
/// order; then it is ended with exit code 75, as a second SIGINT ends it at once. Nothing that it leaves behind counts.
void diorama_note_signals(void);

/// The first signal noted, or 0.
int diorama_noted_signal(void);

/// Forgets what was noted; for tests.
void diorama_forget_signals(void);

/// How many processors the scheduler lets this process use; at least 1.
int diorama_allowed_processors(void);

/// Waits for an exclusive lock on bytes [start, start + length) of the file of `fd`, to its end where `length` is 0. The
/// lock belongs to the open file, not to the process, and ends with it. 0, or -1 and errno.
int diorama_lock_range(int fd, long long start, long long length);

/// syncfs(2): brings what was written to the file system of `fd` to the disk. 0, or -1 and errno.
int diorama_syncfs(int fd);

/// Gives two files or folders each other's name at once. 0, or -1 and errno: not all file systems can do that.
int diorama_exchange(const char *a, const char *b);

/// What kind of file system a path lies on, by statfs(2); -1 where that cannot be told.
long long diorama_file_system_type(const char *path);

/// Lets the kernel begin to write `count` bytes of a file, from `offset` on, to the disk, and does not wait: what is synced at
/// its end is then mostly there. Where that is not known, nothing happens.
void diorama_begin_writing(int fd, long long offset, long long count);

/// Gives memory that was freed back to the system, so that what comes next does not lie on top of it.
void diorama_return_memory(void);

#endif
