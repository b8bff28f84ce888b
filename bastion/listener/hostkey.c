#include "bastion/listener/hostkey.h"
#include "lib/base/secret.h"
#include "lib/base/text.h"
#include "lib/wire/buf.h"

#include <errno.h>
#include <openssl/evp.h>
#include <string.h>

enum { ED25519_SIZE = 32, BLOCK_SIZE = 8, LINE_SIZE = 70, BINARY_SIZE = 512 };

struct pair {
	uint8_t seed[ED25519_SIZE];
	uint8_t public_key[ED25519_SIZE];
};

static void pkey_freep(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static int pair_make(struct pair *pair)
{
	AUTO(pkey_freep) EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	size_t seed_len = sizeof pair->seed, public_len = sizeof pair->public_key;

	if (key == NULL || EVP_PKEY_get_raw_private_key(key, pair->seed, &seed_len) != 1 ||
	    EVP_PKEY_get_raw_public_key(key, pair->public_key, &public_len) != 1 ||
	    seed_len != ED25519_SIZE || public_len != ED25519_SIZE)
		return -EIO;
	return 0;
}

/* RFC 8709, 4. */
static void put_public(struct wbuf *b, const struct pair *pair)
{
	wbuf_string(b, "ssh-ed25519");
	wbuf_bytes(b, pair->public_key, sizeof pair->public_key);
}

/* The part that would be encrypted: PROTOCOL.key, 3; the key's fields as in
 * draft-ietf-sshm-ssh-agent, 3.2.3. */
static void put_private(struct wbuf *b, const struct pair *pair, uint32_t check,
			const char *comment)
{
	wbuf_u32(b, check);
	wbuf_u32(b, check);
	put_public(b, pair);
	wbuf_u32(b, 2 * ED25519_SIZE);
	wbuf_raw(b, pair->seed, sizeof pair->seed);
	wbuf_raw(b, pair->public_key, sizeof pair->public_key);
	wbuf_string(b, comment);
	for (uint8_t pad = 1; b->len % BLOCK_SIZE != 0 && !b->fault; pad++)
		wbuf_u8(b, pad);
}

/* PROTOCOL.key, 1. */
static void put_file(struct wbuf *b, const struct pair *pair, uint32_t check, const char *comment)
{
	uint8_t public_space[BINARY_SIZE], private_space[BINARY_SIZE];
	struct wbuf public_part = WBUF_OF(public_space), private_part = WBUF_OF(private_space);

	put_public(&public_part, pair);
	put_private(&private_part, pair, check, comment);
	b->fault = public_part.fault || private_part.fault;
	wbuf_raw(b, "openssh-key-v1", sizeof "openssh-key-v1");
	wbuf_string(b, "none");
	wbuf_string(b, "none");
	wbuf_string(b, "");
	wbuf_u32(b, 1);
	wbuf_bytes(b, public_part.data, public_part.len);
	wbuf_bytes(b, private_part.data, private_part.len);
	secret_wipe(private_space, sizeof private_space);
}

static int armour(char out[HOSTKEY_TEXT_SIZE], const struct wbuf *file)
{
	unsigned char base64[2 * BINARY_SIZE];
	int len = EVP_EncodeBlock(base64, file->data, (int)file->len);
	size_t at = 0;
	bool fits = text_format(out, HOSTKEY_TEXT_SIZE, "-----BEGIN OPENSSH PRIVATE KEY-----\n");

	for (int i = 0; i < len; i += LINE_SIZE) {
		at = strlen(out);
		fits = fits && text_format(out + at, HOSTKEY_TEXT_SIZE - at, "%.*s\n", LINE_SIZE,
					   (const char *)base64 + i);
	}
	at = strlen(out);
	fits = fits &&
	       text_format(out + at, HOSTKEY_TEXT_SIZE - at, "-----END OPENSSH PRIVATE KEY-----\n");
	secret_wipe(base64, sizeof base64);
	return fits ? 0 : -EMSGSIZE;
}

static int public_text(char out[HOSTKEY_TEXT_SIZE], const struct pair *pair, const char *comment)
{
	uint8_t space[BINARY_SIZE];
	struct wbuf b = WBUF_OF(space);
	unsigned char base64[2 * BINARY_SIZE];

	put_public(&b, pair);
	(void)EVP_EncodeBlock(base64, b.data, (int)b.len);
	return text_format(out, HOSTKEY_TEXT_SIZE, "ssh-ed25519 %s %s\n", (const char *)base64,
			   comment)
		       ? 0
		       : -EMSGSIZE;
}

int hostkey_make(char secret[HOSTKEY_TEXT_SIZE], char public_line[HOSTKEY_TEXT_SIZE],
		 const char *comment)
{
	struct pair pair;
	uint8_t space[BINARY_SIZE];
	struct wbuf file = WBUF_OF(space);
	uint32_t check;
	int r = pair_make(&pair);

	if (r == 0)
		r = secret_random(&check, sizeof check);
	if (r == 0) {
		put_file(&file, &pair, check, comment);
		r = wbuf_end(&file);
	}
	if (r == 0)
		r = armour(secret, &file);
	if (r == 0)
		r = public_text(public_line, &pair, comment);
	secret_wipe(&pair, sizeof pair);
	secret_wipe(space, sizeof space);
	return r;
}
