/* Replies to signed updates: the first byte chooses the key's algorithm, the rest is the reply. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "dns/tsig.h"
#include "dns/update.h"

enum { MESSAGE_MAX = 65535, MAC_LEN = 32, ID = 0x1234 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* ldns forgets all but the last signature of a message that has several. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libldns.so";
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const algorithms[] = { "hmac-md5", "hmac-sha1", "hmac-sha256",
		"hmac-sha512" };
	struct tsig_key key = { .name = "key.example",
		.secret = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=" };
	struct tsig_mac mac = { .len = MAC_LEN };
	struct tsig_reply reply;

	if (size < 1 || size > MESSAGE_MAX)
		return 0;
	snprintf(key.algorithm, sizeof key.algorithm, "%s",
	    algorithms[data[0] % (sizeof algorithms / sizeof algorithms[0])]);
	memset(mac.bytes, data[0], mac.len);
	tsig_check(&key, data + 1, size - 1, &mac, &reply);
	/* nobody who does not know the key says anything but that it is refused */
	assert(reply.result != TSIG_GOOD);
	assert(reply.result == TSIG_REFUSED || reply.error == 0);
	(void)dns_update_rcode(data + 1, size - 1, ID);
	return 0;
}
