/* Keyblob: a public key as SSH sends it (RFC 4253, 6.6), checked, compared and shown.  Layer: ssh.
 * Plain keys only: a certificate (PROTOCOL.certkeys) is no key blob. */
#ifndef SALLYPORT_LIB_SSH_KEYBLOB_H
#define SALLYPORT_LIB_SSH_KEYBLOB_H

#include "lib/base/text.h"

enum key_type {
	KEY_ED25519,       /* RFC 8709 */
	KEY_ECDSA_256,     /* RFC 5656, 3.1 */
	KEY_ECDSA_384,
	KEY_ECDSA_521,
	KEY_RSA,           /* RFC 4253, 6.6; 2048..16384 bits */
	KEY_SK_ED25519,    /* PROTOCOL.u2f */
	KEY_SK_ECDSA_256,
	KEY_TYPES,
};
/* "ssh-ed25519", ...; never NULL for a type above. */
const char *key_type_name(enum key_type type);
/* A FIDO key: its signatures say whether somebody touched it. */
bool key_type_is_sk(enum key_type type);

enum {
	KEYBLOB_SIZE = 2560,
	KEYBLOB_LINE_SIZE = 4 * KEYBLOB_SIZE / 3 + TEXT_SIZE + 64, /* of a line with any comment */
	FINGERPRINT_SIZE = 51, /* "SHA256:", 43 characters of base64, NUL */
};
struct keyblob {
	enum key_type type;
	size_t len;
	uint8_t data[KEYBLOB_SIZE];
};
enum { KEYBLOB_UNKNOWN = 1, KEYBLOB_WEAK = 2 };
/* Reads and checks a blob.  0; KEYBLOB_UNKNOWN: a type we do not take (ssh-dss, certificates); KEYBLOB_WEAK: an
 * RSA modulus of fewer than 2048 bits, or an exponent below 3 or even; -EBADMSG: malformed, or no point of its
 * curve; -ENOMEM.  A failure leaves *out all zero. */
MUST_CHECK int keyblob_read(struct keyblob *out, const void *blob, size_t len);
/* Reads "TYPE BASE64 [COMMENT]", the form of a .pub file; no options before it, an end of line behind it is
 * fine.  `comment` (TEXT_SIZE bytes, may be NULL) gets the comment, hostile when shown.  As keyblob_read(); also
 * -EBADMSG when TYPE is not what the blob says. */
MUST_CHECK int keyblob_read_line(struct keyblob *out, const char *line, char *comment);
/* "TYPE BASE64", and " COMMENT" when it is neither NULL nor "", into `out`.  False when it did not fit. */
MUST_CHECK bool keyblob_line(char *out, size_t size, const struct keyblob *key, const char *comment);
/* "SHA256:..." as ssh-keygen -l shows it. */
void keyblob_fingerprint(char out[FINGERPRINT_SIZE], const struct keyblob *key);
bool keyblob_equal(const struct keyblob *a, const struct keyblob *b);

#endif
