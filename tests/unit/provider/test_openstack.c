#include "provider/openstack/openstack_priv.h"

#include <stdlib.h>

#include "base/arena.h"
#include "provider/provider_priv.h"
#include "test.h"

/* What the cloud is asked, one request a line, and what it answers, in the order of the calls. */
struct exchange {
	const char *request; /* "METHOD URL" and, after a blank, the body */
	int status;          /* 0: no connection, after the request may have arrived */
	const char *reply;
};

#define URL "https://cloud.example"
#define DNS URL ":9001/v2/reverse/floatingips"
#define NEUTRON "GET " URL ":9696/v2.0/floatingips?floating_ip_address=192.0.2.10"
#define ENDPOINT(region, url) \
	"{\"interface\":\"public\",\"region\":\"" region "\",\"region_id\":\"" region \
	"\",\"url\":\"" url "\"}"
#define CATALOGUE(endpoints_dns, endpoints_network) \
	"{\"token\":{\"project\":{\"id\":\"p1\",\"name\":\"mail\"},\"catalog\":[" \
	"{\"type\":\"dns\",\"endpoints\":[{\"interface\":\"internal\",\"region\":\"R1\",\"url\":" \
	"\"http://i\"}," endpoints_dns \
	"]},{\"type\":\"network\",\"endpoints\":[" endpoints_network "]}]}}"
#define ONE_REGION CATALOGUE(ENDPOINT("R1", URL ":9001/v2/"), ENDPOINT("R1", URL ":9696/v2.0"))
#define ADMIN_LOGIN \
	"POST " URL \
	"/v3/auth/tokens {\"auth\":{\"identity\":{\"methods\":[\"application_credential\"]," \
	"\"application_credential\":{\"secret\":\"s3cr3t\",\"id\":\"c1\"}}}}"
#define LOGIN \
	{ \
		ADMIN_LOGIN, 201, ONE_REGION \
	}
#define FOUND \
	{ \
		NEUTRON, 200, \
		    "{\"floatingips\":[{\"id\":\"f-1\",\"floating_ip_address\":\"192.0.2.10\"}]}" \
	}
#define RECORD(name, ttl, status) \
	"{\"ptrdname\":" name ",\"ttl\":" ttl \
	",\"description\":null,\"address\":\"192.0.2.10\",\"id\":" \
	"\"R1:f-1\",\"status\":\"" status "\",\"action\":\"NONE\"}"
#define CREDENTIAL \
	"OS_AUTH_URL=" URL "/v3/", "OS_APPLICATION_CREDENTIAL_ID=c1", \
	    "OS_APPLICATION_CREDENTIAL_SECRET=s3cr3t"

enum verb { OPEN, FIND, GET, PUT, UNSET, POLL, LIST, FORWARD_GET, FORWARD_PUT, FORWARD_POLL };

struct os_case {
	const char *name;
	const char *environment[12];
	enum verb verb;
	const char *ip; /* "" is 192.0.2.10 */
	const char *region;
	uint32_t ttl_s;
	struct exchange exchanges[8];
	enum err_code code;
	const char *says; /* part of the error, or of the place's id */
	enum provider_state state;
	bool maybe_done;
	const char *ca_file; /* NULL: the system's */
	const char *endpoint;
	bool ttl_zero;
};

