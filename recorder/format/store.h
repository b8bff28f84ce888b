/* Store: which recordings there are.  Layer: recorder/format.  recordings/YYYY-MM/<32 hex digits>.rec */
#ifndef SALLYPORT_RECORDER_FORMAT_STORE_H
#define SALLYPORT_RECORDER_FORMAT_STORE_H

#include "recorder/format/record.h"

/* What lies in the recorder's state_dir. */
#define STORE_RECORDINGS "recordings"
#define STORE_EVENTS     "events"
#define STORE_KEYS       "keys"
#define STORE_INDEX      "index"
#define STORE_WAL        "wal"
#define STORE_LIVE       "live" /* an empty file "YYYY-MM-<32 hex digits>" for each recording without its footer */

struct store_entry {
	char path[RECORD_PATH_SIZE]; /* below recordings/ */
	struct session_id id;        /* by its name */
};
/* Calls `each` for every recording, months in order, the order inside a month being none.  Stops when it
 * returns other than 0 and returns that.  0, or -errno. */
MUST_CHECK int store_each(int recordings_fd, int (*each)(void *user, const struct store_entry *entry), void *user);
enum { STORE_NONE = 1, STORE_MANY = 2 };
/* The one recording whose id starts with `prefix` (1..32 hex digits).  0, STORE_NONE, STORE_MANY, -EINVAL: no hex
 * digits; or -errno. */
MUST_CHECK int store_find(int recordings_fd, const char *prefix, struct store_entry *out);
/* The recording of session `id`.  0, STORE_NONE, or -errno. */
MUST_CHECK int store_path(int recordings_fd, const struct session_id *id, char out[RECORD_PATH_SIZE]);
/* 32 hex digits as an id.  0 or -EINVAL. */
MUST_CHECK int store_id_from(struct session_id *out, const char *text, size_t len);

#endif
