#include "lib/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct store {
	sqlite3 *db;
	char error[256];
};
struct store_query {
	struct store *store;
	sqlite3_stmt *stmt;
};

enum { BUSY_MS = 5000 };

/* What SQLite's code means to us; keeps its text. */
static int fault(struct store *store, int code)
{
	(void)snprintf(store->error, sizeof store->error, "%s", sqlite3_errmsg(store->db));
	switch (code & 0xff) {
	case SQLITE_CONSTRAINT: return STORE_REFUSED;
	case SQLITE_FULL: return -ENOSPC;
	case SQLITE_NOMEM: return -ENOMEM;
	case SQLITE_READONLY: return -EROFS;
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return -EBUSY;
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT: return -EILSEQ;
	case SQLITE_CANTOPEN: return -ENOENT;
	default: return -EIO;
	}
}

static int execute(struct store *store, const char *sql)
{
	int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : fault(store, code);
}

const char *store_error(const struct store *store)
{
	return store->error;
}

void store_close(struct store *store)
{
	if (store == NULL)
		return;
	(void)sqlite3_close(store->db);
	free(store);
}

static void store_closep(struct store **store)
{
	store_close(*store);
}

static int open_flags(struct store **out, const char *path, int flags)
{
	AUTO(store_closep) struct store *store = calloc(1, sizeof *store);
	int code, off = 0;

	if (store == NULL)
		return -ENOMEM;
	code = sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
			       NULL);
	if (code != SQLITE_OK)
		return store->db == NULL ? -ENOMEM : fault(store, code);
	(void)sqlite3_extended_result_codes(store->db, 1);
	(void)sqlite3_busy_timeout(store->db, BUSY_MS);
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, &off);
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, &off);
	*out = TAKE(store);
	return 0;
}

static int migrate(struct store *store, const struct store_schema *schema)
{
	int64_t version;
	int r = store_one(store, &version, 0, "PRAGMA user_version", "");

	if (r == 0 && (version < 0 || (uint64_t)version > schema->n_migrations))
		return -EILSEQ;
	for (; r == 0 && (uint64_t)version < schema->n_migrations; version++) {
		char set[48];

		(void)snprintf(set, sizeof set, "PRAGMA user_version = %d", (int)version + 1);
		r = store_begin(store);
		if (r == 0)
			r = execute(store, schema->migrations[version]);
		if (r == 0)
			r = execute(store, set);
		if (r == 0)
			r = store_commit(store);
		if (r != 0)
			store_rollback(store);
	}
	return r == STORE_REFUSED ? -EILSEQ : r;
}

int store_open(struct store **out, const char *path, const struct store_schema *schema)
{
	AUTO(store_closep) struct store *store = NULL;
	AUTO(closep)
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		      0600); /* SQLite would say 0644 */
	int r;

	if (fd == -1)
		return -errno;
	r = open_flags(&store, path, SQLITE_OPEN_READWRITE);
	if (r == 0)
		r = execute(
			store,
			"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
			"PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY");
	if (r == 0)
		r = migrate(store, schema);
	if (r == 0)
		*out = TAKE(store);
	return r;
}

int store_open_reader(struct store **out, const char *path)
{
	return open_flags(out, path, SQLITE_OPEN_READONLY);
}

int store_begin(struct store *store)
{
	return execute(store, "BEGIN IMMEDIATE");
}

int store_commit(struct store *store)
{
	return execute(store, "COMMIT");
}

void store_rollback(struct store *store)
{
	if (!sqlite3_get_autocommit(store->db))
		(void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

static int bind_all(sqlite3_stmt *stmt, const char *types, va_list ap)
{
	int code = SQLITE_OK;

	for (int i = 1; code == SQLITE_OK && *types != '\0'; types++, i++) {
		const void *data;
		size_t len;

		switch (*types) {
		case 'i': code = sqlite3_bind_int64(stmt, i, va_arg(ap, int64_t)); break;
		case 's':
			code = sqlite3_bind_text(stmt, i, va_arg(ap, const char *), -1,
						 SQLITE_TRANSIENT);
			break;
		case 'b':
			data = va_arg(ap, const void *);
			len = va_arg(ap, size_t);
			code = sqlite3_bind_blob64(stmt, i, len == 0 ? "" : data, len,
						   SQLITE_TRANSIENT);
			break;
		default: code = SQLITE_MISUSE;
		}
	}
	return code;
}

static int prepare(struct store *store, struct store_query **out, const char *sql,
		   const char *types, va_list ap)
{
	struct store_query *query = calloc(1, sizeof *query);
	int code;

	if (query == NULL)
		return -ENOMEM;
	query->store = store;
	code = sqlite3_prepare_v2(store->db, sql, -1, &query->stmt, NULL);
	if (code == SQLITE_OK)
		code = bind_all(query->stmt, types, ap);
	if (code != SQLITE_OK) {
		int r = fault(store, code);

		store_query_free(query);
		return r;
	}
	*out = query;
	return 0;
}

int store_query(struct store *store, struct store_query **out, const char *sql, const char *types,
		...)
{
	va_list ap;
	int r;

	*out = NULL;
	va_start(ap, types);
	r = prepare(store, out, sql, types, ap);
	va_end(ap);
	return r;
}

void store_query_free(struct store_query *query)
{
	if (query == NULL)
		return;
	(void)sqlite3_finalize(query->stmt);
	free(query);
}

int store_next(struct store_query *query)
{
	int code = sqlite3_step(query->stmt);

	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE)
		return 0;
	code = fault(query->store, code);
	return code == STORE_REFUSED ? -EPERM : code;
}

int64_t store_int(struct store_query *query, int column)
{
	return sqlite3_column_int64(query->stmt, column);
}

const char *store_text(struct store_query *query, int column)
{
	const unsigned char *text = sqlite3_column_text(query->stmt, column);

	return text == NULL ? "" : (const char *)text;
}

const void *store_blob(struct store_query *query, int column, size_t *len)
{
	const void *data = sqlite3_column_blob(query->stmt, column);

	*len = (size_t)sqlite3_column_bytes(query->stmt, column);
	return data;
}

int store_run(struct store *store, const char *sql, const char *types, ...)
{
	AUTO(store_query_freep) struct store_query *query = NULL;
	va_list ap;
	int r, code;

	va_start(ap, types);
	r = prepare(store, &query, sql, types, ap);
	va_end(ap);
	if (r != 0)
		return r;
	do
		code = sqlite3_step(query->stmt);
	while (code == SQLITE_ROW);
	return code == SQLITE_DONE ? 0 : fault(store, code);
}

int64_t store_changes(const struct store *store)
{
	return sqlite3_changes64(store->db);
}

int64_t store_last_id(const struct store *store)
{
	return sqlite3_last_insert_rowid(store->db);
}

int store_one(struct store *store, int64_t *out, int64_t absent, const char *sql, const char *types,
	      ...)
{
	AUTO(store_query_freep) struct store_query *query = NULL;
	va_list ap;
	int r;

	*out = absent;
	va_start(ap, types);
	r = prepare(store, &query, sql, types, ap);
	va_end(ap);
	if (r != 0)
		return r;
	r = store_next(query);
	if (r == 1)
		*out = store_int(query, 0);
	return r < 0 ? r : 0;
}
