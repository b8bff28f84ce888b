#include "lib/model/login.h"

#include <errno.h>
#include <string.h>

static size_t part_len(const char *s)
{
	return strcspn(s, "@+");
}

int login_parse_account(const char *text, char account[NAME_SIZE], char target[NAME_SIZE])
{
	size_t len = part_len(text);

	account[0] = target[0] = '\0';
	if (text[len] != '\0' && text_copy_name(account, text, len) == 0 &&
	    text_copy_name(target, text + len + 1, strlen(text + len + 1)) == 0)
		return 0;
	account[0] = '\0';
	return -EINVAL;
}

int login_parse(struct login *out, const char *text)
{
	size_t len = part_len(text);

	*out = (struct login){0};
	if (text_copy_name(out->identity, text, len) != 0)
		return -EINVAL;
	if (text[len] == '\0' ||
	    login_parse_account(text + len + 1, out->account, out->target) == 0)
		return 0;
	*out = (struct login){0};
	return -EINVAL;
}
