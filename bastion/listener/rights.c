#include "bastion/listener/rights.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static const cap_value_t kept[] = {CAP_NET_BIND_SERVICE, CAP_SETUID, CAP_SETGID, CAP_KILL};

static bool is_kept(cap_value_t cap)
{
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		if (kept[i] == cap)
			return true;
	return false;
}

static void cap_freep(cap_t *caps)
{
	if (*caps != NULL)
		(void)cap_free(*caps);
}

/* The bounding set first: that takes CAP_SETPCAP, which goes with the rest. */
int rights_drop(void)
{
	AUTO(cap_freep) cap_t now = cap_get_proc();
	AUTO(cap_freep) cap_t then = cap_init();

	if (now == NULL || then == NULL)
		return -ENOMEM;
	if (geteuid() != 0)
		return 0;
	for (cap_value_t cap = 0; CAP_IS_SUPPORTED(cap); cap++)
		if (!is_kept(cap) && cap_get_bound(cap) == 1 && cap_drop_bound(cap) != 0)
			return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		cap_flag_value_t has = CAP_CLEAR;

		(void)cap_get_flag(now, kept[i], CAP_PERMITTED, &has);
		if (has != CAP_SET)
			continue; /* a container may have taken it */
		if (cap_set_flag(then, CAP_PERMITTED, 1, &kept[i], CAP_SET) != 0 ||
		    cap_set_flag(then, CAP_EFFECTIVE, 1, &kept[i], CAP_SET) != 0)
			return -errno;
	}
	return cap_set_proc(then) == 0 ? 0 : -errno;
}

void rights_raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}
