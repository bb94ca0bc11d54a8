/* Numbers, addresses, chance and time. */
#include "base/address.h"
#include "base/clock.h"
#include "base/quantity.h"
#include "base/random.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/*** Quantity ***/

Test(quantity, reads_counts_with_every_suffix)
{
    static const struct {
        const char *text;
        uint64_t count;
    } rows[] = {
        {"0", 0},
        {"007", 7},
        {"12", 12},
        {"10k", 10000},
        {"3M", 3000000},
        {"2G", 2000000000},
        {"1Ki", 1024},
        {"4Mi", 4194304},
        {"1Gi", 1073741824},
        {"18446744073709551615", UINT64_MAX},
        {"18446744073709551k", 18446744073709551000U},
        {"17179869183Gi", UINT64_MAX - ((UINT64_C(1) << 30) - 1)},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        uint64_t count = 1;
        int error = quantity_parse_count(rows[i].text, &count);
        cr_expect_eq(error, 0, "%s: error %d", rows[i].text, error);
        cr_expect_eq(count, rows[i].count, "%s: %" PRIu64, rows[i].text, count);
    }
}

Test(quantity, says_when_a_count_does_not_fit)
{
    static const char *const texts[] = {
        "18446744073709551616", "99999999999999999999999999999999999999999999999999",
        "18446744073709552k",   "18446744073709551615M",
        "17179869184Gi",
    };
    for (size_t i = 0; i < LENGTH(texts); i++) {
        uint64_t count = 0;
        cr_expect_eq(quantity_parse_count(texts[i], &count), -ERANGE, "%s", texts[i]);
    }
}

Test(quantity, refuses_what_is_no_count)
{
    static const char *const texts[] = {
        "",    "-1",  "+1", "1x",  "inf", "nan", "0x10", "1e9", " 1", "1 ",   "k",
        "1.5", "1kk", "1K", "1ki", "1m",  "1g",  "1T",   "1,0", "1-", "1k 2", "5%",
    };
    for (size_t i = 0; i < LENGTH(texts); i++) {
        uint64_t count = 0;
        cr_expect_eq(quantity_parse_count(texts[i], &count), -EINVAL, "\"%s\"", texts[i]);
    }
}

Test(quantity, reads_durations_with_every_unit)
{
    static const struct {
        const char *text;
        int64_t duration_ns;
    } rows[] = {
        {"0", 0},
        {"3", 3 * NS_PER_S},
        {"7ns", 7},
        {"45us", 45 * NS_PER_US},
        {"250ms", 250 * NS_PER_MS},
        {"1.5s", 1500 * NS_PER_MS},
        {"0.001us", 1},
        {"2m", 120 * NS_PER_S},
        {"1.5h", 5400 * NS_PER_S},
        {"0.1s", 100 * NS_PER_MS},
        {"2400000h", 2400000LL * 3600 * NS_PER_S},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        int64_t duration_ns = -1;
        int error = quantity_parse_duration_ns(rows[i].text, &duration_ns);
        cr_expect_eq(error, 0, "%s: error %d", rows[i].text, error);
        cr_expect_eq(duration_ns, rows[i].duration_ns, "%s: %" PRId64, rows[i].text, duration_ns);
    }
}

Test(quantity, refuses_what_is_no_duration)
{
    static const char *const texts[] = {
        "",       ".",  "-1s", "+1s", "1x",  "inf", "nan",  "0x10", "1e9", "1..2",
        "1.2.3s", "ms", " 1s", "1 s", "1s ", "1S",  "1min", "1k",   "5%",  "1s500ms",
    };
    for (size_t i = 0; i < LENGTH(texts); i++) {
        int64_t duration_ns = 0;
        cr_expect_eq(quantity_parse_duration_ns(texts[i], &duration_ns), -EINVAL, "\"%s\"",
                     texts[i]);
    }
}

Test(quantity, says_when_a_duration_does_not_fit)
{
    static const char *const texts[] = {"3000000h", "10000000000", "99999999999999999999ns"};
    for (size_t i = 0; i < LENGTH(texts); i++) {
        int64_t duration_ns = 0;
        cr_expect_eq(quantity_parse_duration_ns(texts[i], &duration_ns), -ERANGE, "%s", texts[i]);
    }
}

/*** Address ***/

Test(address, reads_what_it_writes)
{
    static const char *const texts[] = {
        "127.0.0.1:80", "0.0.0.0:0",         "192.168.10.20:65535", "[::1]:8080",
        "[::]:1",       "[fe80::1:2]:65535", "[::ffff:1.2.3.4]:5",
    };
    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct address address;
        char text[ADDRESS_TEXT_BYTES];
        cr_assert_eq(address_parse(texts[i], &address), 0, "%s", texts[i]);
        cr_expect_str_eq(address_text(&address, text), texts[i], "%s", text);
    }
}

