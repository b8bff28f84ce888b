/* Frame: one recorded batch of bytes, and the chunk a run of them is kept in.  Layer: recorder/format.
 * No I/O and no clock.  The bytes of a chunk: docs/record-format.md, 3. */
#ifndef SALLYPORT_RECORDER_FORMAT_FRAME_H
#define SALLYPORT_RECORDER_FORMAT_FRAME_H

#include "lib/ipc/recorder_msg.h"

struct record_frame {
	uint64_t number;  /* from 1, consecutive in a recording */
	uint64_t t_us;    /* since the recording's start, by CLOCK_BOOTTIME; never falls */
	uint32_t channel; /* the session's number; 0: the session as a whole */
	uint8_t kind;     /* enum frame_kind (lib/ipc/recorder_msg.h, which says what the data holds) */
	const uint8_t *data;
	size_t len; /* 0..IPC_DATA_MAX */
};

enum {
	CHUNK_CUT_BYTES = 128 * 1024,  /* a chunk that holds so much is sealed */
	CHUNK_CUT_FRAMES = 16384,      /* or so many frames */
	CHUNK_CUT_US = 2000000,        /* or whose first frame is so old */
	CHUNK_RAW_MAX = 1024 * 1024,   /* no chunk is larger before compression */
};

/* A chunk that is filled. */
struct chunk;
/* 0: *out is the caller's, to chunk_free().  -ENOMEM. */
MUST_CHECK int chunk_new(struct chunk **out);
void chunk_free(struct chunk *chunk); /* NULL is fine */
/* Copies the frame; its number must follow the last one's.  0, -ENOMEM, or -EINVAL: the number does not
 * follow, its kind or length is out of range, or the chunk is full. */
MUST_CHECK int chunk_add(struct chunk *chunk, const struct record_frame *frame);
/* True when it should be sealed: CHUNK_CUT_BYTES or CHUNK_CUT_FRAMES are reached. */
bool chunk_is_full(const struct chunk *chunk);

/* What a chunk says of itself. */
struct chunk_facts {
	uint32_t n_frames;
	uint64_t first_frame; /* its first frame's number */
	uint64_t t0_us, t1_us; /* of the first and last frame */
	uint32_t columns_len; /* bytes of column 1 */
	uint32_t raw_len;     /* bytes of both columns, 0..CHUNK_RAW_MAX */
};
struct chunk_facts chunk_facts(const struct chunk *chunk);
/* Both columns, one behind the other, as they are hashed and compressed; `raw_len` bytes into `out`. */
void chunk_columns(const struct chunk *chunk, uint8_t *out);

/* Walks the frames of a chunk's columns. */
struct chunk_walk {
	const uint8_t *columns, *bytes;
	size_t columns_len, bytes_len;
	size_t columns_at, bytes_at;
	uint64_t t_us, number;
	uint32_t left;
};
/* `raw` is `facts->raw_len` bytes that live as long as the walk. */
struct chunk_walk chunk_walk_of(const struct chunk_facts *facts, const uint8_t *raw);
enum { CHUNK_WALK_END = 1 };
/* 0: *out is the next frame, whose data lies in `raw`.  CHUNK_WALK_END: there is none, and nothing is left
 * over.  -EBADMSG: malformed, or not what the facts say. */
MUST_CHECK int chunk_walk_next(struct chunk_walk *walk, struct record_frame *out);

#endif
