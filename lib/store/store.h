/* Store: SQLite, and the only place that knows it.  Layer: store.  WAL mode, synchronous=FULL,
 * foreign keys on. One connection, one thread.  All SQL is a string constant of the caller's with
 * its values bound. */
#ifndef SALLYPORT_LIB_STORE_STORE_H
#define SALLYPORT_LIB_STORE_STORE_H

#include "lib/base/base.h"
#include <stdbool.h>

struct store;
struct store_query;
enum {
	STORE_REFUSED = 1
}; /* a constraint or trigger of the schema forbids it; nothing was changed */

/* One step of a schema's history: number i + 1 is brought about by migrations[i]; they are never
 * edited. */
struct store_schema {
	const char *const *migrations;
	size_t n_migrations;
};
/* Opens or creates `path` (mode 0600) and brings it to the newest schema, each step in a
 * transaction. 0; -EILSEQ: it is newer than this program or no database; -errno. */
MUST_CHECK int store_open(struct store **out, const char *path, const struct store_schema *schema);
/* Opens for reading only, as it is.  0 or -errno (-ENOENT: it is not there yet). */
MUST_CHECK int store_open_reader(struct store **out, const char *path);
void store_close(struct store *store);              /* NULL is fine */
const char *store_error(const struct store *store); /* the last fault's text, for logs */

/* Transactions.  0 or -errno; store_rollback() never fails. */
MUST_CHECK int store_begin(struct store *store);
MUST_CHECK int store_commit(struct store *store);
void store_rollback(struct store *store);

/* Runs one statement that yields no rows.  `types` says what follows, a letter a parameter: i
 * int64_t, s const char * (NULL: SQL NULL), b const void * and size_t.  0, STORE_REFUSED, or
 * -errno. */
MUST_CHECK int store_run(struct store *store, const char *sql, const char *types, ...);
int64_t store_changes(const struct store *store); /* rows the last store_run() touched */
int64_t store_last_id(const struct store *store); /* of the last INSERT */

/* Asks; then store_next() yields 1 for a row, 0 for the end, -errno.  Free it always. */
MUST_CHECK int store_query(struct store *store, struct store_query **out, const char *sql,
			   const char *types, ...);
MUST_CHECK int store_next(struct store_query *query);
int64_t store_int(struct store_query *query, int column);
const char *store_text(struct store_query *query,
		       int column); /* "" for NULL; until the next store_next() */
const void *store_blob(struct store_query *query, int column, size_t *len);
void store_query_free(struct store_query *query);
static inline void store_query_freep(struct store_query **query)
{
	store_query_free(*query);
}
/* The first column of the first row, or `absent`; 0 or -errno. */
MUST_CHECK int store_one(struct store *store, int64_t *out, int64_t absent, const char *sql,
			 const char *types, ...);

#endif
