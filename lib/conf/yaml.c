#include "lib/conf/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum kind { KIND_SCALAR, KIND_LIST, KIND_MAP };

struct yml_node {
	struct yml_doc *doc;
	struct yml_node *next;  /* in its list or map */
	struct yml_node *first; /* of a list or map */
	struct yml_node *last;
	struct yml_node
		*cursor; /* the item yml_item() gave last, so that a loop is not quadratic */
	size_t cursor_at;
	char *key;       /* in a map */
	size_t key_line; /* where the key stands */
	size_t key_column;
	char *text; /* of a scalar */
	size_t n;   /* items */
	size_t line, column;
	enum kind kind;
	bool plain; /* a scalar without quotes */
};

struct yml_doc {
	struct yml_node **nodes; /* all, for freeing */
	size_t n_nodes, nodes_room;
	struct yml_node *root;
	bool bad;
	char fault[YML_FAULT_SIZE];
	char name[TEXT_SIZE];
};

/* What load() carries through the events. */
struct load {
	struct yml_doc *doc;
	struct yml_node *open[YML_DEPTH_MAX]; /* lists and maps not ended yet */
	size_t depth;
	char *key; /* read, its value not yet */
	size_t key_line, key_column;
	size_t n_documents;
};

static void fault_at(struct yml_doc *doc, size_t line, size_t column, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
static void fault_at(struct yml_doc *doc, size_t line, size_t column, const char *fmt, ...)
{
	char raw[YML_FAULT_SIZE];
	va_list ap;
	size_t at;

	if (doc->bad)
		return;
	doc->bad = true;
	at = text_printable(doc->fault, sizeof doc->fault / 2, doc->name, strlen(doc->name));
	(void)snprintf(doc->fault + at, sizeof doc->fault - at, ":%zu:%zu: ", line, column);
	at = strlen(doc->fault);
	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof raw, fmt, ap);
	va_end(ap);
	(void)text_printable(doc->fault + at, sizeof doc->fault - at, raw, strlen(raw));
}

static struct yml_node *node_new(struct load *load, const yaml_event_t *event, enum kind kind)
{
	struct yml_doc *doc = load->doc;
	struct yml_node *node;

	if (doc->n_nodes == doc->nodes_room) {
		size_t room = doc->nodes_room == 0 ? 64 : doc->nodes_room * 2;
		struct yml_node **nodes = reallocarray(doc->nodes, room, sizeof(void *));

		if (nodes == NULL)
			return NULL;
		doc->nodes = nodes;
		doc->nodes_room = room;
	}
	node = calloc(1, sizeof *node);
	if (node == NULL)
		return NULL;
	node->doc = doc;
	node->kind = kind;
	node->line = event->start_mark.line + 1;
	node->column = event->start_mark.column + 1;
	doc->nodes[doc->n_nodes++] = node;
	return node;
}

/* Hangs the node where it belongs. */
static void node_place(struct load *load, struct yml_node *node)
{
	struct yml_node *parent = load->depth == 0 ? NULL : load->open[load->depth - 1];

	if (parent == NULL) {
		load->doc->root = node;
		return;
	}
	if (parent->kind == KIND_MAP) {
		node->key = TAKE(load->key);
		node->key_line = load->key_line;
		node->key_column = load->key_column;
	}
	if (parent->last == NULL)
		parent->first = node;
	else
		parent->last->next = node;
	parent->last = node;
	parent->n++;
}

static int by_key(const void *a, const void *b)
{
	const struct yml_node *const *x = a, *const *y = b;
	int order = strcmp((*x)->key, (*y)->key);

	if (order != 0)
		return order;
	return (*x)->key_line != (*y)->key_line ? ((*x)->key_line < (*y)->key_line ? -1 : 1)
						: ((*x)->key_column < (*y)->key_column ? -1 : 1);
}