static const struct os_case cases[] = {
	{ "application credential", { CREDENTIAL }, OPEN, .exchanges = { LOGIN } },
	{ "password, names, one domain",
	    { "OS_AUTH_URL=" URL, "OS_USERNAME=u", "OS_PASSWORD=p\"\\w", "OS_PROJECT_NAME=mail",
		"OS_DOMAIN_NAME=D" },
	    OPEN,
	    .exchanges = { { "POST " URL "/v3/auth/tokens "
			     "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{"
			     "\"user\":{\"name\":\"u\",\"domain\":{\"name\":\"D\"},\"password\":"
			     "\"p\\\"\\\\w\"}}},"
			     "\"scope\":{\"project\":{\"name\":\"mail\",\"domain\":{\"name\":\"D\"}"
			     "}}}}",
		201, ONE_REGION } } },
	{ "password, ids",
	    { "OS_AUTH_URL=" URL, "OS_USER_ID=u1", "OS_PASSWORD=p", "OS_TENANT_ID=p1" }, OPEN,
	    .exchanges = { { "POST " URL "/v3/auth/tokens "
			     "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{"
			     "\"user\":{\"id\":\"u1\",\"password\":\"p\"}}},\"scope\":{\"project\":"
			     "{\"id\":\"p1\"}}}}",
		201, ONE_REGION } } },
	{ "password, default domain",
	    { "OS_AUTH_URL=" URL, "OS_USERNAME=u", "OS_PASSWORD=p", "OS_PROJECT_ID=p1" }, OPEN,
	    .exchanges = { { "POST " URL "/v3/auth/tokens "
			     "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{"
			     "\"user\":{\"name\":\"u\",\"domain\":{\"id\":\"default\"},"
			     "\"password\":\"p\"}}},"
			     "\"scope\":{\"project\":{\"id\":\"p1\"}}}}",
		201, ONE_REGION } } },
	{ "wrong secret is not tried again", { CREDENTIAL }, OPEN,
	    .exchanges = { { ADMIN_LOGIN, 401,
		"{\"error\":{\"code\":401,\"message\":\"no\\u001b[2J\"}}" } },
	    .code = ERR_NOPERM, .says = "refused (HTTP 401: no\\x1b[2J" },
	{ "no identity service there", { CREDENTIAL }, OPEN,
	    .exchanges = { { ADMIN_LOGIN, 404, "<html>" } }, .code = ERR_CONFIG,
	    .says = "HTTP 404" },
	{ "identity service is not well", { CREDENTIAL }, OPEN,
	    .exchanges = { { ADMIN_LOGIN, 503, "" } }, .code = ERR_TEMP, .says = "HTTP 503" },
	{ "token without a body", { CREDENTIAL }, OPEN, .exchanges = { { ADMIN_LOGIN, 201, "" } },
	    .code = ERR_TEMP, .says = "contains no token" },
	{ "token that is null", { CREDENTIAL }, OPEN,
	    .exchanges = { { ADMIN_LOGIN, 201, "{\"token\":null}" } }, .code = ERR_TEMP,
	    .says = "contains no token" },
	{ "cloud without DNS service", { CREDENTIAL }, OPEN,
	    .exchanges = { { ADMIN_LOGIN, 201, "{\"token\":{\"catalog\":[]}}" } },
	    .code = ERR_CONFIG, .says = "no DNS service" },
	{ "two regions, none named", { CREDENTIAL }, OPEN,
	    .exchanges = { { ADMIN_LOGIN, 201,
		CATALOGUE(ENDPOINT("R1", URL) "," ENDPOINT("R2", URL), ENDPOINT("R1", URL)) } },
	    .code = ERR_CONFIG, .says = "this cloud has the regions R1, R2" },
	{ "two regions, one named", { CREDENTIAL, "OS_REGION_NAME=R2" }, FIND,
	    .exchanges = { { ADMIN_LOGIN, 201,
			       CATALOGUE(ENDPOINT("R1", URL ":1") "," ENDPOINT("R2", URL ":2"),
				   ENDPOINT("R1", URL ":3") "," ENDPOINT("R2", URL ":9696")) },
		FOUND },
	    .says = "R2:f-1" },
	{ "region of the command line wins", { CREDENTIAL, "OS_REGION_NAME=R2" }, OPEN,
	    .region = "R9", .exchanges = { LOGIN }, .code = ERR_CONFIG, .says = "no region R9" },
	{ "DNS service of all regions", { CREDENTIAL }, FIND,
	    .exchanges = { { ADMIN_LOGIN, 201,
			       CATALOGUE(ENDPOINT("*", URL ":9001"), ENDPOINT("R1", URL ":9696")) },
		FOUND },
	    .says = "R1:f-1" },
	{ "all services in all regions", { CREDENTIAL, "OS_REGION_NAME=R7" }, FIND,
	    .exchanges = { { ADMIN_LOGIN, 201,
			       CATALOGUE(ENDPOINT("*", URL ":9001"), ENDPOINT("*", URL ":9696")) },
		FOUND },
	    .says = "R7:f-1" },
	{ "all services in all regions, none named", { CREDENTIAL }, OPEN,
	    .exchanges = { { ADMIN_LOGIN, 201,
		CATALOGUE(ENDPOINT("*", URL ":9001"), ENDPOINT("*", URL ":9696")) } },
	    .code = ERR_CONFIG, .says = "the region is not set" },
	{ "an address of its own goes before that of all", { CREDENTIAL, "OS_REGION_NAME=R2" },
	    FIND,
	    .exchanges = { { ADMIN_LOGIN, 201,
			       CATALOGUE(ENDPOINT("*", URL ":1") "," ENDPOINT("R2", URL ":9001"),
				   ENDPOINT("R2", URL ":9696") "," ENDPOINT("*", URL ":2")) },
		FOUND },
	    .says = "R2:f-1" },
	{ "DNS service in another region", { CREDENTIAL, "OS_REGION_NAME=R2" }, GET, .ttl_s = 60,
	    .exchanges = { { ADMIN_LOGIN, 201,
			       CATALOGUE(ENDPOINT("R1", URL ":9001"),
				   ENDPOINT("R2", URL ":9696") "," ENDPOINT("R1", URL ":2")) },
		FOUND, { "GET " DNS "/R2:f-1", 200, RECORD("\"Mail.example.\"", "60", "ACTIVE") } },
	    .state = PROVIDER_ACTIVE },
	{ "DNS service in two other regions", { CREDENTIAL, "OS_REGION_NAME=R3" }, OPEN,
	    .exchanges = { { ADMIN_LOGIN, 201,
		CATALOGUE(ENDPOINT("R1", URL ":1") "," ENDPOINT("R2", URL ":2"),
		    ENDPOINT("R3", URL ":9696")) } },
	    .code = ERR_CONFIG, .says = "no region R3; it has R1, R2" },
	{ "its address is given", { CREDENTIAL, "OS_REGION_NAME=R3" }, GET, .ttl_s = 60,
	    .endpoint = "dns=" URL ":9001/v2",
	    .exchanges = { { ADMIN_LOGIN, 201,
			       CATALOGUE(ENDPOINT("R1", URL ":1") "," ENDPOINT("R2", URL ":2"),
				   ENDPOINT("R3", URL ":9696")) },
		FOUND, { "GET " DNS "/R3:f-1", 200, RECORD("\"Mail.example.\"", "60", "ACTIVE") } },
	    .state = PROVIDER_ACTIVE },
	{ "Open Telekom Cloud: nothing set", { CREDENTIAL }, GET,
	    .exchanges = { LOGIN, FOUND,
		{ "GET " DNS "/R1:f-1", 404,
		    "{\"code\":\"DNS.0507\",\"message\":\"This PTR record does not exist.\"}" } },
	    .state = PROVIDER_ABSENT },
	{ "Open Telekom Cloud: being changed", { CREDENTIAL }, POLL,
	    .exchanges = { LOGIN, FOUND,
		{ "GET " DNS "/R1:f-1", 200, RECORD("\"a.\"", "1", "PENDING_UPDATE") } },
	    .state = PROVIDER_PENDING },
	{ "Open Telekom Cloud: unset", { CREDENTIAL }, UNSET,
	    .exchanges = { LOGIN, FOUND,
		{ "PATCH " DNS "/R1:f-1 {\"ptrdname\":null}", 404, "{\"code\":\"DNS.0507\"}" },
		{ "GET " DNS "/R1:f-1", 404, "{\"code\":\"DNS.0507\"}" } } },
	{ "another 404", { CREDENTIAL }, GET,
	    .exchanges = { LOGIN, FOUND,
		{ "GET " DNS "/R1:f-1", 404, "{\"code\":404,\"type\":\"not_found\"}" } },
	    .code = ERR_DATA, .says = "does not have it" },
	{ "TTL 0", { CREDENTIAL }, GET, .ttl_zero = true,
	    .exchanges = { LOGIN, FOUND,
		{ "GET " DNS "/R1:f-1", 200, RECORD("\"Mail.example.\"", "0", "ACTIVE") } },
	    .state = PROVIDER_ACTIVE },
	{ "put with TTL 0", { CREDENTIAL }, PUT, .ttl_zero = true,
	    .exchanges = { LOGIN, FOUND,
		{ "PATCH " DNS
		  "/R1:f-1 {\"ptrdname\":\"mail.example.\",\"ttl\":0,\"description\":\"of "
		  "mine\"}",
		    202, "{}" } } },
	{ "find", { CREDENTIAL }, FIND, .exchanges = { LOGIN, FOUND }, .says = "R1:f-1" },
	{ "find: none", { CREDENTIAL }, FIND,
	    .exchanges = { LOGIN, { NEUTRON, 200, "{\"floatingips\":[]}" } }, .code = ERR_DATA,
	    .says = "192.0.2.10 is not a floating IP of the project mail (p1) in region R1" },
	{ "find: another address is answered", { CREDENTIAL }, FIND,
	    .exchanges = { LOGIN,
		{ NEUTRON, 200,
		    "{\"floatingips\":[{\"id\":\"x\",\"floating_ip_address\":\"192.0.2.9\"}]}" } },
	    .code = ERR_DATA, .says = "not a floating IP" },
	{ "find: id that is a path", { CREDENTIAL }, FIND,
	    .exchanges = { LOGIN,
		{ NEUTRON, 200,
		    "{\"floatingips\":[{\"id\":\"../"
		    "x\",\"floating_ip_address\":\"192.0.2.10\"}]}" } },
	    .code = ERR_TEMP, .says = "has an invalid id" },
	{ "find: token ended, a new one is got once", { CREDENTIAL }, FIND,
	    .exchanges = { LOGIN, { NEUTRON, 401, "{}" }, LOGIN, FOUND }, .says = "R1:f-1" },
	{ "find: refused twice", { CREDENTIAL }, FIND,
	    .exchanges = { LOGIN, { NEUTRON, 401, "{}" }, LOGIN, { NEUTRON, 401, "{}" } },
	    .code = ERR_NOPERM, .says = "refused" },
	{ "find: IPv6", { CREDENTIAL }, FIND, .ip = "2001:db8::1", .exchanges = { LOGIN },
	    .code = ERR_DATA, .says = "only for IPv4 floating IPs" },
	{ "find without Neutron", { CREDENTIAL }, FIND,
	    .exchanges = { { ADMIN_LOGIN, 201, CATALOGUE(ENDPOINT("R1", URL ":9001"), "") },
		{ "GET " DNS, 200,
		    "{\"floatingips\":[{\"id\":\"R1:a\",\"address\":\"192.0.2.1\"}],\"links\":{"
		    "\"next\":"
		    "\"https://evil.example/v2/reverse/floatingips?marker=a\"}}" },
		{ "GET " DNS "?marker=a", 200,
		    "{\"floatingips\":[{\"id\":\"R1:f-1\",\"address\":\"192.0.2.10\"}]}" } },
	    .says = "R1:f-1" },
	{ "get: nothing set", { CREDENTIAL }, GET,
	    .exchanges = { LOGIN, FOUND,
		{ "GET " DNS "/R1:f-1", 200, RECORD("null", "null", "INACTIVE") } },
	    .state = PROVIDER_ABSENT },
	{ "get: set", { CREDENTIAL }, GET, .ttl_s = 600,
	    .exchanges = { LOGIN, FOUND,
		{ "GET " DNS "/R1:f-1", 200, RECORD("\"Mail.example.\"", "600", "ACTIVE") } },
	    .state = PROVIDER_ACTIVE },
	{ "get: the words are of another kind", { CREDENTIAL }, GET,
	    .exchanges = { LOGIN, FOUND,
		{ "GET " DNS "/R1:f-1", 200, RECORD("7", "600", "ACTIVE") } },
	    .code = ERR_TEMP, .says = "must be a string" },
	{ "get: unknown status", { CREDENTIAL }, GET,
	    .exchanges = { LOGIN, FOUND,
		{ "GET " DNS "/R1:f-1", 200, RECORD("null", "1", "ODD") } },
	    .code = ERR_TEMP, .says = "unknown status 'ODD'" },
	{ "get: null", { CREDENTIAL }, GET,
	    .exchanges = { LOGIN, FOUND, { "GET " DNS "/R1:f-1", 200, "null" } }, .code = ERR_TEMP,
	    .says = "is missing" },
	{ "get: truncated", { CREDENTIAL }, GET,
	    .exchanges = { LOGIN, FOUND, { "GET " DNS "/R1:f-1", 200, "{\"ptrdname\":" } },
	    .code = ERR_TEMP, .says = "not a JSON object" },
	{ "poll: pending", { CREDENTIAL }, POLL,
	    .exchanges = { LOGIN, FOUND,
		{ "GET " DNS "/R1:f-1", 200, RECORD("\"a.\"", "1", "PENDING") } },
	    .state = PROVIDER_PENDING },
	{ "poll: error", { CREDENTIAL }, POLL,
	    .exchanges = { LOGIN, FOUND,
		{ "GET " DNS "/R1:f-1", 200, RECORD("\"a.\"", "1", "ERROR") } },
	    .state = PROVIDER_FAILED, .says = "Designate could not publish" },
	{ "put", { CREDENTIAL }, PUT, .ttl_s = 600,
	    .exchanges = { LOGIN, FOUND,
		{ "PATCH " DNS
		  "/R1:f-1 {\"ptrdname\":\"mail.example.\",\"ttl\":600,\"description\":\"of "
		  "mine\"}",
		    202, RECORD("\"mail.example.\"", "600", "PENDING") } } },
	{ "put without TTL", { CREDENTIAL }, PUT,
	    .exchanges = { LOGIN, FOUND,
		{ "PATCH " DNS
		  "/R1:f-1 {\"ptrdname\":\"mail.example.\",\"description\":\"of mine\"}",
		    202, "{}" } } },
	{ "put: the connection is cut", { CREDENTIAL }, PUT,
	    .exchanges = { LOGIN, FOUND,
		{ "PATCH " DNS
		  "/R1:f-1 {\"ptrdname\":\"mail.example.\",\"description\":\"of mine\"}",
		    0, "" } },
	    .code = ERR_TEMP, .says = "cut", .maybe_done = true },
	{ "put: error 502", { CREDENTIAL }, PUT,
	    .exchanges = { LOGIN, FOUND,
		{ "PATCH " DNS
		  "/R1:f-1 {\"ptrdname\":\"mail.example.\",\"description\":\"of mine\"}",
		    502, "<html>" } },
	    .code = ERR_TEMP, .says = "HTTP 502", .maybe_done = true },
	{ "put: refused by its rules", { CREDENTIAL }, PUT,
	    .exchanges = { LOGIN, FOUND,
		{ "PATCH " DNS
		  "/R1:f-1 {\"ptrdname\":\"mail.example.\",\"description\":\"of mine\"}",
		    400,
		    "{\"code\":400,\"type\":\"invalid_object\",\"errors\":{\"errors\":[{\"path\":"
		    "\"ttl\",\"message\":\"9 is too small\"}]}}" } },
	    .code = ERR_DATA, .says = "invalid_object (ttl: 9 is too small)" },
	{ "put: forbidden", { CREDENTIAL }, PUT,
	    .exchanges = { LOGIN, FOUND,
		{ "PATCH " DNS
		  "/R1:f-1 {\"ptrdname\":\"mail.example.\",\"description\":\"of mine\"}",
		    403, "{\"NeutronError\":{\"message\":\"no role\"}}" } },
	    .code = ERR_NOPERM, .says = "roles do not allow it" },
	{ "put: quota", { CREDENTIAL }, PUT,
	    .exchanges = { LOGIN, FOUND,
		{ "PATCH " DNS
		  "/R1:f-1 {\"ptrdname\":\"mail.example.\",\"description\":\"of mine\"}",
		    413, "{}" } },
	    .code = ERR_DATA, .says = "quota" },
	{ "unset", { CREDENTIAL }, UNSET,
	    .exchanges = { LOGIN, FOUND,
		{ "PATCH " DNS "/R1:f-1 {\"ptrdname\":null}", 202, "null" } } },
	{ "unset: there is nothing", { CREDENTIAL }, UNSET,
	    .exchanges = { LOGIN, FOUND, { "PATCH " DNS "/R1:f-1 {\"ptrdname\":null}", 404, "{}" },
		{ "GET " DNS "/R1:f-1", 200, RECORD("null", "null", "INACTIVE") } } },
	{ "unset: not ours", { CREDENTIAL }, UNSET,
	    .exchanges = { LOGIN, FOUND, { "PATCH " DNS "/R1:f-1 {\"ptrdname\":null}", 404, "{}" },
		{ "GET " DNS "/R1:f-1", 404, "{}" } },
	    .code = ERR_DATA, .says = "unsetting" },
	{ "list", { CREDENTIAL }, LIST, .ttl_s = 2,
	    .exchanges = { LOGIN,
		{ "GET " DNS, 200,
		    "{\"floatingips\":[" RECORD("\"a.\"", "1", "ACTIVE") "," RECORD("null", "null",
			"INACTIVE") "]}" } } },
	{ "list: not an entry", { CREDENTIAL }, LIST,
	    .exchanges = { LOGIN, { "GET " DNS, 200, "{\"floatingips\":[7]}" } }, .code = ERR_TEMP,
	    .says = "is missing" },
	{ "forward: zone of others", { CREDENTIAL }, FORWARD_GET,
	    .exchanges = { LOGIN,
		{ "GET " URL ":9001/v2/zones?name=mail.example.", 200, "{\"zones\":[]}" },
		{ "GET " URL ":9001/v2/zones?name=example.", 200, "{\"zones\":[]}" } },
	    .code = ERR_DATA, .says = "no zone of the project mail (p1)" },
	{ "forward: new record", { CREDENTIAL }, FORWARD_PUT, .ttl_s = 60,
	    .exchanges = { LOGIN,
		{ "GET " URL ":9001/v2/zones?name=mail.example.", 200, "{\"zones\":[]}" },
		{ "GET " URL ":9001/v2/zones?name=example.", 200, "{\"zones\":[{\"id\":\"z1\"}]}" },
		{ "GET " URL ":9001/v2/zones/z1/recordsets?name=mail.example.&type=A", 200,
		    "{\"recordsets\":[]}" },
		{ "POST " URL
		  ":9001/v2/zones/z1/recordsets {\"records\":[\"192.0.2.10\"],\"ttl\":60,"
		  "\"name\":\"mail.example.\",\"type\":\"A\"}",
		    202, "{}" } } },
	{ "forward: replaced", { CREDENTIAL }, FORWARD_PUT,
	    .exchanges = { LOGIN,
		{ "GET " URL ":9001/v2/zones?name=mail.example.", 200,
		    "{\"zones\":[{\"id\":\"z1\"}]}" },
		{ "GET " URL ":9001/v2/zones/z1/recordsets?name=mail.example.&type=A", 200,
		    "{\"recordsets\":[{\"id\":\"s1\",\"ttl\":null,\"records\":[\"192.0.2.1\"]}]}" },
		{ "PUT " URL ":9001/v2/zones/z1/recordsets/s1 {\"records\":[\"192.0.2.10\"]}", 202,
		    "{}" } } },
	{ "forward: addresses that are none", { CREDENTIAL }, FORWARD_PUT,
	    .exchanges = { LOGIN,
		{ "GET " URL ":9001/v2/zones?name=mail.example.", 200,
		    "{\"zones\":[{\"id\":\"z1\"}]}" },
		{ "GET " URL ":9001/v2/zones/z1/recordsets?name=mail.example.&type=A", 200,
		    "{\"recordsets\":[{\"id\":\"s1\",\"records\":[\"x\"]}]}" } },
	    .code = ERR_TEMP, .says = "cannot be read" },
	{ "forward poll: pending", { CREDENTIAL }, FORWARD_POLL, .state = PROVIDER_PENDING,
	    .exchanges = { LOGIN,
		{ "GET " URL ":9001/v2/zones?name=mail.example.", 200,
		    "{\"zones\":[{\"id\":\"z1\"}]}" },
		{ "GET " URL ":9001/v2/zones/z1/recordsets?name=mail.example.&type=A", 200,
		    "{\"recordsets\":[{\"id\":\"s1\",\"status\":\"PENDING\",\"records\":[\"192.0.2."
		    "1\"]}]}" } } },
	{ "forward poll: active", { CREDENTIAL }, FORWARD_POLL, .state = PROVIDER_ACTIVE,
	    .exchanges = { LOGIN,
		{ "GET " URL ":9001/v2/zones?name=mail.example.", 200,
		    "{\"zones\":[{\"id\":\"z1\"}]}" },
		{ "GET " URL ":9001/v2/zones/z1/recordsets?name=mail.example.&type=A", 200,
		    "{\"recordsets\":[{\"id\":\"s1\",\"status\":\"ACTIVE\",\"records\":[\"192.0.2."
		    "1\"]}]}" } } },
	{ "forward poll: nothing is said of it", { CREDENTIAL }, FORWARD_POLL,
	    .state = PROVIDER_ACTIVE,
	    .exchanges = { LOGIN,
		{ "GET " URL ":9001/v2/zones?name=mail.example.", 200,
		    "{\"zones\":[{\"id\":\"z1\"}]}" },
		{ "GET " URL ":9001/v2/zones/z1/recordsets?name=mail.example.&type=A", 200,
		    "{\"recordsets\":[{\"id\":\"s1\",\"records\":[\"192.0.2.1\"]}]}" } } },
	{ "forward poll: a word that is not known", { CREDENTIAL }, FORWARD_POLL,
	    .state = PROVIDER_PENDING,
	    .exchanges = { LOGIN,
		{ "GET " URL ":9001/v2/zones?name=mail.example.", 200,
		    "{\"zones\":[{\"id\":\"z1\"}]}" },
		{ "GET " URL ":9001/v2/zones/z1/recordsets?name=mail.example.&type=A", 200,
		    "{\"recordsets\":[{\"id\":\"s1\",\"status\":\"MOVING\",\"records\":[\"192.0.2."
		    "1\"]}]}" } } },
	{ "forward poll: gone", { CREDENTIAL }, FORWARD_POLL, .state = PROVIDER_ABSENT,
	    .exchanges = { LOGIN,
		{ "GET " URL ":9001/v2/zones?name=mail.example.", 200,
		    "{\"zones\":[{\"id\":\"z1\"}]}" },
		{ "GET " URL ":9001/v2/zones/z1/recordsets?name=mail.example.&type=A", 200,
		    "{\"recordsets\":[]}" } } },
	{ "forward poll: error", { CREDENTIAL }, FORWARD_POLL, .state = PROVIDER_FAILED,
	    .exchanges = { LOGIN,
		{ "GET " URL ":9001/v2/zones?name=mail.example.", 200,
		    "{\"zones\":[{\"id\":\"z1\"}]}" },
		{ "GET " URL ":9001/v2/zones/z1/recordsets?name=mail.example.&type=A", 200,
		    "{\"recordsets\":[{\"id\":\"s1\",\"status\":\"ERROR\",\"records\":[\"192.0.2."
		    "1\"]}]}" } },
	    .says = "the record mail.example A: Designate could not publish" },
	{ "no address of the identity service", { "OS_CLOUD=", "OS_USERNAME=u" }, OPEN,
	    .code = ERR_CONFIG, .says = "set OS_AUTH_URL" },
	{ "address that is not a URL", { "OS_AUTH_URL=cloud.example" }, OPEN, .code = ERR_CONFIG,
	    .says = "OS_AUTH_URL is not an http(s) URL" },
	{ "nothing but the address", { "OS_AUTH_URL=" URL }, OPEN, .code = ERR_CONFIG,
	    .says = "set OS_PASSWORD or OS_APPLICATION_CREDENTIAL_ID" },
	{ "no user", { "OS_AUTH_URL=" URL, "OS_PASSWORD=p4ss" }, OPEN, .code = ERR_CONFIG,
	    .says = "set OS_USERNAME or OS_USER_ID" },
	{ "no project", { "OS_AUTH_URL=" URL, "OS_PASSWORD=p4ss", "OS_USERNAME=u" }, OPEN,
	    .code = ERR_CONFIG, .says = "set OS_PROJECT_ID or OS_PROJECT_NAME" },
	{ "credential without secret", { "OS_AUTH_URL=" URL, "OS_APPLICATION_CREDENTIAL_ID=c1" },
	    OPEN, .code = ERR_CONFIG, .says = "set OS_APPLICATION_CREDENTIAL_SECRET" },
	{ "credential by name without user",
	    { "OS_AUTH_URL=" URL, "OS_APPLICATION_CREDENTIAL_NAME=n",
		"OS_APPLICATION_CREDENTIAL_SECRET=s3cr3t" },
	    OPEN, .code = ERR_CONFIG, .says = "the user of the application credential" },
	{ "certificates of a private cloud", { CREDENTIAL, "OS_CACERT=/etc/cloud.pem" }, FIND,
	    .exchanges = { LOGIN, FOUND }, .says = "R1:f-1", .ca_file = "/etc/cloud.pem" },
	{ "they are in the home directory", { CREDENTIAL, "OS_CACERT=~/cloud.pem", "HOME=/h" },
	    OPEN, .exchanges = { LOGIN }, .ca_file = "/h/cloud.pem" },
	{ "certificates must not be verified", { CREDENTIAL, "OS_INSECURE=True" }, OPEN,
	    .code = ERR_CONFIG, .says = "insecure (OS_INSECURE) is not allowed" },
	{ "and not a word of these", { CREDENTIAL, "OS_INSECURE=nope" }, OPEN, .code = ERR_CONFIG,
	    .says = "always verified" },
	{ "they are to be verified", { CREDENTIAL, "OS_INSECURE=0" }, OPEN,
	    .exchanges = { LOGIN } },
	{ "other ways to log in", { CREDENTIAL, "OS_AUTH_TYPE=v3oidcpassword" }, OPEN,
	    .code = ERR_CONFIG, .says = "\"v3oidcpassword\" is not supported" },
};

