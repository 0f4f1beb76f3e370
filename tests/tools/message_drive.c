/*
 * What messages cost, many in one process: reads each file, and verifies its first signature with the key of a
 * record, as a check of a message does.  usage: message_drive read|verify RECORD FILE...
 * read: all but the keys and the verification, with the hashes of header and body.  How many were good goes to
 * standard output, the microseconds of the processor to standard error.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "mail/dkim_key.h"
#include "mail/message.h"

static int64_t
cpu_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* record: NULL: the message is read and its body compared, no more. */
static bool
is_good(const char *path, const char *record)
{
	struct err err = { .text = "" };
	struct dkim_key key;
	struct message m;
	struct arena a;
	arena_init(&a);
	bool good = message_read(path, &a, &m, &err) == ERR_NONE && m.n_signatures > 0 &&
	    m.signatures[0].body == MESSAGE_BODY_SAME;
	if (good && record != NULL) {
		dkim_key_read(&a, record, &key);
		good = key.status == DKIM_KEY_GOOD &&
		    dkim_key_verifies(&key, m.signatures[0].digest, m.signatures[0].dkim.signature,
			m.signatures[0].dkim.signature_len);
	}
	arena_fini(&a);
	return good;
}

int
main(int argc, char **argv)
{
	if (argc < 3)
		return 64;
	bool verify = strcmp(argv[1], "verify") == 0;
	int64_t begin = cpu_us();
	int n = 0;
	for (int i = 3; i < argc; i++)
		n += is_good(argv[i], verify ? argv[2] : NULL);
	fprintf(stderr, "%lld\n", (long long)(cpu_us() - begin));
	printf("%d\n", n);
	return 0;
}
