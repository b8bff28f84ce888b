#include "lib/conf/sallyport.h"
#include "tests/unit/suite.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

/* Users every system has, none of them root. */
#define USERS "users: {session: nobody, keeper: daemon, recorder: bin}\n"

static int parse(struct sallyport_conf *c, const char *text, bool as_root, char *fault)
{
	fault[0] = '\0';
	return sallyport_conf_parse(c, "s.yaml", text, strlen(text), as_root, fault);
}

START_TEST(an_empty_map_is_all_defaults)
{
	struct sallyport_conf c;
	char fault[YML_FAULT_SIZE];

	ck_assert_int_eq(parse(&c, "{}\n", false, fault), 0);
	ck_assert_uint_eq(c.n_listen, 2);
	ck_assert_str_eq(c.listen[0].text, "0.0.0.0:2222");
	ck_assert_str_eq(c.listen[1].text, "[::]:2222");
	ck_assert_str_eq(c.state_dir, "/var/lib/sallyport");
	ck_assert_str_eq(c.run_dir, "/run/sallyport");
	ck_assert_str_eq(c.libexec_dir, "");
	ck_assert_str_eq(c.pam_service, "sallyport");
	ck_assert_uint_eq(c.keeper.uid, 0);
	ck_assert_uint_eq(c.retention_days, 200);
	ck_assert_uint_eq(c.recorder_wait_s, 5);
}
END_TEST

START_TEST(every_key_is_read)
{
	static const char text[] =
		"listen: ['127.0.0.1:21600', '[::1]:21601']\nstate_dir: /s\nrun_dir: /r\n"
		"libexec_dir: /l\n" USERS "pam: {service: mine, dir: /p}\nlogin_grace: 30s\n"
		"limits: {connections: 7, per_source: 3, startups: 2}\n"
		"recorder: {wal_mib: 16, reserve_mib: 0, retention: 365d, wait: 3s}\n"
		"certificates: {sources: [10.0.0.7/32, '2001:db8::/64']}\n"
		"request_timeout: 2h\nconnect_timeout: 9s\nnotice: \"one\\ntwo\"\n";
	struct sallyport_conf c;
	char fault[YML_FAULT_SIZE];

	ck_assert_msg(parse(&c, text, true, fault) == 0, "%s", fault);
	ck_assert_uint_eq(c.n_listen, 2);
	ck_assert_int_eq(c.listen[1].address.v6.sin6_family, AF_INET6);
	ck_assert_uint_eq(ntohs(c.listen[1].address.v6.sin6_port), 21601);
	ck_assert_str_eq(c.state_dir, "/s");
	ck_assert_str_eq(c.run_dir, "/r");
	ck_assert_str_eq(c.libexec_dir, "/l");
	ck_assert_uint_eq(c.session.uid, getpwnam("nobody")->pw_uid);
	ck_assert_uint_eq(c.keeper.uid, getpwnam("daemon")->pw_uid);
	ck_assert_uint_eq(c.recorder.gid, getpwnam("bin")->pw_gid);
	ck_assert_str_eq(c.pam_service, "mine");
	ck_assert_str_eq(c.pam_dir, "/p");
	ck_assert_uint_eq(c.login_grace_s, 30);
	ck_assert_uint_eq(c.max_connections, 7);
	ck_assert_uint_eq(c.max_per_source, 3);
	ck_assert_uint_eq(c.max_startups, 2);
	ck_assert_uint_eq(c.wal_mib, 16);
	ck_assert_uint_eq(c.reserve_mib, 0);
	ck_assert_uint_eq(c.retention_days, 365);
	ck_assert_uint_eq(c.recorder_wait_s, 3);
	ck_assert_str_eq(c.sources, "10.0.0.7/32,2001:db8::/64");
	ck_assert_uint_eq(c.request_timeout_s, 7200);
	ck_assert_uint_eq(c.connect_timeout_s, 9);
	ck_assert_str_eq(c.notice, "one\ntwo");
}
END_TEST

