/* Sandbox: a program's rights, taken away for good.  Layer: sandbox.  (seccomp(2), landlock(7), capabilities(7)) */
#ifndef SALLYPORT_LIB_SANDBOX_SANDBOX_H
#define SALLYPORT_LIB_SANDBOX_SANDBOX_H

#include "lib/base/base.h"
#include <stdbool.h>
#include <sys/types.h>

/* Becomes uid and gid for good, with no supplementary groups and no capabilities; 0 and 0 changes nothing
 * but still requires not to be root.  0 or -errno; -EPERM when still root afterwards. */
MUST_CHECK int sandbox_become(uid_t uid, gid_t gid);

struct sandbox_path {
	const char *path;
	bool writable; /* else read and, if `execute`, run */
	bool execute;
};
struct sandbox_rules {
	const int *syscalls; /* SCMP_SYS() numbers; every other one kills the process */
	size_t n_syscalls;
	const int *denied; /* those which fail with EACCES instead of killing */
	size_t n_denied;
	const struct sandbox_path *paths; /* Landlock: nothing else of the file system; 0 paths: nothing at all */
	size_t n_paths;
	bool no_landlock; /* for a program whose children need what it may not */
};
/* no_new_privs, not dumpable, no core, then Landlock (where the kernel has it), then seccomp with
 * SECCOMP_RET_KILL_PROCESS.  *landlock_abi, if not NULL, is the ABI used, 0 for none.  0 or -errno. */
MUST_CHECK int sandbox_confine(const struct sandbox_rules *rules, int *landlock_abi);

#endif
