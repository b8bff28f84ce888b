/* Login: the name a client gives, which says who and, if it wants, where to.  Layer: model.
 *   alice                  the identity alone
 *   alice@root@db1         identity, account, target; '+' may stand for each '@'   (docs: product words)
 * The bastion's own "@host" has been taken off by the client already. */
#ifndef SALLYPORT_LIB_MODEL_LOGIN_H
#define SALLYPORT_LIB_MODEL_LOGIN_H

#include "lib/base/text.h"

enum { LOGIN_SIZE = 3 * NAME_SIZE };
struct login {
	char identity[NAME_SIZE];
	char account[NAME_SIZE]; /* both empty, or both not */
	char target[NAME_SIZE];
};
/* 0, or -EINVAL: not of one of the forms above, or a part is no name; *out is then all empty. */
MUST_CHECK int login_parse(struct login *out, const char *text);
/* "root@db1" alone.  0, or -EINVAL; the outputs are then empty. */
MUST_CHECK int login_parse_account(const char *text, char account[NAME_SIZE], char target[NAME_SIZE]);

#endif
