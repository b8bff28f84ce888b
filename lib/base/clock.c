#include "lib/base/clock.h"

#include <stdio.h>
#include <time.h>

static uint64_t read_ns(clockid_t id)
{
	struct timespec t;

	if (clock_gettime(id, &t) != 0) /* cannot fail for these ids: clock_gettime(2), ERRORS */
		return 0;
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t clock_boot_ns(void)
{
	return read_ns(CLOCK_BOOTTIME);
}

uint64_t clock_boot_ms(void)
{
	return clock_boot_ns() / 1000000u;
}

int64_t clock_wall_ns(void)
{
	return (int64_t)read_ns(CLOCK_REALTIME);
}

int64_t clock_wall_s(void)
{
	return clock_wall_ns() / 1000000000;
}

void clock_text(char out[CLOCK_TEXT_SIZE], int64_t wall_s)
{
	time_t when = (time_t)wall_s;
	struct tm utc;

	if (gmtime_r(&when, &utc) == NULL ||
	    strftime(out, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		(void)snprintf(out, CLOCK_TEXT_SIZE, "%lld", (long long)wall_s);
}