/* Sorted, so that a long map does not cost the square of its length. */
static int refuse_repeated_keys(struct yml_doc *doc, const struct yml_node *map)
{
	AUTO(freep) const struct yml_node **sorted = NULL;
	size_t i = 0;

	if (map->n < 2)
		return 0;
	sorted = calloc(map->n, sizeof(void *));
	if (sorted == NULL)
		return -ENOMEM;
	for (const struct yml_node *node = map->first; node != NULL; node = node->next)
		sorted[i++] = node;
	qsort(sorted, map->n, sizeof(void *), by_key);
	for (i = 1; i < map->n; i++)
		if (strcmp(sorted[i - 1]->key, sorted[i]->key) == 0) {
			fault_at(doc, sorted[i]->key_line, sorted[i]->key_column,
				 "expected each key once, found \"%s\" again (first in line %zu)",
				 sorted[i]->key, sorted[i - 1]->key_line);
			return 0;
		}
	return 0;
}

static bool wants_key(const struct load *load)
{
	return load->depth > 0 && load->open[load->depth - 1]->kind == KIND_MAP &&
	       load->key == NULL;
}

/* Things we do not take, with the words for them; false and a fault then. */
static bool event_is_plain(struct load *load, const yaml_event_t *event, const void *anchor,
			   const void *tag)
{
	const char *found = NULL;

	if (anchor != NULL)
		found = "an anchor (&)";
	else if (tag != NULL)
		found = "a tag (!)";
	else if (load->doc->n_nodes >= YML_NODES_MAX)
		found = "more than a million values";
	else if (event->type != YAML_SCALAR_EVENT && load->depth == YML_DEPTH_MAX)
		found = "more than 32 levels";
	if (found != NULL)
		fault_at(load->doc, event->start_mark.line + 1, event->start_mark.column + 1,
			 "expected plain YAML, found %s", found);
	return found == NULL;
}

static int on_scalar(struct load *load, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t line = event->start_mark.line + 1, column = event->start_mark.column + 1;
	struct yml_node *node;

	if (!event_is_plain(load, event, event->data.scalar.anchor, event->data.scalar.tag))
		return 0;
	if (strlen(text) != event->data.scalar.length) {
		fault_at(load->doc, line, column, "expected text, found a NUL in it");
		return 0;
	}
	if (wants_key(load)) {
		load->key = strdup(text);
		load->key_line = line;
		load->key_column = column;
		return load->key == NULL ? -ENOMEM : 0;
	}
	node = node_new(load, event, KIND_SCALAR);
	if (node == NULL)
		return -ENOMEM;
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	node->text = strdup(text);
	if (node->text == NULL)
		return -ENOMEM;
	node_place(load, node);
	return 0;
}

static int on_start(struct load *load, const yaml_event_t *event, enum kind kind)
{
	const void *anchor = kind == KIND_MAP ? event->data.mapping_start.anchor
					      : event->data.sequence_start.anchor;
	const void *tag =
		kind == KIND_MAP ? event->data.mapping_start.tag : event->data.sequence_start.tag;
	struct yml_node *node;

	if (!event_is_plain(load, event, anchor, tag))
		return 0;
	if (wants_key(load)) {
		fault_at(load->doc, event->start_mark.line + 1, event->start_mark.column + 1,
			 "expected a key, found %s", kind == KIND_MAP ? "a map" : "a list");
		return 0;
	}
	node = node_new(load, event, kind);
	if (node == NULL)
		return -ENOMEM;
	node_place(load, node);
	load->open[load->depth++] = node;
	return 0;
}

