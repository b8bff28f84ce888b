#include "lib/base/log.h"
#include "lib/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void log_line(enum log_level level, const char *fmt, ...)
{
	char raw[900], line[1024];
	va_list ap;
	size_t at;

	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof raw, fmt, ap);
	va_end(ap);
	(void)snprintf(line, sizeof line, "<%d>", (int)level);
	at = strlen(line);
	at += text_printable(line + at, sizeof line - at - 1, raw, strlen(raw));
	line[at++] = '\n';
	if (write(STDERR_FILENO, line, at) < 0)
		return; /* nobody reads us: there is no other place to say so */
}
