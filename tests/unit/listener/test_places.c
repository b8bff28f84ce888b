#include "bastion/listener/door.h"
#include "bastion/listener/hostkey.h"
#include "bastion/listener/places.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static char dir[64];
static char fault[PLACES_FAULT_SIZE];

static void set_up(void)
{
	(void)text_format(dir, sizeof dir, "/tmp/test-places-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void tear_down(void)
{
	char command[128];

	(void)text_format(command, sizeof command, "rm -rf '%s'", dir);
	ck_assert_int_eq(system(command), 0);
}

static const char *in_dir(const char *name)
{
	static char path[256];

	ck_assert(text_format(path, sizeof path, "%s/%s", dir, name));
	return path;
}

static void put(const char *name, mode_t mode, const char *text)
{
	AUTO(closep) int fd = open(in_dir(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(fchmod(fd, mode), 0);
}

START_TEST(a_directory_is_made_with_what_is_above_it)
{
	const struct conf_user self = {0};
	struct stat st;

	ck_assert_msg(place_directory(in_dir("a/b/c"), &self, 0700, fault) == 0, "%s", fault);
	ck_assert_int_eq(stat(in_dir("a/b/c"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0700);
	ck_assert_int_eq(chmod(in_dir("a/b/c"), 0777), 0);
	ck_assert_int_eq(place_directory(in_dir("a/b/c"), &self, 0700, fault), 0);
	ck_assert_int_eq(stat(in_dir("a/b/c"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0700);
}
END_TEST

START_TEST(a_directory_of_somebody_else_is_refused)
{
	const struct conf_user self = {0}, daemon = {.uid = 1, .gid = 1},
			       bin = {.uid = 2, .gid = 2};
	struct stat st;

	if (geteuid() != 0)
		return;
	ck_assert_int_eq(place_directory(in_dir("d"), &daemon, 0700, fault), 0);
	ck_assert_int_eq(stat(in_dir("d"), &st), 0);
	ck_assert_uint_eq(st.st_uid, 1);
	ck_assert_int_eq(place_directory(in_dir("d"), &bin, 0700, fault), -EPERM);
	ck_assert_ptr_nonnull(strstr(fault, "belongs to uid 1, expected uid 2"));
	ck_assert_int_eq(place_directory(in_dir("d"), &self, 0700, fault), -EPERM);
}
END_TEST

START_TEST(a_link_or_a_file_is_no_directory)
{
	const struct conf_user self = {0};

	put("file", 0600, "x");
	ck_assert_int_eq(place_directory(in_dir("file"), &self, 0700, fault), -ENOTDIR);
	ck_assert_int_eq(symlink("/tmp", in_dir("link")), 0);
	ck_assert_int_lt(place_directory(in_dir("link"), &self, 0700, fault), 0);
}
END_TEST

START_TEST(the_lock_is_held_once)
{
	AUTO(closep) int first = -1;
	int second = -1;

	ck_assert_int_eq(places_lock(&first, dir, fault), 0);
	ck_assert_int_eq(places_lock(&second, dir, fault), -EBUSY);
	ck_assert_ptr_nonnull(strstr(fault, "another sallyportd is running"));
}
END_TEST

START_TEST(a_host_key_is_made_once_and_kept)
{
	struct host_keys one, two;

	ck_assert_int_eq(mkdir(in_dir("hostkeys"), 0700), 0);
	ck_assert_msg(host_keys_read(&one, dir, fault) == 0, "%s", fault);
	ck_assert_int_eq(host_keys_read(&two, dir, fault), 0);
	ck_assert_uint_eq(one.n, 1);
	ck_assert_uint_eq(two.n, 1);
	ck_assert_uint_eq(one.keys[0].len, two.keys[0].len);
	ck_assert_mem_eq(one.keys[0].text, two.keys[0].text, one.keys[0].len);
	host_keys_done(&one);
	host_keys_done(&two);
}
END_TEST

START_TEST(a_host_key_others_can_read_is_refused)
{
	struct host_keys keys;

	ck_assert_int_eq(mkdir(in_dir("hostkeys"), 0700), 0);
	put("hostkeys/ed25519", 0640, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
	ck_assert_int_eq(host_keys_read(&keys, dir, fault), -EPERM);
	ck_assert_ptr_nonnull(strstr(fault, "mode 0600"));
	put("hostkeys/ed25519", 0600, "hello, this is no key at all\n");
	ck_assert_int_eq(host_keys_read(&keys, dir, fault), -EINVAL);
	put("hostkeys/ed25519", 0600, "");
	ck_assert_int_eq(host_keys_read(&keys, dir, fault), -EINVAL);
	ck_assert_uint_eq(keys.n, 0);
}
END_TEST

START_TEST(other_host_keys_are_taken_too)
{
	struct host_keys keys;

	ck_assert_int_eq(mkdir(in_dir("hostkeys"), 0700), 0);
	put("hostkeys/rsa", 0600, "-----BEGIN OPENSSH PRIVATE KEY-----\nand so on\n");
	ck_assert_int_eq(host_keys_read(&keys, dir, fault), 0);
	ck_assert_uint_eq(keys.n, 2);
	host_keys_done(&keys);
}
END_TEST

/* The judge of the format is ssh-keygen. */
START_TEST(openssh_reads_the_key_and_finds_its_public_half)
{
	char secret[HOSTKEY_TEXT_SIZE], line[HOSTKEY_TEXT_SIZE], found[HOSTKEY_TEXT_SIZE] = "";
	char command[512];
	FILE *f;

	ck_assert_int_eq(hostkey_make(secret, line, "sallyport"), 0);
	if (access("/usr/bin/ssh-keygen", X_OK) != 0)
		return;
	put("key", 0600, secret);
	(void)text_format(command, sizeof command, "/usr/bin/ssh-keygen -y -f %s </dev/null",
			  in_dir("key"));
	f = popen(command, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(fgets(found, sizeof found, f));
	ck_assert_int_eq(pclose(f), 0);
	ck_assert_str_eq(found, line);
}
END_TEST

START_TEST(a_program_is_found_or_told_missing)
{
	char path[CONF_PATH_SIZE];

	put("tool", 0755, "#!/bin/sh\n");
	ck_assert_int_eq(place_program(path, dir, "x", "tool", fault), 0);
	ck_assert_str_eq(path, in_dir("tool"));
	ck_assert_int_eq(place_program(path, dir, "x", "other", fault), -ENOENT);
	ck_assert_ptr_nonnull(strstr(fault, "other is not in"));
	ck_assert_int_eq(place_program(path, "", "no/such", "no-such-program", fault), -ENOENT);
	ck_assert_ptr_nonnull(strstr(fault, "no-such-program is neither in"));
	ck_assert_int_eq(place_program(path, "", "x", "test_places", fault), 0);
}
END_TEST

START_TEST(own_addresses_are_ranges_of_one)
{
	char all[TEXT_SIZE], few[16], *at = all, *range;

	ck_assert(door_own_addresses(all, sizeof all));
	ck_assert_ptr_nonnull(strstr(all, "127.0.0.1/32"));
	while ((range = strsep(&at, ",")) != NULL)
		ck_assert_msg(conf_is_cidr(range), "%s", range);
	if (!door_own_addresses(few, sizeof few) && few[0] != '\0')
		ck_assert_msg(conf_is_cidr(few), "%s", few); /* cut between two, not in one */
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("places");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, a_directory_is_made_with_what_is_above_it);
	tcase_add_test(t, a_directory_of_somebody_else_is_refused);
	tcase_add_test(t, a_link_or_a_file_is_no_directory);
	tcase_add_test(t, the_lock_is_held_once);
	tcase_add_test(t, a_host_key_is_made_once_and_kept);
	tcase_add_test(t, a_host_key_others_can_read_is_refused);
	tcase_add_test(t, other_host_keys_are_taken_too);
	tcase_add_test(t, openssh_reads_the_key_and_finds_its_public_half);
	tcase_add_test(t, own_addresses_are_ranges_of_one);
	tcase_add_test(t, a_program_is_found_or_told_missing);
	return suite_run("places", t);
}
