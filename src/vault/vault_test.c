/* Keys, suites and sealed values: what opens, and all that must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"
#include "store/store_fixture.h"
#include "vault/vault.h"

static const char IDENTITY[] = "53010219900307001X";
static const struct sealed_place PLACE = {"identity_no", 77};
static const struct master_key MASTER = {{9, 8, 7}};

static struct bytes seal(struct ctx *ctx, const char *text)
{
    return vault_seal(ctx, PLACE, (struct bytes){text, text == NULL ? 0 : strlen(text)});
}

static const char *open_text(struct ctx *ctx, struct bytes sealed)
{
    return vault_open(ctx, PLACE, sealed).data;
}

static struct ctx *begin(void **state, enum cipher_suite suite)
{
    struct store_fixture *house = *state;
    struct ctx *ctx = store_fixture_begin(house);
    vault_fixture(ctx, house->arena, suite);
    return ctx;
}

static bool opens(struct ctx *ctx, struct sealed_place place, struct bytes sealed)
{
    struct guard guard;
    if (GUARDED(ctx->arena, &guard) != FAULT_NONE)
        return false;
    vault_open(ctx, place, sealed);
    guard_leave(ctx->arena, &guard);
    return true;
}

static void what_is_sealed_opens_in_its_place_alone(struct ctx *ctx)
{
    struct bytes sealed = seal(ctx, IDENTITY);
    struct bytes again = seal(ctx, IDENTITY);
    assert_string_equal(open_text(ctx, sealed), IDENTITY);
    assert_true(sealed.length > sizeof IDENTITY);
    assert_null(memmem(sealed.data, sealed.length, IDENTITY, 6));
    assert_memory_not_equal(sealed.data, again.data, sealed.length);
    assert_false(opens(ctx, (struct sealed_place){"identity_no", 78}, sealed));
    assert_false(opens(ctx, (struct sealed_place){"bank_account", 77}, sealed));
    assert_string_equal(open_text(ctx, seal(ctx, "")), "");
    assert_null(open_text(ctx, seal(ctx, NULL)));
    assert_int_equal(vault_key_of(sealed), vault_current_key(ctx));
    assert_int_equal(vault_key_of((struct bytes){0}), 0);
}

/* Every byte of it, and every shorter length. */
static void nothing_altered_opens(struct ctx *ctx)
{
    struct bytes sealed = seal(ctx, IDENTITY);
    for (size_t i = 0; i < sealed.length; i++) {
        unsigned char *altered = arena_alloc(ctx->arena, sealed.length);
        memcpy(altered, sealed.data, sealed.length);
        altered[i] ^= 1;
        assert_false(opens(ctx, PLACE, (struct bytes){altered, sealed.length}));
        assert_false(opens(ctx, PLACE, (struct bytes){sealed.data, i}));
    }
}

static void blind_indexes_tell_only_what_is_equal(struct ctx *ctx)
{
    const char *index = vault_blind(ctx, "phone", "13908712345");
    assert_int_equal(strlen(index), 32);
    assert_string_equal(index, vault_blind(ctx, "phone", "13908712345"));
    assert_string_not_equal(index, vault_blind(ctx, "phone", "13908712346"));
    assert_string_not_equal(index, vault_blind(ctx, "bank_account", "13908712345"));
    assert_null(vault_blind(ctx, "phone", NULL));
}

static void a_new_key_takes_over_and_the_old_still_opens(struct ctx *ctx)
{
    struct vault *here = ctx->vault;
    struct message fault;
    const struct master_key master = {{1, 2, 3}};
    ctx->vault = vault_load(ctx, &master, ctx->arena, &fault);
    struct vault *elsewhere = ctx->vault;
    ctx->vault = here;
    struct bytes old = seal(ctx, IDENTITY);
    const char *index = vault_blind(ctx, "phone", "13908712345");
    vault_rotate(ctx);
    assert_int_equal(vault_current_key(ctx), 2);
    vault_refresh(ctx);
    assert_int_equal(vault_current_key(ctx), 3);
    struct bytes fresh = seal(ctx, IDENTITY);
    assert_int_equal(vault_key_of(fresh), 3);
    assert_string_equal(open_text(ctx, old), IDENTITY);
    assert_string_equal(vault_blind(ctx, "phone", "13908712345"), index);
    assert_int_equal(vault_keys(ctx).count, 3);
    ctx->vault = elsewhere; /* a neighbour, which meets the new key in a value */
    assert_string_equal(open_text(ctx, fresh), IDENTITY);
    assert_int_equal(vault_current_key(ctx), 3);
    ctx->vault = here;
}