static const struct os_case *now; /* getenv has no argument of its own */

static const char *
get_variable(void *arg, const char *name)
{
	(void)arg;
	size_t len = strlen(name);
	for (size_t i = 0; i < N_ELEMENTS(now->environment) && now->environment[i] != NULL; i++)
		if (strncmp(now->environment[i], name, len) == 0 && now->environment[i][len] == '=')
			return now->environment[i] + len + 1;
	return NULL;
}

static int64_t
wall_s(void *arg)
{
	(void)arg;
	return 1700000000;
}

/* Compares one request with what is expected and gives the answer. */
static enum err_code
carry(void *carrier, const struct http_request *r, struct arena *a, struct http_reply *reply,
    struct err *err)
{
	size_t *n = carrier;
	assert_in_range(*n, 0, N_ELEMENTS(now->exchanges) - 1);
	const struct exchange *x = &now->exchanges[(*n)++];
	assert_non_null(x->request);
	const char *request = arena_printf(a, "%s %s%s%s", r->method, r->url,
	    r->body == NULL ? "" : " ", r->body == NULL ? "" : r->body);
	assert_string_equal(request, x->request);
	assert_string_equal(r->ca_file == NULL ? "" : r->ca_file,
	    now->ca_file == NULL ? "" : now->ca_file);
	bool login = strcmp(r->method, "POST") == 0 && strstr(r->url, "/auth/tokens") != NULL;
	assert_int_equal(strcmp(r->headers[0].name, "X-Auth-Token") == 0, !login);
	if (!login)
		assert_string_equal(r->headers[0].value, "t0ken");
	*reply = (struct http_reply){ .status = x->status,
		.body = arena_strdup(a, x->reply),
		.body_len = strlen(x->reply),
		.date = "",
		.retry_after = "",
		.request_id = "",
		.subject_token = arena_strdup(a, login ? "t0ken" : ""),
		.maybe_sent = x->status == 0 };
	return x->status == 0 ? err_set(err, ERR_TEMP, "cut") : ERR_NONE;
}

