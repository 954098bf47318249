/*
 * Decisions a second on one core: the prize table of the pack, a subsidy table of two thousand
 * rules and a graph of two hundred nodes. Each decision is a run of its own: inputs given and
 * fitted to their types, the value taken, the memory given back.
 *
 *   dmn_bench prizes.dmn
 *
 * Prints one line a measurement: "prize 1234567".
 */
#include <inttypes.h>

#include "bare.h"
#include "base/arena.h"
#include "dmn/dmn.h"

enum { ROUNDS = 5, TRADES_APART = 25, LEVELS = 5, LEAST_US = 400000 };

static const struct dmn_model *load(struct arena *arena, struct bytes bytes)
{
    const struct dmn_file file = {"bench.dmn", bytes};
    struct dmn_source source = {.files = &file, .file_count = 1, .rigour = DMN_STRICT};
    struct dmn_reports reports;
    const struct dmn_model *model = dmn_load(arena, &source, &reports);
    if (model == NULL)
        bare_stop(reports.items[0].message.key);
    return model;
}

/* --- a model --- */

static struct bytes whole_file(struct arena *arena, const char *path)
{
    struct buffer out = buffer_new(arena, 1 << 16);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        bare_stop(path);
    for (size_t got = 1; got > 0; out.length += got)
        got = fread(buffer_reserve(&out, 1 << 16), 1, 1 << 16, file);
    fclose(file);
    return (struct bytes){out.bytes, out.length};
}

/* --- what is measured --- */

struct bench {
    struct arena *arena;
    const struct dmn_model *model;
    const struct dmn_element *decision;
    const struct dmn_element *inputs[3];
    size_t input_count;
    struct feel_value values[16][3]; /* in turn */
    size_t value_count;
};

static void decide(const struct bench *bench, uint64_t turn)
{
    struct arena_mark mark = arena_mark(bench->arena);
    struct dmn_run *run =
        dmn_run_new(bench->arena, bench->model, &(struct dmn_settings){.now = INSTANT_NONE});
    const struct feel_value *values = bench->values[turn % bench->value_count];
    for (size_t i = 0; i < bench->input_count; i++)
        dmn_give(run, bench->inputs[i], values[i]);
    if (dmn_decide(run, bench->decision).kind == FEEL_NULL)
        bare_stop("a decision is null");
    arena_release(bench->arena, mark);
}

/* Decisions a second; the best of some rounds, as others work on the machine. */
static int64_t measure(const struct bench *bench)
{
    int64_t best = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t began = bare_now_us(), spent = 0;
        uint64_t count = 0;
        for (; spent < LEAST_US; spent = bare_now_us() - began)
            for (int i = 0; i < 100; i++)
                decide(bench, count++);
        int64_t speed = (int64_t)count * 1000000 / spent;
        best = speed > best ? speed : best;
    }
    return best;
}

static struct bench bench_of(struct arena *arena, struct bytes model, const char *decision)
{
    struct bench bench = {.arena = arena, .model = load(arena, model)};
    bench.decision = dmn_find(bench.model, NULL, decision);
    for (size_t i = 0; i < dmn_element_count(bench.model); i++)
        if (dmn_element(bench.model, i)->kind == DMN_KIND_INPUT_DATA)
            bench.inputs[bench.input_count++] = dmn_element(bench.model, i);
    return bench;
}

static struct feel_value text(const char *value)
{
    return feel_string(feel_text(value));
}

int main(int count, char **words)
{
    static const char *const contests[] = {"世界技能大赛", "全国职业技能大赛",
                                           "全省综合性职业技能大赛和其他省级一类职业技能竞赛",
                                           "州市、行业和企业的竞赛"};
    static const char *const awards[] = {"金牌", "银牌", "铜牌", "优胜奖"};
    struct arena *arena = arena_new((size_t)1 << 30);
    if (count != 4)
        bare_stop("usage: dmn_bench prizes.dmn subsidy.dmn graph.dmn");
    struct bench prize = bench_of(arena, whole_file(arena, words[1]), "prize");
    for (prize.value_count = 0; prize.value_count < 16; prize.value_count++) {
        struct feel_value *values = prize.values[prize.value_count];
        values[0] = text(contests[prize.value_count / 4]);
        values[1] = text(awards[prize.value_count % 4]);
        values[2] = feel_boolean(/* truth= */ true);
    }
    printf("prize %" PRId64 "\n", measure(&prize));
    struct bench subsidy = bench_of(arena, whole_file(arena, words[2]), "amount");
    for (subsidy.value_count = 0; subsidy.value_count < 16; subsidy.value_count++) {
        size_t i = subsidy.value_count;
        subsidy.values[i][0] = text(arena_printf(arena, "t%zu", i * TRADES_APART));
        subsidy.values[i][1] = text(arena_printf(arena, "l%zu", i % LEVELS + 1));
    }
    printf("subsidy %" PRId64 "\n", measure(&subsidy));
    struct bench graph = bench_of(arena, whole_file(arena, words[3]), "n200");
    graph.value_count = 1;
    graph.values[0][0] = feel_integer(1);
    printf("graph %" PRId64 "\n", measure(&graph));
    arena_free(arena);
    return 0;
}
