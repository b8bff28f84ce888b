#include "lib/model/model.h"

#include <string.h>

static const char *const role_names[ROLES] = {
	[ROLE_NONE] = "none",       [ROLE_OPERATOR] = "operator", [ROLE_APPROVER] = "approver",
	[ROLE_AUDITOR] = "auditor", [ROLE_ADMIN] = "admin",       [ROLE_OWNER] = "owner",
};
static const char *const way_names[] = {"shell", "exec", "sftp", "forward", "agent", "x11"};
static const char *const verdict_names[VERDICTS] = {"allow", "alert", "confirm", "approve", "deny"};
static const char *const certainty_names[CERTAINTIES] = {"unverified", "line-checked", "enforced"};

const char *role_text(enum role role)
{
	return role_names[(unsigned)role < ROLES ? role : ROLE_NONE];
}

enum role role_from(const char *text)
{
	for (enum role r = ROLE_OPERATOR; r < ROLE_OWNER; r++)
		if (strcmp(text, role_names[r]) == 0)
			return r;
	return ROLE_NONE;
}

void session_id_text(char out[SESSION_ID_TEXT_SIZE], const struct session_id *id)
{
	text_hex(out, id->raw, sizeof id->raw);
}

bool session_id_is_none(const struct session_id *id)
{
	static const struct session_id none;

	return memcmp(id, &none, sizeof none) == 0;
}

const char *way_text(enum way way)
{
	for (size_t i = 0; i < ARRAY_SIZE(way_names); i++)
		if ((unsigned)way == 1u << i)
			return way_names[i];
	return "?";
}

uint32_t way_from(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(way_names); i++)
		if (strcmp(text, way_names[i]) == 0)
			return 1u << i;
	return 0;
}

const char *verdict_text(enum verdict v)
{
	return verdict_names[(unsigned)v < VERDICTS ? v : VERDICT_DENY];
}

enum verdict verdict_from(const char *text, bool *known)
{
	for (enum verdict v = VERDICT_ALLOW; v < VERDICTS; v++)
		if (strcmp(text, verdict_names[v]) == 0) {
			*known = true;
			return v;
		}
	*known = false;
	return VERDICT_DENY;
}

const char *certainty_text(enum certainty c)
{
	return certainty_names[(unsigned)c < CERTAINTIES ? c : CERTAINTY_UNVERIFIED];
}
