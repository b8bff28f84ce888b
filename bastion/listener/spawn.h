/* Spawn: starts a program with a socket to us and nothing else of ours.  Layer: bastion/listener. */
#ifndef SALLYPORT_BASTION_LISTENER_SPAWN_H
#define SALLYPORT_BASTION_LISTENER_SPAWN_H

#include "lib/base/base.h"
#include <sys/types.h>
#include <systemd/sd-event.h>

struct spawned {
	pid_t pid;
	int socket;  /* SOCK_SEQPACKET to its DAEMON_FD; the caller's */
	int errors;  /* reading end of its standard output and error; the caller's */
};
/* fork(2) and execve(2) of `path` as `name`: standard input empty, DAEMON_FD the socket, every other descriptor closed,
 * signals as usual, an environment made from nothing, directory "/".  0 or -errno; that the program cannot be
 * executed is told by it ending with status 127. */
MUST_CHECK int spawn(struct spawned *out, const char *path, const char *name);

/* Reads lines from `fd` (taken over, also on failure), cleans them and logs each as "NAME: text", until its end.
 * "<N>" before a line is its severity.  0 or -errno. */
MUST_CHECK int spawn_log(sd_event *loop, int fd, const char *name);

#endif
