/* AWS: keys and region as its CLI finds them; requests, answers and errors of EC2 and Route 53. */
#include "provider/aws/aws_priv.h"

#include "base/arena.h"
#include "provider/provider_priv.h"
#include "test.h"

#define ID "AKIAEXAMPLE000000001"
#define SECRET "s3cr3tKey/+000000000"
#define KEYS "AWS_ACCESS_KEY_ID=" ID, "AWS_SECRET_ACCESS_KEY=" SECRET
#define HERE KEYS, "AWS_REGION=eu-west-1"
#define URL "https://ec2.eu-west-1.amazonaws.com/"
#define VERSION "&Version=2016-11-15"
#define FIND "POST " URL " Action=DescribeAddresses" VERSION "&PublicIp.1=192.0.2.10"
#define GET_ONE \
	"POST " URL " Action=DescribeAddressesAttribute" VERSION \
	"&AllocationId.1=eipalloc-1&Attribute=domain-name"
#define ADDRESS "<publicIp>192.0.2.10</publicIp><allocationId>eipalloc-1</allocationId>"
#define FOUND \
	{ \
		FIND, 200, \
		    "<R xmlns='x'><addressesSet><item>" ADDRESS "</item></addressesSet></R>" \
	}
#define ATTRIBUTE(inner) "<R><addressSet><item>" ADDRESS inner "</item></addressSet></R>"
#define ERROR(code, words) \
	"<?xml version='1.0'?><Response><Errors><Error><Code>" code "</Code><Message>" words \
	"</Message></Error></Errors><RequestID>r-1</RequestID></Response>"

#define DNS "https://route53.amazonaws.com/2013-04-01"
#define ZONES(name) "GET " DNS "/hostedzonesbyname?dnsname=" name ".&maxitems=100"
#define ZONE(id, name, private) \
	"<HostedZone><Id>/hostedzone/" id "</Id><Name>" name \
	".</Name><Config><PrivateZone>" private "</PrivateZone></Config></HostedZone>"
#define IN_ZONES(inner) \
	"<ListHostedZonesByNameResponse xmlns='x'><HostedZones>" inner "</HostedZones>" \
	"</ListHostedZonesByNameResponse>"
#define NO_ZONE(name) \
	{ \
		ZONES(name), 200, IN_ZONES(ZONE("Z9", "z.example", "false")) \
	}
/* of mail.m.example: the first call finds none, the second the zone Z1 */
#define ITS_ZONE \
	NO_ZONE("mail.m.example"), \
	{ \
		ZONES("m.example"), 200, \
		    IN_ZONES(ZONE("Z0", "m.example", "true") ZONE("Z1", "M.example", "false")) \
	}
#define SETS "GET " DNS "/hostedzone/Z1/rrset?maxitems=100&name=mail.m.example."
#define SET(type, inner) \
	"<ResourceRecordSet><Name>mail.m.example.</Name><Type>" type "</Type>" inner \
	"</ResourceRecordSet>"
#define VALUES(ttl, value) \
	"<TTL>" ttl "</TTL><ResourceRecords><ResourceRecord><Value>" value \
	"</Value></ResourceRecord></ResourceRecords>"
#define IN_SETS(inner) \
	"<ListResourceRecordSetsResponse><ResourceRecordSets>" inner "</ResourceRecordSets>" \
	"</ListResourceRecordSetsResponse>"
#define CHANGE(action, ttl, value) \
	"POST " DNS "/hostedzone/Z1/rrset/ <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" \
	"<ChangeResourceRecordSetsRequest " \
	"xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\">" \
	"<ChangeBatch><Changes><Change><Action>" action "</Action><ResourceRecordSet>" \
	"<Name>mail.m.example.</Name><Type>A</Type><TTL>" ttl "</TTL><ResourceRecords>" \
	"<ResourceRecord><Value>" value "</Value></ResourceRecord></ResourceRecords>" \
	"</ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>"
#define CHANGED(action, id) \
	"<" action "Response><ChangeInfo><Id>" id \
	"</Id><Status>PENDING</Status></ChangeInfo></" action "Response>"
#define DNS_ERROR(code, words) \
	"<ErrorResponse><Error><Type>Sender</Type><Code>" code "</Code><Message>" words \
	"</Message></Error><RequestId>r-2</RequestId></ErrorResponse>"

