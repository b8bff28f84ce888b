#include "lib/base/clock.h"
#include "lib/base/secret.h"
#include "lib/base/text.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <string.h>

START_TEST(names_are_names)
{
	static const char *const good[] = {"a", "root", "db-1.corp", "_x", "A9"};
	static const char *const bad[] = {"", "-x", ".x", "a b", "a@b", "a/b", "\xc3\xa9", "a\n"};
	char longest[NAME_SIZE + 1];

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		ck_assert_msg(text_is_name(good[i]), "%s", good[i]);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(!text_is_name(bad[i]), "%s", bad[i]);
	memset(longest, 'a', sizeof longest);
	longest[NAME_SIZE - 1] = '\0';
	ck_assert(text_is_name(longest));
	longest[NAME_SIZE - 1] = 'a';
	longest[NAME_SIZE] = '\0';
	ck_assert(!text_is_name(longest));
}
END_TEST

START_TEST(a_name_with_a_nul_is_not_copied)
{
	char out[NAME_SIZE];

	ck_assert_int_eq(text_copy_name(out, "ab\0c", 4), -EINVAL);
	ck_assert_str_eq(out, "");
	ck_assert_int_eq(text_copy_name(out, "abc", 2), 0);
	ck_assert_str_eq(out, "ab");
}
END_TEST

static const struct {
	const char *in;
	size_t len;
	const char *out;
} shown[] = {
	{"plain", 5, "plain"},
	{"a\x1b[31mb", 7, "a\\x1b[31mb"},
	{"a\nb\tc\r", 6, "a\\nb\\tc\\x0d"},
	{"\xc3\xa9\xe4\xb8\xad", 5, "\xc3\xa9\xe4\xb8\xad"},
	{"\xff\xc3", 2, "\\xff\\xc3"},
	{"\xc2\x9b", 2, "\\u{9b}"},
	{"\xe2\x80\xae", 3, "\\u{202e}"},
	{"\xe2\x81\xa6", 3, "\\u{2066}"},
	{"\xed\xa0\x80", 3, "\\xed\\xa0\\x80"},
	{"\0", 1, "\\x00"},
	{"\x7f", 1, "\\x7f"},
	{"\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80"},
};

START_TEST(nothing_shown_can_act_on_a_terminal)
{
	char out[64];
	size_t n = text_printable(out, sizeof out, shown[_i].in, shown[_i].len);

	ck_assert_str_eq(out, shown[_i].out);
	ck_assert_uint_eq(n, strlen(shown[_i].out));
}
END_TEST

START_TEST(what_is_shown_is_cut_between_characters)
{
	char out[5];

	ck_assert_uint_eq(text_printable(out, sizeof out, "abc\xc3\xa9", 5), 3);
	ck_assert_str_eq(out, "abc");
	ck_assert_uint_eq(text_printable(out, sizeof out, "ab\x1b", 3), 2);
	ck_assert_uint_eq(text_printable(out, 1, "ab", 2), 0);
	ck_assert_uint_eq(text_printable(out, 0, "ab", 2), 0);
}
END_TEST

static const struct {
	const char *text;
	uint32_t seconds; /* 0: refused */
} durations[] = {
	{"30m", 1800},
	{"2h", 7200},
	{"90s", 90},
	{"45", 2700},
	{"1d", 86400},
	{"", 0},
	{"0m", 0},
	{"m", 0},
	{"5x", 0},
	{"5mm", 0},
	{"-5m", 0},
	{"99999999999", 0},
	{"4294967295s", UINT32_MAX},
	{"4294967296s", 0},
	{"5 m", 0},
};

START_TEST(durations_have_a_unit_or_are_minutes)
{
	uint32_t s = 7;
	int r = text_duration(durations[_i].text, &s);

	ck_assert_int_eq(r, durations[_i].seconds == 0 ? -EINVAL : 0);
	ck_assert_uint_eq(s, durations[_i].seconds == 0 ? 7 : durations[_i].seconds);
}
END_TEST

START_TEST(secrets_compare_and_vanish)
{
	uint8_t a[32], b[32], zero[32] = {0};

	ck_assert_int_eq(secret_random(a, sizeof a), 0);
	memcpy(b, a, sizeof b);
	ck_assert(secret_equal(a, b, sizeof a));
	b[31] ^= 1;
	ck_assert(!secret_equal(a, b, sizeof a));
	secret_wipe(a, sizeof a);
	ck_assert_mem_eq(a, zero, sizeof a);
}
END_TEST

START_TEST(times_are_utc)
{
	char out[CLOCK_TEXT_SIZE];
	uint64_t before = clock_boot_ns();

	clock_text(out, 0);
	ck_assert_str_eq(out, "1970-01-01T00:00:00Z");
	clock_text(out, 1795512600);
	ck_assert_str_eq(out, "2026-11-24T09:30:00Z");
	clock_text(out, INT64_MAX);
	ck_assert_str_eq(out, "9223372036854775807");
	ck_assert(clock_boot_ns() >= before);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("text");

	tcase_add_test(t, names_are_names);
	tcase_add_test(t, a_name_with_a_nul_is_not_copied);
	tcase_add_loop_test(t, nothing_shown_can_act_on_a_terminal, 0, (int)ARRAY_SIZE(shown));
	tcase_add_test(t, what_is_shown_is_cut_between_characters);
	tcase_add_loop_test(t, durations_have_a_unit_or_are_minutes, 0, (int)ARRAY_SIZE(durations));
	tcase_add_test(t, secrets_compare_and_vanish);
	tcase_add_test(t, times_are_utc);
	return suite_run("text", t);
}
