/* What a certificate and the chain that the server sent with it show. */
#ifndef MAILREADY_SMTP_CERT_PRIV_H
#define MAILREADY_SMTP_CERT_PRIV_H

#include <openssl/x509.h>

#include "smtp/dialogue.h"

struct arena;

/*
 * The security level of OpenSSL (SSL_CTX_set_security_level(3)) that clients have by default:
 * 112 bits of security, so no RSA or DH key of less than 2048 bits and no SHA-1.
 */
enum { CLIENT_LEVEL = 2, CLIENT_SECURITY_BITS = 112 };

/* "RSA 2048 bits" */
const char *cert_key_text(EVP_PKEY *key, struct arena *a);

/* x: the server's own certificate.  sent: all that it sent; NULL: none.  Reads the trust store. */
void cert_facts(X509 *x, STACK_OF(X509) * sent, struct arena *a, struct smtp_cert *out);

#endif
