#include "lib/conf/yaml.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct yml_doc *load(const char *text, size_t len)
{
	struct yml_doc *doc = NULL;

	ck_assert_int_eq(yml_load(&doc, "f.yaml", text, len), 0);
	return doc;
}

/* Reads every kind of value there is. */
static void read_sample(const struct yml_node *root)
{
	static const char *const keys[] = {"name", "text", "port", "on",
					   "time", "list", "map",  "way"};
	static const struct yml_choice ways[] = {{"shell", 1}, {"exec", 2}, {"sftp", 4}};
	const struct yml_node *item;

	yml_only(root, keys, ARRAY_SIZE(keys));
	(void)yml_name(yml_need(root, "name"), "");
	(void)yml_string(yml_get(root, "text"), "");
	(void)yml_int(yml_get(root, "port"), 1, 65535, 22);
	(void)yml_bool(yml_get(root, "on"), false);
	(void)yml_seconds(yml_get(root, "time"), 5, 7200, 60);
	(void)yml_choose(yml_get(root, "way"), ways, ARRAY_SIZE(ways), 1);
	for (size_t i = 0; (item = yml_item(yml_get(root, "list"), i)) != NULL; i++)
		(void)yml_string(item, "");
	(void)yml_get(yml_get(root, "map"), "x");
}

static const struct {
	const char *text, *fault;
} faults[] = {
	{"name: a\n", NULL},
	{"name: a\nport: 65535\non: true\ntime: 5s\nlist: [a, 'b']\nmap: {x: 1}\nway: sftp\n",
	 NULL},
	{"list: []\nname: a\n", NULL},
	{"", "f.yaml:1:1: expected a map, found nothing"},
	{"# only a comment\n", "f.yaml:1:1: expected a map, found nothing"},
	{"- a\n", "f.yaml:1:1: expected a map, found a list"},
	{"hello\n", "f.yaml:1:1: expected a map, found \"hello\""},
	{"port: 1\n", "f.yaml:1:1: expected the key \"name\", found none"},
	{"name:\n", "f.yaml:1:6: expected one value, found nothing"},
	{"name: null\n", "f.yaml:1:7: expected one value, found nothing"},
	{"name: 'null'\n", NULL},
	{"name: a b\n",
	 "f.yaml:1:7: expected a name (1 to 63 of A-Z a-z 0-9 . _ -), found \"a b\""},
	{"name: [a]\n", "f.yaml:1:7: expected one value, found a list"},
	{"name: {a: b}\n", "f.yaml:1:7: expected one value, found a map"},
	{"name: a\nlist: b\n", "f.yaml:2:7: expected a list, found \"b\""},
	{"name: a\nlist:\n", "f.yaml:2:6: expected a list, found nothing"},
	{"name: a\nmap:\n  - b\n", "f.yaml:3:3: expected a map, found a list"},
	{"name: a\nport: 0\n", "f.yaml:2:7: expected a number from 1 to 65535, found \"0\""},
	{"name: a\nport: 65536\n",
	 "f.yaml:2:7: expected a number from 1 to 65535, found \"65536\""},
	{"name: a\nport: 1x\n", "f.yaml:2:7: expected a number from 1 to 65535, found \"1x\""},
	{"name: a\nport: +1\n", "f.yaml:2:7: expected a number from 1 to 65535, found \"+1\""},
	{"name: a\nport: ' 1'\n", "f.yaml:2:7: expected a number from 1 to 65535, found \" 1\""},
	{"name: a\nport: 99999999999999999999\n",
	 "f.yaml:2:7: expected a number from 1 to 65535, found \"99999999999999999999\""},
	{"name: a\non: yes\n", "f.yaml:2:5: expected true or false, found \"yes\""},
	{"name: a\ntime: 4s\n",
	 "f.yaml:2:7: expected a time like 90s, 30m, 2h or 1d, from 5s to 2h, found \"4s\""},
	{"name: a\ntime: soon\n",
	 "f.yaml:2:7: expected a time like 90s, 30m, 2h or 1d, from 5s to 2h, found \"soon\""},
	{"name: a\nway: walk\n", "f.yaml:2:6: expected shell, exec or sftp, found \"walk\""},
	{"name: a\nnaem: b\n", "f.yaml:2:1: expected one of the keys name, text, port, on, time, "
			       "list, map or way, found \"naem\""},
	{"name: a\nname: b\n",
	 "f.yaml:2:1: expected each key once, found \"name\" again (first in line 1)"},
	{"name: a\nmap: {x: 1, y: 2, x: 3}\n",
	 "f.yaml:2:19: expected each key once, found \"x\" again (first in line 2)"},
	{"name: &a b\n", "f.yaml:1:7: expected plain YAML, found an anchor (&)"},
	{"name: *a\n", "f.yaml:1:7: expected plain YAML, found an alias (*)"},
	{"name: !!str a\n", "f.yaml:1:7: expected plain YAML, found a tag (!)"},
	{"&a {name: b}\n", "f.yaml:1:1: expected plain YAML, found an anchor (&)"},
	{"? [a]\n: b\n", "f.yaml:1:3: expected a key, found a list"},
	{"name: a\n---\nname: b\n", "f.yaml:2:1: expected one document, found a second"},
	{"name: \"a\\0b\"\n", "f.yaml:1:7: expected text, found a NUL in it"},
	{"name: [a\n",
	 "f.yaml:2:1: expected YAML, found an error while parsing a flow sequence: did "
	 "not find expected ',' or ']'"},
	{"name: a\n\ttext: b\n", "f.yaml:2:1: expected YAML, found an error while scanning a plain "
				 "scalar: found a tab character that violates indentation"},
	{"name: a\ntext: \xff\n",
	 "f.yaml:2:7: expected YAML, found an error: invalid leading UTF-8 octet"},
	{"name: a\ntext: \x01\n",
	 "f.yaml:2:7: expected YAML, found an error: control characters are not allowed"},
	{"name: \"\\e[31m\"\n", "f.yaml:1:7: expected a name (1 to 63 of A-Z a-z 0-9 . _ -), found "
				"\"\\x1b[31m\""},
};

