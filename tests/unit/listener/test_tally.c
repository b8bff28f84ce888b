#include "bastion/listener/tally.h"
#include "tests/unit/suite.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static struct tally_source v4(const char *text)
{
	struct sockaddr_in a = {.sin_family = AF_INET};

	ck_assert_int_eq(inet_pton(AF_INET, text, &a.sin_addr), 1);
	return tally_source_of((const struct sockaddr *)&a);
}

static struct tally_source v6(const char *text)
{
	struct sockaddr_in6 a = {.sin6_family = AF_INET6};

	ck_assert_int_eq(inet_pton(AF_INET6, text, &a.sin6_addr), 1);
	return tally_source_of((const struct sockaddr *)&a);
}

static struct tally *make(uint32_t connections, uint32_t per_source, uint32_t startups)
{
	const struct tally_limits limits = {connections, per_source, startups};
	struct tally *t = NULL;

	ck_assert_int_eq(tally_new(&t, &limits), 0);
	return t;
}

START_TEST(each_limit_says_no_and_counts_nothing)
{
	struct tally_source a = v4("192.0.2.1"), b = v4("192.0.2.2"), c = v4("192.0.2.3");
	struct tally *t = make(3, 2, 2);

	ck_assert_int_eq(tally_add(t, &a), 0);
	ck_assert_int_eq(tally_add(t, &a), 0);
	ck_assert_int_eq(tally_add(t, &a), TALLY_SOURCE_FULL);
	ck_assert_int_eq(tally_add(t, &b), TALLY_STARTUPS_FULL);
	ck_assert_uint_eq(tally_startups(t), 2);
	tally_settle(t);
	ck_assert_int_eq(tally_add(t, &b), 0);
	ck_assert_int_eq(tally_add(t, &c), TALLY_FULL);
	ck_assert_uint_eq(tally_total(t), 3);
	tally_remove(t, &a, false);
	ck_assert_uint_eq(tally_total(t), 2);
	ck_assert_uint_eq(tally_startups(t), 2);
	tally_remove(t, &b, true);
	ck_assert_int_eq(tally_add(t, &c), 0);
	tally_free(t);
}
END_TEST

START_TEST(a_source_that_left_has_its_whole_share_again)
{
	struct tally_source a = v4("192.0.2.1");
	struct tally *t = make(9, 1, 9);

	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(tally_add(t, &a), 0);
		ck_assert_int_eq(tally_add(t, &a), TALLY_SOURCE_FULL);
		tally_remove(t, &a, true);
	}
	tally_remove(t, &a, true); /* one that is not counted */
	ck_assert_uint_eq(tally_total(t), 0);
	tally_free(t);
}
END_TEST

START_TEST(an_ipv6_source_is_its_64)
{
	struct tally_source a = v6("2001:db8:0:1::1"), b = v6("2001:db8:0:1:ffff::2"),
			    c = v6("2001:db8:0:2::1");
	struct tally *t = make(9, 1, 9);

	ck_assert_int_eq(tally_add(t, &a), 0);
	ck_assert_int_eq(tally_add(t, &b), TALLY_SOURCE_FULL);
	ck_assert_int_eq(tally_add(t, &c), 0);
	tally_free(t);
}
END_TEST

START_TEST(limits_can_fall_below_what_is)
{
	const struct tally_limits less = {1, 1, 1};
	struct tally_source a = v4("192.0.2.1");
	struct tally *t = make(5, 5, 5);

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(tally_add(t, &a), 0);
	tally_set_limits(t, &less);
	ck_assert_int_eq(tally_add(t, &a), TALLY_FULL);
	for (int i = 0; i < 3; i++)
		tally_remove(t, &a, true);
	ck_assert_int_eq(tally_add(t, &a), 0);
	tally_free(t);
	tally_free(NULL);
}
END_TEST

START_TEST(every_outcome_has_a_text)
{
	ck_assert_str_eq(tally_text(TALLY_SOURCE_FULL), "too many connections from your address");
	ck_assert_str_eq(tally_text(-12), "not available, try again later");
	ck_assert_str_eq(tally_text(99), "not available, try again later");
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("tally");

	tcase_add_test(t, each_limit_says_no_and_counts_nothing);
	tcase_add_test(t, a_source_that_left_has_its_whole_share_again);
	tcase_add_test(t, an_ipv6_source_is_its_64);
	tcase_add_test(t, limits_can_fall_below_what_is);
	tcase_add_test(t, every_outcome_has_a_text);
	return suite_run("tally", t);
}
