#include "bastion/listener/listener.h"
#include "bastion/listener/connections.h"
#include "bastion/listener/doors.h"
#include "bastion/listener/program.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/secret.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>

_Static_assert((int)CONF_PATH_SIZE <= (int)PATH_SIZE, "paths of the configuration fit messages");

/* Who may talk to whom, and by which socket:
 *
 *              | sallyportd  keeper        recorder       session (one a connection)
 *   keeper     | fd 3        -             pair, D_PEER   pair, D_ATTACH
 *   recorder   | fd 3        pair, D_PEER  -              pair, D_ATTACH
 *   session    | template:   pair, D_START pair, D_START  -
 *              | fd 3
 *   sallyport  | -           keeper.sock   recorder.sock  -
 *   a client   | -           -             -              the accepted socket
 *
 * sallyportd makes all of them; what each program may say to sallyportd is its table below. */
enum which { KEEPER, RECORDER, TEMPLATE, WHICH };

enum stopping { STOP_NOT, STOP_SESSIONS, STOP_RECORDER };
enum {
	TICK_MS = 1000,
	STOP_SESSIONS_MS = 4000,  /* keeper and sessions have so long to end */
	STOP_RECORDER_MS = 15000, /* and the recorder, who may have much to seal */
	QUEUE_BUSY = 256 * 1024,  /* a program that is so far behind gets no new connections */
};

struct listener {
	sd_event *loop;
	struct listener_conf conf;
	struct doors *doors;
	int keeper_local, recorder_local; /* listening keeper.sock and recorder.sock */
	struct program *programs[WHICH];
	int pair_end[WHICH]; /* keeper's and recorder's end of their pair, until it is started; -1
			      */
	struct connections *connections;
	sd_event_source *tick;
	sd_event_source *signals[4];
	enum stopping stopping;
	uint64_t stopping_since_ms;
	bool was_ready; /* told systemd */
};

/* --- what the programs may say --- */

static int on_started(void *user, struct ipc_packet *packet)
{
	struct listener *l = program_owner(user);
	struct d_started m;
	int r = d_started_get(&packet->body, &m);

	if (r != 0)
		return r;
	r = connections_started(l->connections, m.connection, TAKE_FD(packet->fds[0]));
	if (r == CONNECTION_UNKNOWN)
		log_line(LOG_LEVEL_WARNING,
			 "connection %" PRIu64 " started too late: its process is killed",
			 m.connection);
	return r < 0 ? r : 0;
}

static int on_kill(void *user, struct ipc_packet *packet)
{
	struct listener *l = program_owner(user);
	struct d_connection m;
	int r = d_connection_get(&packet->body, &m);

	if (r == 0)
		connections_kill(l->connections, m.connection);
	return r;
}

static int on_in(void *user, struct ipc_packet *packet)
{
	struct listener *l = program_owner(user);
	struct d_connection m;
	int r = d_connection_get(&packet->body, &m);

	if (r == 0)
		connections_in(l->connections, m.connection);
	return r;
}

static const struct ipc_rule keeper_rules[] = {
	{D_READY, PROGRAM_PHASE_STARTING, 0, program_on_ready},
	{D_PONG, PROGRAM_PHASE_READY, 0, program_on_pong},
	{D_KILL, PROGRAM_PHASE_READY, 0, on_kill},
	{D_IN, PROGRAM_PHASE_READY, 0, on_in},
};
static const struct ipc_rule recorder_rules[] = {
	{D_READY, PROGRAM_PHASE_STARTING, 0, program_on_ready},
	{D_PONG, PROGRAM_PHASE_READY, 0, program_on_pong},
};
static const struct ipc_rule template_rules[] = {
	{D_READY, PROGRAM_PHASE_STARTING, 0, program_on_ready},
	{D_PONG, PROGRAM_PHASE_READY, 0, program_on_pong},
	{D_STARTED, PROGRAM_PHASE_READY, 1, on_started},
};

/* --- starting them --- */

/* The end of the keeper-recorder pair for the program that starts.  If the other one runs it is
 * given a new one. */
static int pair_end_take(struct listener *l, enum which mine)
{
	enum which other = mine == KEEPER ? RECORDER : KEEPER;
	struct peer *other_peer = program_peer(l->programs[other]);
	int pair[2], r;

	if (l->pair_end[mine] != -1)
		return TAKE_FD(l->pair_end[mine]);
	r = ipc_pair(pair);
	if (r != 0)
		return r;
	if (other_peer != NULL) {
		peer_send_fds(other_peer, D_PEER, 0, NULL, &pair[1], 1);
		closep(&pair[1]);
	} else {
		closep(&l->pair_end[other]);
		l->pair_end[other] = pair[1];
	}
	return pair[0];
}

