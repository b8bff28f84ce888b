#include "bastion/listener/connections.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/wait.h>

struct connection {
	struct connection *newer, *older;
	struct connections *all;
	uint64_t number;
	uint64_t since_ms;
	struct tally_source source;
	uint32_t keeper_run;
	int pidfd; /* -1: no process yet */
	sd_event_source *watch;
	bool startup;
	bool doomed; /* to be killed once it has a process */
};

struct connections {
	struct connections_conf conf;
	struct tally *tally;
	struct connection *newest;
	uint64_t last_number;
};

int connections_new(struct connections **out, const struct connections_conf *conf)
{
	struct connections *all = calloc(1, sizeof *all);
	int r;

	if (all == NULL)
		return -ENOMEM;
	all->conf = *conf;
	r = tally_new(&all->tally, &conf->limits);
	if (r != 0) {
		free(all);
		return r;
	}
	*out = all;
	return 0;
}

/* Takes it out of everything. */
static void forget(struct connection *c)
{
	struct connections *all = c->all;

	*(c->newer == NULL ? &all->newest : &c->newer->older) = c->older;
	if (c->older != NULL)
		c->older->newer = c->newer;
	tally_remove(all->tally, &c->source, c->startup);
	sd_event_source_disable_unref(c->watch);
	closep(&c->pidfd);
	free(c);
}

void connections_free(struct connections *all)
{
	if (all == NULL)
		return;
	while (all->newest != NULL)
		forget(all->newest);
	tally_free(all->tally);
	free(all);
}

void connections_set_limits(struct connections *all, const struct tally_limits *limits,
			    uint64_t login_grace_ms)
{
	tally_set_limits(all->tally, limits);
	all->conf.login_grace_ms = login_grace_ms;
}

/* Newest first, as most questions are about a new one. */
static struct connection *find(const struct connections *all, uint64_t number)
{
	struct connection *c = all->newest;

	while (c != NULL && c->number > number)
		c = c->older;
	return c != NULL && c->number == number ? c : NULL;
}

static void end(struct connection *c)
{
	const struct connections_conf *conf = &c->all->conf;
	uint64_t number = c->number;
	uint32_t keeper_run = c->keeper_run;

	forget(c);
	conf->ended(conf->user, number, keeper_run);
}

int connections_add(struct connections *all, const struct tally_source *source, uint32_t keeper_run,
		    uint64_t *number)
{
	struct connection *c = calloc(1, sizeof *c);
	int r = c == NULL ? -ENOMEM : tally_add(all->tally, source);

	if (r != 0) {
		free(c);
		return r;
	}
	*c = (struct connection){.all = all,
				 .older = all->newest,
				 .number = ++all->last_number,
				 .since_ms = clock_boot_ms(),
				 .source = *source,
				 .keeper_run = keeper_run,
				 .pidfd = -1,
				 .startup = true};
	if (all->newest != NULL)
		all->newest->newer = c;
	all->newest = c;
	*number = c->number;
	return 0;
}

static int on_ended(sd_event_source *source, int fd, uint32_t events, void *user)
{
	(void)source;
	(void)fd;
	(void)events;
	end(user);
	return 0;
}

/* It comes from a program that is not trusted: the process must be a child of ours, for its like we
 * may kill; or have ended (and been reaped) already, then there is nothing to kill. */
static bool is_ours(int pidfd)
{
	siginfo_t info = {0};
	struct pollfd p = {.fd = pidfd, .events = POLLIN};

	if (waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG | WNOWAIT) == 0)
		return true;
	return errno == ECHILD && poll(&p, 1, 0) == 1 && (p.revents & POLLIN) != 0;
}

static void kill_process(const struct connection *c, const char *why)
{
	log_line(LOG_LEVEL_WARNING, "connection %" PRIu64 " %s: its process is killed", c->number,
		 why);
	(void)pidfd_send_signal(c->pidfd, SIGKILL, NULL, 0);
}

int connections_started(struct connections *all, uint64_t number, int taken)
{
	AUTO(closep) int pidfd = taken;
	struct connection *c = find(all, number);
	int r;

	if (!is_ours(pidfd))
		return -EBADMSG;
	if (c == NULL || c->pidfd != -1) {
		(void)pidfd_send_signal(pidfd, SIGKILL, NULL, 0);
		return CONNECTION_UNKNOWN;
	}
	r = sd_event_add_io(all->conf.loop, &c->watch, pidfd, EPOLLIN, on_ended, c);
	if (r < 0) {
		(void)pidfd_send_signal(pidfd, SIGKILL, NULL, 0);
		return r;
	}
	c->pidfd = TAKE_FD(pidfd);
	if (c->doomed)
		kill_process(c, "was cut before it started");
	return 0;
}

void connections_in(struct connections *all, uint64_t number)
{
	struct connection *c = find(all, number);

	if (c == NULL || !c->startup)
		return;
	c->startup = false;
	tally_settle(all->tally);
}

void connections_kill(struct connections *all, uint64_t number)
{
	struct connection *c = find(all, number);

	if (c == NULL)
		return;
	c->doomed = true;
	if (c->pidfd != -1)
		kill_process(c, "did not obey a cut");
}

void connections_kill_all(struct connections *all)
{
	for (struct connection *c = all->newest; c != NULL; c = c->older)
		if (c->pidfd != -1)
			kill_process(c, "did not end in time");
}

void connections_drop_starting(struct connections *all)
{
	for (struct connection *c = all->newest, *next; c != NULL; c = next) {
		next = c->older;
		if (c->pidfd == -1)
			end(c);
	}
}

void connections_tick(struct connections *all)
{
	uint64_t now_ms = clock_boot_ms();

	for (struct connection *c = all->newest, *next; c != NULL; c = next) {
		uint64_t age_ms = now_ms - c->since_ms;

		next = c->older;
		if (c->pidfd == -1 && age_ms >= CONNECTION_START_MS) {
			log_line(LOG_LEVEL_ERROR, "connection %" PRIu64 " got no process: given up",
				 c->number);
			end(c);
		} else if (c->pidfd != -1 && c->startup &&
			   age_ms >= all->conf.login_grace_ms + CONNECTION_GRACE_MS) {
			kill_process(c, "is late with its log-in");
		}
	}
}

uint32_t connections_count(const struct connections *all)
{
	return tally_total(all->tally);
}
