/* The real sallyport against sockets this test answers on. */
#include "lib/ipc/recorder_msg.h"
#include "lib/ipc/verb_msg.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

enum { WAIT_MS = 20000, OUTPUT_SIZE = 65536 };

static struct {
	char dir[64];
	int keeper, recorder; /* listening */
	pid_t pid;
	int input, output, errors;
	uint8_t space[IPC_PACKET_MAX];
} t;

static int listen_at(const char *name)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	ck_assert(text_format(a.sun_path, sizeof a.sun_path, "%s/%s", t.dir, name));
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	ck_assert_int_eq(listen(fd, 4), 0);
	return fd;
}

static void set_up(void)
{
	(void)text_format(t.dir, sizeof t.dir, "/tmp/test-cli-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(t.dir));
	t.keeper = listen_at("keeper.sock");
	t.recorder = listen_at("recorder.sock");
	t.input = t.output = t.errors = -1;
}

static void tear_down(void)
{
	char command[128];

	(void)text_format(command, sizeof command, "rm -rf '%s'", t.dir);
	ck_assert_int_eq(system(command), 0);
}

/* Starts sallyport with up to four words. */
static void launch(const char *a, const char *b, const char *c, const char *d)
{
	int in[2], out[2], err[2];

	ck_assert(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 &&
		  pipe2(err, O_CLOEXEC) == 0);
	t.pid = fork();
	ck_assert_int_ge(t.pid, 0);
	if (t.pid == 0) {
		(void)setenv("SALLYPORT_RUN_DIR", t.dir, 1);
		if (dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0 || dup2(err[1], 2) < 0)
			_exit(120);
		(void)execl(SALLYPORT, "sallyport", a, b, c, d, (char *)NULL);
		_exit(121);
	}
	closep(&in[0]);
	closep(&out[1]);
	closep(&err[1]);
	t.input = in[1];
	t.output = out[0];
	t.errors = err[0];
}

static void all_of(int fd, char out[OUTPUT_SIZE])
{
	size_t at = 0;
	ssize_t n;

	while (at < OUTPUT_SIZE - 1 && (n = read(fd, out + at, OUTPUT_SIZE - 1 - at)) > 0)
		at += (size_t)n;
	out[at] = '\0';
}

static int status_of(void)
{
	int status;

	ck_assert_int_eq(waitpid(t.pid, &status, 0), t.pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int accept_one(int listening)
{
	struct pollfd p = {.fd = listening, .events = POLLIN};
	int fd;

	ck_assert_int_eq(poll(&p, 1, WAIT_MS), 1);
	fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	return fd;
}

static void receive(int fd, struct ipc_packet *packet, uint16_t type)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	ck_assert_int_eq(poll(&p, 1, WAIT_MS), 1);
	ck_assert_int_eq(ipc_recv(fd, packet, t.space, sizeof t.space), 0);
	ck_assert_uint_eq(packet->type, type);
}

/* Receives VERB_RUN, which must have these words. */
static void expect_run(int fd, const char *words, struct verb_run *run, uint32_t *seq)
{
	struct ipc_packet packet;
	char got[1024] = "";

	receive(fd, &packet, VERB_RUN);
	ck_assert_int_eq(verb_run_get(&packet.body, run), 0);
	for (uint32_t i = 0; i < run->n_args; i++)
		(void)text_format(got + strlen(got), sizeof got - strlen(got), "%s%s",
				  i == 0 ? "" : " ", run->args[i]);
	ck_assert_str_eq(got, words);
	*seq = packet.seq;
}

static void out(int fd, uint32_t seq, uint8_t stream, const char *text)
{
	uint8_t space[1024];
	struct wbuf body = WBUF_OF(space);
	const struct verb_data m = {
		.stream = stream, .data = (const uint8_t *)text, .len = strlen(text)};

	verb_data_put(&body, &m);
	ck_assert_int_eq(ipc_send(fd, VERB_OUT, seq, &body, NULL, 0), 0);
}

static void done(int fd, uint32_t seq, uint8_t status)
{
	uint8_t space[16];
	struct wbuf body = WBUF_OF(space);
	const struct verb_done m = {.exit_status = status};

	verb_done_put(&body, &m);
	ck_assert_int_eq(ipc_send(fd, VERB_DONE, seq, &body, NULL, 0), 0);
}

static void expect_streams(const char *output, const char *errors)
{
	static char got[OUTPUT_SIZE];

	all_of(t.output, got);
	ck_assert_str_eq(got, output);
	all_of(t.errors, got);
	ck_assert_str_eq(got, errors);
}

START_TEST(a_keepers_verb_runs_and_its_status_comes_back)
{
	struct verb_run run;
	uint32_t seq;
	int fd;

	launch("lock", "alice", "--json", NULL);
	fd = accept_one(t.keeper);
	expect_run(fd, "lock alice --json", &run, &seq);
	ck_assert(!run.terminal);
	out(fd, seq, 1, "one\n");
	out(fd, seq, 2, "warned\n");
	out(fd, seq, 1, "two\n");
	done(fd, seq, (uint8_t)_i);
	expect_streams("one\ntwo\n", "warned\n");
	ck_assert_int_eq(status_of(), _i);
}
END_TEST

START_TEST(a_recorders_verb_runs_on_the_socket_it_yields)
{
	struct ipc_packet packet;
	struct verb_run run;
	uint32_t seq;
	int pair[2], fd;

	launch("events", "--kind", "login", NULL);
	fd = accept_one(t.recorder);
	receive(fd, &packet, R_VIEW);
	ck_assert_int_eq(ipc_pair(pair), 0);
	ck_assert_int_eq(ipc_send(fd, R_VIEWING, packet.seq, NULL, &pair[1], 1), 0);
	closep(&pair[1]);
	expect_run(pair[0], "events --kind login", &run, &seq);
	out(pair[0], seq, 1, "login alice\n");
	done(pair[0], seq, 0);
	expect_streams("login alice\n", "");
	ck_assert_int_eq(status_of(), 0);
}
END_TEST

START_TEST(a_refusal_of_the_recorder_is_told)
{
	struct ipc_packet packet;
	uint8_t space[1024];
	struct wbuf body = WBUF_OF(space);
	struct r_text m = {.text = "not for you; ask dora"};
	int fd;

	launch("verify", NULL, NULL, NULL);
	fd = accept_one(t.recorder);
	receive(fd, &packet, R_VIEW);
	r_text_put(&body, &m);
	ck_assert_int_eq(ipc_send(fd, R_REFUSED, packet.seq, &body, NULL, 0), 0);
	expect_streams("", "sallyport: not for you; ask dora\n");
	ck_assert_int_eq(status_of(), 1);
}
END_TEST

/* Receives VERB_STDIN up to its end. */
static size_t take_input(int fd, uint32_t seq, char *all, size_t size)
{
	size_t at = 0;

	for (;;) {
		struct ipc_packet packet;
		struct verb_data m;

		receive(fd, &packet, VERB_STDIN);
		ck_assert_uint_eq(packet.seq, seq);
		ck_assert_int_eq(verb_data_get(&packet.body, &m), 0);
		if (m.len == 0)
			return at;
		ck_assert_uint_le(at + m.len, size);
		memcpy(all + at, m.data, m.len);
		at += m.len;
	}
}

START_TEST(apply_sends_the_file_and_its_name)
{
	enum { BIG = 300000 };
	static char sent[BIG], got[BIG];
	char path[128], words[256];
	struct verb_run run;
	uint32_t seq;
	FILE *f;
	int fd;

	for (size_t i = 0; i < BIG; i++)
		sent[i] = (char)('a' + i % 23);
	ck_assert(text_format(path, sizeof path, "%s/inventory.yaml", t.dir));
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(sent, 1, BIG, f), BIG);
	ck_assert_int_eq(fclose(f), 0);
	launch("apply", "-f", path, NULL);
	fd = accept_one(t.keeper);
	(void)text_format(words, sizeof words, "apply -f %s", path);
	expect_run(fd, words, &run, &seq);
	ck_assert_uint_eq(take_input(fd, seq, got, BIG), BIG);
	ck_assert_mem_eq(sent, got, BIG);
	done(fd, seq, 0);
	ck_assert_int_eq(status_of(), 0);
}
END_TEST

START_TEST(apply_reads_standard_input_for_a_dash)
{
	struct verb_run run;
	char got[64];
	uint32_t seq;
	int fd;

	launch("apply", "-f", "-", NULL);
	ck_assert_int_eq(write(t.input, "rules: []\n", 10), 10);
	closep(&t.input);
	fd = accept_one(t.keeper);
	expect_run(fd, "apply -f -", &run, &seq);
	ck_assert_uint_eq(take_input(fd, seq, got, sizeof got), 10);
	done(fd, seq, 0);
	ck_assert_int_eq(status_of(), 0);
}
END_TEST

START_TEST(a_verb_that_reads_nothing_leaves_standard_input_alone)
{
	struct verb_run run;
	struct pollfd p = {.events = POLLIN};
	uint32_t seq;
	char got[16];

	launch("status", NULL, NULL, NULL);
	ck_assert_int_eq(write(t.input, "next line", 9), 9);
	p.fd = accept_one(t.keeper);
	expect_run(p.fd, "status", &run, &seq);
	out(p.fd, seq, 1, "fine\n");
	ck_assert_int_eq(read(t.output, got, 5), 5);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	done(p.fd, seq, 0);
	ck_assert_int_eq(status_of(), 0);
}
END_TEST

static const struct {
	const char *words[4];
	int status;
	const char *errors;
} mistakes[] = {
	{{NULL}, 2, "sallyport: what is to be done?  sallyport --help lists the verbs\n"},
	{{"aply"}, 2, "sallyport: there is no verb \"aply\"; sallyport --help lists them all\n"},
	{{"\x1b[2J"},
	 2,
	 "sallyport: there is no verb \"\\x1b[2J\"; sallyport --help lists them all\n"},
	{{"approve", "1"},
	 1,
	 "sallyport: approve is not for the machine's owner, who neither approves nor reaches "
	 "targets; log in as one who may: ssh NAME@bastion approve REQUEST [--for 20m]\n"},
	{{"apply", "-f", "/nonexistent"},
	 1,
	 "sallyport: cannot read /nonexistent: No such file or directory\n"},
	{{"--run-dir", "/nonexistent", "status"},
	 1,
	 "sallyport: the bastion is not running: /nonexistent/keeper.sock: No such file or "
	 "directory; start it (systemctl start sallyport), or name its run_dir with --run-dir\n"},
};

START_TEST(a_mistake_is_told_with_what_to_do)
{
	const char *const *w = mistakes[_i].words;

	launch(w[0], w[1], w[2], w[3]);
	expect_streams("", mistakes[_i].errors);
	ck_assert_int_eq(status_of(), mistakes[_i].status);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_not_taken_for_an_empty_one)
{
	struct verb_run run;
	struct ipc_packet packet;
	uint32_t seq;
	int fd;

	launch("apply", "-f", "/", NULL);
	fd = accept_one(t.keeper);
	expect_run(fd, "apply -f /", &run, &seq);
	ck_assert_int_eq(ipc_recv(fd, &packet, t.space, sizeof t.space), IPC_CLOSED);
	expect_streams("", "sallyport: cannot read the input: Is a directory\n");
	ck_assert_int_eq(status_of(), 1);
}
END_TEST

START_TEST(an_end_before_the_answer_is_told)
{
	struct verb_run run;
	uint32_t seq;
	int fd;

	launch("status", NULL, NULL, NULL);
	fd = accept_one(t.keeper);
	expect_run(fd, "status", &run, &seq);
	closep(&fd);
	expect_streams("", "sallyport: the bastion ended the connection before the answer was "
			   "complete; look at its log\n");
	ck_assert_int_eq(status_of(), 1);
}
END_TEST

START_TEST(an_answer_of_another_question_is_refused)
{
	struct verb_run run;
	uint32_t seq;
	int fd;

	launch("status", NULL, NULL, NULL);
	fd = accept_one(t.keeper);
	expect_run(fd, "status", &run, &seq);
	done(fd, seq + 1, 0);
	expect_streams("", "sallyport: the answer makes no sense: are sallyport and the bastion of "
			   "the same version?\n");
	ck_assert_int_eq(status_of(), 1);
}
END_TEST

START_TEST(help_and_names_need_no_bastion)
{
	static char got[OUTPUT_SIZE];

	launch("--help", NULL, NULL, NULL);
	all_of(t.output, got);
	ck_assert_ptr_nonnull(strstr(got, "Over ssh, as an approver:\n"));
	ck_assert_ptr_nonnull(strstr(got, "apply -f FILE|-"));
	ck_assert_int_eq(status_of(), 0);
	launch("--verbs", NULL, NULL, NULL);
	all_of(t.output, got);
	ck_assert_ptr_nonnull(strstr(got, "apply\n"));
	ck_assert_ptr_null(strstr(got, "approve\n"));
	ck_assert_int_eq(status_of(), 0);
	launch("lock", "--help", NULL, NULL);
	all_of(t.output, got);
	ck_assert_ptr_nonnull(strstr(got, "Usage: sallyport lock IDENTITY\n"));
	ck_assert_int_eq(status_of(), 0);
}
END_TEST

/* Starts `replay 3f9c` on a terminal of 100 by 30; yields the terminal's other side and the verb's
 * socket. */
static int launch_replay(int *terminal, uint32_t *seq)
{
	struct winsize size = {.ws_col = 100, .ws_row = 30};
	struct ipc_packet packet;
	struct verb_run run;
	int pair[2], fd;

	t.pid = forkpty(terminal, NULL, NULL, &size);
	ck_assert_int_ge(t.pid, 0);
	if (t.pid == 0) {
		(void)execl(SALLYPORT, "sallyport", "--run-dir", t.dir, "replay", "3f9c",
			    (char *)NULL);
		_exit(121);
	}
	fd = accept_one(t.recorder);
	receive(fd, &packet, R_VIEW);
	ck_assert_int_eq(ipc_pair(pair), 0);
	ck_assert_int_eq(ipc_send(fd, R_VIEWING, packet.seq, NULL, &pair[1], 1), 0);
	closep(&pair[1]);
	expect_run(pair[0], "replay 3f9c", &run, seq);
	ck_assert(run.terminal);
	ck_assert_uint_eq(run.columns, 100);
	ck_assert_uint_eq(run.rows, 30);
	return pair[0];
}

START_TEST(replay_gets_keys_and_window_sizes_and_the_terminal_is_restored)
{
	struct winsize size = {.ws_col = 2000, .ws_row = 40};
	struct ipc_packet packet;
	struct verb_data key;
	struct verb_window window;
	struct termios mode;
	int terminal, fd;
	uint32_t seq;

	fd = launch_replay(&terminal, &seq);
	ck_assert_int_eq(write(terminal, "\x03", 1), 1); /* no signal: it is raw */
	receive(fd, &packet, VERB_STDIN);
	ck_assert_int_eq(verb_data_get(&packet.body, &key), 0);
	ck_assert(key.len == 1 && key.data[0] == 3);
	ck_assert_int_eq(ioctl(terminal, TIOCSWINSZ, &size), 0);
	receive(fd, &packet, VERB_WINDOW);
	ck_assert_int_eq(verb_window_get(&packet.body, &window), 0);
	ck_assert_uint_eq(window.columns, 1000);
	ck_assert_uint_eq(window.rows, 40);
	ck_assert_int_eq(tcgetattr(terminal, &mode), 0);
	ck_assert_uint_eq(mode.c_lflag & ICANON, 0);
	done(fd, seq, 0);
	ck_assert_int_eq(status_of(), 0);
	ck_assert_int_eq(tcgetattr(terminal, &mode), 0);
	ck_assert_uint_ne(mode.c_lflag & ICANON, 0);
	ck_assert_uint_ne(mode.c_lflag & ECHO, 0);
}
END_TEST

START_TEST(a_signal_restores_the_terminal_too)
{
	struct termios mode;
	int terminal, fd;
	uint32_t seq;

	fd = launch_replay(&terminal, &seq);
	ck_assert_int_eq(kill(t.pid, SIGTERM), 0);
	ck_assert_int_eq(status_of(), 128 + SIGTERM);
	ck_assert_int_eq(tcgetattr(terminal, &mode), 0);
	ck_assert_uint_ne(mode.c_lflag & ICANON, 0);
	closep(&fd);
}
END_TEST

int main(void)
{
	TCase *c = tcase_create("cli");

	tcase_add_checked_fixture(c, set_up, tear_down);
	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, a_keepers_verb_runs_and_its_status_comes_back, 0, 3);
	tcase_add_test(c, a_recorders_verb_runs_on_the_socket_it_yields);
	tcase_add_test(c, a_refusal_of_the_recorder_is_told);
	tcase_add_test(c, apply_sends_the_file_and_its_name);
	tcase_add_test(c, apply_reads_standard_input_for_a_dash);
	tcase_add_test(c, a_verb_that_reads_nothing_leaves_standard_input_alone);
	tcase_add_loop_test(c, a_mistake_is_told_with_what_to_do, 0, (int)ARRAY_SIZE(mistakes));
	tcase_add_test(c, a_file_that_cannot_be_read_is_not_taken_for_an_empty_one);
	tcase_add_test(c, an_end_before_the_answer_is_told);
	tcase_add_test(c, an_answer_of_another_question_is_refused);
	tcase_add_test(c, help_and_names_need_no_bastion);
	tcase_add_test(c, replay_gets_keys_and_window_sizes_and_the_terminal_is_restored);
	tcase_add_test(c, a_signal_restores_the_terminal_too);
	return suite_run("cli", c);
}
