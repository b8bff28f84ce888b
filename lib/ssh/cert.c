#include "lib/ssh/cert.h"
#include "lib/base/secret.h"
#include "lib/ssh/pkey.h"
#include "lib/ssh/sigverify.h"
#include "lib/wire/buf.h"

#include <errno.h>
#include <openssl/evp.h>
#include <string.h>

enum { NONCE_SIZE = 32, ED25519_SIG_SIZE = 64, CERT_TYPE_USER = 1, CERT_PART_MOST = 4096 };
#define CERT_SUFFIX    "-cert-v01"
#define SOURCE_ADDRESS "source-address"

/* In the order PROTOCOL.certkeys demands: sorted by name. */
static const struct {
	uint32_t bit;
	const char *name;
} permits[] = {
	{CERT_X11, "permit-X11-forwarding"},   {CERT_AGENT, "permit-agent-forwarding"},
	{CERT_PORT, "permit-port-forwarding"}, {CERT_PTY, "permit-pty"},
	{CERT_USER_RC, "permit-user-rc"},
};

struct ca {
	EVP_PKEY *key;
	struct keyblob public_key;
};

void ca_free(struct ca *ca)
{
	if (ca == NULL)
		return;
	EVP_PKEY_free(ca->key); /* OpenSSL clears private keys it frees */
	free(ca);
}

static void ca_freep(struct ca **ca)
{
	ca_free(*ca);
}

int ca_new(struct ca **out, const uint8_t seed[CA_SEED_SIZE])
{
	AUTO(ca_freep) struct ca *ca = calloc(1, sizeof *ca);
	uint8_t raw[32];
	size_t raw_len = sizeof raw;
	struct wbuf w;

	if (ca == NULL)
		return -ENOMEM;
	ca->key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, CA_SEED_SIZE);
	if (ca->key == NULL || EVP_PKEY_get_raw_public_key(ca->key, raw, &raw_len) != 1)
		return -ENOMEM;
	w = WBUF_OF(ca->public_key.data);
	wbuf_string(&w, key_type_name(KEY_ED25519));
	wbuf_bytes(&w, raw, raw_len);
	ca->public_key.type = KEY_ED25519;
	ca->public_key.len = w.len;
	*out = TAKE(ca);
	return 0;
}

const struct keyblob *ca_key(const struct ca *ca)
{
	return &ca->public_key;
}

/* "ssh-ed25519" is certified as "ssh-ed25519-cert-v01@openssh.com", and so is a name that has the
 * host part. */
static void cert_type_name(char out[SSH_ALGORITHM_SIZE], enum key_type type)
{
	const char *name = key_type_name(type);

	(void)text_format(out, SSH_ALGORITHM_SIZE, "%.*s" CERT_SUFFIX "@openssh.com",
			  (int)strcspn(name, "@"), name);
}

static bool ask_is_sound(const struct cert_ask *ask)
{
	if (ask->n_principals == 0 || ask->n_principals > CERT_PRINCIPALS_MAX ||
	    ask->valid_after >= ask->valid_before || ask->key_id[0] == '\0' ||
	    strlen(ask->key_id) >= CERT_TEXT_SIZE)
		return false;
	for (size_t i = 0; i < ask->n_principals; i++)
		if (!text_is_name(ask->principals[i]))
			return false;
	return ask->source_address == NULL || strlen(ask->source_address) < CERT_TEXT_SIZE;
}

/* A sequence inside a string: writes it into a space of its own, then with its length. */
static void put_principals(struct wbuf *b, const struct cert_ask *ask)
{
	uint8_t space[CERT_PRINCIPALS_MAX * (NAME_SIZE + 4)];
	struct wbuf part = WBUF_OF(space);

	for (size_t i = 0; i < ask->n_principals; i++)
		wbuf_string(&part, ask->principals[i]);
	wbuf_bytes(b, part.data, part.len);
}

static void put_options(struct wbuf *b, const struct cert_ask *ask)
{
	uint8_t value_space[CERT_TEXT_SIZE + 8], space[CERT_TEXT_SIZE + 64];
	struct wbuf value = WBUF_OF(value_space), part = WBUF_OF(space);

	if (ask->source_address != NULL && ask->source_address[0] != '\0') {
		wbuf_string(&value, ask->source_address);
		wbuf_string(&part, SOURCE_ADDRESS);
		wbuf_bytes(&part, value.data, value.len);
	}
	wbuf_bytes(b, part.data, part.len);
}

