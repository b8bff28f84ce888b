/* A stand-in for the programs sallyportd starts.  It answers as they do, tells the test, by a
 * packet socket named "control" beside it, what it is told, and does what the test says: ready mute
 * exit  kill N  in N  rude  stranger PID */
#include "lib/ipc/daemon_msg.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <linux/sched.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

enum { CONTROL, DAEMON, PAIR, POLLED };

struct fake {
	const char *name;
	char dir[512];
	int fds[POLLED];
	bool mute;
	uint8_t space[IPC_PACKET_MAX];
};

static void report(const struct fake *fake, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void report(const struct fake *fake, const char *fmt, ...)
{
	char text[TEXT_SIZE], line[2 * TEXT_SIZE];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	(void)snprintf(line, sizeof line, "%s %s", fake->name, text);
	(void)send(fake->fds[CONTROL], line, strlen(line), MSG_NOSIGNAL);
}

static void say(uint16_t type, uint32_t seq, const struct wbuf *body, const int *fds, size_t n_fds)
{
	if (ipc_send(DAEMON_FD, type, seq, body, fds, n_fds) != 0)
		_exit(9);
}

/* How many descriptors beyond DAEMON_FD, and environment variables beyond the usual, came along. */
static unsigned baggage(void)
{
	static const char *const usual[] = {
		"PATH=", "LANG=", "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS="};
	unsigned n = 0;

	for (int fd = DAEMON_FD + 1; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) == -1 ? 0 : 1;
	for (char **e = environ; *e != NULL; e++) {
		bool known = false;

		for (size_t i = 0; i < ARRAY_SIZE(usual); i++)
			known = known || strncmp(*e, usual[i], strlen(usual[i])) == 0;
		n += known ? 0 : 1;
	}
	return n;
}

/* The process of a connection: greets, then stays until the client goes. */
static void serve(uint64_t number, int client)
{
	char text[64];
	struct pollfd p = {.fd = client, .events = POLLIN};

	(void)snprintf(text, sizeof text, "hello %" PRIu64 "\n", number);
	if (write(client, text, strlen(text)) < 0)
		_exit(1);
	do
		(void)poll(&p, 1, -1);
	while (read(client, text, sizeof text) > 0);
	_exit(0);
}

static void start(struct fake *fake, struct ipc_packet *packet)
{
	struct clone_args args = {.flags = CLONE_PARENT | CLONE_PIDFD};
	struct d_attach m;
	struct d_started started;
	struct wbuf body = WBUF_OF(fake->space);
	int pidfd = -1;
	long pid;

	if (d_attach_get(&packet->body, &m) != 0 || packet->n_fds != 3)
		_exit(8);
	args.pidfd = (uintptr_t)&pidfd;
	pid = syscall(SYS_clone3, &args, sizeof args);
	if (pid == 0) {
		closep(&fake->fds[CONTROL]);
		closep(&fake->fds[DAEMON]);
		serve(m.connection, packet->fds[0]);
	}
	started = (struct d_started){.connection = m.connection, .pid = (uint32_t)pid};
	d_started_put(&body, &started);
	say(D_STARTED, 0, &body, &pidfd, 1);
	closep(&pidfd);
	report(fake, "start %" PRIu64, m.connection);
}

static void take_pair(struct fake *fake, struct ipc_packet *packet, size_t i)
{
	if (i >= packet->n_fds)
		_exit(7);
	closep(&fake->fds[PAIR]);
	fake->fds[PAIR] = TAKE_FD(packet->fds[i]);
	(void)send(fake->fds[PAIR], "x", 1, MSG_NOSIGNAL);
}

static bool holds(const struct fake *fake)
{
	char path[600];

	(void)snprintf(path, sizeof path, "%s/hold-%s", fake->dir, fake->name);
	return access(path, F_OK) == 0;
}

static void configured(struct fake *fake, struct ipc_packet *packet)
{
	if (packet->type != D_SESSION_CONF)
		take_pair(fake, packet, 1);
	report(fake, "conf");
	if (!holds(fake))
		say(D_READY, 0, NULL, NULL, 0);
}

static void told(struct fake *fake, struct ipc_packet *packet)
{
	struct d_attach attach;
	struct d_connection connection;

	switch (packet->type) {
	case D_KEEPER_CONF:
	case D_RECORDER_CONF:
	case D_SESSION_CONF: configured(fake, packet); break;
	case D_PEER:
		take_pair(fake, packet, 0);
		report(fake, "peer");
		break;
	case D_PING:
		if (!fake->mute)
			say(D_PONG, packet->seq, NULL, NULL, 0);
		break;
	case D_START: start(fake, packet); break;
	case D_ATTACH:
		if (d_attach_get(&packet->body, &attach) != 0 || packet->n_fds != 1)
			_exit(6);
		report(fake, "attach %" PRIu64 " %s", attach.connection, attach.source);
		break;
	case D_GONE:
		if (d_connection_get(&packet->body, &connection) != 0)
			_exit(5);
		report(fake, "gone %" PRIu64, connection.connection);
		break;
	default: _exit(4);
	}
}

static void say_connection(uint16_t type, const char *number)
{
	uint8_t space[64];
	struct wbuf body = WBUF_OF(space);
	struct d_connection m = {.connection = strtoull(number, NULL, 10)};

	d_connection_put(&body, &m);
	say(type, 0, &body, NULL, 0);
}

/* Offers the pidfd of a process that is nobody's business. */
static void offer_stranger(const char *pid)
{
	uint8_t space[64];
	struct wbuf body = WBUF_OF(space);
	struct d_started m = {.connection = 1, .pid = (uint32_t)strtoul(pid, NULL, 10)};
	int pidfd = pidfd_open((pid_t)m.pid, 0);

	d_started_put(&body, &m);
	say(D_STARTED, 0, &body, &pidfd, 1);
	closep(&pidfd);
}

static void obey(struct fake *fake, const char *order)
{
	if (strcmp(order, "ready") == 0)
		say(D_READY, 0, NULL, NULL, 0);
	else if (strcmp(order, "mute") == 0)
		fake->mute = true;
	else if (strcmp(order, "exit") == 0)
		_exit(3);
	else if (strncmp(order, "kill ", 5) == 0)
		say_connection(D_KILL, order + 5);
	else if (strncmp(order, "in ", 3) == 0)
		say_connection(D_IN, order + 3);
	else if (strcmp(order, "rude") == 0)
		say(D_READY, 0, NULL, NULL, 0); /* a second time */
	else if (strncmp(order, "stranger ", 9) == 0)
		offer_stranger(order + 9);
}

static void turn(struct fake *fake, int which)
{
	struct ipc_packet packet;
	char order[64];
	ssize_t n;

	if (which == DAEMON) {
		int r = ipc_recv(DAEMON_FD, &packet, fake->space, sizeof fake->space);

		if (r == IPC_CLOSED) {
			report(fake, "bye");
			_exit(0);
		}
		if (r == 0) {
			told(fake, &packet);
			ipc_packet_done(&packet);
		}
		return;
	}
	n = recv(fake->fds[which], order, sizeof order - 1, MSG_DONTWAIT);
	if (n > 0 && which == CONTROL) {
		order[n] = '\0';
		obey(fake, order);
	} else if (n > 0) {
		report(fake, "heard");
	} else if (which == CONTROL) {
		_exit(2);
	} else {
		closep(&fake->fds[which]);
		fake->fds[which] = -1;
	}
}

static int open_control(struct fake *fake)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	ssize_t n = readlink("/proc/self/exe", fake->dir, sizeof fake->dir - 1);

	if (n <= 0)
		_exit(10);
	fake->dir[n] = '\0';
	*strrchr(fake->dir, '/') = '\0';
	(void)snprintf(address.sun_path, sizeof address.sun_path, "%.90s/control", fake->dir);
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
		_exit(11);
	return fd;
}

int main(int argc, char **argv)
{
	static struct fake fake;
	unsigned extra = baggage();

	(void)argc;
	fake.name = argv[0];
	fake.fds[DAEMON] = DAEMON_FD;
	fake.fds[PAIR] = -1;
	fake.fds[CONTROL] = open_control(&fake);
	(void)fcntl(DAEMON_FD, F_SETFL, O_NONBLOCK);
	report(&fake, "up %u", extra);
	(void)fprintf(stderr, "<5>%s speaks\x1b[2J\n", fake.name);
	for (;;) {
		struct pollfd p[POLLED];

		for (int i = 0; i < POLLED; i++)
			p[i] = (struct pollfd){.fd = fake.fds[i], .events = POLLIN};
		(void)poll(p, POLLED, -1);
		for (int i = 0; i < POLLED; i++)
			if (p[i].revents != 0)
				turn(&fake, i);
	}
}
