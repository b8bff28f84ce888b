/* Base: what every file may use.  Layer: base.  Includes nothing of ours.
 * Errors: a negative errno goes up unchanged; a positive number is a named outcome of one function. */
#ifndef SALLYPORT_LIB_BASE_BASE_H
#define SALLYPORT_LIB_BASE_BASE_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt_at, args_at) __attribute__((format(printf, fmt_at, args_at)))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* AUTO(f) calls f(&variable) when the variable leaves its scope; TAKE(p) hands a pointer over and
 * leaves NULL, TAKE_FD the same for a descriptor and -1. */
#define AUTO(f) __attribute__((cleanup(f)))
#define TAKE(p)                                                                                    \
	__extension__({                                                                            \
		__typeof__(p) taken_ = (p);                                                        \
		(p) = NULL;                                                                        \
		taken_;                                                                            \
	})
#define TAKE_FD(fd)                                                                                \
	__extension__({                                                                            \
		int taken_ = (fd);                                                                 \
		(fd) = -1;                                                                         \
		taken_;                                                                            \
	})

static inline void freep(void *p)
{
	free(*(void **)p);
}

static inline void closep(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

#endif
