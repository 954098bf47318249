/* Whether an installation can do its work: a line for each thing that it rests on. */
#include <openssl/evp.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/text.h"
#include "main.h"
#include "plan/plan.h"
#include "sheet/sheet.h"

enum { DISK_LEAST_MIB = 512, HASH_BYTES = 32, YEAR_LEAST = 2021, YEAR_MOST = 2100 };

struct selftest {
    struct tool *tool;
    int failed;
};

static void say(struct selftest *test, bool holds, const char *what, const char *why)
{
    printf("%s %s%s%s\n", holds ? "ok    " : "FAILED", what, holds || text_empty(why) ? "" : ": ",
           holds || text_empty(why) ? "" : why);
    test->failed += !holds;
}

/* --- the libraries compute what the standards say of "abc" */

static bool hashes_to(const EVP_MD *hash, const char *expected)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    char hex[EVP_MAX_MD_SIZE * 2 + 1];
    unsigned length = 0;
    if (hash == NULL || EVP_Digest("abc", 3, bytes, &length, hash, NULL) != 1 ||
        length != HASH_BYTES)
        return false;
    sodium_bin2hex(hex, sizeof hex, bytes, length);
    return strcmp(hex, expected) == 0;
}

static void check_cryptography(struct selftest *test)
{
    bool is_sha256 = hashes_to(EVP_sha256(), "ba7816bf8f01cfea414140de5dae2223"
                                             "b00361a396177a9cb410ff61f20015ad");
    bool is_sm3 = hashes_to(EVP_sm3(), "66c7f0f462eeedd9d1f2d46bdc10e4e2"
                                       "4167c4875cf2f7a2297da02b8f4ba8e0");
    say(test, is_sha256, "SHA-256 (FIPS 180-4)", "install Debian's libssl3 anew");
    say(test, is_sm3, "SM3 (GM/T 0004)", "install Debian's libssl3 anew");
}

/* Uploads are read in a child that can do nothing else; a kernel may forbid even to start it. */
static void check_sandbox(struct selftest *test)
{
    static const char file[] = "a,b\n1,2\n";
    enum sheet_refusal refusal;
    struct sheet_row row;
    struct sheet *sheet = sheet_open_apart(test->tool->arena, (struct bytes){file, sizeof file - 1},
                                           &sheet_limits_usual, &refusal);
    bool is_read = sheet != NULL && sheet_next(sheet, &row) == SHEET_ROW && row.count == 2;
    say(test, is_read, "the child that reads uploads", "seccomp and namespaces must be allowed");
}

static void check_clock(struct selftest *test)
{
    int year = day_civil(instant_day(clock_now())).year;
    say(test, year >= YEAR_LEAST && year <= YEAR_MOST, "the clock", "set the machine's clock");
}

/* --- the database and what lies in it */

static void check_disk(struct selftest *test)
{
    struct statvfs disk;
    const char *path = test->tool->db;
    if (!text_starts(path, "sqlite:"))
        return;
    path += strlen("sqlite:");
    bool is_known = statvfs(path, &disk) == 0;
    uint64_t mib = is_known ? (uint64_t)disk.f_bavail * disk.f_frsize >> 20 : 0;
    say(test, mib >= DISK_LEAST_MIB, "space on the database's disk",
        arena_printf(test->tool->arena, "%llu MiB are left", (unsigned long long)mib));
}

static bool seal_and_open(struct ctx *ctx, void *argument)
{
    bool *is_equal = argument;
    struct sealed_place place = {"selftest", 1};
    struct bytes sealed = vault_seal(ctx, place, (struct bytes){"滇技", strlen("滇技")});
    *is_equal = text_equal(vault_open(ctx, place, sealed).data, "滇技");
    return true;
}

static bool recount(struct ctx *ctx, void *argument)
{
    struct selftest *test = argument;
    struct recount_report report = ledger_recount(ctx, test->tool->metrics);
    say(test, report.count == 0,
        arena_printf(ctx->arena, "%zu counters against a count from scratch", report.counters),
        "run: dianji ledger recount");
    return true;
}

static void check_database(struct selftest *test)
{
    struct tool *tool = test->tool;
    bool is_equal = false;
    say(test, /* holds= */ true, "the database opens, its schema is current", NULL);
    say(test, /* holds= */ true,
        arena_printf(tool->arena, "the policy pack %s loads", tool->pack->id), NULL);
    bool is_run = store_read(tool->store, &tool->ctx, seal_and_open, &is_equal) == STORE_DONE;
    say(test, is_run && is_equal, "the keys seal and open", "check the master key");
    if (store_read(tool->store, &tool->ctx, recount, test) != STORE_DONE)
        say(test, /* holds= */ false, "counters", "the database cannot be read");
    check_disk(test);
}

int command_selftest(struct tool *tool)
{
    struct selftest test = {.tool = tool};
    check_cryptography(&test);
    check_sandbox(&test);
    check_clock(&test);
    if (tool_open(tool)) /* says itself what is wrong */
        check_database(&test);
    else
        test.failed++;
    if (test.failed > 0)
        fprintf(stderr, "dianji: %d checks failed\n", test.failed);
    return test.failed == 0 ? 0 : 1;
}