static enum err_code
with_place(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    enum provider_state *state, struct err *err)
{
	struct provider_record record = { .ip = *ip,
		.names = { "mail.example" },
		.n_names = 1,
		.ttl_s = now->ttl_s,
		.ttl_zero = now->ttl_zero,
		.description = "of mine" };
	if (now->verb == PUT || now->verb == UNSET)
		return provider_openstack.put(s, place, ip, now->verb == PUT ? &record : NULL, err);
	if (now->verb == POLL)
		return provider_openstack.poll(s, place, ip, state, err);
	enum err_code code = provider_openstack.get(s, place, ip, &s->arena, &record, state, err);
	if (code == ERR_NONE && *state == PROVIDER_ACTIVE) {
		assert_string_equal(record.names[0], "mail.example");
		assert_int_equal(record.ttl_s, now->ttl_s);
		assert_int_equal(record.ttl_zero, now->ttl_zero);
	}
	return code;
}

static enum err_code
act(struct provider_session *s, enum provider_state *state, struct err *err)
{
	struct ip ip;
	size_t n;
	struct provider_set set;
	struct provider_place place;
	struct provider_record *records;
	assert_true(ip_parse(now->ip == NULL ? "192.0.2.10" : now->ip, &ip));
	if (now->verb == OPEN)
		return ERR_NONE;
	if (now->verb == FORWARD_GET)
		return provider_openstack.forward_get(s, "mail.example", &ip, &set, err);
	set = (struct provider_set){ .ips = { ip }, .n = 1, .ttl_s = now->ttl_s };
	if (now->verb == FORWARD_PUT)
		return provider_openstack.forward_put(s, "mail.example", &ip, &set, err);
	if (now->verb == FORWARD_POLL)
		return provider_openstack.forward_poll(s, "mail.example", &ip, state, err);
	if (now->verb == LIST) {
		enum err_code code = provider_openstack.list(s, &s->arena, &records, &n, err);
		if (code == ERR_NONE)
			assert_int_equal(n, now->ttl_s);
		return code;
	}
	if (provider_openstack.find(s, &ip, &place, err) != ERR_NONE)
		return err->code;
	if (now->verb != FIND)
		return with_place(s, &place, &ip, state, err);
	assert_string_equal(place.id, now->says);
	assert_null(strstr(place.text, "s3cr3t"));
	return ERR_NONE;
}

