#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "provider/huawei/huawei_priv.h"
#include "provider/openstack/config_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the file holds, reading ends, and what is wrong has a sentence. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct os_config config = { .from_file = true };
	struct err err = { .text = "" };

	enum err_code code = os_clouds_parse(&config, "fuzz", (const char *)data, size, "c", &err);
	assert(code == ERR_NONE || err.text[0] != '\0');
	if (code == ERR_NONE)
		assert(os_config_check(&config, &err) == ERR_NONE || err.text[0] != '\0');
	os_config_fini(&config);
	char url[HUAWEI_URL_MAX];
	code = huawei_regions_find("fuzz", (const char *)data, size, "DNS", "r", url, &err);
	assert(code == ERR_NONE || err.text[0] != '\0');
	return 0;
}