static void send_conf(struct listener *l, enum which which, uint16_t type, const struct wbuf *body,
		      int local)
{
	int fds[2] = {local, pair_end_take(l, which)};

	if (fds[1] < 0)
		log_line(LOG_LEVEL_ERROR, "cannot make a socket for keeper and recorder: %s",
			 strerror(-fds[1]));
	else
		peer_send_fds(program_peer(l->programs[which]), type, 0, body, fds, 2);
	closep(&fds[1]);
}

/* libexec programs the children start themselves. */
static void helper_path(const struct listener *l, char out[PATH_SIZE], const char *folder,
			const char *name)
{
	char fault[PLACES_FAULT_SIZE];

	if (place_program(out, l->conf.conf.libexec_dir, folder, name, fault) != 0)
		log_line(LOG_LEVEL_ERROR, "%s", fault);
}

static void configure_keeper(void *user, struct program *program)
{
	struct listener *l = user;
	const struct sallyport_conf *c = &l->conf.conf;
	uint8_t space[IPC_BODY_MAX];
	struct wbuf body = WBUF_OF(space);
	struct d_keeper_conf m = {.uid = c->keeper.uid,
				  .gid = c->keeper.gid,
				  .request_timeout_s = c->request_timeout_s,
				  .connect_timeout_ms = c->connect_timeout_s * 1000};

	if (program_peer(program) == NULL)
		return;
	(void)text_format(m.state_dir, sizeof m.state_dir, "%s/keeper", c->state_dir);
	(void)text_format(m.pam_service, sizeof m.pam_service, "%s", c->pam_service);
	(void)text_format(m.pam_dir, sizeof m.pam_dir, "%s", c->pam_dir);
	(void)text_format(m.login_notice, sizeof m.login_notice, "%s", c->notice);
	(void)text_format(m.sources, sizeof m.sources, "%s", c->sources);
	if (m.sources[0] == '\0' && !door_own_addresses(m.sources, sizeof m.sources))
		log_line(LOG_LEVEL_WARNING,
			 "this machine has too many addresses to name them all in certificates: "
			 "set certificates.sources");
	helper_path(l, m.pam_child, "bastion/keeper", "sallyport-pam");
	d_keeper_conf_put(&body, &m);
	send_conf(l, KEEPER, D_KEEPER_CONF, &body, l->keeper_local);
}

static void configure_recorder(void *user, struct program *program)
{
	struct listener *l = user;
	const struct sallyport_conf *c = &l->conf.conf;
	uint8_t space[IPC_BODY_MAX];
	struct wbuf body = WBUF_OF(space);
	struct d_recorder_conf m = {.uid = c->recorder.uid,
				    .gid = c->recorder.gid,
				    .wal_mib = c->wal_mib,
				    .reserve_mib = c->reserve_mib,
				    .retention_days = c->retention_days};

	if (program_peer(program) == NULL)
		return;
	(void)text_format(m.state_dir, sizeof m.state_dir, "%s/recorder", c->state_dir);
	helper_path(l, m.viewer, "recorder/replay", "sallyport-viewer");
	helper_path(l, m.indexer, "recorder/index", "sallyport-indexer");
	d_recorder_conf_put(&body, &m);
	send_conf(l, RECORDER, D_RECORDER_CONF, &body, l->recorder_local);
}

static void configure_template(void *user, struct program *program)
{
	struct listener *l = user;
	const struct sallyport_conf *c = &l->conf.conf;
	uint8_t space[IPC_BODY_MAX];
	struct wbuf body = WBUF_OF(space);
	struct d_session_conf m = {.uid = c->session.uid,
				   .gid = c->session.gid,
				   .login_grace_ms = c->login_grace_s * 1000,
				   .recorder_wait_ms = c->recorder_wait_s * 1000,
				   .n_host_keys = l->conf.host_keys.n};

	if (program_peer(program) == NULL)
		return;
	for (uint32_t i = 0; i < m.n_host_keys; i++) {
		m.host_keys[i].text = l->conf.host_keys.keys[i].text;
		m.host_keys[i].len = l->conf.host_keys.keys[i].len;
	}
	d_session_conf_put(&body, &m);
	peer_send(program_peer(program), D_SESSION_CONF, 0, &body);
	secret_wipe(space, sizeof space);
}

