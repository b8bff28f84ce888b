/* Verify: whether a recording is what the recorder wrote, with its public key alone.  Layer: recorder/format. */
#ifndef SALLYPORT_RECORDER_FORMAT_VERIFY_H
#define SALLYPORT_RECORDER_FORMAT_VERIFY_H

#include "recorder/format/record.h"

enum verify_kind {
	VERIFY_INTACT,
	VERIFY_LIVE,      /* being written: all so far is consistent, nothing is signed yet */
	VERIFY_NO_HEADER, /* no recording, or its header is damaged */
	VERIFY_FLIP,      /* bytes were changed */
	VERIFY_FORGED,    /* contents changed and checksums made to fit: the hash chain does not */
	VERIFY_TRUNCATED, /* ends inside a chunk or the footer */
	VERIFY_NO_FOOTER, /* ends between chunks, and nobody is writing it */
	VERIFY_REORDERED, /* a chunk stands in another's place, is missing or comes twice */
	VERIFY_SWAPPED,   /* a chunk or the whole file belongs to another session */
	VERIFY_EXTRA,     /* bytes follow the footer */
	VERIFY_SIGNATURE, /* signed by another key, or not at all */
	VERIFY_KINDS,
};
const char *verify_kind_text(enum verify_kind kind); /* "intact", "bytes were changed", ... */
struct verify_finding {
	enum verify_kind kind;
	uint64_t offset; /* in the file: the first bad place, or its end */
	bool in_chunk;   /* chunk and t_us say where; else it is the header or the footer */
	uint32_t chunk;  /* counted from 0 */
	uint64_t t_us;   /* where that chunk starts, as far as can be told: else where the last good one ended */
	struct session_id id;            /* the header's; none when it cannot be read */
	enum record_state state;         /* as in reader.h */
	uint32_t n_chunks;               /* good ones */
	uint64_t n_frames;
	uint8_t root[RECORD_HASH_SIZE];  /* when VERIFY_INTACT */
};
/* Reads `path` below `dir_fd` whole.  Its file name must be the session's ("<32 hex digits>.rec").  0: *out
 * says what was found, at the first bad place; -errno: it could not be read. */
MUST_CHECK int record_verify(int dir_fd, const char *path, const struct record_key *key, struct verify_finding *out);

#endif
