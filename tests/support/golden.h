/* Files in tests/golden: what is made is what stands there. */
#ifndef MAILREADY_TESTS_GOLDEN_H
#define MAILREADY_TESTS_GOLDEN_H

struct buf;

enum { GOLDEN_MAX = 1 << 20 };

/* With UPDATE_GOLDEN in the environment (make golden) the file is rewritten first. */
void golden_compare(const char *path, const struct buf *got);

#endif