/* One event.  0, or -ENOMEM; a fault is in the document. */
static int on_event(struct load *load, const yaml_event_t *event)
{
	struct yml_doc *doc = load->doc;

	switch (event->type) {
	case YAML_SCALAR_EVENT: return on_scalar(load, event);
	case YAML_SEQUENCE_START_EVENT: return on_start(load, event, KIND_LIST);
	case YAML_MAPPING_START_EVENT: return on_start(load, event, KIND_MAP);
	case YAML_SEQUENCE_END_EVENT: load->depth--; return 0;
	case YAML_MAPPING_END_EVENT: return refuse_repeated_keys(doc, load->open[--load->depth]);
	case YAML_ALIAS_EVENT:
		fault_at(doc, event->start_mark.line + 1, event->start_mark.column + 1,
			 "expected plain YAML, found an alias (*)");
		return 0;
	case YAML_DOCUMENT_START_EVENT:
		if (load->n_documents++ > 0)
			fault_at(doc, event->start_mark.line + 1, event->start_mark.column + 1,
				 "expected one document, found a second");
		return 0;
	default: return 0;
	}
}

/* The parser's own complaint; one about encoding has no line, only an offset. */
static int parser_fault(struct yml_doc *doc, const yaml_parser_t *parser, const char *text,
			size_t len)
{
	const char *problem = parser->problem == NULL ? "malformed text" : parser->problem;
	size_t line = parser->problem_mark.line + 1, column = parser->problem_mark.column + 1;

	if (parser->error == YAML_MEMORY_ERROR)
		return -ENOMEM;
	if (parser->error == YAML_READER_ERROR) {
		line = column = 1;
		for (size_t i = 0; i < len && i < parser->problem_offset; i++) {
			column = text[i] == '\n' ? 1 : column + 1;
			line += text[i] == '\n' ? 1 : 0;
		}
	}
	if (parser->context != NULL)
		fault_at(doc, line, column, "expected YAML, found an error %s: %s", parser->context,
			 problem);
	else
		fault_at(doc, line, column, "expected YAML, found an error: %s", problem);
	return 0;
}

