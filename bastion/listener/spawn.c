#include "bastion/listener/spawn.h"
#include "lib/base/log.h"
#include "lib/ipc/daemon_msg.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>

enum { STATUS_NO_EXEC = 127, HIGH_FD = 64, LINE_MAX_BYTES = 800 };

/* What a program sees of the world.  The sanitizers' options pass in builds made with them. */
static void make_environment(char *out[8])
{
	size_t n = 0;

	out[n++] = (char *)(uintptr_t) "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	out[n++] = (char *)(uintptr_t) "LANG=C.UTF-8";
#ifdef SALLYPORT_SANITIZERS
	static const char *const names[] = {"ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS="};

	for (char **e = environ; *e != NULL; e++)
		for (size_t i = 0; i < ARRAY_SIZE(names) && n < 7; i++)
			if (strncmp(*e, names[i], strlen(names[i])) == 0)
				out[n++] = *e;
#endif
	out[n] = NULL;
}

/* In the child.  The descriptors are moved out of the way first, as they may be any of 0..3. */
static void become_program(const char *path, const char *name, int sock, int errors)
	__attribute__((noreturn));
static void become_program(const char *path, const char *name, int sock, int errors)
{
	char *argv[] = {(char *)(uintptr_t)name, NULL}, *environment[8];
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigset_t none;

	null = fcntl(null, F_DUPFD_CLOEXEC, HIGH_FD);
	sock = fcntl(sock, F_DUPFD_CLOEXEC, HIGH_FD);
	errors = fcntl(errors, F_DUPFD_CLOEXEC, HIGH_FD);
	make_environment(environment);
	(void)sigemptyset(&none);
	for (int signo = 1; signo < NSIG; signo++)
		(void)signal(signo, SIG_DFL);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(errors, STDOUT_FILENO) >= 0 &&
	    dup2(errors, STDERR_FILENO) >= 0 && dup2(sock, DAEMON_FD) >= 0 &&
	    close_range(DAEMON_FD + 1, ~0u, 0) == 0 && chdir("/") == 0)
		(void)execve(path, argv, environment);
	log_line(LOG_LEVEL_ERROR, "cannot execute %s: %s", path, strerror(errno));
	_exit(STATUS_NO_EXEC);
}

int spawn(struct spawned *out, const char *path, const char *name)
{
	int pair[2], errors[2];
	int r = ipc_pair(pair);
	pid_t pid;

	if (r != 0)
		return r;
	/* Non-blocking at both ends: a program must never wait for us to read what it has to say.
	 */
	if (pipe2(errors, O_CLOEXEC | O_NONBLOCK) != 0) {
		r = -errno;
		closep(&pair[0]);
		closep(&pair[1]);
		return r;
	}
	pid = fork();
	if (pid == 0)
		become_program(path, name, pair[1], errors[1]);
	r = pid == -1 ? -errno : 0;
	closep(&pair[1]);
	closep(&errors[1]);
	if (r != 0) {
		closep(&pair[0]);
		closep(&errors[0]);
		return r;
	}
	*out = (struct spawned){.pid = pid, .socket = pair[0], .errors = errors[0]};
	return 0;
}

struct lines {
	int fd;
	char name[NAME_SIZE];
	size_t len;
	char text[LINE_MAX_BYTES];
};

static void log_one(const struct lines *lines, const char *text, size_t len)
{
	enum log_level level = LOG_LEVEL_INFO;

	if (len >= 3 && text[0] == '<' && text[2] == '>' && text[1] >= '0' && text[1] <= '7') {
		int severity = text[1] - '0';

		level = severity <= LOG_LEVEL_ERROR  ? LOG_LEVEL_ERROR
			: severity >= LOG_LEVEL_INFO ? LOG_LEVEL_INFO
						     : (enum log_level)severity;
		text += 3;
		len -= 3;
	}
	if (len > 0)
		log_line(level, "%s: %.*s", lines->name, (int)len, text);
}

/* Logs the whole lines there are; one that fills the buffer is logged as it is. */
static void log_lines(struct lines *lines)
{
	char *end;

	while ((end = memchr(lines->text, '\n', lines->len)) != NULL) {
		size_t took = (size_t)(end - lines->text) + 1;

		log_one(lines, lines->text, took - 1);
		lines->len -= took;
		memmove(lines->text, end + 1, lines->len);
	}
	if (lines->len == sizeof lines->text) {
		log_one(lines, lines->text, lines->len);
		lines->len = 0;
	}
}

static int on_lines(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct lines *lines = user;
	ssize_t n = read(fd, lines->text + lines->len, sizeof lines->text - lines->len);

	(void)events;
	if (n > 0) {
		lines->len += (size_t)n;
		log_lines(lines);
		return 0;
	}
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	log_one(lines, lines->text, lines->len);
	sd_event_source_disable_unref(source);
	return 0;
}

static void lines_free(void *user)
{
	struct lines *lines = user;

	closep(&lines->fd);
	free(lines);
}

int spawn_log(sd_event *loop, int fd, const char *name)
{
	struct lines *lines = calloc(1, sizeof *lines);
	sd_event_source *source = NULL;
	int r = -ENOMEM;

	if (lines != NULL)
		r = sd_event_add_io(loop, &source, fd, EPOLLIN, on_lines, lines);
	if (r < 0) {
		closep(&fd);
		free(lines);
		return r;
	}
	lines->fd = fd;
	(void)text_format(lines->name, sizeof lines->name, "%s", name);
	(void)sd_event_source_set_destroy_callback(source, lines_free);
	(void)sd_event_source_set_floating(source, 1); /* the loop frees it when it goes */
	sd_event_source_unref(source);
	return 0;
}
