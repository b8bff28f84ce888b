/* The real sallyportd with fake programs: fake.c tells what they are told. */
#include "lib/base/base.h"
#include "lib/base/text.h"
#include "tests/unit/suite.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

enum { WAIT_MS = 30000, FAKES_MAX = 32, LINES_MAX = 512 };

static const char *const programs[] = {"sallyport-keeper", "sallyport-recorder",
				       "sallyport-session"};
#define KEEPER   "sallyport-keeper"
#define RECORDER "sallyport-recorder"
#define SESSION  "sallyport-session"

/* One bastion; Check runs each test in a process of its own. */
static struct {
	char dir[64];
	pid_t pid;
	int control;
	struct {
		int fd;
		char name[NAME_SIZE];
	} fakes[FAKES_MAX];
	size_t n_fakes;
	char lines[LINES_MAX][128]; /* what fakes have reported and nobody expected yet */
	size_t n_lines;
	uint16_t port;
} b;

static void path_in(char *out, size_t size, const char *name)
{
	ck_assert(text_format(out, size, "%s/%s", b.dir, name));
}

static void write_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	path_in(path, sizeof path, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void copy_program(const char *name)
{
	char path[256], block[65536];
	int from = open(FAKE, O_RDONLY | O_CLOEXEC), to;
	ssize_t n;

	path_in(path, sizeof path, name);
	to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	ck_assert(from >= 0 && to >= 0);
	while ((n = read(from, block, sizeof block)) > 0)
		ck_assert_int_eq(write(to, block, (size_t)n), n);
	closep(&from);
	closep(&to);
}

static int listen_control(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	path_in(address.sun_path, sizeof address.sun_path, "control");
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(listen(fd, 16), 0);
	return fd;
}

static uint16_t free_port(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	closep(&fd);
	return ntohs(a.sin_port);
}

static void write_conf(const char *more)
{
	char text[2048];

	ck_assert(text_format(
		text, sizeof text,
		"listen: ['127.0.0.1:%u']\nstate_dir: %s/state\nrun_dir: %s/run\n"
		"libexec_dir: %s\nusers: {%s}\n%s\n",
		b.port, b.dir, b.dir, b.dir,
		geteuid() == 0 ? "session: nobody, keeper: daemon, recorder: bin" : "", more));
	write_file("s.yaml", text);
}

/* Starts sallyportd; what it logs goes to the file "log" in the directory. */
static pid_t launch(const char *option)
{
	char conf[256], log[256];
	pid_t pid;

	path_in(conf, sizeof conf, "s.yaml");
	path_in(log, sizeof log, "log");
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);

		if (fd < 0 || dup2(fd, STDERR_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
			_exit(120);
		(void)execl(SALLYPORTD, "sallyportd", "-f", conf, option, (char *)NULL);
		_exit(121);
	}
	return pid;
}

static void accept_fake(void)
{
	ck_assert_uint_lt(b.n_fakes, FAKES_MAX);
	b.fakes[b.n_fakes].fd = accept4(b.control, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ge(b.fakes[b.n_fakes].fd, 0);
	b.n_fakes++;
}

static void hear_fake(size_t i)
{
	ssize_t n = recv(b.fakes[i].fd, b.lines[b.n_lines], sizeof b.lines[0] - 1, 0);
	char *space;

	if (n <= 0) {
		closep(&b.fakes[i].fd);
		b.fakes[i].fd = -1;
		b.fakes[i].name[0] = '\0';
		return;
	}
	b.lines[b.n_lines][n] = '\0';
	space = strchr(b.lines[b.n_lines], ' ');
	ck_assert_ptr_nonnull(space);
	(void)text_format(b.fakes[i].name, NAME_SIZE, "%.*s", (int)(space - b.lines[b.n_lines]),
			  b.lines[b.n_lines]);
	ck_assert_uint_lt(b.n_lines + 1, LINES_MAX);
	b.n_lines++;
}

static void hear(int timeout_ms)
{
	struct pollfd p[FAKES_MAX + 1] = {{.fd = b.control, .events = POLLIN}};
	size_t n = b.n_fakes;

	for (size_t i = 0; i < n; i++)
		p[i + 1] = (struct pollfd){.fd = b.fakes[i].fd, .events = POLLIN};
	ck_assert_msg(poll(p, n + 1, timeout_ms) > 0, "nothing more was reported");
	if (p[0].revents != 0)
		accept_fake();
	for (size_t i = 0; i < n; i++)
		if (p[i + 1].revents != 0)
			hear_fake(i);
}

/* Waits until the fake `name` has reported `text`, and forgets that it did. */
static void expect(const char *name, const char *text)
{
	char line[128];

	(void)text_format(line, sizeof line, "%s %s", name, text);
	for (;;) {
		for (size_t i = 0; i < b.n_lines; i++)
			if (strcmp(b.lines[i], line) == 0) {
				b.lines[i][0] = '\0';
				return;
			}
		hear(WAIT_MS);
	}
}

static bool was_reported(const char *name, const char *text)
{
	char line[128];

	(void)text_format(line, sizeof line, "%s %s", name, text);
	for (size_t i = 0; i < b.n_lines; i++)
		if (strcmp(b.lines[i], line) == 0)
			return true;
	return false;
}

/* The one that runs now: the newest of that name. */
static void order(const char *name, const char *text)
{
	for (size_t i = b.n_fakes; i-- > 0;)
		if (b.fakes[i].fd != -1 && strcmp(b.fakes[i].name, name) == 0) {
			ck_assert_int_gt(send(b.fakes[i].fd, text, strlen(text), MSG_NOSIGNAL), 0);
			return;
		}
	ck_abort_msg("no %s runs", name);
}

/* Waits until the log holds `text`; a file cannot be polled, so it looks again every few
 * milliseconds. */
static void expect_log(const char *text)
{
	char path[256], log[65536];

	path_in(path, sizeof path, "log");
	for (int i = 0; i < WAIT_MS / 5; i++) {
		FILE *f = fopen(path, "r");

		if (f != NULL) {
			log[fread(log, 1, sizeof log - 1, f)] = '\0';
			(void)fclose(f);
			if (strstr(log, text) != NULL)
				return;
		}
		(void)poll(NULL, 0, 5);
	}
	ck_abort_msg("the log says nowhere \"%s\": %s", text, log);
}

static int dial(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons(b.port),
				.sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct timeval patience = {.tv_sec = WAIT_MS / 1000};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

static void expect_line(int fd, const char *text)
{
	char line[256];
	size_t at = 0;

	while (at < sizeof line - 1 && (at == 0 || line[at - 1] != '\n')) {
		ssize_t n = recv(fd, line + at, 1, 0);

		ck_assert_msg(n == 1, "the connection ended, expected \"%s\"", text);
		at++;
	}
	line[at] = '\0';
	ck_assert_str_eq(line, text);
}

static void expect_end(int fd)
{
	char byte;

	ck_assert_int_le(recv(fd, &byte, 1, 0), 0);
	closep(&fd);
}

static void expect_refused(const char *line)
{
	int fd = dial();

	expect_line(fd, line);
	expect_end(fd);
}

static int expect_served(const char *hello)
{
	int fd = dial();

	expect_line(fd, hello);
	return fd;
}

static void start_with(const char *more)
{
	b.port = free_port();
	write_conf(more);
	b.pid = launch(NULL);
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		expect(programs[i], "up 0");
		expect(programs[i], "conf");
	}
	expect_log("ready: keeper, recorder and sessions are up");
}

static void set_up(void)
{
	static const char *const helpers[] = {"sallyport-pam", "sallyport-viewer",
					      "sallyport-indexer"};

	(void)text_format(b.dir, sizeof b.dir, "/tmp/test-listener-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(b.dir));
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		copy_program(programs[i]);
	for (size_t i = 0; i < ARRAY_SIZE(helpers); i++)
		copy_program(helpers[i]);
	b.control = listen_control();
}

static void tear_down(void)
{
	char command[128];
	int status;

	if (b.pid > 0) {
		(void)kill(b.pid, SIGTERM);
		(void)waitpid(b.pid, &status, 0);
	}
	(void)text_format(command, sizeof command, "rm -rf '%s'", b.dir);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(a_connection_is_made_known_served_and_its_end_told)
{
	int fd;

	start_with("");
	fd = expect_served("hello 1\n");
	expect(KEEPER, "attach 1 127.0.0.1");
	expect(RECORDER, "attach 1 127.0.0.1");
	expect(SESSION, "start 1");
	closep(&fd);
	expect(KEEPER, "gone 1");
	fd = expect_served("hello 2\n");
	closep(&fd);
	expect(KEEPER, "gone 2");
}
END_TEST

START_TEST(keeper_and_recorder_share_a_socket)
{
	start_with("");
	expect(KEEPER, "heard");
	expect(RECORDER, "heard");
}
END_TEST

/* For each of the pair: it dies, it is started again, the other one gets a new socket, and that
 * works. */
START_TEST(a_dead_program_is_started_again_and_meets_the_survivor)
{
	const char *dies = _i == 0 ? KEEPER : RECORDER, *lives = _i == 0 ? RECORDER : KEEPER;
	int fd;

	start_with("");
	expect(KEEPER, "heard");
	expect(RECORDER, "heard");
	order(dies, "exit");
	expect(dies, "up 0");
	expect(dies, "conf");
	expect(lives, "peer");
	expect(lives, "heard");
	expect(dies, "heard");
	ck_assert(!was_reported(lives, "up 0"));
	expect_log(_i == 0 ? "sallyport-keeper (process" : "sallyport-recorder (process");
	expect_log("exited with status 3");
	do
		fd = dial();
	while (recv(fd, &(char){0}, 1, MSG_PEEK) != 1 || recv(fd, &(char){0}, 1, 0) != 1);
	closep(&fd);
}
END_TEST

START_TEST(clients_are_told_while_a_program_is_not_ready)
{
	int fd;

	start_with("");
	write_file("hold-" KEEPER, "");
	order(KEEPER, "exit");
	expect(KEEPER, "up 0");
	expect(KEEPER, "conf");
	expect_refused("sallyport: not available, try again later\r\n");
	expect_refused("sallyport: not available, try again later\r\n");
	order(KEEPER, "ready");
	/* Its packet and our connection race: what counts is that it is served soon. */
	for (;;) {
		char first;

		fd = dial();
		ck_assert_int_eq(recv(fd, &first, 1, 0), 1);
		if (first == 'h')
			break;
		closep(&fd);
	}
	closep(&fd);
}
END_TEST

START_TEST(a_dead_keeper_is_not_told_of_old_connections)
{
	int old, fresh;

	start_with("");
	old = expect_served("hello 1\n");
	order(KEEPER, "exit");
	expect(KEEPER, "up 0");
	expect(KEEPER, "conf");
	expect(RECORDER, "peer");
	for (;;) {
		char text[16] = "";

		fresh = dial();
		ck_assert_int_gt(recv(fresh, text, sizeof text - 1, 0), 0);
		if (text[0] == 'h')
			break;
		closep(&fresh);
	}
	closep(&old);
	closep(&fresh);
	expect(KEEPER, "gone 2");
	ck_assert(!was_reported(KEEPER, "gone 1"));
}
END_TEST

START_TEST(live_connections_survive_the_template)
{
	int fd;

	start_with("");
	fd = expect_served("hello 1\n");
	expect(SESSION, "start 1");
	order(SESSION, "exit");
	expect(SESSION, "up 0");
	expect(SESSION, "conf");
	closep(&fd);
	expect(KEEPER, "gone 1");
}
END_TEST

START_TEST(the_keeper_has_a_process_killed)
{
	int fd;

	start_with("");
	fd = expect_served("hello 1\n");
	expect(SESSION, "start 1");
	order(KEEPER, "kill 77"); /* nobody's: no harm */
	order(KEEPER, "kill 1");
	expect_end(fd);
	expect(KEEPER, "gone 1");
	expect_log("did not obey a cut");
	expect_log("was killed by signal 9");
}
END_TEST

START_TEST(a_source_has_its_limit)
{
	int one, two;

	start_with("limits: {connections: 5, per_source: 2}");
	one = expect_served("hello 1\n");
	two = expect_served("hello 2\n");
	expect_refused("sallyport: too many connections from your address\r\n");
	closep(&one);
	expect(KEEPER, "gone 1");
	one = expect_served("hello 3\n");
	closep(&one);
	closep(&two);
}
END_TEST

START_TEST(all_have_a_limit)
{
	int fd;

	start_with("limits: {connections: 1}");
	fd = expect_served("hello 1\n");
	expect_refused("sallyport: all connections are taken, try again later\r\n");
	closep(&fd);
	expect(KEEPER, "gone 1");
	fd = expect_served("hello 2\n");
	closep(&fd);
}
END_TEST

START_TEST(startups_have_a_limit_until_the_keeper_says_they_are_in)
{
	int one, two;
	char first = 's';

	start_with("limits: {startups: 1}");
	one = expect_served("hello 1\n");
	expect_refused("sallyport: too many log-ins at once, try again in a moment\r\n");
	order(KEEPER, "in 1");
	order(KEEPER, "in 1"); /* twice counts once */
	do {
		two = dial();
		ck_assert_int_eq(recv(two, &first, 1, 0), 1);
	} while (first != 'h' && (closep(&two), true));
	expect_refused("sallyport: too many log-ins at once, try again in a moment\r\n");
	closep(&one);
	closep(&two);
	expect(KEEPER, "gone 1");
	expect(KEEPER, "gone 2");
	two = expect_served("hello 3\n");
	closep(&two);
}
END_TEST

START_TEST(a_late_log_in_is_killed)
{
	int fd;

	start_with("login_grace: 5s");
	fd = expect_served("hello 1\n");
	expect_end(fd); /* after 5 s of its own and 5 s of ours */
	expect_log("is late with its log-in");
}
END_TEST

START_TEST(a_silent_program_is_killed_and_started_again)
{
	start_with("");
	order(RECORDER, "mute");
	expect(RECORDER, "up 0");
	expect_log("has not answered for 5 seconds");
	expect(RECORDER, "conf");
}
END_TEST

START_TEST(a_program_that_breaks_the_rules_is_killed)
{
	start_with("");
	order(KEEPER, "rude");
	expect(KEEPER, "up 0");
	expect_log("sent what it may not send");
}
END_TEST

START_TEST(nobody_elses_process_can_be_offered_for_killing)
{
	char text[64];
	pid_t stranger = fork();

	if (stranger == 0) {
		(void)poll(NULL, 0, -1);
		_exit(0);
	}
	start_with("");
	(void)text_format(text, sizeof text, "stranger %d", (int)stranger);
	order(SESSION, text);
	expect(SESSION, "up 0");
	expect_log("sent what it may not send");
	ck_assert_int_eq(waitpid(stranger, NULL, WNOHANG), 0); /* it lives */
	(void)kill(stranger, SIGKILL);
	(void)waitpid(stranger, NULL, 0);
}
END_TEST

START_TEST(what_programs_print_is_logged_clean_and_by_name)
{
	start_with("");
	expect_log("<5>sallyport-keeper: sallyport-keeper speaks\\x1b[2J\n");
}
END_TEST

START_TEST(a_bad_configuration_is_refused_and_the_running_one_stays)
{
	int fd;

	start_with("");
	write_conf("limits: {connections: none}");
	ck_assert_int_eq(kill(b.pid, SIGHUP), 0);
	expect_log("the configuration is refused, the running one stays: ");
	expect_log("s.yaml:6:23: expected a number from 1 to 100000, found \"none\"");
	fd = expect_served("hello 1\n");
	closep(&fd);
}
END_TEST

START_TEST(a_good_configuration_holds_at_once)
{
	int fd;

	start_with("");
	fd = expect_served("hello 1\n");
	write_conf("limits: {connections: 1}");
	ck_assert_int_eq(kill(b.pid, SIGHUP), 0);
	expect_log("the configuration was read again");
	expect(SESSION, "bye");
	expect(SESSION, "up 0");
	expect(SESSION, "conf");
	ck_assert(!was_reported(KEEPER, "up 0"));
	closep(&fd);
}
END_TEST

START_TEST(a_new_address_opens_and_an_old_one_closes)
{
	struct sockaddr_in old = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd;

	start_with("");
	fd = expect_served("hello 1\n");
	old.sin_port = htons(b.port);
	b.port = free_port();
	write_conf("");
	ck_assert_int_eq(kill(b.pid, SIGHUP), 0);
	expect(SESSION, "up 0");
	expect_log("the configuration was read again");
	closep(&fd);
	expect(KEEPER, "gone 1");        /* it lived through it */
	fd = expect_served("hello 2\n"); /* and nobody was refused meanwhile */
	closep(&fd);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&old, sizeof old), -1);
	ck_assert_int_eq(errno, ECONNREFUSED);
	closep(&fd);
}
END_TEST

START_TEST(ipv6_clients_come_in_by_their_own_door)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
	char conf[1024], hello[16] = "";
	FILE *f;
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0)
		return; /* this machine has no IPv6 */
	closep(&fd);
	b.port = free_port();
	write_conf("");
	path_in(conf, sizeof conf, "s.yaml");
	f = fopen(conf, "r+");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_gt(fprintf(f, "listen: ['[::1]:%u']    #", b.port), 0);
	ck_assert_int_eq(fclose(f), 0);
	b.pid = launch(NULL);
	expect_log("listening on [::1]:");
	a.sin6_port = htons(b.port);
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	expect(KEEPER, "attach 1 ::1");
	ck_assert_int_gt(recv(fd, hello, sizeof hello - 1, 0), 0);
	closep(&fd);
}
END_TEST

