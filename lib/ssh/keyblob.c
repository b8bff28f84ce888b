#include "lib/ssh/keyblob.h"
#include "lib/ssh/pkey.h"

#include <errno.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>
#include <string.h>

enum { ED25519_SIZE = 32, RSA_BITS_LEAST = 2048, RSA_BYTES_MOST = 2048, RSA_E_MOST = 8 };

static const struct {
	const char *name;
	const char *curve; /* RFC 5656, 6.1 */
	const char *group; /* OpenSSL's name of it */
	size_t point_len;
	bool sk;
} types[KEY_TYPES] = {
	[KEY_ED25519] = {"ssh-ed25519", NULL, NULL, ED25519_SIZE, false},
	[KEY_ECDSA_256] = {"ecdsa-sha2-nistp256", "nistp256", "P-256", 65, false},
	[KEY_ECDSA_384] = {"ecdsa-sha2-nistp384", "nistp384", "P-384", 97, false},
	[KEY_ECDSA_521] = {"ecdsa-sha2-nistp521", "nistp521", "P-521", 133, false},
	[KEY_RSA] = {"ssh-rsa", NULL, NULL, 0, false},
	[KEY_SK_ED25519] = {"sk-ssh-ed25519@openssh.com", NULL, NULL, ED25519_SIZE, true},
	[KEY_SK_ECDSA_256] = {"sk-ecdsa-sha2-nistp256@openssh.com", "nistp256", "P-256", 65, true},
};

const char *key_type_name(enum key_type type)
{
	return types[type].name;
}

bool key_type_is_sk(enum key_type type)
{
	return types[type].sk;
}

static bool same(const uint8_t *data, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(data, text, len) == 0;
}

enum key_type key_type_from(const uint8_t *name, size_t len)
{
	for (enum key_type t = 0; t < KEY_TYPES; t++)
		if (same(name, len, types[t].name))
			return t;
	return KEY_TYPES;
}

const uint8_t *mpint_get(struct rbuf *b, size_t most, size_t *len)
{
	const uint8_t *at = rbuf_bytes(b, most + 1, len);

	if (*len == 0 || (at[0] & 0x80) != 0 || (at[0] == 0 && (*len < 2 || (at[1] & 0x80) == 0)))
		b->fault = true;
	else if (at[0] == 0)
		at++, --*len;
	if (*len > most)
		b->fault = true;
	return at;
}

static int rsa_get(struct rbuf *b, struct key_parts *out)
{
	size_t bits;

	out->e = mpint_get(b, RSA_E_MOST, &out->e_len);
	out->n = mpint_get(b, RSA_BYTES_MOST, &out->n_len);
	if (b->fault)
		return -EBADMSG;
	bits = 8 * out->n_len;
	for (uint8_t first = out->n[0]; (first & 0x80) == 0; first = (uint8_t)(first << 1))
		bits--;
	if (bits < RSA_BITS_LEAST || (out->e_len == 1 && out->e[0] < 3) ||
	    (out->e[out->e_len - 1] & 1) == 0)
		return KEYBLOB_WEAK;
	return 0;
}

static int point_get(struct rbuf *b, struct key_parts *out)
{
	enum key_type type = out->type;
	size_t len;

	if (types[type].curve != NULL) {
		const uint8_t *curve = rbuf_bytes(b, NAME_SIZE, &len);

		if (!same(curve, len, types[type].curve))
			return -EBADMSG;
	}
	out->point = rbuf_bytes(b, types[type].point_len, &out->point_len);
	if (b->fault || out->point_len != types[type].point_len)
		return -EBADMSG;
	/* Uncompressed points only: RFC 5656, 3.1 lets us choose, and OpenSSH knows no other. */
	return types[type].curve != NULL && out->point[0] != 4 ? -EBADMSG : 0;
}

int key_parts_get(struct rbuf *b, enum key_type type, struct key_parts *out)
{
	int r;

	*out = (struct key_parts){.type = type};
	r = type == KEY_RSA ? rsa_get(b, out) : point_get(b, out);
	if (r == 0 && types[type].sk)
		out->application = rbuf_bytes(b, TEXT_SIZE / 2, &out->application_len);
	return b->fault ? -EBADMSG : r;
}

int key_parts_of(struct key_parts *out, const void *blob, size_t len)
{
	struct rbuf b = rbuf_of(blob, len);
	size_t name_len;
	const uint8_t *name = rbuf_bytes(&b, KEYBLOB_SIZE, &name_len);
	enum key_type type = key_type_from(name, name_len);
	int r;

	if (b.fault)
		return -EBADMSG;
	if (type == KEY_TYPES)
		return KEYBLOB_UNKNOWN;
	r = key_parts_get(&b, type, out);
	if (r == 0 || r == KEYBLOB_WEAK)
		r = rbuf_end(&b) == 0 ? r : -EBADMSG;
	return r;
}

static void bld_freep(OSSL_PARAM_BLD **b)
{
	OSSL_PARAM_BLD_free(*b);
}

static void params_freep(OSSL_PARAM **p)
{
	OSSL_PARAM_free(*p);
}

static void bn_freep(BIGNUM **bn)
{
	BN_free(*bn);
}

static void pctx_freep(EVP_PKEY_CTX **ctx)
{
	EVP_PKEY_CTX_free(*ctx);
}