/* FORWARD_: of mail.m.example A; PUT writes 192.0.2.10, and POLL does so first */
enum verb {
	OPEN,
	FIND_IT,
	FIND_IT6,
	GET,
	PUT,
	UNSET,
	POLL,
	LIST,
	FORWARD_GET,
	FORWARD_PUT,
	FORWARD_UNSET,
	FORWARD_POLL
};

enum { NO_HOST = -1 };

struct exchange {
	const char *request; /* "METHOD URL" and, after a blank, the body */
	int status;          /* 0: no connection, after the request may have arrived; NO_HOST */
	const char *reply;
};

struct aws_case {
	const char *name;
	const char *environment[6];
	enum verb verb;
	struct exchange exchanges[5];
	enum err_code code;
	const char *says; /* part of the error, or of the place's id */
	enum provider_state state;
	bool maybe_done;
	const char *ptr; /* the name that is read; NULL: not looked at */
	const char *endpoint;
	size_t n; /* of a list, or of the addresses of a set */
};

static const struct aws_case cases[] = {
	{ "keys of the environment", { HERE }, .verb = OPEN },
	{ "no region", { KEYS }, OPEN, .code = ERR_CONFIG, .says = "no region of AWS" },
	{ "a region that would be another host", { KEYS, "AWS_REGION=x.evil.example/" }, OPEN,
	    .code = ERR_CONFIG, .says = "is not a region" },
	{ "no keys", { "AWS_REGION=eu-west-1" }, OPEN, .code = ERR_CONFIG,
	    .says = "set AWS_ACCESS_KEY_ID" },
	{ "half a pair", { "AWS_ACCESS_KEY_ID=" ID, "AWS_REGION=eu-west-1" }, OPEN,
	    .code = ERR_CONFIG, .says = "AWS_SECRET_ACCESS_KEY is not" },
	{ "a secret with a line end",
	    { "AWS_ACCESS_KEY_ID=" ID, "AWS_SECRET_ACCESS_KEY=" SECRET "\n", "AWS_REGION=r" }, OPEN,
	    .code = ERR_CONFIG, .says = "AWS_SECRET_ACCESS_KEY is malformed" },
	{ "a URL that does not fit", { HERE }, OPEN, .code = ERR_CONFIG, .says = "longer than",
	    .endpoint =
		"https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	{ "the partition of China", { KEYS, "AWS_REGION=cn-north-1" }, LIST,
	    .exchanges = { { "POST https://ec2.cn-north-1.amazonaws.com.cn/ "
			     "Action=DescribeAddresses" VERSION,
		503, "" } },
	    .code = ERR_TEMP, .says = "internal fault (HTTP 503)" },
	{ "found", { HERE }, FIND_IT, .exchanges = { FOUND }, .says = "eu-west-1:eipalloc-1" },
	{ "an IPv6 address", { HERE }, FIND_IT6, .code = ERR_DATA,
	    .says =
		"2001:db8::1: EC2 has PTR records only for Elastic IPs, which are IPv4: ask AWS" },
	{ "not in the account", { HERE }, FIND_IT,
	    .exchanges = { { FIND, 400, ERROR("InvalidAddress.NotFound", "no") } },
	    .code = ERR_DATA, .says = "another region is named with --region" },
	{ "a list without it", { HERE }, FIND_IT,
	    .exchanges = { { FIND, 200, "<R><addressesSet/></R>" } }, .code = ERR_DATA,
	    .says = "is not an Elastic IP of the account in region eu-west-1" },
	{ "an id that is not one", { HERE }, FIND_IT,
	    .exchanges = { { FIND, 200,
		"<R><addressesSet><item><allocationId>../x</allocationId></item></addressesSet></"
		"R>" } },
	    .code = ERR_TEMP, .says = "invalid id" },
	{ "the keys are refused", { HERE }, FIND_IT,
	    .exchanges = { { FIND, 401, ERROR("AuthFailure", "no " SECRET) } }, .code = ERR_NOPERM,
	    .says = "the keys are refused (HTTP 401, AuthFailure: no [secret], request r-1)" },
	{ "the policy does not allow it", { HERE }, FIND_IT,
	    .exchanges = { { FIND, 403, ERROR("UnauthorizedOperation", "You") } },
	    .code = ERR_NOPERM, .says = "mailready-providers(7)" },
	{ "too many requests", { HERE }, FIND_IT,
	    .exchanges = { { FIND, 503, ERROR("RequestLimitExceeded", "slow") } }, .code = ERR_TEMP,
	    .says = "too many requests" },
	{ "a gateway's page", { HERE }, FIND_IT,
	    .exchanges = { { FIND, 502, "<html><br></html>" } }, .code = ERR_TEMP,
	    .says = "internal fault (HTTP 502)" },
	{ "a region that there is not", { KEYS, "AWS_DEFAULT_REGION=eu-nowhere-9" }, FIND_IT,
	    .exchanges = { { "POST https://ec2.eu-nowhere-9.amazonaws.com/ "
			     "Action=DescribeAddresses" VERSION "&PublicIp.1=192.0.2.10",
		NO_HOST, "" } },
	    .code = ERR_UNAVAILABLE,
	    .says = "is the region eu-nowhere-9, from AWS_DEFAULT_REGION, one of AWS?" },
	{ "a redirect", { HERE }, FIND_IT, .exchanges = { { FIND, 301, "" } },
	    .code = ERR_UNAVAILABLE, .says = "redirects are not followed" },
	{ "half an answer", { HERE }, FIND_IT, .exchanges = { { FIND, 200, "<R><addressesSet>" } },
	    .code = ERR_TEMP, .says = "not XML of this API" },
	{ "a document type", { HERE }, FIND_IT,
	    .exchanges = { { FIND, 200, "<!DOCTYPE R [<!ENTITY a 'b'>]><R>&a;</R>" } },
	    .code = ERR_TEMP, .says = "document type" },
	{ "deep", { HERE }, FIND_IT,
	    .exchanges = { { FIND, 200,
		"<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>" } },
	    .code = ERR_TEMP, .says = "larger than replies are" },
	{ "read: a name", { HERE }, GET,
	    .exchanges = { FOUND,
		{ GET_ONE, 200, ATTRIBUTE("<ptrRecord>Mail.Example.</ptrRecord>") } },
	    .ptr = "mail.example" },
	{ "read: none", { HERE }, GET,
	    .exchanges = { FOUND, { GET_ONE, 200, "<R><addressSet/></R>" } },
	    .state = PROVIDER_ABSENT, .ptr = "" },
	{ "read: an update is under way, the old name stands", { HERE }, GET,
	    .exchanges = { FOUND,
		{ GET_ONE, 200,
		    ATTRIBUTE("<ptrRecord>old.example.</"
			      "ptrRecord><ptrRecordUpdate><value>mail.example.</value>"
			      "<status>PENDING</status></ptrRecordUpdate>") } },
	    .state = PROVIDER_PENDING, .ptr = "old.example" },
	{ "read: another address", { HERE }, GET,
	    .exchanges = { FOUND,
		{ GET_ONE, 200,
		    "<R><addressSet><item><publicIp>192.0.2.11</publicIp></item></addressSet></"
		    "R>" } },
	    .code = ERR_DATA, .says = "now has another address" },
	{ "read: a name that cannot be one", { HERE }, GET,
	    .exchanges = { FOUND, { GET_ONE, 200, ATTRIBUTE("<ptrRecord>a..b</ptrRecord>") } },
	    .code = ERR_TEMP, .says = "invalid PTR name" },
	{ "set", { HERE }, PUT,
	    .exchanges = { FOUND,
		{ "POST " URL " Action=ModifyAddressAttribute" VERSION
		  "&AllocationId=eipalloc-1&DomainName=mail.example",
		    200, "<R><address/></R>" } } },
	{ "unset", { HERE }, UNSET,
	    .exchanges = { FOUND,
		{ "POST " URL " Action=ResetAddressAttribute" VERSION
		  "&AllocationId=eipalloc-1&Attribute=domain-name",
		    200, "<R><address/></R>" } } },
	{ "set: the answer is lost", { HERE }, PUT,
	    .exchanges = { FOUND,
		{ "POST " URL " Action=ModifyAddressAttribute" VERSION
		  "&AllocationId=eipalloc-1&DomainName=mail.example",
		    0, "" } },
	    .code = ERR_TEMP, .says = "cut", .maybe_done = true },
	{ "set: an internal fault", { HERE }, PUT,
	    .exchanges = { FOUND,
		{ "POST " URL " Action=ModifyAddressAttribute" VERSION
		  "&AllocationId=eipalloc-1&DomainName=mail.example",
		    500, ERROR("InternalError", "x") } },
	    .code = ERR_TEMP, .says = "internal fault", .maybe_done = true },
	{ "set: the name does not resolve", { HERE }, PUT,
	    .exchanges = { FOUND,
		{ "POST " URL " Action=ModifyAddressAttribute" VERSION
		  "&AllocationId=eipalloc-1&DomainName=mail.example",
		    400, ERROR("InvalidParameterValue", "an A record") } },
	    .code = ERR_DATA, .says = "InvalidParameterValue: an A record" },
	{ "poll: it failed", { HERE }, POLL,
	    .exchanges = { FOUND,
		{ GET_ONE, 200,
		    ATTRIBUTE(
			"<ptrRecordUpdate><value>v</value><status>FAILED</status><reason>because"
			"</reason></ptrRecordUpdate>") } },
	    .state = PROVIDER_FAILED, .says = "did not publish the record (FAILED: because)" },
	{ "list, in two pages", { HERE }, LIST,
	    .exchanges = { { "POST " URL " Action=DescribeAddresses" VERSION, 200,
			       "<R><addressesSet><item>" ADDRESS
			       "<tagSet><item><key>publicIp</key></item>"
			       "</tagSet></item><item><publicIp>192.0.2.11</publicIp></item></"
			       "addressesSet></R>" },
		{ "POST " URL " Action=DescribeAddressesAttribute" VERSION
		  "&Attribute=domain-name&MaxResults=1000",
		    200, "<R><addressSet/><nextToken>a+b</nextToken></R>" },
		{ "POST " URL " Action=DescribeAddressesAttribute" VERSION
		  "&Attribute=domain-name&MaxResults=1000&NextToken=a%2Bb",
		    200, ATTRIBUTE("<ptrRecord>mail.example.</ptrRecord>") } },
	    .n = 2, .ptr = "mail.example" },
	{ "forward: none", { HERE }, FORWARD_GET,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS("") } } },
	{ "forward: other sets of the name, and the next name", { HERE }, FORWARD_GET,
	    .exchanges = { ITS_ZONE,
		{ SETS, 200,
		    IN_SETS(SET("TXT", VALUES("60", "\"a\""))
			    SET("A", VALUES("600", "192.0.2.7")) "<ResourceRecordSet><Name>z.m."
								 "example.</Name><Type>CNAME</Type>"
								 "</ResourceRecordSet>") } },
	    .n = 1 },
	{ "forward: a second page", { HERE }, FORWARD_GET,
	    .exchanges = { ITS_ZONE,
		{ SETS, 200,
		    "<ListResourceRecordSetsResponse><ResourceRecordSets/><NextRecordName>"
		    "mail.m.example.</NextRecordName><NextRecordType>A</NextRecordType>"
		    "<NextRecordIdentifier>a "
		    "b</NextRecordIdentifier></ListResourceRecordSetsResponse>" },
		{ "GET " DNS "/hostedzone/Z1/rrset?identifier=a%20b&maxitems=100&name="
		  "mail.m.example.&type=A",
		    200, IN_SETS(SET("A", VALUES("0", "192.0.2.7"))) } },
	    .n = 1 },
	{ "forward: zones in two pages, both public", { HERE }, FORWARD_GET,
	    .exchanges = { NO_ZONE("mail.m.example"),
		{ ZONES("m.example"), 200,
		    "<ListHostedZonesByNameResponse><HostedZones>" ZONE("Z1", "m.example",
			"false") "</HostedZones><NextDNSName>m.example.</"
				 "NextDNSName><NextHostedZoneId>Z2"
				 "</NextHostedZoneId></ListHostedZonesByNameResponse>" },
		{ "GET " DNS "/hostedzonesbyname?dnsname=m.example.&hostedzoneid=Z2&maxitems=100",
		    200, IN_ZONES(ZONE("Z2", "m.example", "false")) } },
	    .code = ERR_DATA, .says = "two public zones named m.example, Z1 and Z2" },
	{ "forward: no zone", { HERE }, FORWARD_GET,
	    .exchanges = { NO_ZONE("mail.m.example"), NO_ZONE("m.example") }, .code = ERR_DATA,
	    .says = "no public zone in Route 53 of the account (asked with the variable "
		    "AWS_ACCESS_KEY_ID) holds mail.m.example" },
	{ "forward: an id that is not one", { HERE }, FORWARD_GET,
	    .exchanges = { { ZONES("mail.m.example"), 200,
		IN_ZONES(ZONE("Z1?x", "mail.m.example", "false")) } },
	    .code = ERR_TEMP, .says = "invalid id" },
	{ "forward: keys for EC2 alone", { HERE }, FORWARD_GET,
	    .exchanges = { { ZONES("mail.m.example"), 403, DNS_ERROR("AccessDenied", "not you") } },
	    .code = ERR_DATA,
	    .says =
		"looking for the zone mail.m.example: the policy of these keys does not allow it; "
		"mailready-providers(7) has the policy to attach (HTTP 403, AccessDenied: not you, "
		"request r-2)" },
	{ "forward: refused keys are no missing zone", { HERE }, FORWARD_GET,
	    .exchanges = { { ZONES("mail.m.example"), 403,
		DNS_ERROR("InvalidClientTokenId", "no " SECRET) } },
	    .code = ERR_NOPERM, .says = "the keys are refused" },
	{ "forward: an answer of another kind is no missing zone", { HERE }, FORWARD_GET,
	    .exchanges = { { ZONES("mail.m.example"), 200, "<R/>" } }, .code = ERR_TEMP,
	    .says = "the answer is not that of ListHostedZonesByName" },
	{ "forward: an alias of AWS", { HERE }, FORWARD_GET,
	    .exchanges = { ITS_ZONE,
		{ SETS, 200,
		    IN_SETS(
			SET("A", "<AliasTarget><DNSName>lb.example.</DNSName></AliasTarget>")) } },
	    .code = ERR_DATA, .says = "is an alias of lb.example., which would be lost" },
	{ "forward: a routing policy", { HERE }, FORWARD_GET,
	    .exchanges = { ITS_ZONE,
		{ SETS, 200,
		    IN_SETS(
			SET("A", "<SetIdentifier>x</SetIdentifier>" VALUES("60", "192.0.2.7"))) } },
	    .code = ERR_DATA, .says = "has a routing policy" },
	{ "forward: a CNAME", { HERE }, FORWARD_GET,
	    .exchanges = { ITS_ZONE,
		{ SETS, 200, IN_SETS(SET("CNAME", VALUES("60", "x.example."))) } },
	    .code = ERR_DATA, .says = "mail.m.example is a CNAME" },
	{ "forward: no TTL", { HERE }, FORWARD_GET,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS(SET("A", "")) } }, .code = ERR_TEMP,
	    .says = "has no valid TTL" },
	{ "forward: no address", { HERE }, FORWARD_GET,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS(SET("A", VALUES("60", "fe80::x"))) } },
	    .code = ERR_TEMP, .says = "'fe80::x' is not a valid address" },
	{ "forward: octal digits are not decimal ones", { HERE }, FORWARD_GET,
	    .exchanges = { { ZONES("mail.m.example"), 200,
			       IN_ZONES(ZONE("Z1", "\\155ail.m.example", "false")) },
		NO_ZONE("m.example") },
	    .code = ERR_DATA, .says = "no public zone" },
	{ "forward: the partition of China", { KEYS, "AWS_REGION=cn-north-1" }, FORWARD_GET,
	    .exchanges = { { "GET https://route53.amazonaws.com.cn/2013-04-01/hostedzonesbyname?"
			     "dnsname=mail.m.example.&maxitems=100",
		503, "" } },
	    .code = ERR_TEMP, .says = "internal fault" },
	{ "forward: another address of the service",
	    { HERE, "AWS_ENDPOINT_URL=https://aws.example/" }, FORWARD_GET,
	    .exchanges = { { "GET https://aws.example/2013-04-01/hostedzonesbyname?"
			     "dnsname=mail.m.example.&maxitems=100",
		503, "" } },
	    .code = ERR_TEMP, .says = "internal fault" },
	{ "forward: its own address", { HERE, "AWS_ENDPOINT_URL=https://aws.example/" },
	    FORWARD_GET,
	    .exchanges = { { "GET https://dns.example/2013-04-01/hostedzonesbyname?"
			     "dnsname=mail.m.example.&maxitems=100",
		400, DNS_ERROR("Throttling", "Rate exceeded") } },
	    .code = ERR_TEMP, .says = "too many requests",
	    .endpoint = "route53=https://dns.example" },
	{ "forward: set", { HERE }, FORWARD_PUT,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS("") },
		{ CHANGE("UPSERT", "300", "192.0.2.10"), 200,
		    CHANGED("ChangeResourceRecordSets", "/change/C1") } } },
	{ "forward: unset, with what is there", { HERE }, FORWARD_UNSET,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS(SET("A", VALUES("0", "192.0.2.7"))) },
		{ CHANGE("DELETE", "0", "192.0.2.7"), 200,
		    CHANGED("ChangeResourceRecordSets", "/change/C1") } } },
	{ "forward: nothing to unset", { HERE }, FORWARD_UNSET,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS("") } } },
	{ "forward: the batch is refused, which has a form of its own", { HERE }, FORWARD_PUT,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS("") },
		{ CHANGE("UPSERT", "300", "192.0.2.10"), 400,
		    "<InvalidChangeBatch><Messages><Message>it exists</Message></Messages>"
		    "</InvalidChangeBatch>" } },
	    .code = ERR_DATA,
	    .says =
		"the record mail.m.example A in the zone m.example (Z1): Route 53 does not accept "
		"the change: look at the records of the name, and plan again (HTTP 400, "
		"InvalidChangeBatch: it exists)" },
	{ "forward: not allowed to write", { HERE }, FORWARD_PUT,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS("") },
		{ CHANGE("UPSERT", "300", "192.0.2.10"), 403, DNS_ERROR("AccessDenied", "x") } },
	    .code = ERR_NOPERM, .says = "mailready-providers(7)" },
	{ "forward: the zone is busy", { HERE }, FORWARD_PUT,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS("") },
		{ CHANGE("UPSERT", "300", "192.0.2.10"), 400,
		    DNS_ERROR("PriorRequestNotComplete", "x") } },
	    .code = ERR_TEMP, .says = "busy with another change of the zone: try again later" },
	{ "forward: the answer is lost", { HERE }, FORWARD_PUT,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS("") },
		{ CHANGE("UPSERT", "300", "192.0.2.10"), 0, "" } },
	    .code = ERR_TEMP, .says = "cut", .maybe_done = true },
	{ "forward: a change without an id", { HERE }, FORWARD_PUT,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS("") },
		{ CHANGE("UPSERT", "300", "192.0.2.10"), 200,
		    CHANGED("ChangeResourceRecordSets", "") } },
	    .code = ERR_TEMP, .says = "invalid id", .maybe_done = true },
	{ "forward: not in step", { HERE }, FORWARD_POLL,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS("") },
		{ CHANGE("UPSERT", "300", "192.0.2.10"), 200,
		    CHANGED("ChangeResourceRecordSets", "/change/C1") },
		{ "GET " DNS "/change/C1", 200, CHANGED("GetChange", "/change/C1") } },
	    .state = PROVIDER_PENDING },
	{ "forward: in step", { HERE }, FORWARD_POLL,
	    .exchanges = { ITS_ZONE, { SETS, 200, IN_SETS("") },
		{ CHANGE("UPSERT", "300", "192.0.2.10"), 200,
		    CHANGED("ChangeResourceRecordSets", "/change/C1") },
		{ "GET " DNS "/change/C1", 200,
		    "<GetChangeResponse><ChangeInfo><Status>INSYNC</Status></ChangeInfo>"
		    "</GetChangeResponse>" } },
	    .state = PROVIDER_ACTIVE },
};

