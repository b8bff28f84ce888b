#include "bastion/cli/exchange.h"
#include "lib/ipc/recorder_msg.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { SEQ = 1, SIGNAL_STATUS = 128, PATIENCE_MS = 5000 };

/* --- getting a socket --- */

static int say_unreachable(const char *path, int r, char fault[EXCHANGE_FAULT_SIZE])
{
	if (r == -EACCES || r == -EPERM)
		(void)text_format(fault, EXCHANGE_FAULT_SIZE,
				  "%s is for root only; as anybody else, log in: ssh NAME@bastion "
				  "VERB",
				  path);
	else
		(void)text_format(fault, EXCHANGE_FAULT_SIZE,
				  "the bastion is not running: %s: %s; start it (systemctl start "
				  "sallyport), or name its run_dir with --run-dir",
				  path, strerror(-r));
	return r;
}

static int connect_local(int *out, const char *run_dir, const char *name,
			 char fault[EXCHANGE_FAULT_SIZE])
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	AUTO(closep) int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (!text_format(address.sun_path, sizeof address.sun_path, "%s/%s", run_dir, name))
		return say_unreachable(run_dir, -ENAMETOOLONG, fault);
	if (fd == -1 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
		return say_unreachable(address.sun_path, -errno, fault);
	*out = TAKE_FD(fd);
	return 0;
}

/* Waits for the recorder's answer to R_VIEW.  Tells a person who waits long what for. */
static int receive_slowly(int fd, struct ipc_packet *packet, uint8_t *space)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	if (poll(&p, 1, PATIENCE_MS) == 0)
		(void)fputs("sallyport: the recorder does not answer yet, waiting\n", stderr);
	return ipc_recv(fd, packet, space, IPC_PACKET_MAX);
}

static int take_view(int *out, int recorder, uint8_t *space, char fault[EXCHANGE_FAULT_SIZE])
{
	struct ipc_packet packet;
	struct r_text refused;
	int r = ipc_send(recorder, R_VIEW, SEQ, NULL, NULL, 0);

	if (r == 0)
		r = receive_slowly(recorder, &packet, space);
	if (r != 0) {
		(void)text_format(fault, EXCHANGE_FAULT_SIZE,
				  "the recorder closed the connection; look at the bastion's log");
		return r < 0 ? r : -ECONNRESET;
	}
	if (packet.type == R_VIEWING && packet.n_fds == 1 && rbuf_end(&packet.body) == 0)
		*out = TAKE_FD(packet.fds[0]);
	else if (packet.type == R_REFUSED && r_text_get(&packet.body, &refused) == 0)
		r = -EACCES;
	else
		r = -EBADMSG;
	(void)text_format(fault, EXCHANGE_FAULT_SIZE, "%s",
			  r == -EACCES ? refused.text
				       : "the recorder's answer makes no sense: are sallyport and "
					 "the bastion of the same version?");
	ipc_packet_done(&packet);
	return r;
}

int exchange_open(int *out, int *keep, const char *run_dir, const struct verb *verb,
		  char fault[EXCHANGE_FAULT_SIZE])
{
	AUTO(freep) uint8_t *space = malloc(IPC_PACKET_MAX);
	AUTO(closep) int recorder = -1;
	int r;

	*keep = -1;
	if (space == NULL)
		return -ENOMEM;
	if (verb->home != VERB_RECORDER)
		return connect_local(out, run_dir, "keeper.sock", fault);
	r = connect_local(&recorder, run_dir, "recorder.sock", fault);
	if (r == 0)
		r = take_view(out, recorder, space, fault);
	if (r == 0)
		*keep = TAKE_FD(recorder);
	return r;
}

/* --- running --- */

enum { AT_SOCKET, AT_SIGNALS, AT_INPUT, POLLED };
enum { GOING = -1 }; /* else a status to exit with */

struct running {
	const struct exchange *x;
	char *fault;
	int signals;
	int status;       /* GOING until VERB_DONE or a signal */
	int input;        /* -1 after its end */
	bool to_send;     /* `chunk` waits for room in the socket */
	size_t chunk_len; /* 0 is the end of input */
	uint8_t chunk[IPC_DATA_MAX];
	uint8_t packet_space[IPC_PACKET_MAX];
};

