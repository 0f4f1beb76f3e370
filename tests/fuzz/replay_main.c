/*
 * Runs a fuzz target over files without a fuzzer, so that every input that ever broke something
 * stays a test wherever the tests run.  Arguments: a corpus directory.  Output: TAP.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Into a block of just that size, so that the address sanitizer sees a read past its end. */
static uint8_t *
read_input(const char *path, size_t *size)
{
	static uint8_t buffer[INPUT_MAX];
	FILE *f = fopen(path, "rb");
	if (!f)
		return NULL;
	*size = fread(buffer, 1, sizeof buffer, f);
	fclose(f);
	uint8_t *data = malloc(*size ? *size : 1);
	if (data)
		memcpy(data, buffer, *size);
	return data;
}

static int
replay(const char *dir, const char *name, int number)
{
	char path[4096];
	size_t size = 0;
	snprintf(path, sizeof path, "%s/%s", dir, name);
	uint8_t *data = read_input(path, &size);
	if (data)
		LLVMFuzzerTestOneInput(data, size);
	printf("%s %d - %s\n", data ? "ok" : "not ok", number, path);
	fflush(stdout);
	int failed = !data;
	free(data);
	return failed;
}

int
main(int argc, char **argv)
{
	struct dirent **entries = NULL;
	int n = argc == 2 ? scandir(argv[1], &entries, is_visible, alphasort) : -1;
	if (n <= 0) {
		fprintf(stderr, "%s: a directory with inputs is needed\n", argv[0]);
		return 2;
	}
	printf("1..%d\n", n);
	fflush(stdout);
	int failed = 0;
	for (int i = 0; i < n; i++) {
		failed |= replay(argv[1], entries[i]->d_name, i + 1);
		free(entries[i]);
	}
	free(entries);
	return failed;
}
