/* Connections: what sallyportd knows of each client's connection and the process it has.  Layer: bastion/listener. */
#ifndef SALLYPORT_BASTION_LISTENER_CONNECTIONS_H
#define SALLYPORT_BASTION_LISTENER_CONNECTIONS_H

#include "bastion/listener/tally.h"
#include <stdbool.h>
#include <systemd/sd-event.h>

enum {
	CONNECTION_START_MS = 10000, /* from D_START to D_STARTED; then it is given up */
	CONNECTION_GRACE_MS = 5000,  /* beyond the log-in's grace, which the process keeps itself; then it is killed */
};
struct connections;
struct connection;
struct connections_conf {
	sd_event *loop;
	struct tally_limits limits;
	uint64_t login_grace_ms;
	/* Its process has ended, or it was given up; the connection is gone when this returns. */
	void (*ended)(void *user, uint64_t number, uint32_t keeper_run);
	void *user;
};
/* 0 or -errno. */
MUST_CHECK int connections_new(struct connections **out, const struct connections_conf *conf);
void connections_free(struct connections *all); /* leaves the processes alone */
void connections_set_limits(struct connections *all, const struct tally_limits *limits, uint64_t login_grace_ms);

/* A new one, with a number of its own.  `keeper_run` is handed back at its end.  0, an outcome of tally_add(), -ENOMEM. */
MUST_CHECK int connections_add(struct connections *all, const struct tally_source *source, uint32_t keeper_run,
                               uint64_t *number);
/* Its process runs; takes the pidfd over.  0; CONNECTION_UNKNOWN: no such connection waits for one, the process is
 * killed; -EBADMSG: the descriptor is of no process that could be it; -errno. */
enum { CONNECTION_UNKNOWN = 1 };
MUST_CHECK int connections_started(struct connections *all, uint64_t number, int pidfd);
/* Somebody has logged in on it; a number that is not known is left alone, as it may have ended just now. */
void connections_in(struct connections *all, uint64_t number);
/* Kills its process, also one that is yet to start. */
void connections_kill(struct connections *all, uint64_t number);
void connections_kill_all(struct connections *all);
/* Gives up those that have no process: the program that was to make it is gone. */
void connections_drop_starting(struct connections *all);
/* To be called every second: who is late? */
void connections_tick(struct connections *all);
uint32_t connections_count(const struct connections *all);

#endif