START_TEST(a_fault_names_line_column_and_expectation)
{
	struct yml_doc *doc = load(faults[_i].text, strlen(faults[_i].text));

	read_sample(yml_root(doc));
	if (faults[_i].fault == NULL)
		ck_assert_msg(yml_fault(doc) == NULL, "%s", yml_fault(doc));
	else
		ck_assert_pstr_eq(yml_fault(doc), faults[_i].fault);
	yml_free(doc);
}
END_TEST

START_TEST(every_cut_of_a_document_is_read_without_harm)
{
	static const char text[] = "name: a\nlist:\n  - 'x'\n  - {a: b}\nmap: {x: \"\\u00e9\"}\n";

	for (size_t len = 0; len < sizeof text; len++) {
		struct yml_doc *doc = load(text, len);

		read_sample(yml_root(doc));
		yml_free(doc);
	}
}
END_TEST

START_TEST(values_come_back_as_written)
{
	static const char text[] = "name: db-1\ntext: \"a\\nb\"\nport: -7\non: true\ntime: 45\n"
				   "list: [x, y, z]\nmap: {k: v, l: w}\n";
	struct yml_doc *doc = load(text, strlen(text));
	const struct yml_node *root = yml_root(doc), *list = yml_get(root, "list");
	const char *key;

	ck_assert_str_eq(yml_name(yml_get(root, "name"), ""), "db-1");
	ck_assert_str_eq(yml_string(yml_get(root, "text"), ""), "a\nb");
	ck_assert_int_eq(yml_int(yml_get(root, "port"), -7, 7, 0), -7);
	ck_assert(yml_bool(yml_get(root, "on"), false));
	ck_assert_uint_eq(yml_seconds(yml_get(root, "time"), 1, 86400, 1), 45 * 60);
	ck_assert_uint_eq(yml_len(list), 3);
	ck_assert_str_eq(yml_string(yml_item(list, 2), ""), "z");
	ck_assert_str_eq(yml_string(yml_item(list, 0), ""), "x");
	ck_assert_ptr_null(yml_item(list, 3));
	ck_assert_str_eq(yml_string(yml_pair(yml_get(root, "map"), 1, &key), ""), "w");
	ck_assert_str_eq(key, "l");
	ck_assert_ptr_null(yml_pair(yml_get(root, "map"), 2, &key));
	ck_assert_uint_eq(yml_line(list), 6);
	ck_assert_ptr_null(yml_fault(doc));
	yml_free(doc);
}
END_TEST

