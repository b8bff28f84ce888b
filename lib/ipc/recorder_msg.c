#include "lib/ipc/recorder_msg.h"

void r_frame_put(struct wbuf *b, const struct r_frame *m)
{
	wbuf_u32(b, m->channel);
	wbuf_u8(b, m->kind);
	wbuf_bytes(b, m->data, m->len);
}

int r_frame_get(struct rbuf *b, struct r_frame *m)
{
	m->channel = rbuf_u32(b, 0, UINT32_MAX);
	m->kind = rbuf_u8(b, FRAME_OUTPUT, FRAME_KINDS - 1);
	m->data = rbuf_bytes(b, IPC_DATA_MAX, &m->len);
	return rbuf_end(b);
}

void r_end_put(struct wbuf *b, const struct r_end *m)
{
	wbuf_string(b, m->reason);
}

int r_end_get(struct rbuf *b, struct r_end *m)
{
	rbuf_string(b, m->reason, sizeof m->reason);
	return rbuf_end(b);
}

void r_text_put(struct wbuf *b, const struct r_text *m)
{
	wbuf_string(b, m->text);
}

int r_text_get(struct rbuf *b, struct r_text *m)
{
	rbuf_string(b, m->text, sizeof m->text);
	return rbuf_end(b);
}

void r_command_put(struct wbuf *b, const struct r_command *m)
{
	wbuf_u8(b, m->verdict);
	wbuf_u8(b, m->certainty);
	wbuf_u8(b, m->typed);
	wbuf_u32(b, m->reasons);
	wbuf_string(b, m->rule);
	wbuf_bytes(b, m->line, m->line_len);
}

int r_command_get(struct rbuf *b, struct r_command *m)
{
	m->verdict = rbuf_u8(b, 0, VERDICTS - 1);
	m->certainty = rbuf_u8(b, 0, CERTAINTIES - 1);
	m->typed = rbuf_u8(b, 0, 1);
	m->reasons = rbuf_u32(b, 0, UINT32_MAX);
	rbuf_name_or_empty(b, m->rule);
	m->line = rbuf_bytes(b, COMMAND_MAX, &m->line_len);
	return rbuf_end(b);
}
