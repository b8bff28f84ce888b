/* Record: writing a recording's file.  Layer: recorder/format.  docs/record-format.md is the format.
 * A file grows by whole chunks and ends by its footer; it is locked (F_OFD_SETLK, whole file) while it is live. */
#ifndef SALLYPORT_RECORDER_FORMAT_RECORD_H
#define SALLYPORT_RECORDER_FORMAT_RECORD_H

#include "lib/ipc/evidence_msg.h"
#include "recorder/format/frame.h"
#include "recorder/format/key.h"

enum { RECORD_HASH_SIZE = 32, RECORD_SALT_SIZE = 16, RECORD_VERSION = 1 };
/* "YYYY-MM/<32 hex digits>.rec", below recordings/. */
enum { RECORD_PATH_SIZE = 8 + SESSION_ID_TEXT_SIZE + 4 };

struct record_header {
	struct e_open open;          /* what the keeper vouches for */
	int64_t started_wall_ns;     /* since the epoch */
	uint64_t started_boot_ns;    /* CLOCK_BOOTTIME of the machine it was made on */
	uint8_t salt[RECORD_SALT_SIZE]; /* random: so that a hash tells nothing about a short chunk */
};

enum record_state {
	RECORD_LIVE = 0,        /* being written now */
	RECORD_SEALED = 1,      /* ended in order, signed */
	RECORD_INTERRUPTED = 2, /* the recorder stopped under it; completed and signed at its next start */
	RECORD_CUT = 3,         /* nobody writes it and it has no footer: not yet recovered, or shortened */
};
const char *record_state_text(enum record_state state); /* "live", "sealed", ... */

struct record_counts {
	uint64_t n_frames;
	uint64_t output_bytes; /* FRAME_OUTPUT and FRAME_STDERR */
	uint64_t input_bytes;  /* FRAME_INPUT */
	uint64_t masked_keys;  /* sum of FRAME_MASKED */
	uint32_t n_channels;   /* FRAME_OPENs */
	uint32_t n_commands;   /* FRAME_COMMANDs */
	uint32_t n_denied;     /* of these, with VERDICT_DENY */
};
void record_counts_add(struct record_counts *counts, const struct record_frame *frame);

struct record_end {
	enum record_state state; /* RECORD_SEALED or RECORD_INTERRUPTED */
	uint64_t t_us;           /* since the start; at least the last frame's */
	int64_t wall_ns;
	char reason[TEXT_SIZE]; /* for people; hostile when shown */
	struct record_counts counts;
};

/* The path of a recording that started at `wall_ns` (UTC). */
void record_path(char out[RECORD_PATH_SIZE], const struct session_id *id, int64_t wall_ns);

struct record;
/* Makes the file in `recordings_fd`, its month's folder too, writes the header and locks it.  Fills
 * header->salt.  0; -EEXIST: there is such a recording; or -errno, and no file is left. */
MUST_CHECK int record_create(struct record **out, int recordings_fd, struct record_header *header);
enum { RECORD_HAS_END = 1, RECORD_NO_HEADER = 2 };
/* Opens an unfinished file to go on: everything behind the last good chunk is cut off, after it was copied to
 * PATH.torn.  0; RECORD_HAS_END: it is finished; RECORD_NO_HEADER: not even a header is there (the file
 * is removed, so record_create_as() can make it anew); -ENOENT; or -errno. */
MUST_CHECK int record_resume(struct record **out, int recordings_fd, const char *path);
/* As record_create(), with the salt and all of `header` as given. */
MUST_CHECK int record_create_as(struct record **out, int recordings_fd, const struct record_header *header);
void record_free(struct record *record); /* closes; what is not sealed stays unfinished; NULL is fine */

const struct record_header *record_header_of(const struct record *record);
uint64_t record_last_frame(const struct record *record); /* number of the last frame in a written chunk; 0: none */
uint64_t record_last_us(const struct record *record);    /* its time */
const struct record_counts *record_counts_of(const struct record *record);
/* Compresses and appends.  0 or -errno (the file is then as before): -ENOSPC can be tried again. */
MUST_CHECK int record_write_chunk(struct record *record, const struct chunk *chunk);
MUST_CHECK int record_sync(struct record *record); /* fdatasync(2); 0 or -errno */
/* Writes the footer, signs, makes it durable, unlocks.  end->counts is filled in from what was written.
 * `root`, if not NULL, gets the root hash.  0 or -errno: can be tried again. */
MUST_CHECK int record_seal(struct record *record, struct record_end *end, const struct record_key *key,
                           uint8_t root[RECORD_HASH_SIZE]);

#endif
