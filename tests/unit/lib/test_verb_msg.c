#include "lib/ipc/verb_msg.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *text;
	int r;
	const char *args[5];
} splits[] = {
	{"whoami", 0, {"whoami"}},
	{"  request  root@db1\t--for 5m ", 0, {"request", "root@db1", "--for", "5m"}},
	{"request --reason \"INC-42: replica lag\"",
	 0,
	 {"request", "--reason", "INC-42: replica lag"}},
	{"search 'DROP \"TABLE\"' x", 0, {"search", "DROP \"TABLE\"", "x"}},
	{"a b\\ c \"d\\\"e\" ''", 0, {"a", "b c", "d\"e", ""}},
	{"a$(b) `c` ; d", 0, {"a$(b)", "`c`", ";", "d"}},
	{"a\"b\"'c'd", 0, {"abcd"}},
	{"", -EINVAL, {NULL}},
	{"   ", -EINVAL, {NULL}},
	{"a 'b", -EINVAL, {NULL}},
	{"a \"b", -EINVAL, {NULL}},
	{"a \"b\\", -EINVAL, {NULL}},
};

START_TEST(command_strings_split_like_a_shell_without_expanding)
{
	struct verb_run run;

	ck_assert_int_eq(verb_run_split(&run, splits[_i].text, strlen(splits[_i].text)),
			 splits[_i].r);
	if (splits[_i].r != 0)
		return;
	for (uint32_t i = 0; i < run.n_args; i++)
		ck_assert_str_eq(run.args[i], splits[_i].args[i]);
	ck_assert_ptr_null(splits[_i].args[run.n_args]);
}
END_TEST

START_TEST(a_nul_or_too_much_is_refused)
{
	static char big[VERB_ARGS_BYTES + 1], many[2 * VERB_ARGS_MAX + 2];
	struct verb_run run;

	ck_assert_int_eq(verb_run_split(&run, "a\0b", 3), -EINVAL);
	memset(big, 'x', sizeof big);
	ck_assert_int_eq(verb_run_split(&run, big, sizeof big), -E2BIG);
	ck_assert_int_eq(verb_run_split(&run, big, sizeof big - 1),
			 -E2BIG); /* its NUL has no room */
	ck_assert_int_eq(verb_run_split(&run, big, sizeof big - 2), 0);
	for (size_t i = 0; i < sizeof many; i++)
		many[i] = i % 2 == 0 ? 'a' : ' ';
	ck_assert_int_eq(verb_run_split(&run, many, 2 * VERB_ARGS_MAX), 0);
	ck_assert_uint_eq(run.n_args, VERB_ARGS_MAX);
	ck_assert_int_eq(verb_run_split(&run, many, 2 * VERB_ARGS_MAX + 1), -E2BIG);
}
END_TEST

START_TEST(a_run_goes_over_and_each_shorter_one_is_refused)
{
	static const char *const args[] = {"request", "root@db1", "", "--reason", "x y"};
	static uint8_t data[IPC_BODY_MAX];
	struct verb_run run = {.terminal = true, .columns = 80, .rows = 24}, got;
	struct wbuf w = WBUF_OF(data);
	struct rbuf r;

	ck_assert_int_eq(verb_run_set_args(&run, args, ARRAY_SIZE(args)), 0);
	verb_run_put(&w, &run);
	r = rbuf_of(data, w.len);
	ck_assert_int_eq(verb_run_get(&r, &got), 0);
	ck_assert_uint_eq(got.n_args, ARRAY_SIZE(args));
	for (size_t i = 0; i < ARRAY_SIZE(args); i++)
		ck_assert_str_eq(got.args[i], args[i]);
	ck_assert(got.terminal && got.columns == 80 && got.rows == 24);
	for (size_t n = 0; n < w.len; n++) {
		r = rbuf_of(data, n);
		ck_assert_int_eq(verb_run_get(&r, &got), -EBADMSG);
	}
	r = rbuf_of(data, w.len + 1);
	ck_assert_int_eq(verb_run_get(&r, &got), -EBADMSG);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("verb_msg");

	tcase_add_loop_test(t, command_strings_split_like_a_shell_without_expanding, 0,
			    (int)ARRAY_SIZE(splits));
	tcase_add_test(t, a_nul_or_too_much_is_refused);
	tcase_add_test(t, a_run_goes_over_and_each_shorter_one_is_refused);
	return suite_run("verb_msg", t);
}
