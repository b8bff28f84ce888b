#include "bastion/listener/program.h"
#include "bastion/listener/spawn.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/ipc/daemon_msg.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

enum { QUEUE_MAX = 1024 * 1024 };

struct program {
	const struct program_spec *spec;
	sd_event *loop;
	sd_event_source *start; /* timer of the next start */
	void *owner;
	struct peer *peer;
	char *path;
	pid_t pid;
	uint64_t since_ms; /* of its start; of its being told to stop */
	uint64_t pong_ms;  /* when it last showed life */
	uint32_t ping;     /* number of the last one */
	uint32_t failures; /* ends in a row that were too soon */
	uint32_t runs;
	bool wanted; /* is it to be started when it is down? */
	bool ready, stopping;
	bool dead; /* reaped, but what it said last is still in its socket */
};

static int on_start(sd_event_source *source, uint64_t usec, void *user);

static void schedule(struct program *p, uint64_t delay_ms)
{
	int r = sd_event_source_set_time_relative(p->start, delay_ms * 1000);

	if (r >= 0)
		r = sd_event_source_set_enabled(p->start, SD_EVENT_ONESHOT);
	if (r < 0)
		log_line(LOG_LEVEL_ERROR, "cannot plan the start of %s: %s", p->spec->name,
			 strerror(-r));
}

/* First at once, then after 0.1, 0.2, 0.4 ... 10 seconds. */
static void start_again(struct program *p)
{
	uint64_t delay_ms = 0;

	if (p->failures > 0)
		delay_ms = (uint64_t)PROGRAM_BACKOFF_MS
			   << (p->failures - 1 < 10 ? p->failures - 1 : 10);
	if (delay_ms > PROGRAM_BACKOFF_MAX_MS)
		delay_ms = PROGRAM_BACKOFF_MAX_MS;
	p->failures++;
	schedule(p, delay_ms);
}

int program_new(struct program **out, sd_event *loop, const struct program_spec *spec,
		const char *path, void *owner)
{
	struct program *p = calloc(1, sizeof *p);
	int r = -ENOMEM;

	if (p == NULL)
		return r;
	*p = (struct program){.spec = spec, .owner = owner, .loop = sd_event_ref(loop)};
	p->path = strdup(path);
	if (p->path != NULL)
		r = sd_event_add_time_relative(loop, &p->start, CLOCK_BOOTTIME, 0, 0, on_start, p);
	if (r >= 0)
		r = sd_event_source_set_enabled(p->start, SD_EVENT_OFF);
	if (r < 0) {
		program_free(p);
		return r;
	}
	*out = p;
	return 0;
}

void program_free(struct program *p)
{
	if (p == NULL)
		return;
	if (p->pid > 0)
		(void)kill(p->pid, SIGKILL);
	peer_free(p->peer);
	sd_event_source_disable_unref(p->start);
	sd_event_unref(p->loop);
	free(p->path);
	free(p);
}

static void kill_it(const struct program *p, const char *why)
{
	log_line(LOG_LEVEL_ERROR, "%s (process %d) %s: it is killed", p->spec->name, (int)p->pid,
		 why);
	(void)kill(p->pid, SIGKILL);
}

/* It was reaped and all it said is read. */
static void finish(struct program *p)
{
	p->dead = false;
	p->spec->down(p->owner, p);
	if (p->wanted)
		start_again(p);
}

/* Its socket was closed, it broke a rule, or it does not read: it is of no use any more. */
static void on_gone(void *user, struct peer *peer, int why)
{
	struct program *p = user;

	peer_free(peer);
	p->peer = NULL;
	p->ready = false;
	if (p->dead)
		finish(p);
	else if (why == 0)
		(void)kill(p->pid, SIGKILL); /* on its way out, mostly */
	else
		kill_it(p, why == -ENOBUFS ? "does not read its messages"
					   : "sent what it may not send");
}

static int run(struct program *p)
{
	struct spawned s;
	const struct peer_conf conf = {.rules = p->spec->rules,
				       .n_rules = p->spec->n_rules,
				       .user = p,
				       .gone = on_gone,
				       .queue_bytes_max = QUEUE_MAX};
	int r = spawn(&s, p->path, p->spec->name);

	if (r != 0)
		return r;
	p->pid = s.pid;
	p->since_ms = clock_boot_ms();
	p->ready = p->stopping = false;
	p->runs++;
	r = spawn_log(p->loop, s.errors, p->spec->name);
	if (r != 0)
		log_line(LOG_LEVEL_ERROR, "cannot read what %s logs: %s", p->spec->name,
			 strerror(-r));
	r = peer_new(&p->peer, p->loop, s.socket, &conf);
	if (r != 0)
		kill_it(p, "cannot be spoken to");
	p->spec->configure(p->owner, p);
	return 0;
}

