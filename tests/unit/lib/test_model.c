#include "lib/model/login.h"
#include "lib/model/model.h"
#include "lib/model/verb.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *text, *identity, *account, *target; /* identity NULL: refused */
} logins[] = {
	{"alice", "alice", "", ""},
	{"alice@root@db1", "alice", "root", "db1"},
	{"alice+root+db1", "alice", "root", "db1"},
	{"alice@root+db1.corp", "alice", "root", "db1.corp"},
	{"", NULL, NULL, NULL},
	{"@", NULL, NULL, NULL},
	{"alice@", NULL, NULL, NULL},
	{"alice@root", NULL, NULL, NULL},
	{"alice@root@", NULL, NULL, NULL},
	{"alice@@db1", NULL, NULL, NULL},
	{"@root@db1", NULL, NULL, NULL},
	{"alice@root@db1@x", NULL, NULL, NULL},
	{"al ice", NULL, NULL, NULL},
	{"alice@ro/ot@db1", NULL, NULL, NULL},
	{"-oProxy", NULL, NULL, NULL},
};

START_TEST(login_names_say_who_and_where_to)
{
	struct login login;
	int r = login_parse(&login, logins[_i].text);

	if (logins[_i].identity == NULL) {
		ck_assert_int_eq(r, -EINVAL);
		ck_assert_str_eq(login.identity, "");
		ck_assert_str_eq(login.target, "");
		return;
	}
	ck_assert_int_eq(r, 0);
	ck_assert_str_eq(login.identity, logins[_i].identity);
	ck_assert_str_eq(login.account, logins[_i].account);
	ck_assert_str_eq(login.target, logins[_i].target);
}
END_TEST

START_TEST(words_read_back)
{
	bool known;

	for (enum role r = ROLE_OPERATOR; r < ROLE_OWNER; r++)
		ck_assert_int_eq((int)role_from(role_text(r)), (int)r);
	ck_assert_int_eq((int)role_from("owner"), ROLE_NONE); /* nobody is made owner by name */
	ck_assert_int_eq((int)role_from("none"), ROLE_NONE);
	for (unsigned bit = 1; bit < WAYS_ALL; bit <<= 1)
		ck_assert_uint_eq(way_from(way_text((enum way)bit)), bit);
	ck_assert_uint_eq(way_from("telnet"), 0);
	for (enum verdict v = VERDICT_ALLOW; v < VERDICTS; v++)
		ck_assert_int_eq((int)verdict_from(verdict_text(v), &known), (int)v);
	ck_assert_int_eq((int)verdict_from("maybe", &known), VERDICT_DENY);
	ck_assert(!known);
	ck_assert_str_eq(verdict_text((enum verdict)99), "deny");
	ck_assert_str_eq(certainty_text((enum certainty)99), "unverified");
}
END_TEST

START_TEST(powers_never_meet_in_one_role)
{
	static const struct {
		const char *verb;
		enum role never;
	} apart[] = {
		{"request", ROLE_APPROVER}, {"connect", ROLE_APPROVER}, {"connect", ROLE_AUDITOR},
		{"connect", ROLE_ADMIN},    {"connect", ROLE_OWNER},    {"approve", ROLE_OPERATOR},
		{"approve", ROLE_ADMIN},    {"approve", ROLE_OWNER},    {"extend", ROLE_OWNER},
		{"replay", ROLE_ADMIN},     {"search", ROLE_ADMIN},     {"show", ROLE_OPERATOR},
		{"apply", ROLE_AUDITOR},    {"apply", ROLE_APPROVER},   {"apply", ROLE_OPERATOR},
	};

	for (size_t i = 0; i < ARRAY_SIZE(apart); i++)
		ck_assert_msg(!verb_permits(verb_find(apart[i].verb), apart[i].never), "%s",
			      apart[i].verb);
	for (size_t i = 0; verb_at(i) != NULL; i++) {
		ck_assert_ptr_eq(verb_find(verb_at(i)->name), verb_at(i));
		ck_assert(!verb_permits(verb_at(i), ROLE_NONE));
		ck_assert(!verb_permits(verb_at(i), (enum role)77));
	}
	ck_assert_ptr_null(verb_find("sh"));
}
END_TEST

START_TEST(session_ids_are_hex)
{
	struct session_id id = {.raw = {0x3f, 0x9c}};
	char text[SESSION_ID_TEXT_SIZE];

	session_id_text(text, &id);
	ck_assert_str_eq(text, "3f9c0000000000000000000000000000");
	ck_assert(!session_id_is_none(&id));
	memset(&id, 0, sizeof id);
	ck_assert(session_id_is_none(&id));
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("model");

	tcase_add_loop_test(t, login_names_say_who_and_where_to, 0, (int)ARRAY_SIZE(logins));
	tcase_add_test(t, words_read_back);
	tcase_add_test(t, powers_never_meet_in_one_role);
	tcase_add_test(t, session_ids_are_hex);
	return suite_run("model", t);
}
