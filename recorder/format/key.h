/* Key: the recorder's Ed25519 key (RFC 8032) that signs recordings and the events log.  Layer: recorder/format. */
#ifndef SALLYPORT_RECORDER_FORMAT_KEY_H
#define SALLYPORT_RECORDER_FORMAT_KEY_H

#include "lib/base/base.h"
#include <stdbool.h>

enum { KEY_ID_SIZE = 32, KEY_SIGNATURE_SIZE = 64 };
/* The file names in the recorder's keys/ folder: private (PKCS #8 PEM, 0600), public (PEM). */
#define KEY_PRIVATE_NAME "recorder.key"
#define KEY_PUBLIC_NAME  "recorder.pub"

struct record_key; /* with or without its private half */
/* Reads the private key of folder `dir_fd`, or makes one and writes both files, durably.  0 or -errno;
 * -EBADMSG: there is a file that is no such key. */
MUST_CHECK int record_key_open(struct record_key **out, int dir_fd);
/* Reads a public key, PEM, from `name` in `dir_fd`.  0 or -errno; -EBADMSG. */
MUST_CHECK int record_key_read_public(struct record_key **out, int dir_fd, const char *name);
void record_key_free(struct record_key *key); /* NULL is fine */
/* SHA-256 of the raw public key. */
void record_key_id(const struct record_key *key, uint8_t out[KEY_ID_SIZE]);
/* 0, -ENOKEY: there is no private half; -ENOMEM. */
MUST_CHECK int record_key_sign(const struct record_key *key, const void *data, size_t len,
                               uint8_t out[KEY_SIGNATURE_SIZE]);
bool record_key_verify(const struct record_key *key, const void *data, size_t len,
                       const uint8_t signature[KEY_SIGNATURE_SIZE]);

#endif
