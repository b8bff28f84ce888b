/* Cert: OpenSSH user certificates, issued and read (PROTOCOL.certkeys).  Layer: ssh.  Knows no clock. */
#ifndef SALLYPORT_LIB_SSH_CERT_H
#define SALLYPORT_LIB_SSH_CERT_H

#include "lib/ssh/keyblob.h"

/* The bastion's certificate authority: an Ed25519 key (RFC 8032), in memory that is wiped. */
struct ca;
enum { CA_SEED_SIZE = 32, CERT_SIZE = 2 * KEYBLOB_SIZE + 8192, CERT_PRINCIPALS_MAX = 16, CERT_TEXT_SIZE = 1024 };
/* From its seed, which stays the caller's to wipe.  0: *out is the caller's, to ca_free(); or -ENOMEM. */
MUST_CHECK int ca_new(struct ca **out, const uint8_t seed[CA_SEED_SIZE]);
void ca_free(struct ca *ca); /* NULL is fine */
const struct keyblob *ca_key(const struct ca *ca);

/* What a certificate permits on the target, beside running commands. */
enum cert_permit {
	CERT_X11 = 1 << 0,
	CERT_AGENT = 1 << 1,
	CERT_PORT = 1 << 2,
	CERT_PTY = 1 << 3,
	CERT_USER_RC = 1 << 4,
};
struct cert_ask {
	const struct keyblob *key; /* the certified one */
	uint64_t serial;
	const char *key_id;        /* 1..CERT_TEXT_SIZE - 1 bytes */
	const char *principals[CERT_PRINCIPALS_MAX];
	size_t n_principals;       /* at least 1: a certificate without any is good for every account */
	uint64_t valid_after, valid_before; /* seconds since the epoch, half-open, not empty */
	const char *source_address; /* CIDRs separated by ','; "" or NULL: from everywhere */
	uint32_t permits;           /* enum cert_permit bits */
};
/* Issues a user certificate into `out`.  0 and *out_len; -EINVAL: the ask breaks one of its rules; -ENOMEM. */
MUST_CHECK int cert_issue(uint8_t out[CERT_SIZE], size_t *out_len, const struct cert_ask *ask, const struct ca *ca);

struct cert {
	struct keyblob key, signer;
	uint64_t serial;
	char key_id[CERT_TEXT_SIZE];
	size_t n_principals;
	char principals[CERT_PRINCIPALS_MAX][NAME_SIZE];
	uint64_t valid_after, valid_before;
	char source_address[CERT_TEXT_SIZE]; /* "" when there is none */
	uint32_t permits;
};
/* Reads a user certificate and checks its signature by the signer it names; whether that signer is trusted, and
 * the window, are the caller's to judge.  0; CERT_UNKNOWN: no user certificate of a type we take, or it has a
 * critical option we do not know; CERT_UNSIGNED: the signature does not fit; -EBADMSG: malformed; -ENOMEM. */
enum { CERT_UNKNOWN = 1, CERT_UNSIGNED = 2 };
MUST_CHECK int cert_read(struct cert *out, const void *blob, size_t len);

#endif
