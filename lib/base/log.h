/* Log: one line of a program to its standard error, which the supervisor reads.  Layer: base.
 * For main programs only; libraries return errors and stay silent.  Never give it a secret. */
#ifndef SALLYPORT_LIB_BASE_LOG_H
#define SALLYPORT_LIB_BASE_LOG_H

#include "lib/base/base.h"

/* Severities and their numbers: RFC 5424, 6.2.1; written as "<N>" before the text (sd-daemon(3)). */
enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARNING = 4, LOG_LEVEL_NOTICE = 5, LOG_LEVEL_INFO = 6 };
/* One write(2) of at most 1 KiB; control bytes in what the format yields are escaped. */
void log_line(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
