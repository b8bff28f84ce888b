/* Secret: memory that is wiped, and compares that take the same time for every input.  Layer: base. */
#ifndef SALLYPORT_LIB_BASE_SECRET_H
#define SALLYPORT_LIB_BASE_SECRET_H

#include "lib/base/base.h"
#include <stdbool.h>

/* Overwrites `len` bytes in a way no optimiser removes (explicit_bzero(3)). */
void secret_wipe(void *data, size_t len);
/* True when the two runs of `len` bytes are equal; the time depends on `len` alone. */
bool secret_equal(const void *a, const void *b, size_t len);
/* Fills `len` bytes from getrandom(2).  0, or -errno: nothing may be used then. */
MUST_CHECK int secret_random(void *out, size_t len);
/* No core dumps and no ptrace by equals for this process (RLIMIT_CORE 0, PR_SET_DUMPABLE 0); 0 or -errno. */
MUST_CHECK int secret_no_dumps(void);

#endif