static int load_events(struct yml_doc *doc, const char *text, size_t len)
{
	struct load load = {.doc = doc};
	yaml_parser_t parser;
	bool done = false;
	int r = 0;

	if (yaml_parser_initialize(&parser) == 0)
		return -ENOMEM;
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	while (r == 0 && !done && !doc->bad) {
		yaml_event_t event;

		if (yaml_parser_parse(&parser, &event) == 0) {
			r = parser_fault(doc, &parser, text, len);
			continue;
		}
		r = on_event(&load, &event);
		done = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	free(load.key);
	yaml_parser_delete(&parser);
	if (r == 0 && !doc->bad && doc->root == NULL)
		fault_at(doc, 1, 1, "expected a map, found nothing");
	return r;
}

void yml_free(struct yml_doc *doc)
{
	if (doc == NULL)
		return;
	for (size_t i = 0; i < doc->n_nodes; i++) {
		free(doc->nodes[i]->key);
		free(doc->nodes[i]->text);
		free(doc->nodes[i]);
	}
	free(doc->nodes);
	free(doc);
}

static void yml_freep(struct yml_doc **doc)
{
	yml_free(*doc);
}

int yml_load(struct yml_doc **out, const char *name, const void *text, size_t len)
{
	AUTO(yml_freep) struct yml_doc *doc = calloc(1, sizeof *doc);
	int r = 0;

	if (doc == NULL)
		return -ENOMEM;
	(void)text_format(doc->name, sizeof doc->name, "%s", name);
	if (len > YML_TEXT_MAX)
		fault_at(doc, 1, 1, "expected at most 4 MiB, found %zu bytes", len);
	else
		r = load_events(doc, text, len);
	if (r != 0)
		return r;
	if (doc->bad)
		doc->root = NULL;
	*out = TAKE(doc);
	return 0;
}

/* One byte more than is allowed is read, so that yml_load() sees that there is too much. */
int yml_load_file(struct yml_doc **out, const char *path)
{
	AUTO(closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	AUTO(freep) char *text = NULL;
	size_t len = 0;

	if (fd == -1)
		return -errno;
	text = malloc(YML_TEXT_MAX + 1);
	if (text == NULL)
		return -ENOMEM;
	while (len < YML_TEXT_MAX + 1) {
		ssize_t n = read(fd, text + len, YML_TEXT_MAX + 1 - len);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -errno;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return yml_load(out, path, text, len);
}

const char *yml_fault(const struct yml_doc *doc)
{
	return doc->bad ? doc->fault : NULL;
}

const struct yml_node *yml_root(const struct yml_doc *doc)
{
	return doc->root;
}

size_t yml_line(const struct yml_node *node)
{
	return node == NULL ? 0 : node->line;
}

static bool is_nothing(const struct yml_node *node)
{
	return node->kind == KIND_SCALAR && node->plain &&
	       (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
		strcmp(node->text, "null") == 0);
}

void yml_fault_expected(const struct yml_node *node, const char *expected)
{
	char shown[80];

	if (node == NULL)
		return;
	if (node->kind != KIND_SCALAR)
		fault_at(node->doc, node->line, node->column, "expected %s, found %s", expected,
			 node->kind == KIND_MAP ? "a map" : "a list");
	else if (is_nothing(node))
		fault_at(node->doc, node->line, node->column, "expected %s, found nothing",
			 expected);
	else {
		(void)text_format(shown, sizeof shown, "%s", node->text);
		fault_at(node->doc, node->line, node->column, "expected %s, found \"%s\"", expected,
			 shown);
	}
}

void yml_fault_text(const struct yml_node *node, const char *fmt, ...)
{
	char text[YML_FAULT_SIZE];
	va_list ap;

	if (node == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	fault_at(node->doc, node->line, node->column, "%s", text);
}

/* Is it there and of this kind?  Of another kind is a fault. */
static bool is_kind(const struct yml_node *node, enum kind kind)
{
	static const char *const words[] = {"one value", "a list", "a map"};

	if (node == NULL)
		return false;
	if (node->kind == kind && (kind != KIND_SCALAR || !is_nothing(node)))
		return true;
	yml_fault_expected(node, words[kind]);
	return false;
}

const struct yml_node *yml_get(const struct yml_node *map, const char *key)
{
	if (!is_kind(map, KIND_MAP))
		return NULL;
	for (const struct yml_node *node = map->first; node != NULL; node = node->next)
		if (strcmp(node->key, key) == 0)
			return node;
	return NULL;
}

const struct yml_node *yml_need(const struct yml_node *map, const char *key)
{
	const struct yml_node *node = yml_get(map, key);

	if (node == NULL && map != NULL)
		fault_at(map->doc, map->line, map->column, "expected the key \"%s\", found none",
			 key);
	return node;
}

static bool among(const char *key, const char *const *keys, size_t n_keys)
{
	for (size_t i = 0; i < n_keys; i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

/* "a, b or c" */
static void join(char *out, size_t size, const char *const *words, size_t n)
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n && at < size; i++) {
		const char *before = i == 0 ? "" : i == n - 1 ? " or " : ", ";

		(void)text_format(out + at, size - at, "%s%s", before, words[i]);
		at += strlen(out + at);
	}
}

void yml_only(const struct yml_node *map, const char *const *keys, size_t n_keys)
{
	char list[YML_FAULT_SIZE / 2];

	if (!is_kind(map, KIND_MAP))
		return;
	for (const struct yml_node *node = map->first; node != NULL; node = node->next) {
		if (among(node->key, keys, n_keys))
			continue;
		join(list, sizeof list, keys, n_keys);
		fault_at(map->doc, node->key_line, node->key_column,
			 "expected one of the keys %s, found \"%.60s\"", list, node->key);
		return;
	}
}

/* Lists and maps alike.  The cursor makes a walk from 0 up cost one step an item. */
static const struct yml_node *child(const struct yml_node *node, size_t i)
{
	struct yml_node *parent = (struct yml_node *)(uintptr_t)node;

	if (i >= parent->n)
		return NULL;
	if (parent->cursor == NULL || i < parent->cursor_at) {
		parent->cursor = parent->first;
		parent->cursor_at = 0;
	}
	for (; parent->cursor_at < i; parent->cursor_at++)
		parent->cursor = parent->cursor->next;
	return parent->cursor;
}

const struct yml_node *yml_pair(const struct yml_node *map, size_t i, const char **key)
{
	const struct yml_node *node = is_kind(map, KIND_MAP) ? child(map, i) : NULL;

	*key = node == NULL ? NULL : node->key;
	return node;
}

const struct yml_node *yml_item(const struct yml_node *list, size_t i)
{
	return is_kind(list, KIND_LIST) ? child(list, i) : NULL;
}

size_t yml_len(const struct yml_node *list)
{
	return is_kind(list, KIND_LIST) ? list->n : 0;
}

const char *yml_string(const struct yml_node *node, const char *absent)
{
	return is_kind(node, KIND_SCALAR) ? node->text : absent;
}

const char *yml_name(const struct yml_node *node, const char *absent)
{
	if (!is_kind(node, KIND_SCALAR))
		return absent;
	if (text_is_name(node->text))
		return node->text;
	yml_fault_expected(node, "a name (1 to 63 of A-Z a-z 0-9 . _ -)");
	return absent;
}

int64_t yml_int(const struct yml_node *node, int64_t least, int64_t most, int64_t absent)
{
	char expected[80], *end = NULL;
	long long v = 0;

	if (!is_kind(node, KIND_SCALAR))
		return absent;
	errno = 0;
	if (node->text[0] == '-' || (node->text[0] >= '0' && node->text[0] <= '9'))
		v = strtoll(node->text, &end, 10);
	if (end != NULL && end != node->text && *end == '\0' && errno == 0 && v >= least &&
	    v <= most)
		return v;
	(void)text_format(expected, sizeof expected, "a number from %lld to %lld", (long long)least,
			  (long long)most);
	yml_fault_expected(node, expected);
	return absent;
}

bool yml_bool(const struct yml_node *node, bool absent)
{
	static const struct yml_choice choices[] = {{"true", 1}, {"false", 0}};

	return yml_choose(node, choices, ARRAY_SIZE(choices), absent ? 1 : 0) != 0;
}

static void seconds_text(char out[32], uint32_t s)
{
	if (s % 86400 == 0 && s > 0)
		(void)text_format(out, 32, "%ud", s / 86400);
	else if (s % 3600 == 0 && s > 0)
		(void)text_format(out, 32, "%uh", s / 3600);
	else if (s % 60 == 0 && s > 0)
		(void)text_format(out, 32, "%um", s / 60);
	else
		(void)text_format(out, 32, "%us", s);
}

uint32_t yml_seconds(const struct yml_node *node, uint32_t least, uint32_t most, uint32_t absent)
{
	char expected[128], from[32], to[32];
	uint32_t s;

	if (!is_kind(node, KIND_SCALAR))
		return absent;
	if (text_duration(node->text, &s) == 0 && s >= least && s <= most)
		return s;
	seconds_text(from, least);
	seconds_text(to, most);
	(void)text_format(expected, sizeof expected,
			  "a time like 90s, 30m, 2h or 1d, from %s to %s", from, to);
	yml_fault_expected(node, expected);
	return absent;
}

int yml_choose(const struct yml_node *node, const struct yml_choice *choices, size_t n_choices,
	       int absent)
{
	const char *words[32];
	char expected[YML_FAULT_SIZE / 2];
	size_t n = n_choices < ARRAY_SIZE(words) ? n_choices : ARRAY_SIZE(words);

	if (!is_kind(node, KIND_SCALAR))
		return absent;
	for (size_t i = 0; i < n_choices; i++)
		if (strcmp(node->text, choices[i].text) == 0)
			return choices[i].value;
	for (size_t i = 0; i < n; i++)
		words[i] = choices[i].text;
	join(expected, sizeof expected, words, n);
	yml_fault_expected(node, expected);
	return absent;
}