static void in_both_suites(void **state, void (*test)(struct ctx *ctx))
{
    struct ctx *ctx = begin(state, CIPHER_SUITE_INTL);
    assert_int_equal(vault_suite(ctx), CIPHER_SUITE_INTL);
    test(ctx);
    store_fixture_rollback(*state);
    ctx = begin(state, CIPHER_SUITE_GUOMI);
    assert_int_equal(vault_suite(ctx), CIPHER_SUITE_GUOMI);
    test(ctx);
    store_fixture_commit(*state);
}

static void sealed_values(void **state)
{
    in_both_suites(state, what_is_sealed_opens_in_its_place_alone);
}

static void altered_values(void **state)
{
    in_both_suites(state, nothing_altered_opens);
}

static void blind_values(void **state)
{
    in_both_suites(state, blind_indexes_tell_only_what_is_equal);
}

static void new_keys(void **state)
{
    in_both_suites(state, a_new_key_takes_over_and_the_old_still_opens);
}

static void keys_open_under_their_master_alone(void **state)
{
    struct store_fixture *house = *state;
    struct ctx *ctx = store_fixture_begin(house);
    struct message fault;
    assert_null(vault_load(ctx, &MASTER, house->arena, &fault));
    assert_string_equal(fault.key, "vault.no_keys");
    assert_true(vault_create(ctx, &MASTER, CIPHER_SUITE_INTL));
    assert_false(vault_create(ctx, &MASTER, CIPHER_SUITE_INTL));
    assert_non_null(vault_load(ctx, &MASTER, house->arena, &fault));
    const struct master_key other = {{9, 8, 6}};
    assert_null(vault_load(ctx, &other, house->arena, &fault));
    assert_string_equal(fault.key, "vault.master_differs");
    store_fixture_commit(house);
}

static void expect_refusal(const char *source, const char *key)
{
    struct master_key master;
    struct message fault = {0};
    assert_false(vault_master_read(source, &master, &fault));
    assert_string_equal(fault.key, key);
}

static void the_master_key_comes_from_outside(void **state)
{
    struct store_fixture *house = *state;
    char folder[] = "/tmp/dianji-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *path = arena_printf(house->arena, "%s/key", folder);
    const char *source = arena_printf(house->arena, "file:%s", path);
    struct master_key from_file, from_command, from_environment;
    struct message fault;
    expect_refusal(source, "vault.master_missing");
    assert_true(vault_master_create(path, &fault));
    assert_false(vault_master_create(path, &fault));
    assert_string_equal(fault.key, "vault.master_exists");
    assert_true(vault_master_read(source, &from_file, &fault));
    const char *command = arena_printf(house->arena, "command:cat %s", path);
    assert_true(vault_master_read(command, &from_command, &fault));
    assert_memory_equal(&from_file, &from_command, sizeof from_file);
    assert_int_equal(chmod(path, 0640), 0);
    expect_refusal(source, "vault.master_open_to_others");
    expect_refusal("command:false", "vault.master_missing");
    expect_refusal("command:echo 12", "vault.master_unreadable");
    expect_refusal("env:DIANJI_TEST_MASTER", "vault.master_missing");
    expect_refusal("key", "vault.master_missing");
    char whole[] = "DIANJI_TEST_MASTER="
                   "000102030405060708090A0B0C0D0E0F101112131415161718191a1b1c1d1e1f";
    assert_int_equal(putenv(whole), 0);
    assert_true(vault_master_read("env:DIANJI_TEST_MASTER", &from_environment, &fault));
    assert_int_equal(from_environment.bytes[31], 31);
    whole[sizeof whole - 2] = 'g';
    expect_refusal("env:DIANJI_TEST_MASTER", "vault.master_unreadable");
    whole[sizeof whole - 2] = '\0';
    expect_refusal("env:DIANJI_TEST_MASTER", "vault.master_unreadable");
    unlink(path);
    rmdir(folder);
    assert_false(vault_master_create(path, &fault));
    assert_string_equal(fault.key, "vault.master_unwritable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(sealed_values),
        STORE_FIXTURE_TEST(altered_values),
        STORE_FIXTURE_TEST(blind_values),
        STORE_FIXTURE_TEST(new_keys),
        STORE_FIXTURE_TEST(keys_open_under_their_master_alone),
        STORE_FIXTURE_TEST(the_master_key_comes_from_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