static const struct aws_case *now; /* getenv has no argument of its own */

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

static enum err_code
carry(void *carrier, const struct http_request *r, struct arena *a, struct http_reply *reply,
    struct err *err)
{
	size_t *n = carrier;
	assert_in_range(*n, 0, N_ELEMENTS(now->exchanges) - 1);
	const struct exchange *x = &now->exchanges[(*n)++];
	assert_non_null(x->request);
	assert_string_equal(arena_printf(a, "%s %s%s%s", r->method, r->url,
				r->body != NULL ? " " : "", r->body != NULL ? r->body : ""),
	    x->request);
	assert_non_null(r->sign);
	assert_string_equal(r->sign->key_id, ID);
	assert_string_equal(r->sign->secret, SECRET);
	assert_non_null(strstr(r->sign->scope, "aws:amz:"));
	/* Route 53 signs for one region, whatever that of the address */
	assert_int_equal(strstr(r->url, "2013-04-01") != NULL,
	    strcmp(r->sign->scope, "aws:amz:us-east-1:route53") == 0 ||
		strcmp(r->sign->scope, "aws:amz:cn-northwest-1:route53") == 0);
	*reply = (struct http_reply){ .status = x->status,
		.body = arena_strdup(a, x->reply),
		.body_len = strlen(x->reply),
		.retry_after = "",
		.maybe_sent = x->status == 0 };
	if (x->status == NO_HOST)
		return err_set(err, ERR_UNAVAILABLE, "its name does not resolve");
	return x->status == 0 ? err_set(err, ERR_TEMP, "cut") : ERR_NONE;
}

