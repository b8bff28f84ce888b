#include "lib/sandbox/sandbox.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* What the C library and Check need in the child of a test, besides what the test is about. */
#define BASIC                                                                                      \
	SCMP_SYS(exit_group), SCMP_SYS(write), SCMP_SYS(close), SCMP_SYS(brk), SCMP_SYS(mmap),     \
		SCMP_SYS(munmap), SCMP_SYS(futex), SCMP_SYS(rt_sigprocmask), SCMP_SYS(getpid),     \
		SCMP_SYS(newfstatat), SCMP_SYS(madvise)

/* Runs `body` in a child and answers its wait status. */
static int in_child(void (*body)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		body();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static void open_socket(void)
{
	static const int calls[] = {BASIC};
	const struct sandbox_rules rules = {.syscalls = calls, .n_syscalls = ARRAY_SIZE(calls)};

	if (sandbox_confine(&rules, NULL) != 0)
		_exit(9);
	(void)socket(AF_INET, SOCK_STREAM, 0);
	_exit(8);
}

START_TEST(a_call_not_named_kills)
{
	int status = in_child(open_socket);

	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGSYS);
}
END_TEST

static void denied_socket(void)
{
	static const int calls[] = {BASIC}, denied[] = {SCMP_SYS(socket)};
	const struct sandbox_rules rules = {.syscalls = calls,
					    .n_syscalls = ARRAY_SIZE(calls),
					    .denied = denied,
					    .n_denied = 1};

	if (sandbox_confine(&rules, NULL) != 0)
		_exit(9);
	_exit(socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == EACCES ? 0 : 8);
}

START_TEST(a_call_denied_fails)
{
	ck_assert_int_eq(in_child(denied_socket), 0);
}
END_TEST

static void files(void)
{
	static const int calls[] = {BASIC, SCMP_SYS(openat), SCMP_SYS(unlinkat), SCMP_SYS(mkdirat)};
	const struct sandbox_path paths[] = {{.path = "inside", .writable = true}};
	const struct sandbox_rules rules = {
		.syscalls = calls, .n_syscalls = ARRAY_SIZE(calls), .paths = paths, .n_paths = 1};
	int abi = -1;

	if (sandbox_confine(&rules, &abi) != 0)
		_exit(9);
	if (abi == 0)
		_exit(77);
	if (openat(AT_FDCWD, "inside/new", O_CREAT | O_RDWR | O_CLOEXEC, 0600) == -1)
		_exit(1);
	if (openat(AT_FDCWD, "/etc/passwd", O_RDONLY | O_CLOEXEC) != -1 || errno != EACCES)
		_exit(2);
	if (openat(AT_FDCWD, "outside", O_CREAT | O_RDWR | O_CLOEXEC, 0600) != -1 ||
	    errno != EACCES)
		_exit(3);
}

START_TEST(only_the_paths_named_can_be_opened)
{
	char dir[] = "/tmp/sandbox.XXXXXX";
	int status;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	ck_assert_int_eq(mkdir("inside", 0700), 0);
	status = in_child(files);
	(void)unlink("inside/new");
	(void)rmdir("inside");
	ck_assert_int_eq(chdir("/"), 0);
	(void)rmdir(dir);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		printf("this kernel has no Landlock: only its absence was seen\n");
	else
		ck_assert_int_eq(status, 0);
}
END_TEST

static void missing_path(void)
{
	static const int calls[] = {BASIC};
	const struct sandbox_path paths[] = {{.path = "/does/not/exist"}};
	const struct sandbox_rules rules = {
		.syscalls = calls, .n_syscalls = ARRAY_SIZE(calls), .paths = paths, .n_paths = 1};
	int abi, r = sandbox_confine(&rules, &abi);

	_exit(r == -ENOENT || (r == 0 && abi == 0) ? 0 : 1);
}

START_TEST(a_path_that_is_missing_is_an_error)
{
	ck_assert_int_eq(in_child(missing_path), 0);
}
END_TEST

static void become_nobody(void)
{
	if (geteuid() != 0)
		_exit(sandbox_become(0, 0) == 0 ? 0 : 1);
	if (sandbox_become(0, 0) != -EPERM)
		_exit(2);
	if (sandbox_become(65534, 65534) != 0 || getuid() != 65534 || getegid() != 65534 ||
	    getgroups(0, NULL) != 0)
		_exit(3);
	_exit(setuid(0) == -1 ? 0 : 4);
}

START_TEST(root_is_left_for_good)
{
	ck_assert_int_eq(in_child(become_nobody), 0);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("sandbox");

	tcase_add_test(t, a_call_not_named_kills);
	tcase_add_test(t, a_call_denied_fails);
	tcase_add_test(t, only_the_paths_named_can_be_opened);
	tcase_add_test(t, a_path_that_is_missing_is_an_error);
	tcase_add_test(t, root_is_left_for_good);
	return suite_run("sandbox", t);
}
