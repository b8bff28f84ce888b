/* Yaml: one YAML document, bounded, as a tree whose every node knows its line and column.  Layer: conf.
 * On libyaml's events; the prefix is yml_, for libyaml itself exports yaml_free() and the like.  No anchors,
 * aliases, tags or repeated keys: a configuration says a thing once, and no text grows when read.  The first
 * fault is kept and everything goes on harmlessly, so that a reader looks like its file and asks yml_fault()
 * once, at the end. */
#ifndef SALLYPORT_LIB_CONF_YAML_H
#define SALLYPORT_LIB_CONF_YAML_H

#include "lib/base/base.h"
#include "lib/base/text.h"
#include <stdbool.h>

struct yml_doc;
struct yml_node;
enum {
	YML_TEXT_MAX = 4 * 1024 * 1024,
	YML_DEPTH_MAX = 32,
	YML_NODES_MAX = 1000000,
	YML_FAULT_SIZE = 512,
};

/* Reads `len` bytes, UTF-8; `name` (copied) is what faults call the file.  0: *out is the caller's, to
 * yml_free(), also when the text is malformed (yml_fault() says so then, and yml_root() is NULL).  -ENOMEM. */
MUST_CHECK int yml_load(struct yml_doc **out, const char *name, const void *text, size_t len);
/* The same of the file `path`, which also names it.  0, -ENOMEM, or the -errno of opening or reading it. */
MUST_CHECK int yml_load_file(struct yml_doc **out, const char *path);
void yml_free(struct yml_doc *doc); /* NULL is fine; all nodes and strings go with it */

/* "FILE:LINE:COLUMN: expected a list, found \"x\"", safe to show; NULL when there was no fault. */
const char *yml_fault(const struct yml_doc *doc);
/* Records a fault at `node`, if it is the first: _expected adds ", found ..." of the node itself; the other
 * takes the whole sentence.  NULL nodes are ignored. */
void yml_fault_expected(const struct yml_node *node, const char *expected);
void yml_fault_text(const struct yml_node *node, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Nodes.  Each of these takes NULL for a thing that is absent: no fault, and `absent` (or NULL, 0) comes back, as it
 * does after a fault.  So yml_int(yml_get(map, "port"), 1, 65535, 22) is an optional number. */
const struct yml_node *yml_root(const struct yml_doc *doc);
size_t yml_line(const struct yml_node *node); /* from 1; 0 for NULL */

/* The value at `key` of a map, or NULL; _need makes its absence a fault.  No map: a fault. */
const struct yml_node *yml_get(const struct yml_node *map, const char *key);
const struct yml_node *yml_need(const struct yml_node *map, const char *key);
/* A fault unless each key of the map is one of `keys`. */
void yml_only(const struct yml_node *map, const char *const *keys, size_t n_keys);
/* The i-th pair of a map, as written; NULL behind the last.  *key lives as long as the document. */
const struct yml_node *yml_pair(const struct yml_node *map, size_t i, const char **key);
/* The i-th item of a list, NULL behind the last; no list: a fault.
 *   for (size_t i = 0; (item = yml_item(list, i)) != NULL; i++) */
const struct yml_node *yml_item(const struct yml_node *list, size_t i);
size_t yml_len(const struct yml_node *list);

/* Scalars.  Strings live as long as the document, hold no NUL and may be empty; text is UTF-8, any control byte
 * written as an escape may be in it.  Numbers are decimal; bool is true or false; seconds are text_duration()'s. */
const char *yml_string(const struct yml_node *node, const char *absent);
const char *yml_name(const struct yml_node *node, const char *absent); /* text_is_name() */
int64_t yml_int(const struct yml_node *node, int64_t least, int64_t most, int64_t absent);
bool yml_bool(const struct yml_node *node, bool absent);
uint32_t yml_seconds(const struct yml_node *node, uint32_t least, uint32_t most, uint32_t absent);
struct yml_choice {
	const char *text;
	int value;
};
/* The value beside the text in the table; another text is a fault that lists them. */
int yml_choose(const struct yml_node *node, const struct yml_choice *choices, size_t n_choices, int absent);

#endif