/* --- their life --- */

static bool all_ready(const struct listener *l)
{
	for (size_t i = 0; i < WHICH; i++)
		if (!program_is_ready(l->programs[i]))
			return false;
	return true;
}

static void on_ready(void *user, struct program *program)
{
	struct listener *l = user;
	const char *address;

	(void)program;
	if (!all_ready(l))
		return;
	log_line(LOG_LEVEL_INFO, "ready: keeper, recorder and sessions are up");
	doors_tick(l->doors);
	if (l->was_ready)
		return;
	l->was_ready = true;
	for (size_t i = 0; (address = doors_text(l->doors, i)) != NULL; i++)
		log_line(LOG_LEVEL_INFO, "listening on %s", address);
	(void)sd_notify(0, "READY=1");
}

/* The pair went with it; the other one is given a new end when this one is back. */
static void on_pair_down(void *user, struct program *program)
{
	struct listener *l = user;
	enum which other = program == l->programs[KEEPER] ? RECORDER : KEEPER;

	closep(&l->pair_end[other]);
	l->pair_end[other] = -1;
}

static void on_template_down(void *user, struct program *program)
{
	struct listener *l = user;

	(void)program;
	connections_drop_starting(l->connections);
}

static const struct program_spec specs[WHICH] = {
	[KEEPER] = {"sallyport-keeper", "bastion/keeper", keeper_rules, ARRAY_SIZE(keeper_rules),
		    configure_keeper, on_ready, on_pair_down},
	[RECORDER] = {"sallyport-recorder", "recorder/daemon", recorder_rules,
		      ARRAY_SIZE(recorder_rules), configure_recorder, on_ready, on_pair_down},
	[TEMPLATE] = {"sallyport-session", "bastion/session", template_rules,
		      ARRAY_SIZE(template_rules), configure_template, on_ready, on_template_down},
};

/* --- connections --- */

static void on_connection_ended(void *user, uint64_t number, uint32_t keeper_run)
{
	struct listener *l = user;
	struct program *keeper = l->programs[KEEPER];
	struct d_connection m = {.connection = number};
	uint8_t space[64];
	struct wbuf body = WBUF_OF(space);

	if (!program_is_ready(keeper) || program_run_number(keeper) != keeper_run)
		return; /* that keeper is gone, and this one never heard of it */
	d_connection_put(&body, &m);
	peer_send(program_peer(keeper), D_GONE, 0, &body);
}

/* The two pairs, then the three messages. */
static int hand_over(struct listener *l, const struct door_client *client)
{
	int keeper[2], recorder[2];
	int fds[3];
	uint8_t space[3 * TEXT_SIZE];
	struct wbuf body = WBUF_OF(space);
	int r = ipc_pair(keeper);

	if (r != 0)
		return r;
	r = ipc_pair(recorder);
	if (r != 0) {
		closep(&keeper[0]);
		closep(&keeper[1]);
		return r;
	}
	d_attach_put(&body, &client->attach);
	fds[0] = client->fd;
	fds[1] = keeper[1];
	fds[2] = recorder[1];
	peer_send_fds(program_peer(l->programs[KEEPER]), D_ATTACH, 0, &body, &keeper[0], 1);
	peer_send_fds(program_peer(l->programs[RECORDER]), D_ATTACH, 0, &body, &recorder[0], 1);
	peer_send_fds(program_peer(l->programs[TEMPLATE]), D_START, 0, &body, fds, 3);
	for (size_t i = 0; i < 2; i++) {
		closep(&keeper[i]);
		closep(&recorder[i]);
	}
	return 0;
}

static bool can_serve(const struct listener *l)
{
	if (l->stopping != STOP_NOT || !all_ready(l))
		return false;
	for (size_t i = 0; i < WHICH; i++)
		if (peer_queued(program_peer(l->programs[i])) > QUEUE_BUSY)
			return false;
	return true;
}

static void refuse(struct door_client *client, int outcome)
{
	log_line(LOG_LEVEL_WARNING, "%s port %u is refused: %s", client->attach.source,
		 client->attach.source_port, tally_text(outcome));
	door_refuse(&client->fd, tally_text(outcome));
}