Test(address, fills_in_what_the_kernel_wants)
{
    struct address address;
    cr_assert_eq(address_parse("127.0.0.1:4711", &address), 0);
    cr_expect_eq(address.v4.sin_family, AF_INET);
    cr_expect_eq(address.v4.sin_port, htons(4711));
    cr_expect_eq(address.v4.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    cr_expect_eq(address.length_bytes, sizeof(struct sockaddr_in));
    cr_expect_eq(address_port(&address), 4711);

    cr_assert_eq(address_parse("[::1]:4712", &address), 0);
    cr_expect_eq(address.v6.sin6_family, AF_INET6);
    cr_expect_eq(address.v6.sin6_port, htons(4712));
    cr_expect(IN6_IS_ADDR_LOOPBACK(&address.v6.sin6_addr));
    cr_expect_eq(address.length_bytes, sizeof(struct sockaddr_in6));
    cr_expect_eq(address_port(&address), 4712);
}

Test(address, knows_localhost)
{
    struct address address;
    char text[ADDRESS_TEXT_BYTES];
    cr_assert_eq(address_parse("localhost:7", &address), 0);
    cr_expect_str_eq(address_text(&address, text), "127.0.0.1:7");
    cr_assert_eq(address_parse_host("localhost", 8, &address), 0);
    cr_expect_str_eq(address_text(&address, text), "127.0.0.1:8");
}

Test(address, refuses_bad_forms)
{
    static const char *const texts[] = {
        "",
        "127.0.0.1",
        ":80",
        "127.0.0.1:",
        "127.0.0.1:65536",
        "1.2.3:80",
        "256.1.1.1:80",
        "127.0.0.1:-1",
        "127.0.0.1:http",
        "127.0.0.1: 80",
        "[::1]",
        "[::1",
        "[::1]80",
        "[]:80",
        "[::1:80",
        "[::g]:80",
        "127.0.0.1:80:80",
        "example.org:1",
        "[[::1]]:80",
        "[localhost:80",
        "1.2.3.4 :5",
        "::1",
        "127.0.0.1:0x50",
    };
    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct address address;
        cr_expect_eq(address_parse(texts[i], &address), -EINVAL, "\"%s\"", texts[i]);
    }
    char endless[4 * ADDRESS_TEXT_BYTES];
    memset(endless, '1', sizeof endless);
    memcpy(endless + sizeof endless - 4, ":80", 4);
    struct address address;
    cr_expect_eq(address_parse(endless, &address), -EINVAL);
    cr_expect_eq(address_parse_host("127.0.0.1:80", 80, &address), -EINVAL);
    cr_expect_eq(address_parse_host("", 80, &address), -EINVAL);
}

/* Without brackets nobody can tell where the host ends: this is also a whole IPv6 host. */
Test(address, refuses_an_ipv6_host_without_brackets)
{
    struct address address;
    cr_expect_eq(address_parse("::1:80", &address), -EINVAL);
}

Test(address, tells_loopback_from_the_rest)
{
    static const struct {
        const char *host;
        bool is_loopback;
    } rows[] = {
        {"127.0.0.1", true}, {"127.200.3.4", true}, {"::1", true},
        {"0.0.0.0", false},  {"128.0.0.1", false},  {"1.0.0.127", false},
        {"::", false},       {"::2", false},        {"fe80::1", false},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct address address;
        cr_assert_eq(address_parse_host(rows[i].host, 1, &address), 0, "%s", rows[i].host);
        cr_expect_eq(address_is_loopback(&address), rows[i].is_loopback, "%s", rows[i].host);
    }
}

/*** Random ***/

Test(random, is_splitmix64)
{
    uint64_t state = 0;
    cr_expect_eq(random_next(&state), 0xe220a8397b1dcdaf);
    cr_expect_eq(random_next(&state), 0x6e789e6aa1b965f4);
    cr_expect_eq(random_next(&state), 0x06c45d188009454f);
}

/* The second bound is three quarters of 2^64: a plain remainder would fall below a third of it
 * half of the time. */
Test(random, below_a_bound_is_in_range_and_even)
{
    static const struct {
        uint64_t bound;
        unsigned parts;
    } rows[] = {{10, 10}, {UINT64_C(3) << 62, 3}, {UINT64_C(5) << 40, 5}};
    for (size_t row = 0; row < LENGTH(rows); row++) {
        unsigned counts[10] = {0};
        uint64_t state = 42;
        for (unsigned i = 0; i < 10000 * rows[row].parts; i++) {
            uint64_t number = random_below(&state, rows[row].bound);
            cr_assert_lt(number, rows[row].bound);
            counts[number / (rows[row].bound / rows[row].parts)]++;
        }
        for (unsigned i = 0; i < rows[row].parts; i++)
            cr_expect(counts[i] > 9500 && counts[i] < 10500, "bound %" PRIu64 ": %u times part %u",
                      rows[row].bound, counts[i], i);
    }
}

Test(random, below_one_is_zero)
{
    uint64_t state = 7;
    for (int i = 0; i < 100; i++)
        cr_assert_eq(random_below(&state, 1), 0);
}

/*** Clock ***/

Test(clock, timeout_is_unlimited_for_never_and_zero_for_the_past)
{
    cr_expect_eq(clock_timeout_ms(NEVER_NS), -1);
    cr_expect_eq(clock_timeout_ms(clock_now_ns()), 0);
    cr_expect_eq(clock_timeout_ms(0), 0);
    cr_expect_eq(clock_timeout_ms(NEVER_NS - 1), INT_MAX);
}

/* Rounded up, so that a wait never ends before its deadline and then spins. */
Test(clock, timeout_ends_at_the_deadline_or_less_than_a_millisecond_later)
{
    for (int i = 0; i < 1000; i++) {
        int64_t before_ns = clock_now_ns();
        int64_t deadline_ns = before_ns + 3600 * NS_PER_S + i * 1009;
        int64_t timeout_ns = clock_timeout_ms(deadline_ns) * NS_PER_MS;
        cr_assert_geq(timeout_ns, deadline_ns - clock_now_ns());
        cr_assert_lt(timeout_ns, deadline_ns - before_ns + NS_PER_MS);
    }
}