static int on_start(sd_event_source *source, uint64_t usec, void *user)
{
	struct program *p = user;
	int r;

	(void)source;
	(void)usec;
	if (!p->wanted || !program_is_down(p))
		return 0;
	r = run(p);
	if (r != 0) {
		log_line(LOG_LEVEL_ERROR, "cannot start %s: %s", p->spec->name, strerror(-r));
		start_again(p);
	}
	return 0;
}

void program_run(struct program *p)
{
	p->wanted = true;
	start_again(p);
}

void program_replace(struct program *p)
{
	if (p->pid == 0 || p->stopping)
		return;
	p->stopping = true;
	p->ready = false;
	p->since_ms = clock_boot_ms();
	p->failures = 0;
	peer_free(TAKE(p->peer));
}

void program_stop(struct program *p)
{
	p->wanted = false;
	(void)sd_event_source_set_enabled(p->start, SD_EVENT_OFF);
	program_replace(p);
}

void program_tick(struct program *p)
{
	uint64_t now_ms = clock_boot_ms();

	if (p->dead && p->peer != NULL) { /* somebody else holds its end open: wait no longer */
		peer_free(TAKE(p->peer));
		finish(p);
	}
	if (p->pid == 0)
		return;
	if (p->stopping) {
		if (now_ms - p->since_ms >= PROGRAM_STOP_MS)
			kill_it(p, "did not end when told to");
		return;
	}
	if (p->peer == NULL)
		return; /* killed already */
	if (p->ready && now_ms - p->pong_ms >= PROGRAM_PONG_MS)
		kill_it(p, "has not answered for 5 seconds");
	else if (!p->ready && now_ms - p->since_ms >= PROGRAM_START_MS)
		kill_it(p, "was not ready within two minutes");
	else if (p->ready)
		peer_send(p->peer, D_PING, ++p->ping, NULL);
}

void program_end_text(char *out, size_t size, int code, int status)
{
	if (code == CLD_EXITED)
		(void)text_format(out, size, "exited with status %d", status);
	else
		(void)text_format(out, size, "was killed by signal %d (%s)", status,
				  strsignal(status));
}

bool program_reaped(struct program *p, pid_t pid, int code, int status)
{
	char how[128];
	bool expected = p->stopping && code == CLD_EXITED && status == 0;

	if (pid != p->pid || pid == 0)
		return false;
	program_end_text(how, sizeof how, code, status);
	log_line(expected ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "%s (process %d) %s", p->spec->name,
		 (int)pid, how);
	if (clock_boot_ms() - p->since_ms >= PROGRAM_STEADY_MS)
		p->failures = 0;
	p->pid = 0;
	p->ready = p->stopping = false;
	p->dead = true;
	if (p->peer == NULL)
		finish(p);
	return true;
}

int program_on_ready(void *user, struct ipc_packet *packet)
{
	struct program *p = user;

	if (rbuf_end(&packet->body) != 0)
		return -EBADMSG;
	p->ready = true;
	p->pong_ms = clock_boot_ms();
	peer_set_phase(p->peer, PROGRAM_PHASE_READY);
	p->spec->ready(p->owner, p);
	return 0;
}

int program_on_pong(void *user, struct ipc_packet *packet)
{
	struct program *p = user;

	if (rbuf_end(&packet->body) != 0 || packet->seq == 0 || packet->seq > p->ping)
		return -EBADMSG;
	p->pong_ms = clock_boot_ms();
	return 0;
}

void *program_owner(const struct program *p)
{
	return p->owner;
}

struct peer *program_peer(const struct program *p)
{
	return p->peer;
}

bool program_is_ready(const struct program *p)
{
	return p->ready && p->peer != NULL;
}

bool program_is_down(const struct program *p)
{
	return p->pid == 0 && !p->dead;
}

pid_t program_pid(const struct program *p)
{
	return p->pid;
}

uint32_t program_run_number(const struct program *p)
{
	return p->runs;
}
