/* Verbs between whoever types them (session process, sallyport) and whoever runs them (keeper, a
 * viewer of the recorder).  Layer: ipc.  One exchange: VERB_RUN, then VERB_STDIN*, VERB_WINDOW* one
 * way and VERB_OUT* the other, ended by VERB_DONE.  The seq of VERB_RUN names the exchange in all
 * of its messages. */
#ifndef SALLYPORT_LIB_IPC_VERB_MSG_H
#define SALLYPORT_LIB_IPC_VERB_MSG_H

#include "lib/ipc/ipc.h"

enum verb_msg {
	VERB_RUN = 32,
	VERB_STDIN = 33,  /* verb_data: bytes of standard input, or keys; none: its end */
	VERB_WINDOW = 34, /* verb_window: the terminal's size has changed */
	VERB_OUT = 35,    /* verb_data: bytes for standard output or error */
	VERB_DONE = 36,   /* verb_done: nothing follows */
};
enum { VERB_ARGS_MAX = 64, VERB_ARGS_BYTES = 8192, VERB_STDIN_MAX = 4 * 1024 * 1024 };
enum verb_exit { VERB_EXIT_DONE = 0, VERB_EXIT_REFUSED = 1, VERB_EXIT_USAGE = 2 };

struct verb_run {
	uint32_t n_args;                 /* 1..VERB_ARGS_MAX; the first is the verb */
	const char *args[VERB_ARGS_MAX]; /* into `space`; UTF-8 not promised: hostile when shown */
	char space[VERB_ARGS_BYTES];     /* the strings with their NULs */
	bool terminal;                   /* there is a pty: colours and keys may be used */
	uint16_t columns, rows;          /* 0..1000; 0 without a terminal */
};
struct verb_data {
	uint8_t stream; /* 1 output, 2 error; VERB_STDIN: 0 */
	const uint8_t *data;
	size_t len; /* 0..IPC_DATA_MAX */
};
struct verb_window {
	uint16_t columns, rows; /* 1..1000 */
};
struct verb_done {
	uint8_t exit_status; /* enum verb_exit */
};

/* Copies `args` into `run`.  0, or -E2BIG: too many or too long. */
MUST_CHECK int verb_run_set_args(struct verb_run *run, const char *const *args, size_t n_args);
/* Splits a command string of an exec request as a POSIX shell splits words (quotes and backslashes,
 * no expansion of any kind).  0, -EINVAL: a quote is not closed, or there is no word; -E2BIG. */
MUST_CHECK int verb_run_split(struct verb_run *run, const char *text, size_t len);

/* A copy whose arguments lie in itself (the struct must not be copied by assignment). */
MUST_CHECK int verb_run_copy(struct verb_run *to, const struct verb_run *from);

void verb_run_put(struct wbuf *b, const struct verb_run *run);
MUST_CHECK int verb_run_get(struct rbuf *b,
			    struct verb_run *run); /* 0 or -EBADMSG, as all _get here */
void verb_data_put(struct wbuf *b, const struct verb_data *data);
MUST_CHECK int verb_data_get(struct rbuf *b, struct verb_data *data); /* points into the packet */
void verb_window_put(struct wbuf *b, const struct verb_window *window);
MUST_CHECK int verb_window_get(struct rbuf *b, struct verb_window *window);
void verb_done_put(struct wbuf *b, const struct verb_done *done);
MUST_CHECK int verb_done_get(struct rbuf *b, struct verb_done *done);

#endif