static void on_client(void *user, struct door_client *client)
{
	struct listener *l = user;
	int r = -EAGAIN;

	if (can_serve(l))
		r = connections_add(l->connections, &client->source,
				    program_run_number(l->programs[KEEPER]),
				    &client->attach.connection);
	if (r != 0) {
		refuse(client, r);
		return;
	}
	r = hand_over(l, client);
	if (r != 0) {
		log_line(LOG_LEVEL_ERROR, "cannot serve %s: %s", client->attach.source,
			 strerror(-r));
		door_refuse(&client->fd, tally_text(r));
	}
	closep(&client->fd);
}

/* --- signals and the tick --- */

static struct tally_limits limits_of(const struct sallyport_conf *conf)
{
	return (struct tally_limits){.connections = conf->max_connections,
				     .per_source = conf->max_per_source,
				     .startups = conf->max_startups};
}

/* What runs goes on if the new file is bad.  Sessions that live are left alone by everything here.
 */
static void reload(struct listener *l)
{
	AUTO(freep) struct sallyport_conf *conf = malloc(sizeof *conf);
	char fault[PLACES_FAULT_SIZE];
	struct tally_limits limits;
	int r = conf == NULL ? -ENOMEM
			     : sallyport_conf_read(conf, l->conf.file, l->conf.as_root, fault);

	if (r < 0)
		(void)text_format(fault, sizeof fault, "%s", strerror(-r));
	if (r == 0)
		r = doors_set(l->doors, conf->listen, conf->n_listen, fault);
	if (r != 0) {
		log_line(LOG_LEVEL_ERROR, "the configuration is refused, the running one stays: %s",
			 fault);
		return;
	}
	limits = limits_of(conf);
	connections_set_limits(l->connections, &limits, conf->login_grace_s * (uint64_t)1000);
	l->conf.conf = *conf;
	doors_hold(l->doors); /* the new template takes a moment */
	program_replace(l->programs[TEMPLATE]);
	log_line(LOG_LEVEL_NOTICE,
		 "the configuration was read again; what concerns keeper and recorder holds from "
		 "their next start");
}

static void begin_stop(struct listener *l)
{
	if (l->stopping != STOP_NOT)
		return;
	log_line(LOG_LEVEL_NOTICE, "stopping: %" PRIu32 " connections",
		 connections_count(l->connections));
	(void)sd_notify(0, "STOPPING=1");
	doors_free(TAKE(l->doors));
	l->stopping = STOP_SESSIONS;
	l->stopping_since_ms = clock_boot_ms();
	program_stop(l->programs[TEMPLATE]);
	program_stop(l->programs[KEEPER]);
}

/* Sessions end as the keeper goes; the recorder stays until they have, for what they say last. */
static void continue_stop(struct listener *l)
{
	uint64_t waited_ms = clock_boot_ms() - l->stopping_since_ms;
	bool front_down = program_is_down(l->programs[TEMPLATE]) &&
			  program_is_down(l->programs[KEEPER]) &&
			  connections_count(l->connections) == 0;

	if (l->stopping == STOP_SESSIONS && !front_down && waited_ms >= STOP_SESSIONS_MS)
		connections_kill_all(l->connections);
	if (l->stopping == STOP_SESSIONS && (front_down || waited_ms >= 2 * STOP_SESSIONS_MS)) {
		l->stopping = STOP_RECORDER;
		l->stopping_since_ms = clock_boot_ms();
		waited_ms = 0;
		program_stop(l->programs[RECORDER]);
	}
	if (l->stopping == STOP_RECORDER &&
	    (program_is_down(l->programs[RECORDER]) || waited_ms >= STOP_RECORDER_MS)) {
		log_line(LOG_LEVEL_NOTICE, "stopped");
		(void)sd_event_exit(l->loop, 0);
	}
}

/* Every child that ended: our three by name, a connection's process for the log only, as its pidfd
 * tells the rest. */
static void reap(struct listener *l)
{
	siginfo_t info = {0};

	while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) == 0 && info.si_pid != 0) {
		char how[128];
		bool known = false;

		for (size_t i = 0; i < WHICH; i++)
			known = known || program_reaped(l->programs[i], info.si_pid, info.si_code,
							info.si_status);
		if (!known && (info.si_code != CLD_EXITED || info.si_status != 0)) {
			program_end_text(how, sizeof how, info.si_code, info.si_status);
			log_line(LOG_LEVEL_WARNING, "a session's process (%d) %s", info.si_pid,
				 how);
		}
		info = (siginfo_t){0};
	}
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *user)
{
	struct listener *l = user;

	(void)source;
	switch (info->ssi_signo) {
	case SIGCHLD: reap(l); break;
	case SIGHUP:
		if (l->stopping == STOP_NOT)
			reload(l);
		break;
	default: begin_stop(l); break;
	}
	if (l->stopping != STOP_NOT)
		continue_stop(l);
	return 0;
}