static void
requests_are_those_of_the_api(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		now = &cases[i];
		ROW(now->name);
		size_t n = 0;
		struct provider_options options = { .region = now->region == NULL ? "" :
										    now->region,
			.project = "",
			.cloud = "",
			.endpoints = &now->endpoint,
			.n_endpoints = now->endpoint != NULL,
			.world = { .arg = &n,
			    .getenv = get_variable,
			    .wall_s = wall_s,
			    .http = carry } };
		struct provider_session s = { .provider = &provider_openstack,
			.options = &options };
		struct err err = { .text = "" };
		/* not what is expected, where a state is expected at all */
		bool tells = now->code == ERR_NONE &&
		    (now->verb == GET || now->verb == POLL || now->verb == FORWARD_POLL);
		enum provider_state state = tells && now->state == PROVIDER_ACTIVE ?
		    PROVIDER_FAILED :
		    PROVIDER_ACTIVE;
		arena_init(&s.arena);
		enum err_code code = provider_openstack.open(&s, &err);
		if (code == ERR_NONE)
			code = act(&s, &state, &err);
		if (code != now->code)
			print_error("%s\n", err.text);
		assert_int_equal(code, now->code);
		if (code != ERR_NONE || state == PROVIDER_FAILED)
			assert_non_null(strstr(err.text, now->says));
		assert_null(strstr(err.text, "s3cr3t"));
		assert_null(strstr(err.text, "p4ss"));
		assert_int_equal(state, now->state);
		assert_int_equal(s.maybe_done, now->maybe_done);
		assert_true(n == N_ELEMENTS(now->exchanges) || now->exchanges[n].request == NULL);
		provider_openstack.close(&s);
		arena_fini(&s.arena);
	}
}

