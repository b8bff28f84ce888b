#include "lib/ipc/verb_msg.h"

#include <errno.h>
#include <string.h>

/* Adds `len` bytes and a NUL as the next argument.  0, or -E2BIG. */
static int add_arg(struct verb_run *run, size_t *used, const char *s, size_t len)
{
	if (run->n_args == VERB_ARGS_MAX || len >= sizeof run->space - *used)
		return -E2BIG;
	memcpy(run->space + *used, s, len);
	run->space[*used + len] = '\0';
	run->args[run->n_args++] = run->space + *used;
	*used += len + 1;
	return 0;
}

int verb_run_set_args(struct verb_run *run, const char *const *args, size_t n_args)
{
	size_t used = 0;
	int r = 0;

	run->n_args = 0;
	for (size_t i = 0; r == 0 && i < n_args; i++)
		r = add_arg(run, &used, args[i], strlen(args[i]));
	return r;
}

/* A word being split off: where its bytes go, and whether it exists although it may be empty. */
struct word {
	char bytes[VERB_ARGS_BYTES];
	size_t len;
	bool open;
};

static int word_add(struct word *word, char c)
{
	if (word->len == sizeof word->bytes)
		return -E2BIG;
	word->bytes[word->len++] = c;
	word->open = true;
	return 0;
}

static int word_end(struct word *word, struct verb_run *run, size_t *used)
{
	int r = word->open ? add_arg(run, used, word->bytes, word->len) : 0;

	word->len = 0;
	word->open = false;
	return r;
}

/* The run of a quoted part from behind its opening quote at `*at`; leaves `*at` at the closing one.
 */
static int quoted(struct word *word, const char *text, size_t len, size_t *at)
{
	char quote = text[*at];
	int r = 0;

	word->open = true;
	for (++*at; *at < len && text[*at] != quote; ++*at) {
		if (quote == '"' && text[*at] == '\\' && *at + 1 < len &&
		    strchr("\"\\$`", text[*at + 1]) != NULL)
			++*at;
		r = word_add(word, text[*at]);
		if (r != 0)
			return r;
	}
	return *at < len ? 0 : -EINVAL;
}

static int split(struct verb_run *run, struct word *word, const char *text, size_t len)
{
	size_t used = 0;
	int r = 0;

	for (size_t at = 0; r == 0 && at < len; at++) {
		char c = text[at];

		if (c == '\0')
			return -EINVAL;
		if (c == ' ' || c == '\t' || c == '\n')
			r = word_end(word, run, &used);
		else if (c == '\'' || c == '"')
			r = quoted(word, text, len, &at);
		else if (c == '\\' && at + 1 < len && text[at + 1] != '\0')
			r = word_add(word, text[++at]);
		else
			r = word_add(word, c);
	}
	return r == 0 ? word_end(word, run, &used) : r;
}

int verb_run_split(struct verb_run *run, const char *text, size_t len)
{
	struct word word = {.len = 0};
	int r;

	run->n_args = 0;
	r = split(run, &word, text, len);
	return r == 0 && run->n_args == 0 ? -EINVAL : r;
}

int verb_run_copy(struct verb_run *to, const struct verb_run *from)
{
	to->terminal = from->terminal;
	to->columns = from->columns;
	to->rows = from->rows;
	return verb_run_set_args(to, from->args, from->n_args);
}

void verb_run_put(struct wbuf *b, const struct verb_run *run)
{
	wbuf_u32(b, run->n_args);
	for (uint32_t i = 0; i < run->n_args; i++)
		wbuf_string(b, run->args[i]);
	wbuf_u8(b, run->terminal);
	wbuf_u16(b, run->columns);
	wbuf_u16(b, run->rows);
}

int verb_run_get(struct rbuf *b, struct verb_run *run)
{
	uint32_t n = rbuf_u32(b, 1, VERB_ARGS_MAX);
	size_t used = 0;

	run->n_args = 0;
	for (uint32_t i = 0; !b->fault && i < n; i++) {
		size_t len;
		const char *s = (const char *)rbuf_bytes(b, VERB_ARGS_BYTES, &len);

		if (!b->fault && (memchr(s, '\0', len) != NULL || add_arg(run, &used, s, len) != 0))
			b->fault = true;
	}
	run->terminal = rbuf_u8(b, 0, 1) != 0;
	run->columns = rbuf_u16(b, 0, 1000);
	run->rows = rbuf_u16(b, 0, 1000);
	return rbuf_end(b);
}

void verb_data_put(struct wbuf *b, const struct verb_data *data)
{
	wbuf_u8(b, data->stream);
	wbuf_bytes(b, data->data, data->len);
}

int verb_data_get(struct rbuf *b, struct verb_data *data)
{
	data->stream = rbuf_u8(b, 0, 2);
	data->data = rbuf_bytes(b, IPC_DATA_MAX, &data->len);
	return rbuf_end(b);
}

void verb_window_put(struct wbuf *b, const struct verb_window *window)
{
	wbuf_u16(b, window->columns);
	wbuf_u16(b, window->rows);
}

int verb_window_get(struct rbuf *b, struct verb_window *window)
{
	window->columns = rbuf_u16(b, 1, 1000);
	window->rows = rbuf_u16(b, 1, 1000);
	return rbuf_end(b);
}

void verb_done_put(struct wbuf *b, const struct verb_done *done)
{
	wbuf_u8(b, done->exit_status);
}

int verb_done_get(struct rbuf *b, struct verb_done *done)
{
	done->exit_status = rbuf_u8(b, 0, VERB_EXIT_USAGE);
	return rbuf_end(b);
}
