/* Hostkey: a new Ed25519 key in OpenSSH's private key format (PROTOCOL.key).  Layer: bastion/listener. */
#ifndef SALLYPORT_BASTION_LISTENER_HOSTKEY_H
#define SALLYPORT_BASTION_LISTENER_HOSTKEY_H

#include "lib/base/base.h"

enum { HOSTKEY_TEXT_SIZE = 1024 };
/* A private key file and the line of its public key, both ended by a newline and NUL.  The private one is secret: wipe
 * it.  0, or -errno. */
MUST_CHECK int hostkey_make(char secret[HOSTKEY_TEXT_SIZE], char public_line[HOSTKEY_TEXT_SIZE], const char *comment);

#endif