struct cloud_case {
	const char *name;
	const char *text;
	enum err_code code;
	const char *says;
	const char *url, *secret, *region;
};

static const struct cloud_case clouds[] = {
	{ "plain",
	    .text = "clouds:\n  other:\n    region_name: no\n  c:\n    auth:\n      auth_url: "
		    "https://k\n"
		    "      application_credential_secret: \"s3cr3t\"\n      unknown: [1, 2]\n    "
		    "region_name: R1\n"
		    "    verify: true\n",
	    .code = ERR_NONE, .url = "https://k", .secret = "s3cr3t", .region = "R1" },
	{ "flow and anchor", .text = "a: &u https://k\nclouds: {c: {auth: {auth_url: *u}}}",
	    .code = ERR_NONE, .url = "https://k", .secret = "", .region = "" },
	{ "no auth", .text = "clouds: {c: {region_name: R1}}", .code = ERR_NONE, .url = "",
	    .secret = "", .region = "R1" },
	{ "auth keys beside auth count, too", .text = "clouds: {c: {auth_url: https://k}}",
	    .code = ERR_NONE, .url = "https://k", .secret = "", .region = "" },
	{ "another cloud", .text = "clouds: {d: {}}", .code = ERR_NOINPUT,
	    .says = "has no cloud \"c\"", .url = "", .secret = "", .region = "" },
	{ "empty", .text = "", .code = ERR_NOINPUT, .says = "has no cloud", .url = "", .secret = "",
	    .region = "" },
	{ "list of clouds", .text = "clouds: [c]", .code = ERR_NOINPUT, .says = "has no cloud",
	    .url = "", .secret = "", .region = "" },
	{ "cloud is a word", .text = "clouds: {c: s3cr3t}", .code = ERR_CONFIG,
	    .says = "f:1: expected", .url = "", .secret = "", .region = "" },
	{ "auth is a list", .text = "clouds:\n  c:\n    auth: [s3cr3t]", .code = ERR_CONFIG,
	    .says = "f:3: expected", .url = "", .secret = "", .region = "" },
	{ "value is a map", .text = "clouds:\n  c:\n    auth:\n      password: {s3cr3t: 1}",
	    .code = ERR_CONFIG, .says = "f:4: expected one value", .url = "", .secret = "",
	    .region = "" },
	{ "value with a NUL", .text = "clouds: {c: {region_name: \"a\\0b\"}}", .code = ERR_CONFIG,
	    .says = "plain text", .url = "", .secret = "", .region = "" },
	{ "merge key", .text = "clouds:\n  b: &b {region_name: R}\n  c:\n    <<: *b",
	    .code = ERR_CONFIG, .says = "f:4: merge", .url = "", .secret = "", .region = "" },
	{ "not YAML", .text = "clouds: {c: {auth: s3cr3t", .code = ERR_CONFIG,
	    .says = "f:2:", .url = "", .secret = "", .region = "" },
	{ "brackets without end",
	    .text = "{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{"
		    "{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{"
		    "{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{",
	    .code = ERR_CONFIG, .says = "nested too deeply", .url = "", .secret = "",
	    .region = "" },
	{ "tab", .text = "clouds:\n\tc: s3cr3t", .code = ERR_CONFIG, .says = "f:2:", .url = "",
	    .secret = "", .region = "" },
	{ "alias to nothing", .text = "clouds: *s3cr3t", .code = ERR_CONFIG,
	    .says = "f:1:", .url = "", .secret = "", .region = "" },
};