static const struct {
	bool as_root;
	const char *text, *fault;
} faults[] = {
	{false, "port: 22\n",
	 "s.yaml:1:1: expected one of the keys listen, state_dir, run_dir, "
	 "libexec_dir, users, pam, login_grace, limits, recorder, certificates, "
	 "request_timeout, connect_timeout or notice, found \"port\""},
	{false, "listen: []\n",
	 "s.yaml:1:9: expected at least one address to listen on, found a list"},
	{false, "listen: 1.2.3.4:5\n", "s.yaml:1:9: expected a list, found \"1.2.3.4:5\""},
	{false, "listen:\n  - 1.2.3.4:5\n  - localhost:22\n",
	 "s.yaml:3:5: expected an address and port like 0.0.0.0:2222 or [::]:2222, found "
	 "\"localhost:22\""},
	{false, "state_dir: here\n",
	 "s.yaml:1:12: expected an absolute path of less than 1024 bytes, found \"here\""},
	{false,
	 "run_dir: /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	 "\n",
	 "s.yaml:1:10: expected an absolute path of less than 88 bytes, found "
	 "\"/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""},
	{false, "users: {session: nobody}\n",
	 "s.yaml:1:18: expected none, as only root can start "
	 "programs as another user, found \"nobody\""},
	{true, "users: {session: none}\n",
	 "s.yaml:1:18: expected a user that exists and is not root, found \"none\""},
	{true, "users: {session: root}\n",
	 "s.yaml:1:18: expected a user that exists and is not root, found \"root\""},
	{true, "users: {session: nobody, keeper: no-such-user, recorder: bin}\n",
	 "s.yaml:1:34: expected a user that exists and is not root, found \"no-such-user\""},
	{true, "users: {session: nobody, keeper: nobody, recorder: bin}\n",
	 "s.yaml:1:8: expected three different users, found one twice: each program must be safe "
	 "from the others"},
	{true, "users: {sessoin: nobody}\n",
	 "s.yaml:1:9: expected one of the keys session, keeper or recorder, found \"sessoin\""},
	{false, "pam: {service: ../x}\n",
	 "s.yaml:1:16: expected a name (1 to 63 of A-Z a-z 0-9 . _ -), "
	 "found \"../x\""},
	{false, "login_grace: 0s\n",
	 "s.yaml:1:14: expected a time like 90s, 30m, 2h or 1d, from 5s to "
	 "1h, found \"0s\""},
	{false, "limits: {connections: 0}\n",
	 "s.yaml:1:23: expected a number from 1 to 100000, found \"0\""},
	{false, "limits: {connections: 100001}\n",
	 "s.yaml:1:23: expected a number from 1 to 100000, found \"100001\""},
	{false, "recorder: {wal_mib: 1025}\n",
	 "s.yaml:1:21: expected a number from 1 to 1024, found \"1025\""},
	{false, "recorder: {retention: 23h}\n",
	 "s.yaml:1:23: expected a time like 90s, 30m, 2h or 1d, "
	 "from 1d to 36500d, found \"23h\""},
	{false, "certificates:\n  sources:\n    - 10.0.0.1\n",
	 "s.yaml:3:7: expected an address range like 192.0.2.7/32, found \"10.0.0.1\""},
	{false, "notice: \"\\e[2J\"\n",
	 "s.yaml:1:9: expected text of less than 512 bytes without "
	 "control characters, found \"\\x1b[2J\""},
};

START_TEST(what_is_wrong_is_named_with_its_line)
{
	struct sallyport_conf c;
	char fault[YML_FAULT_SIZE];

	ck_assert_int_eq(parse(&c, faults[_i].text, faults[_i].as_root, fault), CONF_REFUSED);
	ck_assert_str_eq(fault, faults[_i].fault);
}
END_TEST

START_TEST(users_that_are_missing_are_told_even_when_the_file_names_none)
{
	struct sallyport_conf c;
	char fault[YML_FAULT_SIZE];

	if (getpwnam("sallyport-session") != NULL)
		return;
	ck_assert_int_eq(parse(&c, "\n{}\n", true, fault), CONF_REFUSED);
	ck_assert_str_eq(fault, "s.yaml:2:1: expected the user sallyport-session to exist "
				"(users.session), found none; create it with systemd-sysusers or "
				"name another");
}
END_TEST

START_TEST(a_refused_file_leaves_the_struct_alone)
{
	struct sallyport_conf c = {.max_connections = 4711};
	char fault[YML_FAULT_SIZE];

	ck_assert_int_eq(parse(&c, "limits: {connections: 5, x: 1}\n", false, fault), CONF_REFUSED);
	ck_assert_uint_eq(c.max_connections, 4711);
	ck_assert_int_eq(sallyport_conf_read(&c, "/nonexistent", false, fault), CONF_REFUSED);
	ck_assert_str_eq(fault, "/nonexistent: cannot be read: No such file or directory");
}
END_TEST

/* The lines that are commented out in the sample, but for the users, who may not exist here. */
static size_t uncomment(char *out, size_t size, FILE *sample)
{
	char line[512];
	size_t at = 0;

	while (fgets(line, sizeof line, sample) != NULL) {
		bool key = line[0] == '#' &&
			   ((line[1] >= 'a' && line[1] <= 'z') || strncmp(line, "#  ", 3) == 0);
		bool user = strncmp(line, "#users", 6) == 0 || strstr(line, ": sallyport-") != NULL;

		if (line[0] == '#' && (!key || user))
			continue;
		ck_assert(text_format(out + at, size - at, "%s", line + (key ? 1 : 0)));
		at += strlen(out + at);
	}
	return at;
}

START_TEST(the_sample_is_good_and_shows_the_defaults)
{
	struct sallyport_conf usual, sample;
	char fault[YML_FAULT_SIZE] = "", text[8192];
	FILE *f = fopen(SAMPLE, "r");
	size_t len;

	ck_assert_ptr_nonnull(f);
	ck_assert_msg(sallyport_conf_read(&sample, SAMPLE, false, fault) == 0, "%s", fault);
	len = uncomment(text, sizeof text, f);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_ptr_nonnull(strstr(text, "\nconnect_timeout: "));
	ck_assert_msg(sallyport_conf_parse(&sample, "sample", text, len, false, fault) == 0, "%s",
		      fault);
	ck_assert_int_eq(parse(&usual, "{}", false, fault), 0);
	ck_assert_str_ne(sample.notice, "");
	ck_assert_str_ne(sample.sources, "");
	for (size_t i = 0; i < usual.n_listen; i++)
		ck_assert_str_eq(sample.listen[i].text, usual.listen[i].text);
	ck_assert_str_eq(sample.state_dir, usual.state_dir);
	ck_assert_str_eq(sample.run_dir, usual.run_dir);
	ck_assert_str_eq(sample.pam_service, usual.pam_service);
	ck_assert_mem_eq(&sample.login_grace_s, &usual.login_grace_s,
			 offsetof(struct sallyport_conf, sources) -
				 offsetof(struct sallyport_conf, login_grace_s));
	ck_assert_uint_eq(sample.request_timeout_s, usual.request_timeout_s);
	ck_assert_uint_eq(sample.connect_timeout_s, usual.connect_timeout_s);
}
END_TEST

static const struct {
	const char *text;
	int result;
} listens[] = {
	{"127.0.0.1:1", 0},
	{"0.0.0.0:65535", 0},
	{"[::]:22", 0},
	{"[2001:db8::1]:2222", 0},
	{"", -EINVAL},
	{":", -EINVAL},
	{"[", -EINVAL},
	{"[]", -EINVAL},
	{"[]:22", -EINVAL},
	{"[:22", -EINVAL},
	{"]:22", -EINVAL},
	{"[::1]", -EINVAL},
	{"[::1]:0", -EINVAL},
	{"::1:22", -EINVAL},
	{"[127.0.0.1]:22", -EINVAL},
	{"127.0.0.1", -EINVAL},
	{"127.0.0.1:", -EINVAL},
	{"127.0.0.1:0", -EINVAL},
	{"127.0.0.1:65536", -EINVAL},
	{"127.0.0.1:-1", -EINVAL},
	{"127.0.0.1: 1", -EINVAL},
	{"127.0.0.1:4294967297", -EINVAL},
	{"256.0.0.1:22", -EINVAL},
	{"[::1]:22222222222222222222222222222222222222222222222222222222222222222222", -EINVAL},
};

START_TEST(an_address_has_a_number_and_a_port)
{
	struct conf_listen l;

	ck_assert_int_eq(conf_listen_parse(&l, listens[_i].text), listens[_i].result);
}
END_TEST

START_TEST(a_range_has_a_prefix_that_fits)
{
	static const char *const good[] = {"10.0.0.0/8", "0.0.0.0/0", "1.2.3.4/32", "::/0",
					   "::1/128"};
	static const char *const bad[] = {"",
					  "/",
					  "10.0.0.0",
					  "10.0.0.0/",
					  "1.2/8",
					  "1.2.3.4/33",
					  "::1/129",
					  "1.2.3.4/8x",
					  "::1/-1",
					  "x/1",
					  "1111:2222:3333:4444:5555:6666:7777:8888:9999:0/1"};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		ck_assert_msg(conf_is_cidr(good[i]), "%s", good[i]);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(!conf_is_cidr(bad[i]), "%s", bad[i]);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("conf");

	tcase_add_test(t, an_empty_map_is_all_defaults);
	tcase_add_test(t, every_key_is_read);
	tcase_add_loop_test(t, what_is_wrong_is_named_with_its_line, 0, (int)ARRAY_SIZE(faults));
	tcase_add_test(t, users_that_are_missing_are_told_even_when_the_file_names_none);
	tcase_add_test(t, a_refused_file_leaves_the_struct_alone);
	tcase_add_test(t, the_sample_is_good_and_shows_the_defaults);
	tcase_add_loop_test(t, an_address_has_a_number_and_a_port, 0, (int)ARRAY_SIZE(listens));
	tcase_add_test(t, a_range_has_a_prefix_that_fits);
	return suite_run("conf", t);
}