static int pkey_from(EVP_PKEY **out, const char *algorithm, OSSL_PARAM_BLD *b)
{
	AUTO(params_freep) OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(b);
	AUTO(pctx_freep) EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, algorithm, NULL);

	if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1)
		return -ENOMEM;
	return EVP_PKEY_fromdata(ctx, out, EVP_PKEY_PUBLIC_KEY, params) == 1 ? 0 : -EBADMSG;
}

static int pkey_rsa(EVP_PKEY **out, const struct key_parts *parts)
{
	AUTO(bld_freep) OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	AUTO(bn_freep) BIGNUM *n = BN_bin2bn(parts->n, (int)parts->n_len, NULL);
	AUTO(bn_freep) BIGNUM *e = BN_bin2bn(parts->e, (int)parts->e_len, NULL);

	if (b == NULL || n == NULL || e == NULL ||
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n) != 1 ||
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e) != 1)
		return -ENOMEM;
	return pkey_from(out, "RSA", b);
}

static int pkey_ec(EVP_PKEY **out, const struct key_parts *parts)
{
	AUTO(bld_freep) OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();

	if (b == NULL ||
	    OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, types[parts->type].group,
					    0) != 1 ||
	    OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, parts->point,
					     parts->point_len) != 1)
		return -ENOMEM;
	return pkey_from(out, "EC", b);
}

int pkey_new(EVP_PKEY **out, const struct key_parts *parts)
{
	if (parts->type == KEY_RSA)
		return pkey_rsa(out, parts);
	if (types[parts->type].group != NULL)
		return pkey_ec(out, parts);
	*out = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, parts->point, parts->point_len);
	return *out != NULL ? 0 : -ENOMEM;
}

int keyblob_read(struct keyblob *out, const void *blob, size_t len)
{
	AUTO(pkey_freep) EVP_PKEY *key = NULL;
	struct key_parts parts;
	int r = key_parts_of(&parts, blob, len);

	memset(out, 0, sizeof *out);
	if (r != 0)
		return r;
	if (len > sizeof out->data)
		return -EBADMSG;
	r = pkey_new(&key, &parts);
	if (r != 0)
		return r;
	out->type = parts.type;
	out->len = len;
	memcpy(out->data, blob, len);
	return 0;
}

/* Strict base64 (RFC 4648, 4) without line breaks.  The length of what it holds, or 0: it is none,
 * or empty, or too long for `out`, which has room for 2 bytes more. */
static size_t base64_decode(uint8_t *out, size_t size, const char *text, size_t len)
{
	unsigned char again[4 * (KEYBLOB_SIZE + 2) / 3 + 8];
	size_t pad = 0;
	int n;

	if (len == 0 || len % 4 != 0 || len / 4 * 3 > size + 2)
		return 0;
	while (pad < 2 && text[len - 1 - pad] == '=')
		pad++;
	n = EVP_DecodeBlock(out, (const unsigned char *)text, (int)len);
	if (n < 0 || (size_t)n <= pad || (size_t)n - pad > size)
		return 0;
	/* OpenSSL's decoder forgives white space and loose bits: what it made must give the same
	 * text. */
	if ((size_t)EVP_EncodeBlock(again, out, n - (int)pad) != len ||
	    memcmp(again, text, len) != 0)
		return 0;
	return (size_t)n - pad;
}

static size_t word_len(const char *s)
{
	return strcspn(s, " \t\r\n");
}

int keyblob_read_line(struct keyblob *out, const char *line, char *comment)
{
	uint8_t blob[KEYBLOB_SIZE + 2];
	size_t name_len = word_len(line), len;
	const char *base64 = line + name_len + strspn(line + name_len, " \t");
	const char *rest;
	int r;

	memset(out, 0, sizeof *out);
	if (comment != NULL)
		comment[0] = '\0';
	len = base64_decode(blob, KEYBLOB_SIZE, base64, word_len(base64));
	if (name_len == 0 || len == 0)
		return -EBADMSG;
	r = keyblob_read(out, blob, len);
	if (r == 0 && !same((const uint8_t *)line, name_len, types[out->type].name)) {
		memset(out, 0, sizeof *out);
		return -EBADMSG;
	}
	if (r != 0)
		return r;
	rest = base64 + word_len(base64);
	rest += strspn(rest, " \t");
	if (comment != NULL)
		(void)text_format(comment, TEXT_SIZE, "%.*s", (int)strcspn(rest, "\r\n"), rest);
	return 0;
}

bool keyblob_line(char *out, size_t size, const struct keyblob *key, const char *comment)
{
	unsigned char base64[4 * (KEYBLOB_SIZE + 2) / 3 + 8];
	bool has = comment != NULL && comment[0] != '\0';

	(void)EVP_EncodeBlock(base64, key->data, (int)key->len);
	return text_format(out, size, "%s %s%s%s", types[key->type].name, (const char *)base64,
			   has ? " " : "", has ? comment : "");
}

void keyblob_fingerprint(char out[FINGERPRINT_SIZE], const struct keyblob *key)
{
	uint8_t hash[SHA256_DIGEST_LENGTH];
	unsigned char base64[48];

	(void)SHA256(key->data, key->len, hash);
	(void)EVP_EncodeBlock(base64, hash, sizeof hash);
	(void)text_format(out, FINGERPRINT_SIZE, "SHA256:%.43s", (const char *)base64);
}

bool keyblob_equal(const struct keyblob *a, const struct keyblob *b)
{
	return a->type == b->type && a->len == b->len && memcmp(a->data, b->data, a->len) == 0;
}
