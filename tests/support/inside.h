/* Addresses that no stranger's record may make us send to: one of each kind. */
#ifndef MAILREADY_TEST_INSIDE_H
#define MAILREADY_TEST_INSIDE_H

static const char *const inside_addresses[] = {
	"127.0.0.1",
	"10.0.0.1",
	"172.16.0.1",
	"192.168.0.1",
	"100.64.0.1",
	"169.254.169.254", /* metadata of clouds */
	"0.0.0.0",
	"192.0.2.1",
	"198.18.0.1",
	"224.0.0.1",
	"240.0.0.1",
	"255.255.255.255",
	"::",
	"::1",
	"::10.0.0.1",
	"::ffff:10.0.0.1",
	"64:ff9b::10.0.0.1", /* NAT64 */
	"64:ff9b::127.0.0.1",
	"64:ff9b:1::10.0.0.1",
	"2001:0:a00:1::1", /* Teredo */
	"2002:a00:1::1",   /* 6to4 */
	"2001:db8::1",
	"fc00::1",
	"fd00::1",
	"fe80::1",
	"fec0::1",
	"ff02::1",
};

#endif
