/* Buf: bounded writing and reading of message fields.  Layer: wire.
 * Numbers are big-endian, strings and bytes carry a u32 length before them, as in RFC 4251, 5.
 * Both sides remember their first fault and go on harmlessly, so that a codec looks like its layout. */
#ifndef SALLYPORT_LIB_WIRE_BUF_H
#define SALLYPORT_LIB_WIRE_BUF_H

#include "lib/base/base.h"
#include "lib/base/text.h"
#include <stdbool.h>

struct wbuf {
	uint8_t *data; /* the caller's */
	size_t size;   /* how much of it there is */
	size_t len;    /* how much is written */
	bool fault;    /* something did not fit: what is there must not be used */
};

struct rbuf {
	const uint8_t *data; /* the caller's */
	size_t size;
	size_t at;
	bool fault; /* something was short, malformed or out of range */
};

#define WBUF_OF(array) ((struct wbuf){.data = (array), .size = sizeof(array)})

void wbuf_u8(struct wbuf *b, uint8_t v);
void wbuf_u16(struct wbuf *b, uint16_t v);
void wbuf_u32(struct wbuf *b, uint32_t v);
void wbuf_u64(struct wbuf *b, uint64_t v);
void wbuf_raw(struct wbuf *b, const void *data, size_t len);    /* no length before it */
void wbuf_bytes(struct wbuf *b, const void *data, size_t len);  /* u32 length, then the bytes */
void wbuf_string(struct wbuf *b, const char *s);                /* as bytes, without its NUL */
/* 0, or -EMSGSIZE: something did not fit. */
MUST_CHECK int wbuf_end(const struct wbuf *b);

struct rbuf rbuf_of(const void *data, size_t size);
/* A number in least..most, else a fault; after a fault `least`. */
uint8_t rbuf_u8(struct rbuf *b, uint8_t least, uint8_t most);
uint16_t rbuf_u16(struct rbuf *b, uint16_t least, uint16_t most);
uint32_t rbuf_u32(struct rbuf *b, uint32_t least, uint32_t most);
uint64_t rbuf_u64(struct rbuf *b);
int64_t rbuf_i64(struct rbuf *b); /* two's complement in a u64; write with wbuf_u64((uint64_t)v) */
void rbuf_raw(struct rbuf *b, void *out, size_t len); /* exactly `len` bytes, no length before them */
/* The bytes themselves, inside the buffer: valid as long as it is.  Empty after a fault. */
const uint8_t *rbuf_bytes(struct rbuf *b, size_t most, size_t *out_len);
/* A string without NUL inside of 0..size-1 bytes, copied and ended by NUL; "" after a fault. */
void rbuf_string(struct rbuf *b, char *out, size_t size);
/* A name (text_is_name); the _or_empty form also takes the empty string. */
void rbuf_name(struct rbuf *b, char out[NAME_SIZE]);
void rbuf_name_or_empty(struct rbuf *b, char out[NAME_SIZE]);
/* 0, or -EBADMSG: there was a fault, or bytes are left over. */
MUST_CHECK int rbuf_end(const struct rbuf *b);

#endif