static void
clouds_are_read(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(clouds); i++) {
		const struct cloud_case *c = &clouds[i];
		ROW(c->name);
		struct os_config config = { .from_file = true };
		struct err err = { .text = "" };
		assert_int_equal(os_clouds_parse(&config, "f", c->text, strlen(c->text), "c", &err),
		    c->code);
		if (c->says != NULL)
			assert_non_null(strstr(err.text, c->says));
		assert_null(strstr(err.text, "s3cr3t"));
		assert_string_equal(os_get(&config, OS_AUTH_URL), c->url);
		assert_string_equal(os_get(&config, OS_CREDENTIAL_SECRET), c->secret);
		assert_string_equal(os_get(&config, OS_REGION), c->region);
		os_config_fini(&config);
	}
}

#define CLOUD(line) \
	"clouds:\n  c:\n    auth:\n      auth_url: https://k\n      application_credential_id: " \
	"i\n" \
	"      application_credential_secret: s3cr3t\n    " line "\n"

static const struct {
	const char *line;
	const char *cacert;
	const char *refused; /* "": it is not */
} certificates[] = {
	{ "cacert: /etc/cloud.pem", "/etc/cloud.pem", "" },
	{ "verify: True", "", "" },
	{ "insecure: off", "", "" },
	{ "verify: false", "", "\"false\" for verify is not allowed" },
	{ "verify: perhaps", "", "\"perhaps\" for verify is not allowed" },
	{ "insecure: yes", "", "\"yes\" for insecure (OS_INSECURE) is not allowed" },
};

