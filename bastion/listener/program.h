/* Program: one of the programs sallyportd starts, watches and starts again.  Layer: bastion/listener. */
#ifndef SALLYPORT_BASTION_LISTENER_PROGRAM_H
#define SALLYPORT_BASTION_LISTENER_PROGRAM_H

#include "lib/event/peer.h"
#include <stdbool.h>
#include <sys/types.h>

enum {
	PROGRAM_PONG_MS = 5000,    /* a program that is silent for so long is killed */
	PROGRAM_START_MS = 120000, /* and one that is not ready by then; a WAL may have to be read first */
	PROGRAM_STOP_MS = 5000,    /* from closing its socket to killing it */
	PROGRAM_STEADY_MS = 60000, /* one that lived so long is started again at once */
	PROGRAM_BACKOFF_MS = 100,  /* the second start in a row waits so long, each one after it twice that */
	PROGRAM_BACKOFF_MAX_MS = 10000,
};
struct program;
struct program_spec {
	const char *name;
	const char *folder; /* of the build tree */
	/* What it may say: program_on_ready and program_on_pong among the handlers.  Each gets the struct program. */
	const struct ipc_rule *rules;
	size_t n_rules;
	void (*configure)(void *owner, struct program *program); /* it was started: send its configuration */
	void (*ready)(void *owner, struct program *program);
	void (*down)(void *owner, struct program *program); /* it has ended; called once after each configure() */
};
enum { PROGRAM_PHASE_STARTING = 1, PROGRAM_PHASE_READY = 2, PROGRAM_PHASES = 3 };

/* `spec` and `owner` must live as long.  0 or -errno; nothing is started yet. */
MUST_CHECK int program_new(struct program **out, sd_event *loop, const struct program_spec *spec, const char *path,
                           void *owner);
void program_free(struct program *program); /* kills what still runs; NULL is fine */
/* Starts it from the loop, and again whenever it ends. */
void program_run(struct program *program);
/* Closes its socket, on which it ends; then it stays down, or, for _replace, is started again. */
void program_stop(struct program *program);
void program_replace(struct program *program);
/* To be called every second: asks whether it is alive, kills it if it is not. */
void program_tick(struct program *program);
/* A child has ended, wait(2) says how.  True when it was this program. */
bool program_reaped(struct program *program, pid_t pid, int code, int status);

void *program_owner(const struct program *program);
struct peer *program_peer(const struct program *program); /* NULL when it is down or stopping */
bool program_is_ready(const struct program *program);
bool program_is_down(const struct program *program);
pid_t program_pid(const struct program *program); /* 0 when it is down */
/* Counts its starts, from 1. */
uint32_t program_run_number(const struct program *program);

int program_on_ready(void *program, struct ipc_packet *packet);
int program_on_pong(void *program, struct ipc_packet *packet);
/* How a child ended, for the log: "exited with status 1", "was killed by signal 9 (Killed)". */
void program_end_text(char *out, size_t size, int code, int status);

#endif