static enum err_code
act_forward(struct provider_session *s, const struct ip *ip, enum provider_state *state,
    struct err *err)
{
	const struct provider *p = &provider_aws;
	struct provider_set set = { .n = 0 };
	if (now->verb == FORWARD_GET) {
		enum err_code code = p->forward_get(s, "mail.m.example", ip, &set, err);
		assert_int_equal(set.n, now->n);
		return code;
	}
	if (now->verb != FORWARD_UNSET)
		set = (struct provider_set){ .ips = { *ip }, .n = 1 };
	enum err_code code = p->forward_put(s, "mail.m.example", ip, &set, err);
	return now->verb == FORWARD_POLL && code == ERR_NONE ?
	    p->forward_poll(s, "mail.m.example", ip, state, err) :
	    code;
}

static enum err_code
act(struct provider_session *s, enum provider_state *state, struct err *err)
{
	const struct provider *p = &provider_aws;
	struct ip ip;
	struct provider_place place;
	struct provider_record record = { .names = { "mail.example" },
		.n_names = 1,
		.description = "" };
	assert_true(ip_parse(now->verb == FIND_IT6 ? "2001:db8::1" : "192.0.2.10", &ip));
	if (now->verb == OPEN)
		return ERR_NONE;
	if (now->verb >= FORWARD_GET)
		return act_forward(s, &ip, state, err);
	if (now->verb == LIST) {
		struct provider_record *records;
		size_t n;
		enum err_code code = p->list(s, &s->arena, &records, &n, err);
		if (code == ERR_NONE) {
			assert_int_equal(n, now->n);
			assert_string_equal(records[0].names[0], now->ptr);
			assert_true(records[1].is_default);
		}
		return code;
	}
	if (p->find(s, &ip, &place, err) != ERR_NONE)
		return err->code;
	if (now->verb == FIND_IT)
		assert_string_equal(place.id, now->says);
	if (now->verb == PUT || now->verb == UNSET)
		return p->put(s, &place, &ip, now->verb == PUT ? &record : NULL, err);
	if (now->verb == POLL)
		return p->poll(s, &place, &ip, state, err);
	if (now->verb != GET)
		return ERR_NONE;
	enum err_code code = p->get(s, &place, &ip, &s->arena, &record, state, err);
	if (code == ERR_NONE)
		assert_string_equal(record.n_names > 0 ? record.names[0] : "", now->ptr);
	return code;
}

