/* Text: strings that come from outside, made safe to keep and to show.  Layer: base. */
#ifndef SALLYPORT_LIB_BASE_TEXT_H
#define SALLYPORT_LIB_BASE_TEXT_H

#include "lib/base/base.h"
#include <stdbool.h>

/* A name of ours (identity, person, target, rule, a login on a target): 1..NAME_SIZE-1 of
 * [A-Za-z0-9._-], not starting with '-' or '.', so it is safe in a path, a certificate and on a screen. */
enum { NAME_SIZE = 64, TEXT_SIZE = 512 };
bool text_is_name(const char *s);
/* `len` bytes, which must be such a name, into `out` with a NUL.  0, or -EINVAL and `out` is "". */
MUST_CHECK int text_copy_name(char out[NAME_SIZE], const char *s, size_t len);
/* Formats into `out`, always ended by NUL.  True when all of it fitted. */
bool text_format(char *out, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* `len` bytes of anyone's making, as text no terminal acts on: control bytes (C0, DEL, C1) and bytes that are
 * not UTF-8 become \xNN, newline \n, tab \t; bidirectional overrides (U+202A..202E, 2066..2069) \u{NNNN}.
 * Cuts at a character's border to fit `size`.  Returns the length written, without the NUL. */
size_t text_printable(char *out, size_t size, const void *data, size_t len);
/* "30m", "2h", "90s", "45" (minutes) or "1d" as seconds.  0, or -EINVAL for anything else, and for 0. */
MUST_CHECK int text_duration(const char *s, uint32_t *out_s);
/* Length of a valid UTF-8 sequence at `s`, 1..4 (RFC 3629, 4), or 0 when there is none. */
size_t text_utf8_len(const uint8_t *s, size_t len);
/* `len` bytes as 2 * len lower-case hex digits and a NUL into `out`. */
void text_hex(char *out, const uint8_t *data, size_t len);

#endif