static void
certificates_are_verified(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(certificates); i++) {
		char text[400];
		struct os_config config = { .from_file = true };
		struct err err = { .text = "" };
		ROW(certificates[i].line);
		snprintf(text, sizeof text, CLOUD("%s"), certificates[i].line);
		assert_int_equal(os_clouds_parse(&config, "f", text, strlen(text), "c", &err),
		    ERR_NONE);
		assert_string_equal(os_get(&config, OS_CACERT), certificates[i].cacert);
		bool good = os_config_check(&config, &err) == ERR_NONE;
		assert_int_equal(good, certificates[i].refused[0] == '\0');
		if (!good)
			assert_non_null(strstr(err.text, certificates[i].refused));
		os_config_fini(&config);
	}
}

/* The limit of Designate, before anything is sent; characters count, not bytes. */
static void
descriptions_are_bounded(void **test)
{
	(void)test;
	char text[2 * 161 + 1] = "";
	struct err err;
	struct provider_record r = { .names = { "mail.example" },
		.n_names = 1,
		.description = text };
	for (size_t i = 0; i < 160; i++)
		memcpy(text + 2 * i, "\xc3\xbc", 3);
	assert_int_equal(provider_openstack.check(&r, &err), ERR_NONE);
	memcpy(text + strlen(text), "x", 2);
	assert_int_equal(provider_openstack.check(&r, &err), ERR_DATA);
	assert_non_null(strstr(err.text, "161 characters: OpenStack takes up to 160"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_those_of_the_api),
		cmocka_unit_test(descriptions_are_bounded),
		cmocka_unit_test(clouds_are_read),
		cmocka_unit_test(certificates_are_verified),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