static void
requests_are_those_of_the_api(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		now = &cases[i];
		ROW(now->name);
		size_t n = 0;
		struct provider_options options = { .region = "",
			.endpoints = &now->endpoint,
			.n_endpoints = now->endpoint != NULL,
			.world = { .arg = &n,
			    .getenv = get_variable,
			    .wall_s = wall_s,
			    .http = carry } };
		struct provider_session s = { .provider = &provider_aws, .options = &options };
		struct err err = { .text = "" };
		enum provider_state state = PROVIDER_ACTIVE;
		arena_init(&s.arena);
		enum err_code code = provider_aws.open(&s, &err);
		if (code == ERR_NONE)
			code = act(&s, &state, &err);
		if (code != now->code)
			print_error("%s\n", err.text);
		assert_int_equal(code, now->code);
		if (code != ERR_NONE || state == PROVIDER_FAILED)
			assert_non_null(strstr(err.text, now->says));
		assert_null(strstr(err.text, SECRET));
		if (code == ERR_NONE)
			assert_int_equal(state, now->state);
		assert_int_equal(s.maybe_done, now->maybe_done);
		assert_true(n == N_ELEMENTS(now->exchanges) || now->exchanges[n].request == NULL);
		provider_aws.close(&s);
		arena_fini(&s.arena);
	}
}

