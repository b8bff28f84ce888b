/* Sigverify: is a signature of SSH user authentication what it says it is?  Layer: ssh.  Needs no secret. */
#ifndef SALLYPORT_LIB_SSH_SIGVERIFY_H
#define SALLYPORT_LIB_SSH_SIGVERIFY_H

#include "lib/ssh/keyblob.h"

enum { SSH_ALGORITHM_SIZE = 64, SSH_SESSION_ID_MAX = 64, SSH_USER_SIZE = 256 };
/* What a client signs for method "publickey" (RFC 4252, 7). */
struct signed_auth {
	const uint8_t *session_id; /* of the key exchange: 20..SSH_SESSION_ID_MAX bytes, inside the data */
	size_t session_id_len;
	char user[SSH_USER_SIZE];
	char algorithm[SSH_ALGORITHM_SIZE];
	const uint8_t *key; /* inside the data */
	size_t key_len;
};
/* 0, or -EBADMSG: malformed, bytes left over, or for another service than "ssh-connection", another method than
 * "publickey", or not the form that carries a signature. */
MUST_CHECK int signed_auth_get(struct signed_auth *out, const void *data, size_t len);

enum {
	SIG_GOOD,
	SIG_BAD,       /* it is not this key's over this data */
	SIG_ALGORITHM, /* not an algorithm of this key we take (never SHA-1), or not the one named */
	SIG_UNTOUCHED, /* a FIDO key nobody touched: the user-presence flag is missing */
};
/* Does `sig` (string algorithm, string signature: RFC 4253, 6.6; RFC 8332; RFC 8709; RFC 5656, 3.1.2;
 * PROTOCOL.u2f) made with `algorithm` (NULL: any of the key's) fit `key` and `data`?  One of the above;
 * -EBADMSG: malformed; -ENOMEM. */
MUST_CHECK int sig_verify(const struct keyblob *key, const char *algorithm, const void *data, size_t len,
                          const void *sig, size_t sig_len);

#endif
