#include "lib/sandbox/sandbox.h"
#include "lib/base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Rights of Landlock ABI 1 (landlock(7)); later ones are added where the kernel has them. */
#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_WRITE                                                                                   \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                           \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |                            \
	 LANDLOCK_ACCESS_FS_MAKE_REG)
#define FS_ALL_1      ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define FS_REFER_2    (1ull << 13) /* link or rename between directories: ABI 2 */
#define FS_TRUNCATE_3 (1ull << 14) /* truncate(2): ABI 3 */

int sandbox_become(uid_t uid, gid_t gid)
{
	if (uid != 0 && geteuid() == 0 &&
	    (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 ||
	     setresuid(uid, uid, uid) != 0))
		return -errno;
	if (geteuid() == 0 || getuid() == 0 || setuid(0) == 0)
		return -EPERM;
	return 0;
}

static uint64_t handled_rights(int abi)
{
	uint64_t rights = FS_ALL_1;

	if (abi >= 2)
		rights |= FS_REFER_2;
	if (abi >= 3)
		rights |= FS_TRUNCATE_3;
	return rights;
}

static int landlock_add(int ruleset, const struct sandbox_path *path, uint64_t handled)
{
	AUTO(closep) int fd = open(path->path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr rule = {.parent_fd = fd, .allowed_access = FS_READ};
	struct stat st;

	if (fd == -1)
		return -errno;
	if (fstat(fd, &st) != 0)
		return -errno;
	if (path->writable)
		rule.allowed_access |= FS_WRITE | FS_REFER_2 | FS_TRUNCATE_3;
	if (path->execute)
		rule.allowed_access |= LANDLOCK_ACCESS_FS_EXECUTE;
	if (!S_ISDIR(st.st_mode)) /* rights of directories on a file are EINVAL */
		rule.allowed_access &= LANDLOCK_ACCESS_FS_READ_FILE |
				       LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_EXECUTE |
				       FS_TRUNCATE_3;
	rule.allowed_access &= handled;
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
		return -errno;
	return 0;
}

/* The ABI in force, 0 when the kernel has none; or -errno. */
static int landlock_on(const struct sandbox_rules *rules)
{
	struct landlock_ruleset_attr attr = {0};
	int abi =
		(int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	AUTO(closep) int ruleset = -1;

	if (abi < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;
	attr.handled_access_fs = handled_rights(abi);
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (ruleset < 0)
		return -errno;
	for (size_t i = 0; i < rules->n_paths; i++) {
		int r = landlock_add(ruleset, &rules->paths[i], attr.handled_access_fs);

		if (r != 0)
			return r;
	}
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		return -errno;
	return abi;
}

static void seccomp_freep(scmp_filter_ctx *filter)
{
	if (*filter != NULL)
		seccomp_release(*filter);
}

static int seccomp_on(const struct sandbox_rules *rules)
{
	AUTO(seccomp_freep) scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r = 0;

	if (filter == NULL)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < rules->n_syscalls; i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, rules->syscalls[i], 0);
	for (size_t i = 0; r == 0 && i < rules->n_denied; i++)
		r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), rules->denied[i], 0);
#ifdef SALLYPORT_SANITIZERS
	/* The sanitizers' run time reads /proc/self, maps shadow memory and stops its threads at
	 * the end. */
	static const int more[] = {
		SCMP_SYS(openat),  SCMP_SYS(readlink),        SCMP_SYS(sigaltstack),
		SCMP_SYS(gettid),  SCMP_SYS(sched_yield),     SCMP_SYS(prctl),
		SCMP_SYS(clone),   SCMP_SYS(wait4),           SCMP_SYS(ptrace),
		SCMP_SYS(getppid), SCMP_SYS(process_vm_readv)};

	for (size_t i = 0; i < ARRAY_SIZE(more); i++)
		(void)seccomp_rule_add(filter, SCMP_ACT_ALLOW, more[i], 0);
#endif
	return r == 0 ? seccomp_load(filter) : r;
}

int sandbox_confine(const struct sandbox_rules *rules, int *landlock_abi)
{
	int abi = 0, r = secret_no_dumps();

	if (r != 0)
		return r;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -errno;
	if (!rules->no_landlock)
		abi = landlock_on(rules);
	if (abi < 0)
		return abi;
	if (landlock_abi != NULL)
		*landlock_abi = abi;
	return seccomp_on(rules);
}
