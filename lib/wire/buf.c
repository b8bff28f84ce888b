#include "lib/wire/buf.h"

#include <errno.h>
#include <string.h>

static uint8_t *wbuf_room(struct wbuf *b, size_t len)
{
	uint8_t *at;

	if (b->fault || len > b->size - b->len) {
		b->fault = true;
		return NULL;
	}
	at = b->data + b->len;
	b->len += len;
	return at;
}

static void wbuf_number(struct wbuf *b, uint64_t v, size_t len)
{
	uint8_t *at = wbuf_room(b, len);

	for (size_t i = 0; at != NULL && i < len; i++)
		at[i] = (uint8_t)(v >> (8 * (len - 1 - i)));
}

void wbuf_u8(struct wbuf *b, uint8_t v)
{
	wbuf_number(b, v, 1);
}

void wbuf_u16(struct wbuf *b, uint16_t v)
{
	wbuf_number(b, v, 2);
}

void wbuf_u32(struct wbuf *b, uint32_t v)
{
	wbuf_number(b, v, 4);
}

void wbuf_u64(struct wbuf *b, uint64_t v)
{
	wbuf_number(b, v, 8);
}

void wbuf_raw(struct wbuf *b, const void *data, size_t len)
{
	uint8_t *at = wbuf_room(b, len);

	if (at != NULL && len > 0)
		memcpy(at, data, len);
}

void wbuf_bytes(struct wbuf *b, const void *data, size_t len)
{
	if (len > UINT32_MAX) {
		b->fault = true;
		return;
	}
	wbuf_u32(b, (uint32_t)len);
	wbuf_raw(b, data, len);
}

void wbuf_string(struct wbuf *b, const char *s)
{
	wbuf_bytes(b, s, strlen(s));
}

int wbuf_end(const struct wbuf *b)
{
	return b->fault ? -EMSGSIZE : 0;
}

struct rbuf rbuf_of(const void *data, size_t size)
{
	return (struct rbuf){.data = data, .size = size};
}

static const uint8_t *rbuf_take(struct rbuf *b, size_t len)
{
	const uint8_t *at;

	if (b->fault || len > b->size - b->at) {
		b->fault = true;
		return NULL;
	}
	at = b->data + b->at;
	b->at += len;
	return at;
}

static uint64_t rbuf_number(struct rbuf *b, size_t len, uint64_t least, uint64_t most)
{
	const uint8_t *at = rbuf_take(b, len);
	uint64_t v = 0;

	if (at == NULL)
		return least;
	for (size_t i = 0; i < len; i++)
		v = v << 8 | at[i];
	if (v >= least && v <= most)
		return v;
	b->fault = true;
	return least;
}

uint8_t rbuf_u8(struct rbuf *b, uint8_t least, uint8_t most)
{
	return (uint8_t)rbuf_number(b, 1, least, most);
}

uint16_t rbuf_u16(struct rbuf *b, uint16_t least, uint16_t most)
{
	return (uint16_t)rbuf_number(b, 2, least, most);
}

uint32_t rbuf_u32(struct rbuf *b, uint32_t least, uint32_t most)
{
	return (uint32_t)rbuf_number(b, 4, least, most);
}

uint64_t rbuf_u64(struct rbuf *b)
{
	return rbuf_number(b, 8, 0, UINT64_MAX);
}

int64_t rbuf_i64(struct rbuf *b)
{
	return (int64_t)rbuf_u64(b);
}

void rbuf_raw(struct rbuf *b, void *out, size_t len)
{
	const uint8_t *at = rbuf_take(b, len);

	if (at == NULL)
		memset(out, 0, len);
	else if (len > 0)
		memcpy(out, at, len);
}

const uint8_t *rbuf_bytes(struct rbuf *b, size_t most, size_t *out_len)
{
	static const uint8_t nothing[1];
	uint32_t len = rbuf_u32(b, 0, most > UINT32_MAX ? UINT32_MAX : (uint32_t)most);
	const uint8_t *at = rbuf_take(b, len);

	*out_len = at == NULL ? 0 : len;
	return at == NULL ? nothing : at;
}

void rbuf_string(struct rbuf *b, char *out, size_t size)
{
	size_t len;
	const uint8_t *at = rbuf_bytes(b, size - 1, &len);

	out[0] = '\0';
	if (len == 0)
		return;
	if (memchr(at, '\0', len) != NULL) {
		b->fault = true;
		return;
	}
	memcpy(out, at, len);
	out[len] = '\0';
}

void rbuf_name_or_empty(struct rbuf *b, char out[NAME_SIZE])
{
	rbuf_string(b, out, NAME_SIZE);
	if (out[0] != '\0' && !text_is_name(out)) {
		b->fault = true;
		out[0] = '\0';
	}
}

void rbuf_name(struct rbuf *b, char out[NAME_SIZE])
{
	rbuf_name_or_empty(b, out);
	if (out[0] == '\0')
		b->fault = true;
}

int rbuf_end(const struct rbuf *b)
{
	return b->fault || b->at != b->size ? -EBADMSG : 0;
}