START_TEST(an_address_in_use_is_told)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	b.port = free_port();
	a.sin_port = htons(b.port);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	ck_assert_int_eq(listen(fd, 1), 0);
	write_conf("");
	ck_assert_int_eq(waitpid(launch(NULL), NULL, 0) > 0, 1);
	expect_log("cannot listen on 127.0.0.1:");
	expect_log("Address already in use");
	closep(&fd);
}
END_TEST

START_TEST(the_end_is_in_order)
{
	int status, fd;

	start_with("");
	fd = expect_served("hello 1\n");
	expect(SESSION, "start 1");
	ck_assert_int_eq(kill(b.pid, SIGTERM), 0);
	expect(SESSION, "bye");
	expect(KEEPER, "bye");
	ck_assert(!was_reported(RECORDER, "bye")); /* the session still lives */
	closep(&fd);
	expect(RECORDER, "bye");
	ck_assert_int_eq(waitpid(b.pid, &status, 0), b.pid);
	b.pid = 0;
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	expect_log("stopped");
}
END_TEST

START_TEST(a_session_that_does_not_end_is_killed_at_the_end)
{
	int status, fd;

	start_with("");
	fd = expect_served("hello 1\n");
	expect(SESSION, "start 1");
	ck_assert_int_eq(kill(b.pid, SIGTERM), 0);
	expect_end(fd);
	expect(RECORDER, "bye");
	ck_assert_int_eq(waitpid(b.pid, &status, 0), b.pid);
	b.pid = 0;
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
END_TEST

static int exit_status(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(there_is_one_daemon_for_a_run_dir)
{
	start_with("");
	ck_assert_int_eq(exit_status(launch(NULL)), 1);
	expect_log("another sallyportd is running");
}
END_TEST

START_TEST(check_reads_and_starts_nothing)
{
	b.port = free_port();
	write_conf("");
	ck_assert_int_eq(exit_status(launch("--check")), 0);
	expect_log("s.yaml: good");
	write_conf("limits: {startups: 0}");
	ck_assert_int_eq(exit_status(launch("--check")), 1);
	expect_log("s.yaml:6:20: expected a number from 1 to 100000, found \"0\"");
	ck_assert_int_eq(exit_status(launch("--what")), 2);
}
END_TEST

START_TEST(places_have_the_right_owners_and_modes)
{
	static const struct {
		const char *path;
		mode_t mode;
	} places[] = {{"state", S_IFDIR | 0755},
		      {"state/keeper", S_IFDIR | 0700},
		      {"state/recorder", S_IFDIR | 0700},
		      {"state/hostkeys", S_IFDIR | 0700},
		      {"state/hostkeys/ed25519", S_IFREG | 0600},
		      {"run", S_IFDIR | 0755},
		      {"run/keeper.sock", S_IFSOCK | 0600},
		      {"run/recorder.sock", S_IFSOCK | 0600}};
	char path[256];
	struct stat st;

	start_with("");
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		path_in(path, sizeof path, places[i].path);
		ck_assert_int_eq(stat(path, &st), 0);
		ck_assert_msg(st.st_mode == places[i].mode, "%s %o", places[i].path, st.st_mode);
	}
}
END_TEST

START_TEST(a_missing_program_is_told)
{
	char path[256];

	b.port = free_port();
	write_conf("");
	path_in(path, sizeof path, RECORDER);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(exit_status(launch(NULL)), 1);
	expect_log("sallyport-recorder is not in ");
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("listener");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, a_connection_is_made_known_served_and_its_end_told);
	tcase_add_test(t, keeper_and_recorder_share_a_socket);
	tcase_add_loop_test(t, a_dead_program_is_started_again_and_meets_the_survivor, 0, 2);
	tcase_add_test(t, clients_are_told_while_a_program_is_not_ready);
	tcase_add_test(t, a_dead_keeper_is_not_told_of_old_connections);
	tcase_add_test(t, live_connections_survive_the_template);
	tcase_add_test(t, the_keeper_has_a_process_killed);
	tcase_add_test(t, a_source_has_its_limit);
	tcase_add_test(t, all_have_a_limit);
	tcase_add_test(t, startups_have_a_limit_until_the_keeper_says_they_are_in);
	tcase_add_test(t, a_late_log_in_is_killed);
	tcase_add_test(t, a_silent_program_is_killed_and_started_again);
	tcase_add_test(t, a_program_that_breaks_the_rules_is_killed);
	tcase_add_test(t, nobody_elses_process_can_be_offered_for_killing);
	tcase_add_test(t, what_programs_print_is_logged_clean_and_by_name);
	tcase_add_test(t, a_bad_configuration_is_refused_and_the_running_one_stays);
	tcase_add_test(t, a_good_configuration_holds_at_once);
	tcase_add_test(t, a_new_address_opens_and_an_old_one_closes);
	tcase_add_test(t, ipv6_clients_come_in_by_their_own_door);
	tcase_add_test(t, an_address_in_use_is_told);
	tcase_add_test(t, the_end_is_in_order);
	tcase_add_test(t, a_session_that_does_not_end_is_killed_at_the_end);
	tcase_add_test(t, there_is_one_daemon_for_a_run_dir);
	tcase_add_test(t, check_reads_and_starts_nothing);
	tcase_add_test(t, places_have_the_right_owners_and_modes);
	tcase_add_test(t, a_missing_program_is_told);
	return suite_run("listener", t);
}