static void put_permits(struct wbuf *b, const struct cert_ask *ask)
{
	uint8_t space[ARRAY_SIZE(permits) * 40];
	struct wbuf part = WBUF_OF(space);

	for (size_t i = 0; i < ARRAY_SIZE(permits); i++)
		if ((ask->permits & permits[i].bit) != 0) {
			wbuf_string(&part, permits[i].name);
			wbuf_string(&part, "");
		}
	wbuf_bytes(b, part.data, part.len);
}

static void mdctx_freep(EVP_MD_CTX **ctx)
{
	EVP_MD_CTX_free(*ctx);
}

/* Appends the CA's signature over all that is in `b`. */
static int put_signature(struct wbuf *b, const struct ca *ca)
{
	AUTO(mdctx_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t sig[ED25519_SIG_SIZE], space[ED25519_SIG_SIZE + 32];
	struct wbuf part = WBUF_OF(space);
	size_t sig_len = sizeof sig;

	if (b->fault)
		return -EINVAL;
	if (ctx == NULL || EVP_DigestSignInit(ctx, NULL, NULL, NULL, ca->key) != 1 ||
	    EVP_DigestSign(ctx, sig, &sig_len, b->data, b->len) != 1)
		return -ENOMEM;
	wbuf_string(&part, key_type_name(KEY_ED25519));
	wbuf_bytes(&part, sig, sig_len);
	wbuf_bytes(b, part.data, part.len);
	return 0;
}

int cert_issue(uint8_t out[CERT_SIZE], size_t *out_len, const struct cert_ask *ask,
	       const struct ca *ca)
{
	struct wbuf b = {.data = out, .size = CERT_SIZE};
	char name[SSH_ALGORITHM_SIZE];
	uint8_t nonce[NONCE_SIZE];
	size_t type_len = 4 + strlen(key_type_name(ask->key->type));
	int r = secret_random(nonce, sizeof nonce);

	if (r != 0)
		return r;
	if (!ask_is_sound(ask) || ask->key->len <= type_len)
		return -EINVAL;
	cert_type_name(name, ask->key->type);
	wbuf_string(&b, name);
	wbuf_bytes(&b, nonce, sizeof nonce);
	wbuf_raw(&b, ask->key->data + type_len, ask->key->len - type_len);
	wbuf_u64(&b, ask->serial);
	wbuf_u32(&b, CERT_TYPE_USER);
	wbuf_string(&b, ask->key_id);
	put_principals(&b, ask);
	wbuf_u64(&b, ask->valid_after);
	wbuf_u64(&b, ask->valid_before);
	put_options(&b, ask);
	put_permits(&b, ask);
	wbuf_string(&b, ""); /* reserved */
	wbuf_bytes(&b, ca->public_key.data, ca->public_key.len);
	r = put_signature(&b, ca);
	if (r != 0)
		return r;
	*out_len = b.len;
	return b.fault ? -EINVAL : 0;
}

static enum key_type cert_type_from(const uint8_t *name, size_t len)
{
	char known[SSH_ALGORITHM_SIZE];

	for (enum key_type t = 0; t < KEY_TYPES; t++) {
		cert_type_name(known, t);
		if (strlen(known) == len && memcmp(known, name, len) == 0)
			return t;
	}
	return KEY_TYPES;
}

/* The key's own fields, with the plain type's name before them again. */
static int get_key(struct rbuf *b, enum key_type type, struct keyblob *out)
{
	uint8_t space[KEYBLOB_SIZE];
	struct wbuf w = WBUF_OF(space);
	struct key_parts parts;
	size_t from = b->at;
	int r = key_parts_get(b, type, &parts);

	if (r != 0)
		return r < 0 ? r : CERT_UNKNOWN;
	wbuf_string(&w, key_type_name(type));
	wbuf_raw(&w, b->data + from, b->at - from);
	if (w.fault)
		return -EBADMSG;
	r = keyblob_read(out, w.data, w.len);
	return r > 0 ? CERT_UNKNOWN : r;
}

static struct rbuf get_part(struct rbuf *b)
{
	size_t len;
	const uint8_t *at = rbuf_bytes(b, CERT_PART_MOST, &len);

	return rbuf_of(at, len);
}

static void get_principals(struct rbuf *b, struct cert *out)
{
	struct rbuf part = get_part(b);

	while (!part.fault && part.at < part.size) {
		if (out->n_principals == CERT_PRINCIPALS_MAX)
			part.fault = true;
		else
			rbuf_name(&part, out->principals[out->n_principals++]);
	}
	b->fault = b->fault || part.fault;
}

/* False: there is a critical option we do not know, so the certificate must be refused. */
static bool get_options(struct rbuf *b, struct cert *out)
{
	struct rbuf part = get_part(b);
	char name[SSH_ALGORITHM_SIZE];
	bool known = true;

	while (!part.fault && part.at < part.size) {
		struct rbuf value;

		rbuf_string(&part, name, sizeof name);
		value = get_part(&part);
		if (strcmp(name, SOURCE_ADDRESS) != 0 || out->source_address[0] != '\0')
			known = false;
		else
			rbuf_string(&value, out->source_address, sizeof out->source_address);
		if (known && rbuf_end(&value) != 0)
			part.fault = true;
	}
	b->fault = b->fault || part.fault;
	return known;
}

/* Extensions we do not know are ignored, as PROTOCOL.certkeys says. */
static void get_permits(struct rbuf *b, struct cert *out)
{
	struct rbuf part = get_part(b);
	char name[SSH_ALGORITHM_SIZE];

	while (!part.fault && part.at < part.size) {
		rbuf_string(&part, name, sizeof name);
		(void)get_part(&part);
		for (size_t i = 0; i < ARRAY_SIZE(permits); i++)
			if (strcmp(name, permits[i].name) == 0)
				out->permits |= permits[i].bit;
	}
	b->fault = b->fault || part.fault;
}

/* Everything between the key and the signer.  0 or CERT_UNKNOWN; faults stay in `b`. */
static int get_terms(struct rbuf *b, struct cert *out)
{
	uint32_t type;
	bool known;

	out->serial = rbuf_u64(b);
	type = rbuf_u32(b, 0, UINT32_MAX);
	rbuf_string(b, out->key_id, sizeof out->key_id);
	get_principals(b, out);
	out->valid_after = rbuf_u64(b);
	out->valid_before = rbuf_u64(b);
	known = get_options(b, out);
	get_permits(b, out);
	(void)get_part(b); /* reserved */
	return known && type == CERT_TYPE_USER ? 0 : CERT_UNKNOWN;
}

/* The signer, and its signature over all that stands before it. */
static int get_signature(struct rbuf *b, struct cert *out)
{
	size_t len, signed_len;
	const uint8_t *at = rbuf_bytes(b, KEYBLOB_SIZE, &len);
	int r;

	if (b->fault)
		return -EBADMSG;
	r = keyblob_read(&out->signer, at, len);
	if (r != 0)
		return r > 0 ? CERT_UNKNOWN : r;
	signed_len = b->at;
	at = rbuf_bytes(b, CERT_PART_MOST, &len);
	if (rbuf_end(b) != 0)
		return -EBADMSG;
	r = sig_verify(&out->signer, NULL, b->data, signed_len, at, len);
	return r > 0 ? CERT_UNSIGNED : r;
}

static int read_all(struct cert *out, struct rbuf *b)
{
	size_t len;
	const uint8_t *name = rbuf_bytes(b, SSH_ALGORITHM_SIZE, &len);
	enum key_type type = cert_type_from(name, len);
	int r, terms;

	if (b->fault)
		return -EBADMSG;
	if (type == KEY_TYPES)
		return CERT_UNKNOWN;
	(void)get_part(b); /* nonce */
	r = get_key(b, type, &out->key);
	if (r != 0)
		return b->fault ? -EBADMSG : r;
	terms = get_terms(b, out);
	r = get_signature(b, out);
	return r != 0 ? r : terms;
}

int cert_read(struct cert *out, const void *blob, size_t len)
{
	struct rbuf b = rbuf_of(blob, len);
	int r;

	memset(out, 0, sizeof *out);
	r = read_all(out, &b);
	if (r != 0)
		memset(out, 0, sizeof *out);
	return r;
}
