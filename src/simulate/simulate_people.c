/* Numbers with their check digits, drawn from the seed. */
#include "simulate/simulate_people.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"

static const char *const FAMILY_NAMES[] = {"张", "李", "王", "杨", "赵", "刘", "陈", "普", "和",
                                           "段", "木", "马", "罗", "白", "何", "周", "董", "尹",
                                           "高", "孔", "苏", "岩", "沙", "余", "施", "字"};
static const char *const GIVEN_NAMES[] = {
    "三",   "四",   "小明", "小红", "建国", "秀英", "春花", "志强", "阿妹", "正平", "文丽",
    "家旺", "永福", "玉兰", "东升", "金凤", "绍华", "丽琼", "学军", "应芬", "凤仙", "国荣",
    "家琴", "云昆", "艳萍", "光明", "美仙", "德昌", "琼芬", "自强", "慧",   "树林"};

uint64_t simulate__roll(struct dice *dice, uint64_t sides)
{
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % sides;
}

static char identity_check_character(const char *digits)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (digits[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

/* Each of millions has a number of its own: i is turned into another, one to one, and that into a
 * birthday of 1985–2003 and a serial number. */
static const char *identity_no(struct ctx *ctx, int64_t i, const char *region)
{
    enum { SERIALS = 999, DAYS = 28, MONTHS = 12, YEARS = 19, FIRST_YEAR = 1985, STEP = 1103513 };
    int64_t n = i * STEP % ((int64_t)SERIALS * DAYS * MONTHS * YEARS);
    int serial = (int)(n % SERIALS) + 1, days = (int)(n / SERIALS);
    char *digits =
        arena_printf(ctx->arena, "%s%04d%02d%02d%03d?", region, FIRST_YEAR + days / DAYS / MONTHS,
                     days / DAYS % MONTHS + 1, days % DAYS + 1, serial);
    digits[17] = identity_check_character(digits);
    return digits;
}

const char *simulate__bank_account(struct ctx *ctx, int64_t i)
{
    char *digits = arena_printf(ctx->arena, "621700%012" PRId64 "0", i * 7919 + 13);
    int sum = 0;
    size_t length = strlen(digits);
    for (size_t k = 1; k < length; k++) {
        int digit = digits[length - 1 - k] - '0';
        digit = k % 2 == 1 ? digit * 2 : digit;
        sum += digit > 9 ? digit - 9 : digit;
    }
    digits[length - 1] = (char)('0' + (10 - sum % 10) % 10);
    return digits;
}

struct made_person simulate__person(struct ctx *ctx, int64_t seed, int64_t i, const char *region)
{
    struct dice dice = {(uint64_t)seed * UINT64_C(1000003) + (uint64_t)i};
    const char *family =
        FAMILY_NAMES[simulate__roll(&dice, sizeof FAMILY_NAMES / sizeof FAMILY_NAMES[0])];
    const char *given =
        GIVEN_NAMES[simulate__roll(&dice, sizeof GIVEN_NAMES / sizeof GIVEN_NAMES[0])];
    return (struct made_person){
        .identity_no = identity_no(ctx, i, region),
        .name = arena_printf(ctx->arena, "%s%s", family, given),
        .phone = arena_printf(ctx->arena, "139%08" PRId64, (i * 104729 + 4321) % 100000000),
        .bank_account = simulate__bank_account(ctx, 1000000 + i),
    };
}

const char *simulate__credit_code(struct ctx *ctx, int64_t i)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    char *code = arena_printf(ctx->arena, "52530100%09" PRId64 "?", i * 1237 + 88);
    int sum = 0;
    for (int k = 0; k < 17; k++)
        sum += (int)(strchr(alphabet, code[k]) - alphabet) * weights[k];
    code[17] = alphabet[(31 - sum % 31) % 31];
    return code;
}
