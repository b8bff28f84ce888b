/* Pkey: the parts of a key blob, and the key as OpenSSL knows it.  For lib/ssh only. */
#ifndef SALLYPORT_LIB_SSH_PKEY_H
#define SALLYPORT_LIB_SSH_PKEY_H

#include "lib/ssh/keyblob.h"
#include "lib/wire/buf.h"
#include <openssl/evp.h>

struct key_parts { /* pointers into the blob */
	enum key_type type;
	const uint8_t *point; /* Ed25519: the key; ECDSA: SEC 1 uncompressed point; RSA: NULL */
	size_t point_len;
	const uint8_t *n, *e; /* RSA, without leading zeros */
	size_t n_len, e_len;
	const uint8_t *application; /* FIDO */
	size_t application_len;
};
/* Reads what follows the type's name, up to where the key ends.  0, KEYBLOB_WEAK or -EBADMSG. */
MUST_CHECK int key_parts_get(struct rbuf *b, enum key_type type, struct key_parts *out);
/* Reads the whole blob; as keyblob_read(), but for the check on the curve. */
MUST_CHECK int key_parts_of(struct key_parts *out, const void *blob, size_t len);
/* 0: *out is the caller's; -EBADMSG: no such point; -ENOMEM. */
MUST_CHECK int pkey_new(EVP_PKEY **out, const struct key_parts *parts);
/* A positive number (RFC 4251, 5, mpint) without its sign's zero; a fault for 0, negatives and needless zeros. */
const uint8_t *mpint_get(struct rbuf *b, size_t most, size_t *len);
/* The type called `name` of `len` bytes, or KEY_TYPES. */
enum key_type key_type_from(const uint8_t *name, size_t len);

static inline void pkey_freep(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

#endif