static int on_tick(sd_event_source *source, uint64_t usec, void *user)
{
	struct listener *l = user;

	(void)usec;
	for (size_t i = 0; i < WHICH; i++)
		program_tick(l->programs[i]);
	connections_tick(l->connections);
	if (l->stopping != STOP_NOT)
		continue_stop(l);
	else
		doors_tick(l->doors);
	(void)sd_event_source_set_time_relative(source, TICK_MS * 1000);
	(void)sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

/* --- making it --- */

static int make_locals(struct listener *l, char fault[PLACES_FAULT_SIZE])
{
	const char *run_dir = l->conf.conf.run_dir;
	int r = door_local(&l->keeper_local, run_dir, "keeper.sock");

	if (r == 0)
		r = door_local(&l->recorder_local, run_dir, "recorder.sock");
	if (r != 0)
		(void)text_format(fault, PLACES_FAULT_SIZE, "cannot make the sockets in %s: %s",
				  run_dir, strerror(-r));
	return r;
}

static int make_programs(struct listener *l, char fault[PLACES_FAULT_SIZE])
{
	char path[CONF_PATH_SIZE];
	int r = 0;

	for (size_t i = 0; r == 0 && i < WHICH; i++) {
		r = place_program(path, l->conf.conf.libexec_dir, specs[i].folder, specs[i].name,
				  fault);
		if (r == 0)
			r = program_new(&l->programs[i], l->loop, &specs[i], path, l);
	}
	return r;
}

static int make_sources(struct listener *l)
{
	static const int signals[ARRAY_SIZE(l->signals)] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
	const struct connections_conf conf = {.loop = l->loop,
					      .limits = limits_of(&l->conf.conf),
					      .login_grace_ms =
						      l->conf.conf.login_grace_s * (uint64_t)1000,
					      .ended = on_connection_ended,
					      .user = l};
	int r = connections_new(&l->connections, &conf);

	for (size_t i = 0; r >= 0 && i < ARRAY_SIZE(signals); i++)
		r = sd_event_add_signal(l->loop, &l->signals[i], signals[i], on_signal, l);
	if (r >= 0)
		r = sd_event_add_time_relative(l->loop, &l->tick, CLOCK_BOOTTIME, TICK_MS * 1000, 0,
					       on_tick, l);
	return r < 0 ? r : 0;
}

int listener_new(struct listener **out, sd_event *loop, struct listener_conf *conf,
		 char fault[PLACES_FAULT_SIZE])
{
	struct listener *l = calloc(1, sizeof *l);
	int r;

	if (l == NULL)
		return -ENOMEM;
	l->loop = sd_event_ref(loop);
	l->conf = *conf;
	conf->host_keys.n = 0;
	l->keeper_local = l->recorder_local = -1;
	for (size_t i = 0; i < WHICH; i++)
		l->pair_end[i] = -1;
	(void)text_format(fault, PLACES_FAULT_SIZE, "cannot start");
	r = make_locals(l, fault);
	if (r == 0)
		r = make_programs(l, fault);
	if (r == 0)
		r = make_sources(l);
	if (r == 0)
		r = doors_new(&l->doors, loop, on_client, l);
	if (r == 0)
		r = doors_set(l->doors, l->conf.conf.listen, l->conf.conf.n_listen, fault);
	if (r != 0) {
		listener_free(l);
		return r;
	}
	*out = l;
	return 0;
}

void listener_run(struct listener *l)
{
	for (size_t i = 0; i < WHICH; i++)
		program_run(l->programs[i]);
}

void listener_free(struct listener *l)
{
	if (l == NULL)
		return;
	doors_free(l->doors);
	for (size_t i = 0; i < ARRAY_SIZE(l->signals); i++)
		sd_event_source_disable_unref(l->signals[i]);
	sd_event_source_disable_unref(l->tick);
	for (size_t i = 0; i < WHICH; i++) {
		program_free(l->programs[i]);
		closep(&l->pair_end[i]);
	}
	connections_free(l->connections);
	closep(&l->keeper_local);
	closep(&l->recorder_local);
	host_keys_done(&l->conf.host_keys);
	sd_event_unref(l->loop);
	free(l);
}