static int write_all(int fd, const uint8_t *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		struct pollfd p = {.fd = fd, .events = POLLOUT};

		if (n == -1 && errno == EAGAIN)
			(void)poll(&p, 1, -1);
		else if (n == -1 && errno != EINTR)
			return -errno;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

static int on_packet(struct running *run, struct ipc_packet *packet)
{
	struct verb_data data;
	struct verb_done done;
	int r = -EPROTO;

	if (packet->seq != SEQ || packet->n_fds != 0)
		return r;
	if (packet->type == VERB_OUT) {
		r = verb_data_get(&packet->body, &data);
		if (r == 0)
			r = write_all(data.stream == 2 ? STDERR_FILENO : STDOUT_FILENO, data.data,
				      data.len);
	} else if (packet->type == VERB_DONE) {
		r = verb_done_get(&packet->body, &done);
		if (r == 0)
			run->status = done.exit_status;
	}
	return r;
}

static int read_socket(struct running *run)
{
	struct ipc_packet packet;
	int r = ipc_recv(run->x->socket, &packet, run->packet_space, sizeof run->packet_space);

	if (r == IPC_LATER)
		return 0;
	if (r == 0) {
		r = on_packet(run, &packet);
		ipc_packet_done(&packet);
	}
	if (r == -EPIPE) { /* nobody reads our output any more: that is not worth words */
		run->status = SIGNAL_STATUS + SIGPIPE;
		return 0;
	}
	if (r == 0)
		return 0;
	(void)text_format(run->fault, EXCHANGE_FAULT_SIZE, "%s",
			  r == -EBADMSG || r == -EPROTO
				  ? "the answer makes no sense: are sallyport and the bastion of "
				    "the same version?"
				  : "the bastion ended the connection before the answer was "
				    "complete; look at its log");
	return r < 0 ? r : -ECONNRESET;
}

/* Reads the next piece of input, if the last one is on its way.  Half a file must not pass for all
 * of it. */
static int read_input(struct running *run)
{
	ssize_t n = read(run->input, run->chunk, sizeof run->chunk);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n == -1) {
		(void)text_format(run->fault, EXCHANGE_FAULT_SIZE, "cannot read the input: %s",
				  strerror(errno));
		return -errno;
	}
	run->chunk_len = (size_t)n;
	run->to_send = true;
	if (n == 0)
		run->input = -1;
	return 0;
}

static int send_message(struct running *run, uint16_t type, const struct wbuf *body)
{
	int r = ipc_send(run->x->socket, type, SEQ, body, NULL, 0);

	/* Closed is told when reading: there may be an answer that says why. */
	return r == IPC_CLOSED ? 0 : r;
}

static int send_chunk(struct running *run)
{
	const struct verb_data data = {.data = run->chunk, .len = run->chunk_len};
	struct wbuf body = WBUF_OF(run->packet_space);
	int r;

	verb_data_put(&body, &data);
	r = send_message(run, VERB_STDIN, &body);
	if (r == IPC_LATER)
		return 0;
	run->to_send = false;
	return r;
}

static int read_signal(struct running *run)
{
	struct signalfd_siginfo info;
	struct verb_window window;
	uint8_t space[64];
	struct wbuf body = WBUF_OF(space);
	int r;

	if (read(run->signals, &info, sizeof info) != (ssize_t)sizeof info)
		return 0;
	if (info.ssi_signo != SIGWINCH) {
		run->status = SIGNAL_STATUS + (int)info.ssi_signo;
		return 0;
	}
	if (!run->x->terminal->output)
		return 0;
	terminal_size(&window.columns, &window.rows);
	verb_window_put(&body, &window);
	r = send_message(run, VERB_WINDOW, &body);
	return r == IPC_LATER ? 0 : r; /* the next change tells the size again */
}

static int turn(struct running *run)
{
	struct pollfd p[POLLED] = {
		[AT_SOCKET] = {.fd = run->x->socket,
			       .events = (short)(POLLIN | (run->to_send ? POLLOUT : 0))},
		[AT_SIGNALS] = {.fd = run->signals, .events = POLLIN},
		[AT_INPUT] = {.fd = run->to_send ? -1 : run->input, .events = POLLIN},
	};
	int r = 0;

	if (poll(p, POLLED, -1) == -1)
		return errno == EINTR ? 0 : -errno;
	if (p[AT_SIGNALS].revents != 0)
		r = read_signal(run);
	if (r == 0 && p[AT_INPUT].revents != 0)
		r = read_input(run);
	if (r == 0 && (p[AT_SOCKET].revents & POLLOUT) != 0)
		r = send_chunk(run);
	if (r == 0 && (p[AT_SOCKET].revents & (POLLIN | POLLHUP | POLLERR)) != 0)
		r = read_socket(run);
	return r;
}

static int send_run(struct running *run)
{
	struct verb_run *m = run->x->run;
	struct wbuf body = WBUF_OF(run->packet_space);
	int r;

	m->terminal = run->x->terminal->output;
	if (m->terminal)
		terminal_size(&m->columns, &m->rows);
	verb_run_put(&body, m);
	r = send_message(run, VERB_RUN, &body);
	return r == IPC_LATER ? -EAGAIN : r;
}

/* Signals come by a descriptor, so that the terminal is always restored before we go. */
static int take_signals(int *out)
{
	static const int taken[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH};
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++)
		(void)sigaddset(&set, taken[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return -errno;
	*out = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return *out == -1 ? -errno : 0;
}

int exchange_run(const struct exchange *x, char fault[EXCHANGE_FAULT_SIZE])
{
	AUTO(freep) struct running *run = calloc(1, sizeof *run);
	AUTO(closep) int signals = -1;
	int r = run == NULL ? -ENOMEM : take_signals(&signals);

	(void)text_format(fault, EXCHANGE_FAULT_SIZE, "cannot talk to the bastion");
	if (r == 0 && fcntl(x->socket, F_SETFL, O_NONBLOCK) != 0)
		r = -errno;
	if (r != 0)
		return r;
	run->x = x;
	run->fault = fault;
	run->signals = signals;
	run->status = GOING;
	run->input = x->input;
	r = send_run(run);
	while (r == 0 && run->status == GOING)
		r = turn(run);
	return r != 0 ? r : run->status;
}
