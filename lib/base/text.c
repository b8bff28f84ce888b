#include "lib/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

bool text_is_name(const char *s)
{
	size_t len = strnlen(s, NAME_SIZE);

	if (len == 0 || len == NAME_SIZE || s[0] == '-' || s[0] == '.')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!name_byte(s[i]))
			return false;
	return true;
}

int text_copy_name(char out[NAME_SIZE], const char *s, size_t len)
{
	out[0] = '\0';
	if (len == 0 || len >= NAME_SIZE || memchr(s, '\0', len) != NULL)
		return -EINVAL;
	memcpy(out, s, len);
	out[len] = '\0';
	if (text_is_name(out))
		return 0;
	out[0] = '\0';
	return -EINVAL;
}

bool text_format(char *out, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(out, size, fmt, ap);
	va_end(ap);
	if (n < 0 && size > 0)
		out[0] = '\0';
	return n >= 0 && (size_t)n < size;
}

static uint32_t utf8_decode(const uint8_t *s, size_t n)
{
	static const uint8_t first_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t cp = s[0] & first_mask[n];

	for (size_t i = 1; i < n; i++)
		cp = cp << 6 | (s[i] & 0x3fu);
	return cp;
}

size_t text_utf8_len(const uint8_t *s, size_t len)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n;
	uint32_t cp;

	if (len == 0)
		return 0;
	if (s[0] < 0x80)
		return 1;
	n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || n > len)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	cp = utf8_decode(s, n);
	return cp < least[n] || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff) ? 0 : n;
}

static bool shown_as_is(uint32_t cp)
{
	return cp >= 0x20 && cp != 0x7f && !(cp >= 0x80 && cp <= 0x9f) &&
	       !(cp >= 0x202a && cp <= 0x202e) && !(cp >= 0x2066 && cp <= 0x2069);
}

/* One character of `s` into `piece`; how many bytes of `s` it took. */
static size_t escape_one(char piece[16], const uint8_t *s, size_t len)
{
	size_t n = text_utf8_len(s, len);
	uint32_t cp = n == 0 ? 0 : utf8_decode(s, n);

	if (n == 0 || (n == 1 && !shown_as_is(cp))) {
		if (s[0] == '\n' || s[0] == '\t')
			(void)snprintf(piece, 16, "\\%c", s[0] == '\n' ? 'n' : 't');
		else
			(void)snprintf(piece, 16, "\\x%02x", s[0]);
		return 1;
	}
	if (!shown_as_is(cp)) {
		(void)snprintf(piece, 16, "\\u{%x}", (unsigned)cp);
		return n;
	}
	memcpy(piece, s, n);
	piece[n] = '\0';
	return n;
}

size_t text_printable(char *out, size_t size, const void *data, size_t len)
{
	const uint8_t *s = data;
	size_t at = 0;

	if (size == 0)
		return 0;
	for (size_t i = 0; i < len;) {
		char piece[16];
		size_t took = escape_one(piece, s + i, len - i);
		size_t n = strlen(piece);

		if (at + n >= size)
			break;
		memcpy(out + at, piece, n);
		at += n;
		i += took;
	}
	out[at] = '\0';
	return at;
}

int text_duration(const char *s, uint32_t *out_s)
{
	static const struct {
		char suffix;
		uint32_t seconds;
	} units[] = {{'\0', 60}, {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	uint64_t n = 0;
	const char *p = s;

	for (; isdigit((unsigned char)*p); p++) {
		n = n * 10 + (uint64_t)(*p - '0');
		if (n > UINT32_MAX)
			return -EINVAL;
	}
	if (p == s || n == 0 || (*p != '\0' && p[1] != '\0'))
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (*p == units[i].suffix && n * units[i].seconds <= UINT32_MAX) {
			*out_s = (uint32_t)n * units[i].seconds;
			return 0;
		}
	return -EINVAL;
}

void text_hex(char *out, const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[data[i] >> 4];
		out[2 * i + 1] = digits[data[i] & 15];
	}
	out[2 * len] = '\0';
}
