#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "CProcessShims.h"

static volatile sig_atomic_t noted = 0;

// Schedulers send SIGKILL some seconds after SIGTERM; a frame that takes longer than this is not waited for.
static const unsigned patience = 4;

// A handler may do next to nothing: it stores a number, sets an alarm, or leaves.
static void note(int signal) {
  if (noted != 0 && signal == SIGINT) _exit(75);
  if (noted == 0) {
    noted = signal;
    alarm(patience);
  }
}

static void leave(int signal) {
  (void)signal;
  static const char message[] =
      "diorama: stopped without waiting longer for the frames in work; the same command goes on\n";
  ssize_t ignored = write(2, message, sizeof message - 1);
  (void)ignored;
  _exit(75);
}

void diorama_note_signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = note;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  action.sa_handler = leave;
  sigaction(SIGALRM, &action, NULL);
  // Some programs that start others leave them signals blocked.
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGALRM);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  // A reader that has gone (a closed pipe) shall be an error of write, not the end of the process.
  signal(SIGPIPE, SIG_IGN);
}

int diorama_noted_signal(void) { return noted; }

void diorama_forget_signals(void) {
  alarm(0);
  noted = 0;
}