/* ---- files */

struct file_case {
	const char *name, *text, *profile, *prefix;
	enum err_code code;
	const char *says;
	const char *id, *secret, *region, *other; /* "" : none */
	bool found;
};

static const struct file_case files[] = {
	{ "default",
	    .text = "[default]\naws_access_key_id=" ID "\naws_secret_access_key = " SECRET "\r\n",
	    .profile = "default", .prefix = "", .id = ID, .secret = SECRET, .found = true },
	{ "another profile",
	    .text = "[other]\naws_access_key_id = X\n[mail]\naws_access_key_id = " ID "\n",
	    .profile = "mail", .prefix = "", .id = ID, .found = true },
	{ "config: profile NAME", .text = "[profile mail]\nregion = eu-west-1\n", .profile = "mail",
	    .prefix = "profile ", .region = "eu-west-1", .found = true },
	{ "config: default has no prefix", .text = "[default]\nregion=r\n", .profile = "default",
	    .prefix = "profile ", .region = "r", .found = true },
	{ "config: a name without the prefix is not a profile", .text = "[mail]\nregion=r\n",
	    .profile = "mail", .prefix = "profile " },
	{ "nested settings are not the profile's",
	    .text = "[default]\ns3 =\n  region = x\nregion = r\n", .profile = "default",
	    .prefix = "", .region = "r", .found = true },
	{ "comments and blank lines", .text = "# a\n\n; b\n[default]\n#region = x\nregion = r\n",
	    .profile = "default", .prefix = "", .region = "r", .found = true },
	{ "a role of another account", .text = "[default]\nrole_arn = arn:x\nsource_profile = b\n",
	    .profile = "default", .prefix = "", .other = "role_arn", .found = true },
	{ "a malformed key is named, not shown",
	    .text = "[default]\naws_secret_access_key = s3 cr3t\n", .profile = "default",
	    .prefix = "", .code = ERR_CONFIG,
	    .says = "f: aws_secret_access_key of the profile default is malformed", .found = true },
	{ "not such a file at all", .text = "{\"a\": [1]}", .profile = "default", .prefix = "" },
	{ "brackets alone", .text = "[\n]\n[]\n", .profile = "default", .prefix = "" },
};

static void
files_of_the_cli(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(files); i++) {
		const struct file_case *f = &files[i];
		struct aws_config c = { .found = false };
		struct err err = { .text = "" };
		char text[512];
		ROW(f->name);
		snprintf(text, sizeof text, "%s", f->text);
		snprintf(c.profile, sizeof c.profile, "%s", f->profile);
		assert_int_equal(aws_config_read_text(&c, "f", text, f->prefix, &err), f->code);
		if (f->code != ERR_NONE) {
			assert_non_null(strstr(err.text, f->says));
			assert_null(strstr(err.text, "cr3t"));
		}
#define SAID(x) ((x) != NULL ? (x) : "")
		assert_string_equal(SAID(c.keys[AWS_KEY_ID]), SAID(f->id));
		assert_string_equal(SAID(c.keys[AWS_KEY_SECRET]), SAID(f->secret));
		assert_string_equal(c.region, SAID(f->region));
		assert_string_equal(c.other, SAID(f->other));
		assert_int_equal(c.found, f->found);
		aws_config_fini(&c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_those_of_the_api),
		cmocka_unit_test(files_of_the_cli),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
