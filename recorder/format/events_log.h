/* Events log: every audit event, one behind the other, each hashed with the one before.  Layer: recorder/format.
 * One file, events/log; beside it events/head, the signed count and hash of it.  docs/record-format.md, 6. */
#ifndef SALLYPORT_RECORDER_FORMAT_EVENTS_LOG_H
#define SALLYPORT_RECORDER_FORMAT_EVENTS_LOG_H

#include "lib/ipc/evidence_msg.h"
#include "recorder/format/key.h"
#include "recorder/format/record.h"

/* Kinds of the recorder's own events; in those about a recording `session` names it, `object` is
 * account@target, `subject` the identity.  id is 0 in all of them. */
#define EVENT_RECORDER_STARTED "recorder-started"
#define EVENT_RECORDER_STOPPED "recorder-stopped"
#define EVENT_RECORDING_OPENED "recording-opened"
#define EVENT_RECORDING_REFUSED "recording-refused"
#define EVENT_RECORDING_SEALED "recording-sealed"           /* detail: "root <64 hex digits>; <reason>" */
#define EVENT_RECORDING_INTERRUPTED "recording-interrupted" /* detail: the same */
#define EVENT_COMMAND "command" /* a line or exec request with a verdict other than allow; refused or ok */
#define EVENT_VIEW "view"       /* an auditor looked */

/* --- reading --- */
struct events_reader;
struct event_place {
	uint64_t offset; /* in the file, of this event */
	uint64_t next;   /* where the next one starts */
	uint64_t number; /* from 1 */
	uint8_t hash[RECORD_HASH_SIZE];
};
enum { EVENTS_START = 0, EVENTS_END = 1 };
/* Opens the log in events folder `events_fd`.  0, -ENOENT: there is none yet; or -errno. */
MUST_CHECK int events_reader_open(struct events_reader **out, int events_fd);
void events_reader_free(struct events_reader *reader); /* NULL is fine */
/* Goes to `offset`: EVENTS_START, or a place's `next`. */
void events_reader_seek(struct events_reader *reader, uint64_t offset);
/* 0: *out is the next event.  EVENTS_END: there is none yet; calling again later may find one.  -EBADMSG:
 * damaged here; or -errno.  `place` may be NULL. */
MUST_CHECK int events_reader_next(struct events_reader *reader, struct e_event *out, struct event_place *place);

enum events_finding_kind {
	EVENTS_INTACT,
	EVENTS_FLIP,      /* bytes were changed */
	EVENTS_FORGED,    /* the hash chain does not fit */
	EVENTS_TRUNCATED, /* events that were there are missing at the end */
	EVENTS_NO_HEAD,   /* events/head is missing or damaged */
	EVENTS_SIGNATURE, /* the head is signed by another key */
	EVENTS_FINDING_KINDS,
};
const char *events_finding_text(enum events_finding_kind kind);
struct events_finding {
	enum events_finding_kind kind;
	uint64_t offset;   /* in the log: the first bad place */
	uint64_t number;   /* of the event there; 0: none */
	int64_t wall_ns;   /* when the last good event before it happened */
	uint64_t n_events; /* good ones */
};
/* Reads all of it.  0: *out says what was found; -errno: it could not be read. */
MUST_CHECK int events_verify(int events_fd, const struct record_key *key, struct events_finding *out);

/* --- writing: the recorder alone --- */
struct events_log;
/* Opens, or makes, the log; a torn last event (it was never stored) is cut off.  0; -EBADMSG: damaged; -errno. */
MUST_CHECK int events_log_open(struct events_log **out, int events_fd);
void events_log_free(struct events_log *log); /* NULL is fine */
enum { EVENTS_REPEATED = 1 };
/* Appends one event by a single write(2).  0; EVENTS_REPEATED: this very event of the keeper (id not 0) was
 * stored before, nothing is written; or -errno: nothing was appended. */
MUST_CHECK int events_log_append(struct events_log *log, const struct e_event *event);
struct events_head { /* what events_log_sync() makes durable and signs */
	uint64_t number;
	uint8_t hash[RECORD_HASH_SIZE];
};
struct events_head events_log_head(const struct events_log *log);
/* fdatasync(2), then the signed head.  May run in another thread beside events_log_append().  0 or -errno. */
MUST_CHECK int events_log_sync(const struct events_log *log, const struct events_head *head, const struct record_key *key);

#endif
