/* Model: the words of the product as types.  Layer: model.  Pure: no I/O, no clock. */
#ifndef SALLYPORT_LIB_MODEL_MODEL_H
#define SALLYPORT_LIB_MODEL_MODEL_H

#include "lib/base/base.h"
#include "lib/base/text.h"
#include <stdbool.h>

/* What an identity may do at all.  ROLE_NONE is nobody's; ROLE_OWNER is the machine's owner on the local
 * socket (uid 0), who administers but, like an admin, neither approves nor reaches a target. */
enum role { ROLE_NONE, ROLE_OPERATOR, ROLE_APPROVER, ROLE_AUDITOR, ROLE_ADMIN, ROLE_OWNER, ROLES };
const char *role_text(enum role role);               /* "operator"; "none" for what is no role */
enum role role_from(const char *text);               /* ROLE_NONE when it names none; never ROLE_OWNER */

/* One recording and the session it is of: random, so it can be named before anything is stored. */
enum { SESSION_ID_SIZE = 16, SESSION_ID_TEXT_SIZE = 2 * SESSION_ID_SIZE + 1, SESSION_ID_SHORT = 8 };
struct session_id {
	uint8_t raw[SESSION_ID_SIZE];
};
void session_id_text(char out[SESSION_ID_TEXT_SIZE], const struct session_id *id); /* 32 hex digits */
bool session_id_is_none(const struct session_id *id);                              /* all zero */

/* How a session may be used: one bit a way, in rules, grants and answers to `connect`. */
enum way {
	WAY_SHELL = 1 << 0,
	WAY_EXEC = 1 << 1,
	WAY_SFTP = 1 << 2,    /* the sftp subsystem, and scp and rsync server commands */
	WAY_FORWARD = 1 << 3, /* direct-tcpip, tcpip-forward */
	WAY_AGENT = 1 << 4,
	WAY_X11 = 1 << 5,
	WAYS_USUAL = WAY_SHELL | WAY_EXEC | WAY_SFTP,
	WAYS_ALL = (1 << 6) - 1,
};
const char *way_text(enum way way);  /* "shell"; "?" for what is not exactly one way */
uint32_t way_from(const char *text); /* 0 when it names none */

/* What the command filter found, in rising severity: the verdict of a line is its worst part's. */
enum verdict { VERDICT_ALLOW, VERDICT_ALERT, VERDICT_CONFIRM, VERDICT_APPROVE, VERDICT_DENY, VERDICTS };
const char *verdict_text(enum verdict v);
enum verdict verdict_from(const char *text, bool *known);

/* How sure a verdict is: decided at execve on the target; decided on the parsed line before it passed; neither. */
enum certainty { CERTAINTY_UNVERIFIED, CERTAINTY_LINE_CHECKED, CERTAINTY_ENFORCED, CERTAINTIES };
const char *certainty_text(enum certainty c);

#endif