START_TEST(what_is_absent_is_no_fault_and_gives_the_default)
{
	struct yml_doc *doc = load("a: b\n", 5);
	const struct yml_node *none = yml_get(yml_root(doc), "x");

	ck_assert_ptr_null(none);
	ck_assert_str_eq(yml_string(none, "d"), "d");
	ck_assert_str_eq(yml_name(none, "d"), "d");
	ck_assert_int_eq(yml_int(none, 1, 2, 9), 9);
	ck_assert(yml_bool(none, true));
	ck_assert_uint_eq(yml_seconds(none, 1, 2, 9), 9);
	ck_assert_int_eq(yml_choose(none, NULL, 0, 9), 9);
	ck_assert_ptr_null(yml_item(none, 0));
	ck_assert_uint_eq(yml_len(none), 0);
	ck_assert_uint_eq(yml_line(none), 0);
	ck_assert_ptr_null(yml_need(none, "y"));
	yml_only(none, NULL, 0);
	yml_fault_text(none, "nothing");
	yml_fault_expected(none, "nothing");
	ck_assert_ptr_null(yml_fault(doc));
	yml_free(doc);
}
END_TEST

START_TEST(the_first_fault_stays)
{
	struct yml_doc *doc = load("a: b\nc: d\n", 10);
	const struct yml_node *root = yml_root(doc);

	yml_fault_text(yml_get(root, "c"), "first \x1b");
	yml_fault_expected(yml_get(root, "a"), "second");
	ck_assert_str_eq(yml_fault(doc), "f.yaml:2:4: first \\x1b");
	yml_free(doc);
}
END_TEST

/* `n` times `open`, then a scalar, then the ends. */
static struct yml_doc *nested(size_t n)
{
	char text[2 * (YML_DEPTH_MAX + 2) + 2];
	size_t at = 0;

	for (size_t i = 0; i < n; i++)
		text[at++] = '[';
	text[at++] = 'x';
	for (size_t i = 0; i < n; i++)
		text[at++] = ']';
	return load(text, at);
}

START_TEST(depth_has_a_bound)
{
	struct yml_doc *doc = nested(YML_DEPTH_MAX);

	ck_assert_ptr_null(yml_fault(doc));
	yml_free(doc);
	doc = nested(YML_DEPTH_MAX + 1);
	ck_assert_pstr_eq(yml_fault(doc),
			  "f.yaml:1:33: expected plain YAML, found more than 32 levels");
	ck_assert_ptr_null(yml_root(doc));
	yml_free(doc);
}
END_TEST

START_TEST(size_has_a_bound)
{
	char *text = malloc(YML_TEXT_MAX + 1);
	struct yml_doc *doc;

	ck_assert_ptr_nonnull(text);
	memset(text, ' ', YML_TEXT_MAX + 1);
	memcpy(text, "a: b\n#", 6);
	doc = load(text, YML_TEXT_MAX);
	ck_assert_ptr_null(yml_fault(doc));
	yml_free(doc);
	doc = load(text, YML_TEXT_MAX + 1);
	ck_assert_pstr_eq(yml_fault(doc),
			  "f.yaml:1:1: expected at most 4 MiB, found 4194305 bytes");
	yml_free(doc);
	free(text);
}
END_TEST

START_TEST(the_number_of_values_has_a_bound)
{
	char *text = malloc(YML_TEXT_MAX);
	struct yml_doc *doc;
	size_t at = 0;

	ck_assert_ptr_nonnull(text);
	text[at++] = '[';
	while (at + 3 < YML_TEXT_MAX) {
		text[at++] = '1';
		text[at++] = ',';
	}
	text[at++] = ']';
	doc = load(text, at);
	ck_assert_ptr_nonnull(yml_fault(doc));
	ck_assert_ptr_nonnull(strstr(yml_fault(doc), "found more than a million values"));
	yml_free(doc);
	free(text);
}
END_TEST

START_TEST(a_file_that_is_not_there_is_an_errno)
{
	struct yml_doc *doc = NULL;

	ck_assert_int_eq(yml_load_file(&doc, "/nonexistent/file.yaml"), -ENOENT);
	ck_assert_int_eq(yml_load_file(&doc, "/"), -EISDIR);
	ck_assert_ptr_null(doc);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("yaml");

	tcase_add_loop_test(t, a_fault_names_line_column_and_expectation, 0,
			    (int)ARRAY_SIZE(faults));
	tcase_add_test(t, every_cut_of_a_document_is_read_without_harm);
	tcase_add_test(t, values_come_back_as_written);
	tcase_add_test(t, what_is_absent_is_no_fault_and_gives_the_default);
	tcase_add_test(t, the_first_fault_stays);
	tcase_add_test(t, depth_has_a_bound);
	tcase_add_test(t, size_has_a_bound);
	tcase_add_test(t, the_number_of_values_has_a_bound);
	tcase_add_test(t, a_file_that_is_not_there_is_an_errno);
	tcase_set_timeout(t, 60);
	return suite_run("yaml", t);
}
